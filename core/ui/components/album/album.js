// Keeps addresses of pictures by name, for the components that show them.

function mount({ data }) {
  globalThis.receptive.pictures = data.pictures;
  globalThis.dispatchEvent(new Event("receptive:pictures"));
  return () => {};
}
