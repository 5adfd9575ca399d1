// Two boxes compared in the browser, while one of them is dragged. When it rests the numbers are
// Python's (core.vision.metrics.boxes); a test compares both.

const areaOf = ([w, h]) => w * h;
const over = (part, whole) => (whole === 0 ? 0 : part / whole);

// Every number that a line of the arithmetic can name. plus: 1 where edges are pixels.
function measure(a, b, plus) {
  const sides = (box) => [box[2] - box[0] + plus, box[3] - box[1] + plus];
  const [aw, ah] = sides(a), [bw, bh] = sides(b);
  const inner = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  const outer = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
  const [sw, sh] = sides(inner).map((side) => Math.max(side, 0)), [cw, ch] = sides(outer);
  const shared = sw * sh, union = aw * ah + bw * bh - shared, enclosing = cw * ch, iou = over(shared, union);
  const dx = (a[0] + a[2] - b[0] - b[2]) / 2, dy = (a[1] + a[3] - b[1] - b[3]) / 2;
  const apart = dx * dx + dy * dy, diagonal = cw * cw + ch * ch;
  const v = (4 / Math.PI ** 2) * (Math.atan2(aw, ah) - Math.atan2(bw, bh)) ** 2, alpha = over(v, 1 - iou + v);
  const diou = iou - over(apart, diagonal);
  return {
    ax1: a[0], ay1: a[1], ax2: a[2], ay2: a[3], bx1: b[0], by1: b[1], bx2: b[2], by2: b[3],
    aw, ah, bw, bh, area_a: areaOf([aw, ah]), area_b: areaOf([bw, bh]), sw, sh, shared, union, iou, cw, ch, enclosing,
    giou: iou - over(enclosing - union, enclosing), dx, dy, apart, diagonal, diou, v, alpha, ciou: diou - alpha * v,
  };
}

// A box with edges as lines in all formats; see core.vision.metrics.box_formats.
function written([x1, y1, x2, y2], [width, height]) {
  const w = x2 - x1, h = y2 - y1, x = (x1 + x2) / 2, y = (y1 + y2) / 2;
  return {
    xyxy: [x1, y1, x2, y2], xywh: [x1, y1, w, h], centre: [x, y, w, h],
    relative: [x1 / width, y1 / height, x2 / width, y2 / height],
    yolo: [x / width, y / height, w / width, h / height], voc: [x1 + 1, y1 + 1, x2, y2],
  };
}

// A number for a person: whole numbers in full, others with four digits, halves rounded up.
function say(value) {
  if (Math.abs(value - Math.round(value)) < 1e-9) return String(Math.round(value) + 0);
  const nudged = value * (1 + 1e-12), size = Math.abs(value);
  if (size >= 100) return String(Number(nudged.toFixed(2)));
  if (size >= 1e-4) return String(Number(nudged.toPrecision(4)));
  const [digits, power] = nudged.toExponential(3).split("e");
  return `${Number(digits)}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

// A line of the arithmetic with its numbers and its result.
function filled(line, values, plus) {
  const text = line.text.replace(/\{(\w+)(!?)\}/g, (_, name, bracket) => {
    if (name === "plus") return plus ? " + 1" : "";
    return bracket && values[name] < 0 ? `(${say(values[name])})` : say(values[name]);
  });
  return { text, result: say(values[line.key]) };
}

// An element of SVG.
function svg(name, attributes, parent) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent?.appendChild(element);
  return element;
}
