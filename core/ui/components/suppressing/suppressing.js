// Suppression as a walk over places that Python has computed: the picture and the list show how
// every box stands at one of them.

const HEADS = ["#", "class", "score", "IoU", "verdict"];
const SIGNS = { now: "✓ ", kept: "✓ ", gone: "✗ ", dropped: "✗ " };
const ORDER = ["gone", "dropped", "waits", "meets", "kept", "now"];

class SuppressingBoard {
  constructor(root, component) {
    this.root = root;
    this.component = component;
    this.find = (selector) => root.querySelector(selector);
    this.step = 0;
    this.asking = new Asking((stamp) => this.component.setTriggerValue("again", stamp));
    this.player = new Player(this.find(".walk"), { noun: "step of the suppression", go: (step) => this.go(step) });
    this.find(".list").addEventListener("keydown", (e) => {
      const by = { ArrowDown: "ArrowRight", ArrowUp: "ArrowLeft", Home: "Home", End: "End" }[e.key];
      if (by) { e.preventDefault(); this.player.by(by); }
    });
    this.find(".wait button").addEventListener("click", () => this.component.setTriggerValue("retry", String(Date.now())));
    this.arrived = () => this.refresh();
    globalThis.addEventListener("receptive:photo", this.arrived);
    this.observer = new ResizeObserver(() => this.refresh());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.refresh());
  }

  receive(component) {
    const before = this.data, first = !before;
    this.component = component;
    this.data = component.data;
    const { walk } = this.data;
    if (walk && this.of !== walk.of) { this.step = walk.start; this.player.pause(); }
    if (walk) {
      this.of = walk.of;
      let marks = {};
      this.places = walk.places.map(({ says, changed }) => ({ says, marks: (marks = { ...marks, ...changed }) }));
    }
    this.asking.ask(this.data);
    this.refresh();
    if (this.data.focus && (first || !before.focus)) this.find(".forward").focus({ preventScroll: true });
    this.root.dataset.ready = String(Boolean(walk));
    this.resting = restThen(this.resting, this.data.settle);
  }

  refresh() {
    if (!this.data) return;
    const p = (this.palette = themePalette(this.root)), { walk } = this.data;
    for (const [name, value] of Object.entries({ right: p.right, wrong: p.wrong, now: p.window })) this.root.style.setProperty(`--${name}`, value);
    this.root.classList.toggle("narrow", this.root.clientWidth < 720);
    this.find(".wait").hidden = !this.data.says;
    this.find(".wait span").textContent = this.data.says;
    this.find(".wait button").hidden = this.data.poll;
    this.find(".all").hidden = !walk;
    if (!walk) return;
    this.step = Math.min(this.step, walk.places.length - 1);
    this.find(".key").textContent = walk.key;
    this.find(".rule").textContent = walk.rule;
    this.light();
  }

  get place() { return this.places[this.step]; }

  go(step) {
    this.step = step;
    this.light();
    if (!this.player.playing) this.find(".spoken").textContent = this.place.says;
  }

  light() {
    const { places } = this.data.walk, last = places.length - 1;
    this.root.dataset.step = String(this.step);
    this.player.show({ first: 0, last, step: this.step, text: `${this.step} of ${last}` });
    this.find(".where").textContent = this.place.says;
    this.lit = null;
    this.draw();
    this.write();
  }

  colour(label, photo) { const p = photo ? PALETTE.dark : this.palette; return p.lines[label % 4]; }

  draw() {
    const { size: [w, h], photo: id, boxes, names } = this.data.walk, src = globalThis.receptive.photos?.get(id)?.src, paper = this.find(".paper svg"), photo = Boolean(id);
    const unit = w / Math.max(paper.clientWidth || 480, 240), p = photo ? PALETTE.dark : this.palette;
    paper.setAttribute("viewBox", `0 0 ${w} ${h}`);
    paper.setAttribute("aria-label", `${boxes.length} boxes. ${this.place.says}`);
    paper.innerHTML = "";
    if (src) svg("image", { href: src, width: w, height: h }, paper);
    else if (photo) svg("rect", { width: w, height: h, fill: p.background }, paper);
    const standing = boxes.map((box, n) => ({ ...box, n, ...this.place.marks[n] }));
    standing.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || b.n - a.n);
    for (const one of standing) this.frame(paper, one, unit, photo, p);
    this.placed = [];
    for (const one of [...standing].reverse()) this.badge(paper, one, unit, photo, names);
  }

  frame(paper, { box: [x1, y1, x2, y2], label, state, n }, unit, photo, p) {
    const gone = state === "gone" || state === "dropped", strong = state === "now" || this.lit === n;
    const width = strong ? 4 : state === "meets" || state === "kept" ? 2.4 : 1.5, place = { x: x1, y: y1, width: x2 - x1, height: y2 - y1, fill: "none" };
    const colour = gone ? p.muted : this.colour(label, photo);
    if (photo) svg("rect", { ...place, stroke: "#000", "stroke-width": (width + 2) * unit, opacity: gone ? 0.25 : 0.6 }, paper);
    if (state === "now") svg("rect", { ...place, fill: colour, opacity: 0.22 }, paper);
    const box = svg("rect", { ...place, class: `hit ${state}`, "data-box": n + 1, "pointer-events": "stroke", stroke: colour, "stroke-width": width * unit, "stroke-dasharray": gone ? `${3 * unit} ${4 * unit}` : state === "waits" ? `${7 * unit} ${3 * unit}` : "none", opacity: gone && !strong ? 0.65 : 1 }, paper);
    box.addEventListener("pointerenter", () => this.point(n));
  }

  // The number of a box, at the first place round it that is still free.
  badge(paper, { box: [x1, y1, x2, y2], label, state, n }, unit, photo) {
    const gone = state === "gone" || state === "dropped", p = photo ? PALETTE.dark : this.palette, size = (state === "now" ? 15 : 12) * unit;
    const text = `${(SIGNS[state] ?? "").trim()}${n + 1}`, wide = (text.length * 0.68 + 0.6) * size, high = size * 1.35;
    const [w, h] = this.data.walk.size, spots = [];
    for (const share of [0, 0.5, 1, 0.25, 0.75]) {
      const x = x1 + (x2 - x1 - wide) * share, y = y1 + (y2 - y1 - high) * share;
      spots.push([x, y1], [x, y2 - high], [x1, y], [x2 - wide, y], [x, y1 - high], [x, y2]);
    }
    const free = ([x, y]) => x >= 0 && y >= 0 && x + wide <= w && y + high <= h && this.placed.every(([a, b, c, d]) => x + wide <= a || x >= c || y + high <= b || y >= d);
    const spot = spots.find(free);
    if (!spot) return;
    const [x, y] = spot;
    this.placed.push([x, y, x + wide, y + high]);
    svg("rect", { x, y, width: wide, height: high, rx: 2 * unit, fill: photo ? "#000" : p.background, opacity: 0.85, "pointer-events": "none" }, paper);
    svg("text", { x: x + wide / 2, y: y + size * 1.04, "font-size": size, "font-weight": 700, "text-anchor": "middle", "pointer-events": "none", fill: gone ? p.muted : this.colour(label, photo) }, paper).textContent = text;
  }

  // The box and its line light each other up.
  point(n) {
    if (this.lit === n) return;
    this.lit = n;
    [...this.find(".list tbody").rows].forEach((row, k) => row.classList.toggle("lit", k === n));
    for (const box of this.find(".paper svg").querySelectorAll(".hit")) {
      const mine = Number(box.dataset.box) === n + 1;
      box.style.strokeWidth = mine ? String(4 * this.unit) : "";
    }
  }

  // To where it is decided what becomes of a box.
  goTo(n) {
    const at = this.places.findIndex(({ marks }) => !["waits", "meets"].includes(marks[n].state));
    if (at < 0) return;
    this.player.pause();
    this.go(at);
    this.find(".list").focus({ preventScroll: true });
  }

  get unit() { return this.data.walk.size[0] / Math.max(this.find(".paper svg").clientWidth || 480, 240); }

  write() {
    const head = this.find(".list thead"), body = this.find(".list tbody"), { boxes, names } = this.data.walk, marks = this.place.marks;
    head.innerHTML = body.innerHTML = "";
    const top = head.insertRow();
    for (const name of HEADS) top.appendChild(document.createElement("th")).textContent = name;
    boxes.forEach((box, n) => {
      const row = body.insertRow(), mark = marks[n];
      row.className = mark.state;
      row.dataset.box = String(n + 1);
      const number = row.insertCell();
      number.className = "number";
      const swatch = number.appendChild(document.createElement("span"));
      swatch.className = "swatch";
      swatch.style.background = this.colour(box.label, false);
      number.append(String(n + 1));
      row.insertCell().textContent = names[box.label];
      const score = row.insertCell();
      score.className = "number";
      score.textContent = mark.score;
      row.insertCell().textContent = mark.iou;
      const verdict = row.insertCell();
      verdict.textContent = (SIGNS[mark.state] ?? "") + mark.says;
      verdict.className = mark.state === "now" || mark.state === "kept" ? "kept" : mark.state === "gone" || mark.state === "dropped" ? "gone" : "";
      row.addEventListener("pointerenter", () => this.point(n));
      row.addEventListener("click", () => this.goTo(n));
    });
    this.scroll();
  }

  scroll() {
    const list = this.find(".list"), line = this.find(".list tr.now");
    if (!line) return;
    const head = this.find(".list thead").offsetHeight, top = line.offsetTop - head, bottom = line.offsetTop + line.offsetHeight;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
  }

  release() {
    this.player.pause();
    this.asking.release();
    globalThis.removeEventListener("receptive:photo", this.arrived);
    clearTimeout(this.resting);
    this.observer.disconnect();
    this.stopTheme();
  }
}

const mount = mounting(".suppressing", SuppressingBoard);
