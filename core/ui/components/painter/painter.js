// A mask is painted over a picture, and the pixels are counted as one paints. Picture, truth and
// what the measures are made of come from Python; so does the boundary's F, once a stroke ends.

const PAUSE = 120;
const HISTORY = 200;
const TALLEST = 640;
const GRID_FROM = 14;
// Pixels that are so large on the screen get lines between them.
const CLOSING = 11;
// A corner so near to the first one, on the screen, closes the polygon.
const GREY_FROM = 0.4;
// Colours of so much opacity lie on grey alone: on a red picture green would look grey.

class Painter {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    [this.base, this.over, this.top] = ["base", "over", "top"].map((name) => this.find(`.${name}`));
    this.tool = "brush";
    this.corners = [];
    this.done = [];
    this.undone = [];
    this.number = 0;
    this.asking = new Asking((again) => this.component.setTriggerValue("again", again));
    [this.layer, this.small] = ["canvas", "canvas"].map((kind) => document.createElement(kind));
    this.top.tabIndex = 0;
    this.top.setAttribute("role", "application");
    this.wireTools();
    this.wirePointer();
    this.root.addEventListener("keydown", (e) => this.key(e));
    this.arrived = () => this.paintPicture();
    globalThis.addEventListener("receptive:photo", this.arrived);
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.refresh());
  }

  // ---- what Python sends ----------------------------------------------------------------------

  receive(component) {
    const before = this.data, d = (this.data = component.data);
    this.component = component;
    const other = !before || before.id !== d.id;
    if (other || before.truth !== d.truth) {
      this.truth = d.truth === null ? null : pixelsOf(d.truth, d.width * d.height);
      this.trueEdges = undefined;
    }
    if (other) this.begin();
    // An echo of an older stroke says nothing new; one of the latest may have been changed there.
    else if (d.mask !== null && d.stroke === this.number && d.mask !== this.sent) this.take(d.mask);
    this.locked = d.mask === null;
    this.root.classList.toggle("locked", this.locked);
    this.top.setAttribute("aria-label", `${d.title}. ${d.keys}`);
    this.find("h4").textContent = d.title;
    this.hint();
    this.find(".remark").textContent = d.remark;
    this.tellState();
    this.score();  // the numbers need not wait for the picture
    this.arrange(other);
    this.refresh();
    this.asking.ask(d);
    if (d.focus && !this.focused) this.top.focus({ preventScroll: true });
    this.focused = d.focus;
    this.root.dataset.ready = "true";
    this.root.dataset.waiting = String(Boolean(d.poll));
    this.resting = restThen(this.resting, d.settle);
  }

  begin() {
    const d = this.data;
    clearTimeout(this.later);
    this.mask = d.mask === null ? new Uint8Array(d.width * d.height) : pixelsOf(d.mask, d.width * d.height);
    this.sent = d.mask;
    this.number = d.stroke;
    this.done = [];
    this.undone = [];
    this.corners = [];
    this.stroke = this.hand = null;
    this.widest = Math.max(Math.round(Math.max(d.width, d.height) / 2), 2);
    const input = this.find(".size input");
    input.max = this.widest;
    this.setWidth(d.brush);
  }

  // Python has another mask than the one painted here: a cell was pressed, a preset opened.
  take(runs) {
    this.remember();
    this.mask = pixelsOf(runs, this.mask.length);
    this.sent = runs;
  }

  tellState() {
    const d = this.data, says = this.find(".says");
    says.hidden = !d.says;
    says.classList.toggle("failed", d.failed);
    says.querySelector("span").textContent = d.says;
    says.querySelector("progress").hidden = d.progress === null;
    says.querySelector("progress").value = d.progress ?? 0;
    says.querySelector("button").hidden = !d.retry;
  }

  // ---- tools ----------------------------------------------------------------------------------

  wireTools() {
    const on = (selector, act) => this.find(selector).addEventListener("click", act);
    for (const tool of ["brush", "eraser", "polygon"]) on(`.${tool}`, () => this.setTool(tool));
    on(".undo", () => this.undo());
    on(".redo", () => this.redo());
    on(".clear", () => this.whole("Cleared.", (mask) => mask.fill(0)));
    on(".invert", () => this.whole("Inverted.", (mask) => mask.forEach((inside, k) => { mask[k] = 1 - inside; })));
    on(".again", () => this.whole("Back at the start.", (mask) => mask.set(pixelsOf(this.data.start, mask.length))));
    on(".says button", () => this.component.setTriggerValue("retry", `${this.data.retry};${Date.now()}`));
    this.find(".size input").addEventListener("input", (e) => this.setWidth(Number(e.target.value)));
  }

  setTool(tool) {
    this.lift();
    this.dropPolygon();
    this.tool = tool;
    for (const name of ["brush", "eraser", "polygon"]) this.find(`.${name}`).setAttribute("aria-pressed", String(name === tool));
    this.hint();
    this.drawTop();
  }

  hint() { this.find(".hint").textContent = this.data.hints[this.tool === "polygon" ? "polygon" : "brush"]; }

  setWidth(width) {
    this.brush = Math.min(Math.max(Math.round(width), 1), this.widest ?? 64);
    this.find(".size input").value = this.brush;
    this.find(".size output").textContent = `${this.brush} px`;
    this.drawTop();
  }

  whole(said, act) {
    if (this.locked) return;
    this.lift();
    this.dropPolygon();
    const before = runsOf(this.mask);
    act(this.mask);
    if (runsOf(this.mask) === before) return;
    this.remember(before);
    this.changed(said);
  }

  remember(before = runsOf(this.mask)) {
    this.done.push(before);
    if (this.done.length > HISTORY) this.done.shift();
    this.undone = [];
  }

  undo() { this.step(this.done, this.undone, "Undone."); }

  redo() { this.step(this.undone, this.done, "Done again."); }

  step(from, to, said) {
    this.lift();
    if (this.locked || !from.length || this.stroke) return;
    to.push(runsOf(this.mask));
    this.mask = pixelsOf(from.pop(), this.mask.length);
    this.changed(said);
  }

  changed(said = "") {
    this.number += 1;
    this.refresh();
    const iou = this.data.conceal || this.blind ? "" : `IoU ${valueOf(this.data.measures[0], countKinds(this.mask, this.truth).counts).toFixed(3)}.`;
    this.find(".spoken").textContent = `${said} ${iou}`.trim();
    clearTimeout(this.later);
    this.later = setTimeout(() => this.send(), PAUSE);
  }

  send() {
    const runs = runsOf(this.mask);
    this.sent = runs;
    this.component.setStateValue("mask", `${this.data.id};${this.number};${runs}`);
  }

  // ---- pointer --------------------------------------------------------------------------------

  wirePointer() {
    const on = (name, act) => this.top.addEventListener(name, act);
    on("pointerdown", (e) => this.down(e));
    on("pointermove", (e) => this.moved(e));
    on("pointerup", (e) => this.up(e));
    on("pointercancel", (e) => this.cancel(e));
    on("pointerleave", () => { if (!this.stroke) { this.at = null; this.drawTop(); } });
    on("dblclick", (e) => { if (this.tool === "polygon") this.closePolygon(e.shiftKey); });
    on("focus", () => { if (this.top.matches(":focus-visible")) this.showHand(); });
    on("blur", () => { this.lift(); this.hand = null; this.drawTop(); });
  }

  // The place of an event in pixels of the picture, columns first.
  place(event) {
    const box = this.top.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * this.data.width, ((event.clientY - box.top) / box.height) * this.data.height];
  }

  down(event) {
    if (this.locked || this.stroke || (event.button > 0 && event.button !== 5)) return;
    event.preventDefault();
    this.top.focus({ preventScroll: true });
    this.hand = null;
    this.at = this.place(event);
    if (this.tool === "polygon") {
      this.addCorner(this.at, event.shiftKey);
      return;
    }
    this.top.setPointerCapture(event.pointerId);
    // A pen's own eraser is button 5.
    this.beginStroke(this.at, this.tool === "eraser" || event.button === 5, event.pointerId);
  }

  moved(event) {
    if (this.stroke && this.stroke.pointer === event.pointerId) {
      const way = event.getCoalescedEvents?.() ?? [];
      for (const step of way.length ? way : [event]) this.extendStroke(this.place(step));
    }
    if (!this.stroke || this.stroke.pointer === event.pointerId) {
      this.at = event.pointerType === "touch" && this.tool !== "polygon" ? null : this.place(event);
      this.drawTop();
    }
  }

  up(event) {
    if (this.stroke?.pointer === event.pointerId) this.endStroke();
  }

  // A gesture of the system takes the stroke away: what it painted goes with it.
  cancel(event) {
    if (this.stroke?.pointer !== event.pointerId) return;
    this.mask = pixelsOf(this.stroke.before, this.mask.length);
    this.stroke = null;
    this.refresh();
  }

  beginStroke(place, erase, pointer) {
    this.stroke = { before: runsOf(this.mask), erase, pointer, last: place };
    this.stamp(place, place);
  }

  extendStroke(place) {
    this.stamp(this.stroke.last, place);
    this.stroke.last = place;
  }

  endStroke() {
    const { before } = this.stroke;
    this.stroke = null;
    if (runsOf(this.mask) === before) return;
    this.remember(before);
    this.changed();
  }

  stamp(from, to) {
    const { width, height } = this.data;
    paintWay(this.mask, width, height, [from, to], this.brush, this.stroke.erase ? 0 : 1);
    this.refresh();
  }

  // ---- polygon --------------------------------------------------------------------------------

  addCorner(place, erase) {
    const [x, y] = place, before = this.corners.at(-1);
    // The second press of a double click adds no corner.
    const near = ([u, v], reach) => Math.hypot(u - x, v - y) * this.scale < reach;
    if (before && near(before, 3)) return;
    if (this.corners.length > 2 && near(this.corners[0], CLOSING)) {
      this.closePolygon(erase);
      return;
    }
    this.corners.push([x, y]);
    this.drawTop();
  }

  closePolygon(erase) {
    const corners = this.corners;
    this.corners = [];
    if (corners.length < 3 || this.locked) {
      this.drawTop();
      return;
    }
    const before = runsOf(this.mask);
    fillPolygon(this.mask, this.data.width, this.data.height, corners, erase ? 0 : 1);
    if (runsOf(this.mask) !== before) {
      this.remember(before);
      this.changed("Polygon closed.");
    }
    this.drawTop();
  }

  dropPolygon() {
    if (!this.corners.length) return;
    this.corners = [];
    this.drawTop();
  }

  // ---- keys -----------------------------------------------------------------------------------

  key(event) {
    const letter = event.key.toLowerCase(), held = event.ctrlKey || event.metaKey;
    if (event.altKey || this.stroke?.pointer !== undefined) return;
    const acts = {
      b: () => this.setTool("brush"), e: () => this.setTool("eraser"), p: () => this.setTool("polygon"),
      i: () => this.find(".invert").click(), delete: () => this.find(".clear").click(), backspace: () => this.find(".clear").click(),
      "[": () => this.setWidth(this.brush - Math.max(Math.round(this.brush / 6), 1)),
      "]": () => this.setWidth(this.brush + Math.max(Math.round(this.brush / 6), 1)),
      escape: () => this.dropPolygon(),
    };
    if (letter === "z") event.shiftKey ? this.redo() : this.undo();
    else if (letter === "y") this.redo();
    else if (held) return;
    else if (event.target === this.top && this.handKey(event)) { /* moved */ }
    else if (acts[letter]) acts[letter]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  handKey(event) {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (step) this.moveHand(step, event.shiftKey ? 1 : Math.max(Math.round(this.data.width / 32), 1));
    else if (event.key === " ") this.press();
    else if (event.key === "Enter" && this.corners.length) this.closePolygon(event.shiftKey);
    else return false;
    return true;
  }

  showHand() {
    this.hand ??= [this.data.width / 2, this.data.height / 2];
    this.drawTop();
  }

  moveHand([right, down], far) {
    this.showHand();
    const inside = (v, end) => Math.min(Math.max(v, 0.5), end - 0.5);
    this.hand = [inside(this.hand[0] + right * far, this.data.width), inside(this.hand[1] + down * far, this.data.height)];
    if (this.stroke) this.extendStroke(this.hand);
    this.drawTop();
  }

  // Space puts the brush down and lifts it, or sets a corner.
  press() {
    if (this.locked) return;
    this.showHand();
    if (this.tool === "polygon") this.addCorner(this.hand, false);
    else if (this.stroke) this.lift();
    else this.beginStroke(this.hand, this.tool === "eraser", undefined);
  }

  lift() {
    if (this.stroke && this.stroke.pointer === undefined) this.endStroke();
  }

  // ---- looks ----------------------------------------------------------------------------------

  arrange(force) {
    const room = this.root.clientWidth, d = this.data;
    if (!d || !room || (!force && room === this.room)) return;
    this.room = room;
    this.root.classList.toggle("narrow", room < 640);
    const wide = Math.min(this.find(".left").clientWidth - 2, (TALLEST * d.width) / d.height);
    this.scale = wide / d.width;
    this.trueEdges = undefined;
    this.size = [Math.floor(wide), Math.floor(this.scale * d.height)];
    this.paintPicture();
    this.refresh();
    this.drawTop();
  }

  refresh() {
    if (!this.data || !this.size) return;
    const p = themePalette(this.root), set = (name, value) => this.root.style.setProperty(name, value);
    set("--bar", p.lines[0]);
    set("--muted", p.muted);
    set("--wrong", p.wrong);
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.score();
      this.drawOver();
      this.find(".undo").setAttribute("aria-disabled", String(!this.done.length));
      this.find(".redo").setAttribute("aria-disabled", String(!this.undone.length));
    });
  }

  paintPicture() {
    const photo = this.data && globalThis.receptive.photos?.get(this.data.photo);
    if (!photo || !this.size) return;
    const ctx = sizeCanvas(this.base, ...this.size);
    ctx.imageSmoothingEnabled = this.scale < 2;
    ctx.drawImage(photo.canvas, 0, 0, ...this.size);
    this.pixels = photo.data;
    this.root.dataset.pictured = this.data.photo;
    this.refresh();
  }

  get blind() { return this.data.blind || !this.truth; }

  drawOver() {
    const d = this.data, ctx = sizeCanvas(this.over, ...this.size);
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(this.coloured(), 0, 0, ...this.size);
    ctx.globalAlpha = d.opacity / 100;
    for (const kind of this.blind ? [] : ["FP", "FN"]) {
      if (!this.counts[kind]) continue;
      this.cut(this.stencil(kind), (layer) => {
        layer.fillStyle = pattern(layer, kind, null);
        layer.fillRect(0, 0, ...this.size);
      });
      ctx.drawImage(this.layer, 0, 0, ...this.size);
    }
    ctx.globalAlpha = 1;
    if (this.scale >= GRID_FROM) this.drawGrid(ctx);
    if (!this.blind) strokeOutline(ctx, (this.trueEdges ??= this.edges(this.truth)), [5, 4]);
    strokeOutline(ctx, this.edges(this.mask), []);
  }

  // The pixels of the masks in their colours, over the picture made grey.
  coloured() {
    const d = this.data, opacity = d.opacity / 100, grey = Math.min(opacity / GREY_FROM, 1);
    const under = this.pixels?.length === 4 * this.kinds.length ? this.pixels : null;
    const colours = KINDS.map((kind) => (kind === "TN" ? null : d.colours[this.blind ? "painted" : kind]));
    return this.pixelwise((out, k) => {
      const colour = this.blind && this.kinds[k] === 2 ? null : colours[this.kinds[k]], at = 4 * k;
      if (!colour) return;
      const luma = under ? 0.299 * under[at] + 0.587 * under[at + 1] + 0.114 * under[at + 2] : 0;
      for (let c = 0; c < 3; c++) {
        const level = under ? under[at + c] + (luma - under[at + c]) * grey : colour[c];
        out[at + c] = level + (colour[c] - level) * opacity;
      }
      out[at + 3] = under ? 255 : 255 * opacity;
    });
  }

  stencil(kind) {
    const wanted = KINDS.indexOf(kind);
    return this.pixelwise((out, k) => { if (this.kinds[k] === wanted) out[4 * k + 3] = 255; });
  }

  // A picture of the mask's size, made pixel by pixel; the next one takes its place.
  pixelwise(set) {
    const { width, height } = this.data, canvas = this.small;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const ctx = canvas.getContext("2d"), picture = ctx.createImageData(width, height);
    for (let k = 0; k < this.kinds.length; k++) set(picture.data, k);
    ctx.putImageData(picture, 0, 0);
    return canvas;
  }

  // What is drawn, where the stencil is.
  cut(stencil, draw) {
    const layer = sizeCanvas(this.layer, ...this.size);
    layer.globalCompositeOperation = "source-over";
    layer.imageSmoothingEnabled = false;
    layer.drawImage(stencil, 0, 0, ...this.size);
    layer.globalCompositeOperation = "source-in";
    draw(layer);
  }

  drawGrid(ctx) {
    const { width, height } = this.data, [across, down] = this.size;
    ctx.strokeStyle = "rgba(0, 0, 0, 0.28)";
    ctx.lineWidth = 1;
    ctx.beginPath();
    for (let c = 1; c < width; c++) { ctx.moveTo((c * across) / width, 0); ctx.lineTo((c * across) / width, down); }
    for (let r = 1; r < height; r++) { ctx.moveTo(0, (r * down) / height); ctx.lineTo(across, (r * down) / height); }
    ctx.stroke();
  }

  edges(mask) {
    const { width, height } = this.data;
    return edgesOf(mask, width, height, this.size[0] / width, this.size[1] / height);
  }

  drawTop() {
    if (!this.size) return;
    const ctx = sizeCanvas(this.top, ...this.size), place = this.hand ?? this.at;
    const screen = ([x, y]) => [x * (this.size[0] / this.data.width), y * (this.size[1] / this.data.height)];
    const twice = (draw) => {
      for (const [colour, width] of [["#000", 3], ["#fff", 1.3]]) {
        Object.assign(ctx, { strokeStyle: colour, lineWidth: width });
        ctx.beginPath();
        draw();
        ctx.stroke();
      }
    };
    if (this.corners.length) {
      const way = [...this.corners, ...(place ? [place] : [])].map(screen);
      twice(() => {
        way.forEach(([x, y], k) => (k ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
        if (way.length > 2) ctx.closePath();
      });
      this.corners.map(screen).forEach(([x, y], k) => {
        const half = k === 0 && this.corners.length > 2 ? 6 : 3;
        twice(() => ctx.rect(x - half, y - half, 2 * half, 2 * half));
      });
    }
    if (!place) return;
    const [x, y] = screen(place);
    if (this.tool === "polygon") {
      if (this.hand) twice(() => { ctx.moveTo(x - 8, y); ctx.lineTo(x + 8, y); ctx.moveTo(x, y - 8); ctx.lineTo(x, y + 8); });
      return;
    }
    ctx.setLineDash(this.tool === "eraser" ? [4, 3] : []);
    twice(() => {
      ctx.arc(x, y, Math.max((this.brush * this.scale) / 2, 2.5), 0, 2 * Math.PI);
      if (this.hand) { ctx.moveTo(x - 2, y); ctx.lineTo(x + 2, y); }
    });
    ctx.setLineDash([]);
  }

  // ---- numbers --------------------------------------------------------------------------------

  score() {
    Object.assign(this, countKinds(this.mask, this.truth));
    const d = this.data, list = this.find(".measures"), b = d.boundary;
    const entries = this.blind
      ? [["painted", `${this.counts.TP + this.counts.FP}`, "painted"]]
      : KINDS.map((kind) => [kind, `${kind} ${d.conceal ? "?" : this.counts[kind]}`, kind]);
    fillLegend(this.find(".legend"), entries.map(([kind, text, look]) => ({ kind, text, says: d.kinds[kind], look, colour: d.colours[look] })));
    list.hidden = this.blind;
    this.root.dataset.fresh = String(d.stroke === this.number && !this.stroke);
    if (this.blind) return;
    // The boundary's F belongs to the mask that Python has.
    const fresh = this.root.dataset.fresh === "true";
    const rows = d.measures.map((measure) => ({
      slug: measure.slug, title: measure.title,
      value: d.conceal ? null : valueOf(measure, this.counts), line: d.conceal ? [measure.formula] : lineOf(measure, this.counts),
    }));
    if (b) rows.push({ slug: "boundary_f", title: b.title, value: fresh && !d.conceal ? b.value : null, line: fresh && !d.conceal ? b.line : [b.formula] });
    fillMeasures(list, rows, d.conceal ? "?" : "\u2026");
  }

  release() {
    clearTimeout(this.later);
    clearTimeout(this.resting);
    cancelAnimationFrame(this.frame);
    globalThis.removeEventListener("receptive:photo", this.arrived);
    this.asking.release();
    this.observer.disconnect();
    this.stopTheme();
  }
}

const mount = mounting(".painter", Painter);
