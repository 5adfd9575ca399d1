// Photos in the browser, by name, with their pixels: some components bring them, others show them.

const PHOTOS_KEPT = 3;

async function readPhoto(src) {
  const image = new Image();
  image.src = src;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const ctx = canvas.getContext("2d", { willReadFrequently: true });
  ctx.drawImage(image, 0, 0);
  const { data, width, height } = ctx.getImageData(0, 0, canvas.width, canvas.height);
  return { canvas, data, width, height };
}

function keepPhoto(id, photo) {
  const photos = (globalThis.receptive.photos ??= new Map());
  photos.set(id, photo);
  while (photos.size > PHOTOS_KEPT) photos.delete(photos.keys().next().value);
}
