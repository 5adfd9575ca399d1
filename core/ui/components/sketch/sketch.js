// Boxes drawn by hand on a picture: what is there, and what a detector might have said.

const SIDES = { truth: "Ground truth", said: "Detection" };
const LEAST = 3;
// Pixels of the picture below which a drawn box was a press.
const SETTLED = 450;
const PATIENCE = 3000;
const KEPT = 100;

class Sketch {
  constructor(root, component) {
    this.root = root;
    this.component = component;
    this.find = (selector) => root.querySelector(selector);
    this.side = "truth";
    this.class = 0;
    this.score = 90;
    this.chosen = -1;
    this.past = [];
    this.future = [];
    this.paper = this.find("svg");
    this.build();
    this.listen();
    this.observer = new ResizeObserver(() => this.refresh());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.refresh());
  }

  receive(component) {
    const before = this.data;
    this.component = component;
    this.data = component.data;
    if (before && before.picture.name !== this.data.picture.name) { this.past = []; this.future = []; this.chosen = -1; this.sent = null; }
    if (!this.ahead()) {
      this.sent = null;
      this.boxes = this.data.boxes.map((one) => ({ ...one, box: [...one.box] }));
      if (this.chosen >= this.boxes.length) this.chosen = -1;
    }
    this.refresh();
    this.root.dataset.ready = "true";
  }

  // Whether the boxes here are newer than what has come.
  ahead() {
    if (this.dragging || this.sending) return true;
    return Boolean(this.sent) && Date.now() - this.sent.at < PATIENCE && this.sent.before === this.data.text;
  }

  refresh() {
    if (!this.data) return;
    const p = (this.palette = themePalette(this.root));
    for (const [name, value] of Object.entries({ truth: p.lines[0], said: p.lines[1], paper: p.background })) this.root.style.setProperty(`--${name}`, value);
    this.draw();
    this.light();
  }

  // ---- drawing ------------------------------------------------------------------------------

  draw() {
    const { src, width, height } = this.data.picture, room = this.find(".host").clientWidth || 600;
    const s = (this.scale = Math.min(room, 460 * (width / height)) / width), paper = this.paper;
    paper.style.maxWidth = `${width * s}px`;
    paper.setAttribute("viewBox", `0 0 ${width * s} ${height * s}`);
    paper.innerHTML = "";
    if (src) svg("image", { href: src, width: width * s, height: height * s }, paper);
    else this.grid(width, height, s);
    this.boxes.forEach((one, n) => this.drawBox(one, n, s));
    this.words(s);
    paper.dataset.boxes = String(this.boxes.length);
    paper.setAttribute("aria-label", `${this.boxes.length} boxes. Enter draws one in the middle, N goes to the next, arrow keys move it, with Shift its lower right corner, Delete removes it.`);
  }

  grid(width, height, s) {
    const p = this.palette;
    svg("rect", { width: width * s, height: height * s, fill: p.background, stroke: p.grid }, this.paper);
    for (let x = 20; x < width; x += 20) svg("line", { x1: x * s, x2: x * s, y1: 0, y2: height * s, stroke: p.grid, "stroke-width": 0.5 }, this.paper);
    for (let y = 20; y < height; y += 20) svg("line", { y1: y * s, y2: y * s, x1: 0, x2: width * s, stroke: p.grid, "stroke-width": 0.5 }, this.paper);
  }

  drawBox({ side, box: [x1, y1, x2, y2] }, n, s) {
    const p = this.palette, group = svg("g", { class: "box", "data-side": side, "data-n": n }, this.paper), truth = side === "truth";
    const at = { x: x1 * s, y: y1 * s, width: (x2 - x1) * s, height: (y2 - y1) * s, fill: "none" };
    svg("rect", { ...at, stroke: p.background, "stroke-width": 5.5, opacity: 0.75 }, group);
    svg("rect", { ...at, class: "frame", stroke: truth ? p.lines[0] : p.lines[1], "stroke-width": n === this.chosen ? 4.5 : truth ? 3 : 2.5, "stroke-dasharray": truth ? "none" : "8 5" }, group);
    if (n !== this.chosen) return;
    for (const [i, j] of [[x1, y1], [x2, y1], [x1, y2], [x2, y2]]) svg("rect", { x: i * s - 5, y: j * s - 5, width: 10, height: 10, rx: truth ? 1 : 5, fill: p.background, stroke: truth ? p.lines[0] : p.lines[1], "stroke-width": 2.5 }, group);
  }

  // Words of the objects above their boxes, of detections below: they seldom meet.
  words(s) {
    const p = this.palette, size = 13, { width, height } = this.data.picture, taken = [];
    this.boxes.forEach(({ side, label, score, box: [x1, y1, x2, y2] }) => {
      const truth = side === "truth", name = this.data.classes[label] ?? "?";
      const text = truth ? name : `${name} ${(score / 100).toFixed(2)}`, wide = text.length * size * 0.58;
      let x = Math.min((truth ? x1 : x2) * s, width * s - (truth ? wide : 0)), y = truth ? y1 * s - 5 : y2 * s + size + 2;
      if (!truth) x = Math.max(x, wide);
      if (y < size) y = y1 * s + size + 4;
      if (y > height * s - 3) y = y2 * s - 7;
      const left = truth ? x : x - wide;
      while (taken.some(([a, b, c]) => Math.abs(b - y) < size && left < a + c && a < left + wide) && y > 2 * size) y -= size + 1;
      taken.push([left, y, wide]);
      const words = svg("text", { x, y, "font-size": size, "font-weight": 650, fill: truth ? p.lines[0] : p.lines[1], "text-anchor": truth ? "start" : "end" }, this.paper);
      words.textContent = text;
    });
  }

  // ---- tools --------------------------------------------------------------------------------

  build() {
    for (const [side, title] of Object.entries(SIDES)) {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.side = side;
      button.innerHTML = `<i></i>${title}`;
      button.addEventListener("click", () => this.choose(side));
      this.find(".sides").appendChild(button);
    }
    this.find("select").addEventListener("change", (e) => this.setClass(Number(e.target.value)));
    this.find(".score input").addEventListener("input", (e) => this.setScore(Number(e.target.value)));
    this.find(".delete").addEventListener("click", () => this.remove());
    this.find(".undo").addEventListener("click", () => this.back(this.past, this.future));
    this.find(".redo").addEventListener("click", () => this.back(this.future, this.past));
    this.find(".clear").addEventListener("click", () => { this.remember(); this.boxes = []; this.chosen = -1; this.send(); });
  }

  get current() { return this.boxes[this.chosen]; }

  light() {
    const one = this.current, side = one?.side ?? this.side, scored = side === "said";
    this.find(".sides").hidden = Boolean(this.data.truth_only);
    for (const button of this.find(".sides").children) button.setAttribute("aria-pressed", String(button.dataset.side === side));
    const select = this.find("select");
    select.replaceChildren(...this.data.classes.map((name, n) => new Option(name, String(n))));
    select.value = String(one?.label ?? Math.min(this.class, this.data.classes.length - 1));
    this.find(".class").hidden = this.data.classes.length < 2;
    this.find(".score").hidden = !scored;
    const score = one?.score ?? this.score;
    this.find(".score input").value = String(score);
    this.find(".score output").textContent = (score / 100).toFixed(2);
    this.find(".delete").disabled = !one;
    this.find(".undo").disabled = !this.past.length;
    this.find(".redo").disabled = !this.future.length;
    this.find(".clear").disabled = !this.boxes.length;
    this.find(".about").textContent = this.hint(one);
  }

  hint(one) {
    if (this.boxes.length >= this.data.most) return `${this.data.most} boxes are as many as a link can carry. Delete one first.`;
    if (!one) return `Drag on the picture: that draws a box of the ${this.side === "truth" ? "ground truth" : "detections"}. Press a box to change it.`;
    const [x1, y1, x2, y2] = one.box;
    return `${SIDES[one.side]}: left ${say(x1)}, top ${say(y1)}, right ${say(x2)}, bottom ${say(y2)}; ${say(x2 - x1)} x ${say(y2 - y1)} pixels.`;
  }

  choose(side) {
    this.side = side;
    if (!this.current || this.current.side === side) { this.chosen = -1; this.refresh(); return; }
    this.remember();
    this.current.side = side;
    this.current.score = side === "said" ? this.score : null;
    this.send();
  }

  setClass(label) {
    this.class = label;
    if (!this.current) return;
    this.remember();
    this.current.label = label;
    this.send();
  }

  setScore(score) {
    this.score = score;
    if (!this.current) { this.refresh(); return; }
    if (!this.sending) this.remember();
    this.current.score = score;
    this.refresh();
    this.sendSoon();
  }

  remove() {
    if (!this.current) return;
    this.remember();
    this.boxes.splice(this.chosen, 1);
    this.chosen = -1;
    this.send();
  }

  remember() {
    this.past.push(JSON.stringify(this.boxes));
    if (this.past.length > KEPT) this.past.shift();
    this.future = [];
  }

  back(from, to) {
    if (!from.length) return;
    to.push(JSON.stringify(this.boxes));
    this.boxes = JSON.parse(from.pop());
    this.chosen = -1;
    this.send();
  }

  // ---- dragging -----------------------------------------------------------------------------

  listen() {
    const paper = this.paper;
    paper.addEventListener("touchstart", (e) => { if (e.touches.length === 1) e.preventDefault(); }, { passive: false });
    paper.addEventListener("pointerdown", (e) => this.take(e));
    paper.addEventListener("pointermove", (e) => this.move(e));
    paper.addEventListener("pointerup", () => this.drop());
    paper.addEventListener("pointercancel", () => this.drop());
    paper.addEventListener("keydown", (e) => this.key(e));
  }

  place(e) {
    const box = this.paper.getBoundingClientRect(), { width, height } = this.data.picture;
    return [((e.clientX - box.left) / box.width) * width, ((e.clientY - box.top) / box.height) * height];
  }

  // The chosen box first, then the smallest: a box within another can be taken.
  under(e) {
    const at = this.place(e), near = (GRAB[e.pointerType] ?? GRAB.mouse) / this.scale;
    const size = ({ box }) => (box[2] - box[0]) * (box[3] - box[1]);
    const order = this.boxes.map((_, n) => n).sort((a, b) => (b === this.chosen) - (a === this.chosen) || size(this.boxes[a]) - size(this.boxes[b]));
    for (const n of order) {
      const part = partUnder(this.boxes[n].box, at, near, e.pointerType === "touch");
      if (part) return { n, part };
    }
    return null;
  }

  frame() { return { snap: 1, board: [this.data.picture.width, this.data.picture.height] }; }

  take(e) {
    if (e.button !== 0 || !this.data) return;
    e.preventDefault();
    this.paper.focus({ preventScroll: true });
    this.paper.setPointerCapture(e.pointerId);
    const found = this.under(e), from = this.place(e);
    if (found) {
      this.chosen = found.n;
      this.dragging = { ...found, from, box: [...this.boxes[found.n].box], before: JSON.stringify(this.boxes) };
    } else if (this.boxes.length < this.data.most) {
      this.dragging = { part: "new", from, before: JSON.stringify(this.boxes) };
      this.chosen = -1;
    }
    this.refresh();
  }

  move(e) {
    if (!this.data) return;
    if (!this.dragging) { this.paper.style.cursor = CURSORS[this.under(e)?.part] ?? "crosshair"; return; }
    const { part, from, box, n } = this.dragging, to = this.place(e);
    if (part === "new") this.stretch(from, to);
    else this.boxes[n].box = draggedBox(box, part, [to[0] - from[0], to[1] - from[1]], this.frame());
    this.refresh();
  }

  stretch(from, to) {
    const { width, height } = this.data.picture, most = [width, height];
    const [a, b] = [from, to].map((point) => point.map((value, axis) => Math.round(Math.min(Math.max(value, 0), most[axis]))));
    const box = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])];
    if (this.dragging.n === undefined) {
      this.dragging.n = this.boxes.length;
      this.boxes.push({ side: this.side, label: Math.min(this.class, this.data.classes.length - 1), score: this.side === "said" ? this.score : null, box });
      this.chosen = this.dragging.n;
    }
    this.boxes[this.dragging.n].box = box;
  }

  drop() {
    const dragged = this.dragging;
    if (!dragged) return;
    this.dragging = null;
    const fresh = this.boxes[dragged.n];
    if (dragged.part === "new" && fresh && (fresh.box[2] - fresh.box[0] < LEAST || fresh.box[3] - fresh.box[1] < LEAST)) {
      this.boxes.pop();
      this.chosen = -1;
    }
    if (JSON.stringify(this.boxes) === dragged.before) { this.refresh(); return; }
    this.past.push(dragged.before);
    this.future = [];
    this.send();
  }

  key(e) {
    const way = ARROWS[e.key];
    if (e.key.toLowerCase() === "n" && this.boxes.length) {
      this.chosen = (this.chosen + 1) % this.boxes.length;
      this.refresh();
    } else if ((e.key === "Delete" || e.key === "Backspace") && this.current) this.remove();
    else if (e.key === "Enter" && this.boxes.length < this.data.most) this.drawInTheMiddle();
    else if (e.key === "z" && (e.ctrlKey || e.metaKey)) this.back(this.past, this.future);
    else if (e.key === "Escape" && this.current) { this.chosen = -1; this.refresh(); }
    else if (way && this.current) {
      if (!this.sending) this.remember();
      this.current.box = draggedBox(this.current.box, e.shiftKey ? "rb" : "move", way, this.frame());
      this.refresh();
      this.sendSoon();
    } else return;
    e.preventDefault();
  }

  drawInTheMiddle() {
    const { width, height } = this.data.picture;
    this.remember();
    this.boxes.push({ side: this.side, label: Math.min(this.class, this.data.classes.length - 1), score: this.side === "said" ? this.score : null, box: [width / 4, height / 4, (width * 3) / 4, (height * 3) / 4].map(Math.round) });
    this.chosen = this.boxes.length - 1;
    this.send();
  }

  // ---- telling ------------------------------------------------------------------------------

  sendSoon() {
    clearTimeout(this.sending);
    this.sending = setTimeout(() => this.send(), SETTLED);
  }

  send() {
    clearTimeout(this.sending);
    this.sending = null;
    const text = this.boxes.map(({ side, label, score, box }) => `${label}${side === "said" ? `@${score}` : ""}:${box.map(Math.round).join(",")}`).join(";") || "none";
    this.sent = { at: Date.now(), before: this.data.text };
    this.component.setTriggerValue("boxes", text);
    this.find(".spoken").textContent = `${this.boxes.length} boxes`;
    this.refresh();
  }

  release() {
    clearTimeout(this.sending);
    this.observer.disconnect();
    this.stopTheme();
  }
}

const mount = mounting(".sketch", Sketch);
