// Keeps a photo for the components that show it. It changes seldom, they change with every step
// of a slider; sent on its own, it is not sent again with each of them.

const KEPT = 3;

async function keep({ id, src }) {
  const photos = (globalThis.receptive.photos ??= new Map());
  if (photos.has(id)) return;
  const image = new Image();
  image.src = src;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const ctx = canvas.getContext("2d", { willReadFrequently: true });
  ctx.drawImage(image, 0, 0);
  const { data, width, height } = ctx.getImageData(0, 0, canvas.width, canvas.height);
  photos.set(id, { canvas, data, width, height });
  while (photos.size > KEPT) photos.delete(photos.keys().next().value);
  globalThis.dispatchEvent(new CustomEvent("receptive:photo", { detail: id }));
}

function mount({ data }) {
  keep(data);
  return () => {};
}
