// A grid over a picture, and the box that grows out of one of its cells. All numbers come from
// Python; here the steps are played, and the box is drawn between two of them.

const GROWS = 520;
const ANSWERED = 3000;
const SETTLED = 180;
const EDGES = ["left", "top", "right", "bottom"];

class GridBox {
  constructor(root, component) {
    this.root = root;
    this.component = component;
    this.find = (selector) => root.querySelector(selector);
    this.asking = new Asking((stamp) => this.component.setTriggerValue("again", stamp));
    this.player = new Player(this.find(".walk"), { noun: "step", go: (step) => this.go(step) });
    this.paper = this.find(".paper svg");
    this.paper.addEventListener("click", (e) => this.press(e));
    this.paper.addEventListener("keydown", (e) => this.key(e));
    this.find(".wait button").addEventListener("click", () => this.component.setTriggerValue("retry", String(Date.now())));
    this.arrived = () => this.refresh();
    globalThis.addEventListener("receptive:photo", this.arrived);
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.refresh());
  }

  receive(component) {
    const before = this.data, first = !before;
    this.component = component;
    this.data = component.data;
    const { cell } = this.data;
    if (cell) {
      const kind = cell.frames.map((frame) => frame.key).join();
      if (this.kind !== kind) this.step = cell.frames.length;
      this.kind = kind;
      if (this.waiting && ((cell.row === this.waiting.row && cell.column === this.waiting.column) || Date.now() - this.waiting.at > ANSWERED)) this.waiting = null;
    }
    this.asking.ask(this.data);
    this.refresh();
    if (this.data.focus && (first || !before.focus)) this.paper.focus({ preventScroll: true });
    this.root.dataset.ready = String(Boolean(cell));
    this.resting = restThen(this.resting, this.data.settle);
  }

  measure() { this.root.classList.toggle("narrow", this.root.clientWidth < 640); }

  refresh() {
    if (!this.data) return;
    const p = (this.palette = themePalette(this.root)), { cell } = this.data;
    this.root.style.setProperty("--box", p.window);
    this.root.style.setProperty("--bar", p.lines[0]);
    this.root.classList.toggle("large", this.data.large);
    this.measure();
    this.find(".wait").hidden = !this.data.says;
    this.find(".wait span").textContent = this.data.says;
    this.find(".wait button").hidden = this.data.poll;
    this.find(".all").hidden = !cell;
    if (!cell) return;
    this.stopGrowing();
    this.chooser();
    this.light();
    this.writeVector();
  }

  get shownCell() { return this.waiting ?? this.data.cell; }
  get frame() { return this.data.cell.frames[this.step - 1]; }

  go(step) {
    const forward = step === this.step + 1, before = this.rectAt(this.step);
    this.step = step;
    this.stopGrowing();
    this.light();
    const after = this.rectAt(step);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (forward && before && after && !still && !this.data.conceal) this.grow(before, after);
    if (!this.player.playing) this.find(".spoken").textContent = `${this.frame.title}. ${this.frame.says}`;
  }

  light() {
    const { frames } = this.data.cell;
    this.step = Math.min(this.step, frames.length);
    this.root.dataset.step = this.frame.key;
    this.player.show({ first: 1, last: frames.length, step: this.step, text: `${this.step}: ${this.frame.title}` });
    this.find(".where").textContent = this.frame.says;
    this.draw(this.rectAt(this.step));
    this.writeWork();
    this.writeClasses();
    this.writeBins();
    this.find(".object").textContent = this.data.conceal ? "" : this.data.cell.object?.says ?? "";
  }

  // ---- the box ------------------------------------------------------------------------------

  has(key, step = this.step) { return this.data.cell.frames.slice(0, step).some((frame) => frame.key === key); }

  // What is drawn of the chosen box at a step: nothing, its centre, the anchor, the box.
  rectAt(step) {
    const { boxes, chosen } = this.data.cell, box = boxes[chosen], [x, y] = box.point;
    if (this.has("size", step)) return box.box;
    if (this.has("anchor", step) && box.prior) return [x - box.prior[0] / 2, y - box.prior[1] / 2, x + box.prior[0] / 2, y + box.prior[1] / 2];
    return this.has("centre", step) ? [x, y, x, y] : null;
  }

  grow(from, to) {
    const begun = performance.now();
    const tick = (now) => {
      const t = Math.min((now - begun) / GROWS, 1), eased = 1 - (1 - t) ** 3;
      this.draw(from.map((value, n) => value + (to[n] - value) * eased));
      this.growing = t < 1 ? requestAnimationFrame(tick) : null;
    };
    this.growing = requestAnimationFrame(tick);
  }

  stopGrowing() { if (this.growing) cancelAnimationFrame(this.growing); this.growing = null; }

  draw(rect) {
    const { cell, conceal } = this.data, side = cell.side, p = PALETTE.dark, paper = this.paper;
    paper.setAttribute("viewBox", `-2 -2 ${side + 4} ${side + 4}`);
    paper.setAttribute("aria-label", cell.label);
    this.drawPicture(cell.photo, side);
    this.layer.innerHTML = "";
    this.drawGrid(side, p);
    this.drawObject(p);
    if (conceal || this.waiting) return;
    this.drawOthers(p);
    if (rect) this.drawBox(rect, p);
  }

  // The picture is sent on its own, before or after: it is longer than all the rest.
  drawPicture(id, side) {
    const src = globalThis.receptive.photos?.get(id)?.src, paper = this.paper;
    if (this.layer && this.pictured === `${id} ${side} ${Boolean(src)}`) return;
    paper.innerHTML = "";
    if (src) svg("image", { href: src, width: side, height: side, preserveAspectRatio: "none" }, paper);
    else svg("rect", { width: side, height: side, fill: PALETTE.dark.background }, paper);
    this.layer = svg("g", {}, paper);
    this.pictured = `${id} ${side} ${Boolean(src)}`;
  }

  drawGrid(side, p) {
    const { grid, heat } = this.data.cell, stride = side / grid, at = this.shownCell;
    if (heat && !this.data.conceal) heat.forEach((row, r) => row.forEach((share, c) => {
      if (share >= 0.02) svg("rect", { x: c * stride, y: r * stride, width: stride, height: stride, fill: p.lines[5], opacity: 0.65 * share }, this.layer);
    }));
    for (let k = 0; k <= grid; k++) {
      for (const [width, stroke, opacity] of [[1.6, "#000", 0.4], [0.7, "#fff", 0.75]]) {
        svg("line", { x1: k * stride, x2: k * stride, y1: 0, y2: side, stroke, "stroke-width": width, opacity }, this.layer);
        svg("line", { y1: k * stride, y2: k * stride, x1: 0, x2: side, stroke, "stroke-width": width, opacity }, this.layer);
      }
    }
    const place = { x: at.column * stride, y: at.row * stride, width: stride, height: stride };
    svg("rect", { ...place, fill: p.lines[0], opacity: 0.3 }, this.layer);
    svg("rect", { ...place, fill: "none", stroke: "#000", "stroke-width": 5, opacity: 0.7 }, this.layer);
    svg("rect", { ...place, class: "cell", fill: "none", stroke: p.lines[0], "stroke-width": 2.6 }, this.layer);
  }

  frameOf([x1, y1, x2, y2], attributes) {
    return svg("rect", { x: x1, y: y1, width: Math.max(x2 - x1, 0), height: Math.max(y2 - y1, 0), fill: "none", ...attributes }, this.layer);
  }

  drawObject(p) {
    const { object } = this.data.cell;
    if (!object) return;
    this.frameOf(object.box, { stroke: "#000", "stroke-width": 3.4, opacity: 0.6 });
    this.frameOf(object.box, { class: "truth", stroke: "#fff", "stroke-width": 1.6 });
  }

  drawOthers(p) {
    if (!this.has("size")) return;
    const { boxes, chosen } = this.data.cell;
    boxes.forEach(({ box }, n) => {
      if (n === chosen) return;
      this.frameOf(box, { stroke: "#000", "stroke-width": 2.6, opacity: 0.45 });
      this.frameOf(box, { class: "other", stroke: p.muted, "stroke-width": 1.4, "stroke-dasharray": "2 4" });
    });
  }

  drawBox(rect, p) {
    const { cell } = this.data, box = cell.boxes[cell.chosen], [x, y] = box.point, now = this.frame.key;
    if (box.prior && this.has("anchor")) {
      const [w, h] = box.prior, anchor = [x - w / 2, y - h / 2, x + w / 2, y + h / 2];
      this.frameOf(anchor, { stroke: "#000", "stroke-width": 3.2, opacity: 0.5 });
      this.frameOf(anchor, { class: "anchor", stroke: p.kernel, "stroke-width": 1.8, "stroke-dasharray": "9 5" });
    }
    if (now === "size" && !box.prior && !cell.centred) {
      for (const [x2, y2] of [[rect[0], y], [rect[2], y], [x, rect[1]], [x, rect[3]]]) {
        svg("line", { x1: x, y1: y, x2, y2, stroke: "#000", "stroke-width": 4, opacity: 0.5 }, this.layer);
        svg("line", { x1: x, y1: y, x2, y2, stroke: p.output, "stroke-width": 2, "stroke-dasharray": "5 3" }, this.layer);
      }
    }
    if (this.has("size")) {
      this.frameOf(rect, { stroke: "#000", "stroke-width": 6, opacity: 0.6 });
      this.frameOf(rect, { class: "box", stroke: p.window, "stroke-width": 3.2 });
    }
    svg("circle", { class: "centre", cx: x, cy: y, r: 5.5, fill: p.window, stroke: "#000", "stroke-width": 2 }, this.layer);
    if (now === "score") this.tag(rect, p);
  }

  // Name and score above the box, or within the picture where there is no room above.
  tag([x1, y1, x2, y2], p) {
    const { cell } = this.data, text = cell.boxes[cell.chosen].tag, size = this.root.classList.contains("narrow") ? 18 : 14;
    const wide = text.length * size * 0.58 + 12, high = size + 8;
    const x = Math.min(Math.max(x1, 0), Math.max(cell.side - wide, 0));
    const y = y1 >= high ? y1 - high : Math.min(Math.max(y1, 0), cell.side - high);
    svg("rect", { x, y, width: wide, height: high, rx: 3, fill: "#000", opacity: 0.82 }, this.layer);
    svg("text", { class: "tag", x: x + 6, y: y + size + 1, "font-size": size, "font-weight": 650, fill: p.window }, this.layer).textContent = text;
  }

  // ---- beside it ----------------------------------------------------------------------------

  chooser() {
    const host = this.find(".choose"), { boxes, chosen } = this.data.cell;
    host.innerHTML = "";
    if (boxes.length > 1) boxes.forEach(({ title }, n) => {
      const button = host.appendChild(document.createElement("button"));
      button.textContent = title;
      button.setAttribute("aria-pressed", String(n === chosen));
      button.addEventListener("click", () => this.component.setTriggerValue("box", `${n + 1};${Date.now()}`));
    });
    this.find(".key").textContent = this.data.cell.key;
  }

  writeWork() {
    const body = this.find(".work tbody");
    body.innerHTML = "";
    if (this.data.conceal) { body.insertRow().insertCell().textContent = "Guess first: the numbers wait."; return; }
    let current = null;
    this.data.cell.frames.slice(0, this.step).forEach((frame, n) => frame.lines.forEach(({ key, title, text, result }, k) => {
      const row = body.insertRow(), head = row.appendChild(document.createElement("th")), cell = row.insertCell();
      row.dataset.key = key;
      row.className = `${n === this.step - 1 ? "now" : ""} ${k === 0 && n ? "first" : ""}`;
      if (n === this.step - 1) current ??= row;
      head.scope = "row";
      head.textContent = title;
      cell.append(`${text} = `);
      const last = cell.appendChild(document.createElement("span"));
      last.className = "result";
      last.textContent = result;
    }));
    const box = this.find(".arithmetic");
    if (current) box.scrollTop = Math.max(current.offsetTop - 40, 0);
  }

  writeClasses() {
    const host = this.find(".classes");
    host.innerHTML = "";
    if (this.data.conceal || !this.has("score")) return;
    for (const { name, share, score, text } of this.data.cell.classes) {
      host.appendChild(document.createElement("span")).textContent = name;
      const track = host.appendChild(document.createElement("span"));
      track.className = "track";
      for (const [kind, value] of [["", share], ["score", score]]) {
        const bar = track.appendChild(document.createElement("span"));
        bar.className = `bar ${kind}`;
        bar.style.width = `${100 * Math.min(Math.max(value, 0), 1)}%`;
      }
      const numbers = host.appendChild(document.createElement("span"));
      numbers.className = "numbers";
      numbers.textContent = text;
    }
  }

  // The four distributions of YOLOv8, with their means.
  writeBins() {
    const host = this.find(".bins"), { bins } = this.data.cell;
    host.innerHTML = "";
    if (!bins || this.data.conceal || !this.has("size")) return;
    const p = this.palette;
    bins.forEach(({ shares, mean, text }, n) => {
      const figure = host.appendChild(document.createElement("figure")), most = Math.max(...shares);
      const paper = svg("svg", { viewBox: "0 0 170 62", role: "img", "aria-label": `${EDGES[n]}: ${text}` }, figure);
      shares.forEach((share, k) => {
        const high = (44 * share) / most;
        svg("rect", { x: k * 10.5 + 1, y: 48 - high, width: 9, height: Math.max(high, 0.6), fill: p.lines[0] }, paper);
        if (k % 5 === 0) svg("text", { x: k * 10.5 + 5.5, y: 60, "font-size": 10, "text-anchor": "middle", fill: p.text }, paper).textContent = String(k);
      });
      svg("line", { x1: mean * 10.5 + 5.5, x2: mean * 10.5 + 5.5, y1: 0, y2: 49, stroke: p.window, "stroke-width": 2, "stroke-dasharray": "4 2" }, paper);
      figure.appendChild(document.createElement("figcaption")).textContent = `${EDGES[n]}: ${text}`;
    });
  }

  writeVector() {
    const { vector } = this.data.cell, host = this.find(".rows");
    this.find(".vector").hidden = !vector;
    if (!vector) return;
    this.find(".vector h4").textContent = vector.title;
    this.find(".vector .legend").textContent = vector.legend;
    host.innerHTML = "";
    const all = vector.rows.flatMap((row) => row.parts.flatMap((part) => part.values));
    const bound = Math.min(Math.max(...all.map(Math.abs), 1e-6), 8);
    const map = ramp(this.palette.diverging);
    for (const row of vector.rows) {
      const line = host.appendChild(document.createElement("div"));
      line.className = `line ${row.now ? "now" : ""}`;
      const tag = line.appendChild(document.createElement("div"));
      tag.className = "tag";
      tag.textContent = row.title;
      for (const part of row.parts) {
        const few = part.values.length <= 5, box = line.appendChild(document.createElement("div"));
        box.className = `part ${few ? "few" : "wide"}`;
        box.title = part.meaning;
        const cells = box.appendChild(document.createElement("div"));
        cells.className = "cells";
        part.values.forEach((value, n) => {
          const one = cells.appendChild(document.createElement("i"));
          const rgb = map(0.5 + Math.min(Math.max(value / (2 * bound), -0.5), 0.5));
          one.style.background = css(rgb);
          one.style.color = inkOn(rgb);
          one.title = `${part.from + n}: ${part.labels?.[n] ?? part.name} ${value}`;
          if (few) one.textContent = value.toFixed(1).replace(/^-0.0$/, "0.0");
        });
        const name = box.appendChild(document.createElement("span"));
        name.textContent = few ? part.name : `${part.name}: ${part.values.length}`;
      }
    }
  }

  // ---- pointing -----------------------------------------------------------------------------

  press(e) {
    if (!this.data?.cell) return;
    const { side, grid } = this.data.cell, frame = this.paper.getBoundingClientRect();
    const at = (from, start, size) => ((from - start) / size) * (side + 4) - 2;
    const clamp = (value) => Math.min(Math.max(Math.floor((value / side) * grid), 0), grid - 1);
    this.send(clamp(at(e.clientY, frame.top, frame.height)), clamp(at(e.clientX, frame.left, frame.width)));
  }

  key(e) {
    const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[e.key];
    if (!this.data?.cell) return;
    if (e.key === " ") { e.preventDefault(); this.player.toggle(); return; }
    if (!way) return;
    e.preventDefault();
    const { grid } = this.data.cell, from = this.shownCell, clamp = (value) => Math.min(Math.max(value, 0), grid - 1);
    this.send(clamp(from.row + way[0]), clamp(from.column + way[1]), SETTLED);
  }

  send(row, column, later = 0) {
    const { cell } = this.data;
    clearTimeout(this.sending);
    if (row === cell.row && column === cell.column) { this.waiting = null; this.light(); return; }
    this.waiting = { row, column, at: Date.now() };
    this.draw(null);
    this.sending = setTimeout(() => this.component.setTriggerValue("pick", `${row},${column};${Date.now()}`), later);
  }

  release() {
    this.player.pause();
    this.asking.release();
    globalThis.removeEventListener("receptive:photo", this.arrived);
    this.stopGrowing();
    clearTimeout(this.resting);
    clearTimeout(this.sending);
    this.observer.disconnect();
    this.stopTheme();
  }
}

const mount = mounting(".gridbox", GridBox);
