// Drawing with mouse, finger, pen and keys: strokes on a sheet, each of which can be taken back.
//
// `Strokes` is the drawing (a list of operations and the sheet that they paint, ink as opacity),
// `Board` the place where it is shown and drawn on. A kind of operation is an entry in PAINT.

const PAINT = {
  clear(ctx) { ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height); },
  picture(ctx, { image }) {
    ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
    ctx.drawImage(image, 0, 0);
  },
  stroke(ctx, operation) {
    for (let k = 0; k < operation.points.length; k++) paintSegment(ctx, operation, k);
    paintEnd(ctx, operation);
  },
};

// A stroke is curved from middle to middle of its points, so that it has no corners; each point
// adds one piece, whether while drawing or when everything is painted again.
function paintSegment(ctx, { points, width, erase }, k) {
  const [x, y] = points[k], middle = (j) => [(points[j - 1][0] + points[j][0]) / 2, (points[j - 1][1] + points[j][1]) / 2];
  pen(ctx, width, erase);
  ctx.beginPath();
  if (k === 0) ctx.moveTo(x, y);
  else if (k === 1) ctx.moveTo(...points[0]);
  else {
    ctx.moveTo(...middle(k - 1));
    ctx.quadraticCurveTo(...points[k - 1], ...middle(k));
    ctx.stroke();
    return;
  }
  ctx.lineTo(...(k ? middle(1) : [x, y]));
  ctx.stroke();
}

function paintEnd(ctx, { points, width, erase }) {
  const last = points.length - 1;
  if (last < 1) return;
  pen(ctx, width, erase);
  ctx.beginPath();
  ctx.moveTo((points[last - 1][0] + points[last][0]) / 2, (points[last - 1][1] + points[last][1]) / 2);
  ctx.lineTo(...points[last]);
  ctx.stroke();
}

function pen(ctx, width, erase) {
  ctx.globalCompositeOperation = erase ? "destination-out" : "source-over";
  ctx.strokeStyle = "#fff";
  ctx.lineWidth = width;
  ctx.lineCap = ctx.lineJoin = "round";
}

class Strokes {
  constructor(height, width) {
    this.sheet = document.createElement("canvas");
    this.sheet.height = height;
    this.sheet.width = width;
    this.ctx = this.sheet.getContext("2d", { willReadFrequently: true });
    this.done = [];
    this.undone = [];
  }

  // An operation that is complete at once.
  add(operation) {
    this.done.push(operation);
    this.undone = [];
    this.paint(operation);
  }

  paint(operation) {
    this.ctx.globalCompositeOperation = "source-over";
    PAINT[operation.kind](this.ctx, operation);
  }

  begin(width, erase, x, y) {
    this.open = { kind: "stroke", width, erase, points: [[x, y]] };
    paintSegment(this.ctx, this.open, 0);
  }

  extend(x, y) {
    const points = this.open.points, [px, py] = points[points.length - 1];
    if (Math.hypot(x - px, y - py) < 0.5) return;
    points.push([x, y]);
    paintSegment(this.ctx, this.open, points.length - 1);
  }

  end() {
    paintEnd(this.ctx, this.open);
    this.done.push(this.open);
    this.undone = [];
    this.open = null;
  }

  // A stroke that was broken off leaves nothing behind.
  drop() {
    this.open = null;
    this.repaint();
  }

  undo() { return this.move(this.done, this.undone); }

  redo() { return this.move(this.undone, this.done); }

  move(from, to) {
    if (!from.length) return false;
    to.push(from.pop());
    this.repaint();
    return true;
  }

  repaint() {
    const start = Math.max(this.done.findLastIndex((operation) => operation.kind !== "stroke"), 0);
    this.ctx.globalCompositeOperation = "source-over";
    PAINT.clear(this.ctx);
    for (const operation of this.done.slice(start)) this.paint(operation);
  }

  get empty() {
    const pixels = this.ctx.getImageData(0, 0, this.sheet.width, this.sheet.height).data;
    for (let k = 3; k < pixels.length; k += 4) if (pixels[k]) return false;
    return true;
  }

  // The ink as a picture: bright on black, whatever it looks like on the board.
  toPNG() {
    const page = document.createElement("canvas");
    page.width = this.sheet.width;
    page.height = this.sheet.height;
    const ctx = page.getContext("2d");
    ctx.fillStyle = "#000";
    ctx.fillRect(0, 0, page.width, page.height);
    ctx.drawImage(this.sheet, 0, 0);
    return page.toDataURL("image/png");
  }
}

// Brightness of a loaded picture as opacity of ink, the inverse of `toPNG`.
function inkOf(image) {
  const page = document.createElement("canvas");
  page.width = image.naturalWidth;
  page.height = image.naturalHeight;
  const ctx = page.getContext("2d");
  ctx.drawImage(image, 0, 0);
  const pixels = ctx.getImageData(0, 0, page.width, page.height);
  for (let k = 0; k < pixels.data.length; k += 4) {
    pixels.data[k + 3] = pixels.data[k];
    pixels.data[k] = pixels.data[k + 1] = pixels.data[k + 2] = 255;
  }
  ctx.putImageData(pixels, 0, 0);
  return page;
}

class Board {
  // host: where it stands; strokes: what is drawn; changed(): a stroke has ended, or more.
  constructor(host, strokes, { label, changed }) {
    this.host = host;
    this.strokes = strokes;
    this.changed = changed;
    this.erase = false;
    this.brush = 20;
    this.paper = "#000";
    this.ink = "#fff";
    this.opacity = 1;
    this.under = null;
    this.hand = null;
    host.replaceChildren();
    this.base = host.appendChild(document.createElement("canvas"));
    this.top = host.appendChild(document.createElement("canvas"));
    this.top.className = "top";
    this.top.tabIndex = 0;
    this.top.setAttribute("role", "application");
    this.top.setAttribute("aria-label", label);
    this.tinted = document.createElement("canvas");
    this.wire();
  }

  wire() {
    const on = (name, act) => this.top.addEventListener(name, act);
    on("pointerdown", (e) => this.down(e));
    on("pointermove", (e) => this.moved(e));
    on("pointerup", (e) => this.up(e));
    on("pointercancel", (e) => this.cancel(e));
    on("pointerleave", () => { if (this.pointer === undefined) this.ring(null); });
    on("keydown", (e) => this.key(e));
    on("focus", () => this.top.matches(":focus-visible") && this.showHand());
    on("blur", () => { this.lift(); this.hand = null; this.ring(null); });
  }

  // The place of an event on the sheet.
  place(event) {
    const box = this.top.getBoundingClientRect(), sheet = this.strokes.sheet;
    return [((event.clientX - box.left) / box.width) * sheet.width, ((event.clientY - box.top) / box.height) * sheet.height];
  }

  down(event) {
    if (this.pointer !== undefined || event.button > 0 && event.button !== 5) return;
    event.preventDefault();
    this.lift();
    this.top.focus({ preventScroll: true });
    this.hand = null;
    this.top.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    // A pen's own eraser is button 5.
    this.strokes.begin(this.brush, this.erase || event.button === 5, ...this.place(event));
    this.draw();
    this.ring(this.place(event));
  }

  moved(event) {
    if (event.pointerId === this.pointer) {
      const way = event.getCoalescedEvents?.() ?? [];
      for (const step of way.length ? way : [event]) this.strokes.extend(...this.place(step));
      this.draw();
    }
    if (this.pointer === undefined || event.pointerId === this.pointer) this.ring(event.pointerType === "touch" ? null : this.place(event));
  }

  up(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = undefined;
    this.strokes.end();
    this.draw();
    this.changed();
  }

  // A second finger that scrolls or zooms takes the stroke away from the drawing.
  cancel(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = undefined;
    this.strokes.drop();
    this.draw();
  }

  // ---- by keys ------------------------------------------------------------------------------

  // Arrow keys move a hand over the board, space puts its pen down and lifts it.
  key(event) {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (step) this.moveHand(step, event.shiftKey ? 2 : this.strokes.sheet.width / 28);
    else if (event.key === " ") this.togglePen();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  showHand() {
    this.hand ??= [this.strokes.sheet.width / 2, this.strokes.sheet.height / 2];
    this.ring(this.hand, true);
  }

  moveHand([right, down], far) {
    this.showHand();
    const { width, height } = this.strokes.sheet, inside = (v, end) => Math.min(Math.max(v, 0), end);
    this.hand = [inside(this.hand[0] + right * far, width), inside(this.hand[1] + down * far, height)];
    if (this.strokes.open) this.strokes.extend(...this.hand);
    this.draw();
    this.ring(this.hand, true);
  }

  togglePen() {
    this.showHand();
    if (this.strokes.open) this.lift();
    else this.strokes.begin(this.brush, this.erase, ...this.hand);
    this.draw();
    this.ring(this.hand, true);
  }

  lift() {
    if (!this.strokes.open || this.pointer !== undefined) return;
    this.strokes.end();
    this.draw();
    this.changed();
  }

  // ---- looks --------------------------------------------------------------------------------

  // Pixels of the board on the screen; the sheet keeps its own.
  layout(width) {
    this.width = width;
    this.height = (width * this.strokes.sheet.height) / this.strokes.sheet.width;
    this.draw();
    this.ring(this.hand, true);
  }

  draw() {
    if (!this.width) return;
    const ctx = sizeCanvas(this.base, this.width, this.height), sheet = this.strokes.sheet;
    ctx.fillStyle = this.paper;
    ctx.fillRect(0, 0, this.width, this.height);
    if (this.under) ctx.drawImage(this.under, 0, 0, this.width, this.height);
    if (this.tinted.width !== sheet.width || this.tinted.height !== sheet.height) [this.tinted.width, this.tinted.height] = [sheet.width, sheet.height];
    const tint = this.tinted.getContext("2d");
    tint.globalCompositeOperation = "copy";
    tint.drawImage(sheet, 0, 0);
    tint.globalCompositeOperation = "source-in";
    tint.fillStyle = this.ink;
    tint.fillRect(0, 0, sheet.width, sheet.height);
    ctx.globalAlpha = this.opacity;
    ctx.drawImage(this.tinted, 0, 0, this.width, this.height);
    ctx.globalAlpha = 1;
  }

  // The brush's outline under the pointer, visible on any ground.
  ring(place, hand) {
    if (!this.width) return;
    const ctx = sizeCanvas(this.top, this.width, this.height);
    if (!place || (hand && !this.hand)) return;
    const scale = this.width / this.strokes.sheet.width, [x, y] = place.map((v) => v * scale), r = Math.max((this.brush * scale) / 2, 2);
    for (const [colour, width] of [["#fff", 3], ["#000", 1.2]]) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.setLineDash(this.erase ? [4, 3] : []);
      ctx.beginPath();
      ctx.arc(x, y, r, 0, 2 * Math.PI);
      if (hand) for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        ctx.moveTo(x + dx * r, y + dy * r);
        ctx.lineTo(x + dx * (r + 7), y + dy * (r + 7));
      }
      ctx.stroke();
    }
  }
}
