// Masks of pixels (a Uint8Array of 0 and 1, row by row): as runs, painted, filled, outlined.

const THIN_BRUSH = 3;
// Narrower brushes take the very pixel under the pointer.
const MOST_EDGES = 5000;
// Outlines of more pieces (a noisy mask) would hide the picture.

// Lengths of runs, outside first, as text; see core/images/runs.py.
function runsOf(mask) {
  const lengths = [];
  let value = 0, from = 0;
  for (let k = 0; k < mask.length; k++) {
    if (mask[k] === value) continue;
    lengths.push(k - from);
    from = k;
    value = mask[k];
  }
  lengths.push(mask.length - from);
  return lengths.join(",");
}

function pixelsOf(runs, length) {
  const mask = new Uint8Array(length);
  let at = 0;
  runs.split(",").forEach((word, place) => {
    const end = at + Number(word);
    if (place % 2) mask.fill(1, at, end);
    at = end;
  });
  return mask;
}

// Pixels whose centre lies within half the brush's width of the way from one place to the other.
function paintWay(mask, width, height, [from, to], brush, value) {
  const middle = (v) => Math.floor(v) + 0.5;
  const [[x0, y0], [x1, y1]] = brush < THIN_BRUSH ? [from.map(middle), to.map(middle)] : [from, to];
  const reach = brush / 2, dx = x1 - x0, dy = y1 - y0, long = dx * dx + dy * dy;
  const first = (v, end) => Math.min(Math.max(Math.floor(v - reach - 1), 0), end);
  const last = (v, end) => Math.min(Math.max(Math.ceil(v + reach + 1), 0), end);
  for (let r = first(Math.min(y0, y1), height), bottom = last(Math.max(y0, y1), height); r < bottom; r++) {
    for (let c = first(Math.min(x0, x1), width), right = last(Math.max(x0, x1), width); c < right; c++) {
      const x = c + 0.5 - x0, y = r + 0.5 - y0, t = long ? Math.min(Math.max((x * dx + y * dy) / long, 0), 1) : 0;
      if ((x - t * dx) ** 2 + (y - t * dy) ** 2 <= reach * reach) mask[r * width + c] = value;
    }
  }
}

// Pixels whose centre lies inside of the polygon, by the even-odd rule, row by row.
function fillPolygon(mask, width, height, corners, value) {
  for (let r = 0; r < height; r++) {
    const y = r + 0.5, crossings = [];
    corners.forEach(([x0, y0], k) => {
      const [x1, y1] = corners[(k + 1) % corners.length];
      if ((y0 > y) !== (y1 > y)) crossings.push(x0 + ((y - y0) * (x1 - x0)) / (y1 - y0));
    });
    crossings.sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const from = Math.max(Math.ceil(crossings[k] - 0.5), 0), to = Math.min(Math.ceil(crossings[k + 1] - 0.5), width);
      if (from < to) mask.fill(value, r * width + from, r * width + to);
    }
  }
}

// The lines between inside and outside, neighbours joined; null where they are too many.
function edgesOf(mask, width, height, across, down) {
  const path = new Path2D(), at = (r, c) => (r < 0 || c < 0 || r >= height || c >= width ? 0 : mask[r * width + c]);
  let pieces = 0;
  const line = (x0, y0, x1, y1) => { path.moveTo(x0 * across, y0 * down); path.lineTo(x1 * across, y1 * down); pieces += 1; };
  for (let r = 0; r <= height; r++) {
    for (let c = 0, from = -1; c <= width; c++) {
      const edge = c < width && at(r, c) !== at(r - 1, c);
      if (edge && from < 0) from = c;
      if (!edge && from >= 0) { line(from, r, c, r); from = -1; }
    }
    if (pieces > MOST_EDGES) return null;
  }
  for (let c = 0; c <= width; c++) {
    for (let r = 0, from = -1; r <= height; r++) {
      const edge = r < height && at(r, c) !== at(r, c - 1);
      if (edge && from < 0) from = r;
      if (!edge && from >= 0) { line(c, from, c, r); from = -1; }
    }
    if (pieces > MOST_EDGES) return null;
  }
  return path;
}

// An outline between pixels, white on a dark halo, so that it shows on any picture.
function strokeOutline(ctx, path, dashes) {
  if (!path) return;
  for (const [colour, width, dash] of [["rgba(0, 0, 0, 0.6)", 3, []], ["#fff", 1.4, dashes]]) {
    Object.assign(ctx, { strokeStyle: colour, lineWidth: width });
    ctx.setLineDash(dash);
    ctx.stroke(path);
  }
  ctx.setLineDash([]);
}
