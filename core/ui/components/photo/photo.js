// Keeps a photo for the components that show it. It changes seldom, they change with every step
// of a slider; sent on its own, it is not sent again with each of them.

async function keep({ id, src }) {
  if (globalThis.receptive.photos?.has(id)) return;
  keepPhoto(id, { ...(await readPhoto(src)), src });
  globalThis.dispatchEvent(new CustomEvent("receptive:photo", { detail: id }));
}

function mount({ data }) {
  keep(data);
  return () => {};
}
