// Two boxes to drag and resize. While they move the numbers are made here, by `measure`; when
// they rest they are Python's.

const NAMES = { iou: "IoU", giou: "GIoU", diou: "DIoU", ciou: "CIoU" };
const PARTS = { iou: ["iou"], giou: ["iou", "giou"], diou: ["iou", "diou"], ciou: ["iou", "diou", "ciou"] };
const SETTLED = 450;
const PATIENCE = 3000;
const ABOUT = {
  iou: "Hatched: what both share. IoU is its part of all that is covered; the dashed line is the threshold.",
  giou: "Dotted: the smallest box round both, C. What of it neither covers is taken off.",
  diou: "Line: the distance of the centres; dotted: the diagonal of the box round both.",
  ciou: "As DIoU, and the difference of the shapes is taken off as well.",
};

class BoxesBoard {
  constructor(root, component) {
    this.root = root;
    this.component = component;
    this.find = (selector) => root.querySelector(selector);
    this.chosen = "iou";
    this.top = 1;
    this.paper = this.find("svg");
    this.listen();
    this.buildMeasures();
    this.observer = new ResizeObserver(() => this.refresh());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.refresh());
  }

  receive(component) {
    const first = !this.data, before = this.data;
    this.component = component;
    this.data = component.data;
    if (!this.ahead()) {
      this.sent = null;
      this.boxes = this.data.boxes.map((box) => [...box]);
      this.values = this.data.values;
      this.lists = this.data.formats.map(({ a, b }) => [a, b]);
    }
    this.refresh();
    if (this.data.focus && (first || !before.focus)) this.figures?.[0].focus({ preventScroll: true });
    this.root.dataset.ready = "true";
    this.resting = restThen(this.resting, this.data.settle);
  }

  // Whether the boxes here are newer than what has come: one is being moved, or the answer to its
  // last move is still on the way.
  ahead() {
    if (this.dragging || this.sending) return true;
    return Boolean(this.sent) && Date.now() - this.sent.at < PATIENCE && this.sent.before === this.data.boxes.join(";");
  }

  refresh() {
    if (!this.data) return;
    const p = (this.palette = themePalette(this.root));
    for (const [name, value] of Object.entries({ right: p.right, wrong: p.wrong, paper: p.background, bar: p.lines[0], minus: p.lines[1] })) this.root.style.setProperty(`--${name}`, value);
    this.root.classList.toggle("narrow", this.root.clientWidth < 620);
    this.draw();
    this.write();
  }

  // ---- the drawing --------------------------------------------------------------------------

  // Where a box ends that is shown: its last pixel belongs to it.
  edges([x1, y1, x2, y2]) { return [x1, y1, x2 + this.data.plus, y2 + this.data.plus]; }

  // Drawn anew as a whole, except the two groups that can have the keyboard's focus.
  draw() {
    const { board: [w, h] } = this.data, room = this.find(".host").clientWidth || 600;
    const most = this.root.classList.contains("narrow") ? room : Math.min(room, (this.data.large ? 620 : 470) * (w / h));
    this.scale = most / w;
    const s = this.scale, paper = this.paper;
    paper.setAttribute("viewBox", `-1 -1 ${w * s + 2} ${h * s + 2}`);
    paper.style.maxWidth = `${w * s + 2}px`;
    paper.dataset.frame = `${s}`;
    this.layers ??= { below: svg("g", {}, paper), figures: svg("g", {}, paper), above: svg("g", { "pointer-events": "none" }, paper) };
    this.layers.below.innerHTML = this.layers.above.innerHTML = "";
    this.drawGrid(w, h, s);
    this.drawShared(s);
    this.drawFigures(s);
    this.drawExtras(s);
    this.drawWords(s);
  }

  drawGrid(w, h, s) {
    const p = this.palette, step = w > 40 ? 20 : 1, g = this.layers.below;
    svg("rect", { x: 0, y: 0, width: w * s, height: h * s, fill: p.background, stroke: p.grid }, g);
    for (let x = step; x < w; x += step) svg("line", { x1: x * s, x2: x * s, y1: 0, y2: h * s, stroke: p.grid, "stroke-width": 0.5, opacity: 0.7 }, g);
    for (let y = step; y < h; y += step) svg("line", { y1: y * s, y2: y * s, x1: 0, x2: w * s, stroke: p.grid, "stroke-width": 0.5, opacity: 0.7 }, g);
    const pattern = svg("pattern", { id: "shared-hatch", width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("defs", {}, g));
    svg("rect", { width: 8, height: 8, fill: p.output, opacity: 0.28 }, pattern);
    svg("line", { x1: 0, x2: 0, y1: 0, y2: 8, stroke: p.output, "stroke-width": 3 }, pattern);
  }

  rect([x1, y1, x2, y2], attributes, parent) {
    const s = this.scale;
    return svg("rect", { x: x1 * s, y: y1 * s, width: Math.max(x2 - x1, 0) * s, height: Math.max(y2 - y1, 0) * s, ...attributes }, parent);
  }

  drawShared() {
    const [a, b] = this.boxes.map((box) => this.edges(box)), p = this.palette;
    const inner = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
    this.inner = inner[2] > inner[0] && inner[3] > inner[1] ? inner : null;
    this.rect(a, { fill: p.lines[0], opacity: 0.2 }, this.layers.below);
    this.rect(b, { fill: p.lines[1], opacity: 0.2 }, this.layers.below);
    if (this.inner) this.rect(this.inner, { class: "shared", fill: "url(#shared-hatch)" }, this.layers.below);
  }

  drawFigures() {
    this.figures ??= ["A", "B"].map((name, n) => {
      const group = svg("g", { class: "box", tabindex: 0, role: "application", "data-name": name }, this.layers.figures);
      group.addEventListener("keydown", (e) => this.key(e, n));
      group.addEventListener("focus", () => { this.top = n; });
      return group;
    });
    this.boxes.forEach((box, n) => {
      const group = this.figures[n], edge = this.edges(box), s = this.scale, colour = this.palette.lines[n];
      const grip = Math.min(Math.max((Math.min(edge[2] - edge[0], edge[3] - edge[1]) * s) / 3, 5), 10);
      group.innerHTML = "";
      group.setAttribute("aria-label", `Box ${group.dataset.name}: left ${say(box[0])}, top ${say(box[1])}, right ${say(box[2])}, bottom ${say(box[3])}. Arrow keys move it, with Shift its lower right corner.`);
      this.rect(edge, { class: "frame", stroke: colour, "stroke-width": 3, "stroke-dasharray": n ? "9 5" : "none" }, group);
      for (const [i, j] of [[0, 1], [2, 1], [0, 3], [2, 3]]) {
        svg("rect", { class: "handle", x: edge[i] * s - grip / 2, y: edge[j] * s - grip / 2, width: grip, height: grip, rx: n ? grip / 2 : 1, fill: this.palette.background, stroke: colour, "stroke-width": 2.5 }, group);
      }
    });
  }

  // What the chosen measure adds to the picture.
  drawExtras(s) {
    if (this.chosen === "iou") return;
    const [a, b] = this.boxes.map((box) => this.edges(box)), p = this.palette, g = this.layers.above;
    const outer = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
    this.rect(outer, { class: "outer", fill: "none", stroke: p.text, "stroke-width": 1.5, "stroke-dasharray": "3 4" }, g);
    if (this.chosen === "giou") return;
    const centres = [a, b].map((box) => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]);
    svg("line", { x1: outer[0] * s, y1: outer[1] * s, x2: outer[2] * s, y2: outer[3] * s, stroke: p.text, "stroke-width": 1.5, "stroke-dasharray": "3 4" }, g);
    svg("line", { x1: centres[0][0] * s, y1: centres[0][1] * s, x2: centres[1][0] * s, y2: centres[1][1] * s, stroke: p.kernel, "stroke-width": 3.5 }, g);
    for (const [x, y] of centres) svg("circle", { cx: x * s, cy: y * s, r: 5, fill: p.kernel, stroke: p.background, "stroke-width": 1.5 }, g);
  }

  drawWords(s) {
    const p = this.palette, g = this.layers.above, known = !this.data.conceal, v = this.values;
    const size = textPixels() * 1.15;
    this.boxes.forEach((box, n) => {
      const [x1, y1, x2, y2] = this.edges(box), below = n === 1, outside = (x2 - x1) * s < 5.5 * size || (y2 - y1) * s < 4 * size;
      const inset = outside ? 0 : 9, drop = outside ? (below ? size + 6 : -8) : below ? -10 : size + 6;
      const text = svg("text", { x: (below ? x2 : x1) * s + (below ? -inset : inset), y: (below ? y2 : y1) * s + drop, "font-size": size, "font-weight": 650, fill: p.lines[n], "text-anchor": below ? "end" : "start" }, g);
      text.textContent = known ? `${"AB"[n]} = ${say(n ? v.area_b : v.area_a)}` : "AB"[n];
    });
    if (!this.inner || !known) return;
    const [x1, y1, x2, y2] = this.inner, room = (x2 - x1) * s;
    if (room < 2 * size || (y2 - y1) * s < 1.6 * size) return;
    const words = svg("text", { x: ((x1 + x2) / 2) * s, y: ((y1 + y2) / 2) * s + size / 3, "font-size": size, "font-weight": 650, fill: p.text, "text-anchor": "middle" }, g);
    words.textContent = room > 7 * size ? `shared ${say(v.shared)}` : say(v.shared);
  }

  // ---- numbers ------------------------------------------------------------------------------

  buildMeasures() {
    const host = this.find(".measures");
    this.rows = Object.entries(NAMES).map(([key, title]) => {
      const button = document.createElement("button");
      button.dataset.measure = key;
      button.innerHTML = `<span>${title}</span><span class="track"><span class="bar"></span><span class="zero"></span></span><span class="value"></span>`;
      button.addEventListener("click", () => { this.chosen = key; this.refresh(); });
      host.appendChild(button);
      return button;
    });
    this.rows[0].querySelector(".track").insertAdjacentHTML("beforeend", '<span class="cut"></span>');
    host.insertAdjacentHTML("beforeend", '<div class="scale" aria-hidden="true"><span><i>-1</i><i>0</i><i>1</i></span></div>');
  }

  write() {
    const known = !this.data.conceal, v = this.values;
    this.rows.forEach((row) => {
      const key = row.dataset.measure, value = known ? v[key] : 0, bar = row.querySelector(".bar");
      row.setAttribute("aria-pressed", String(key === this.chosen));
      row.querySelector(".value").textContent = known ? say(value) : "?";
      bar.style.left = `${50 + 50 * Math.min(value, 0)}%`;
      bar.style.width = `${50 * Math.abs(value)}%`;
      bar.classList.toggle("minus", value < 0);
    });
    this.find(".about").textContent = ABOUT[this.chosen];
    this.find(".cut").style.left = `${50 + 50 * this.data.threshold}%`;
    this.writeLines(known);
    this.writeVerdict(known);
    this.writeFormats(known);
  }

  writeLines(known) {
    const body = this.find(".work tbody");
    body.innerHTML = "";
    if (!known) { body.insertRow().insertCell().textContent = "Guess first: the numbers wait."; return; }
    for (const line of this.data.lines.filter((one) => PARTS[this.chosen].includes(one.part))) {
      const { text, result } = filled(line, this.values, this.data.plus), row = body.insertRow();
      row.dataset.key = line.key;
      const head = row.appendChild(document.createElement("th"));
      head.scope = "row";
      head.textContent = line.title;
      const cell = row.insertCell();
      cell.append(`${text} = `);
      const last = cell.appendChild(document.createElement("span"));
      last.className = "result";
      last.textContent = result;
    }
  }

  writeVerdict(known) {
    const line = this.find(".verdict");
    if (!known) { line.textContent = ""; return; }
    const { iou, shared, union } = this.values, cut = this.data.threshold, hit = iou >= cut;
    line.innerHTML = `<span>IoU = ${say(shared)} / ${say(union)} = <b>${say(iou)}</b> ${hit ? "≥" : "&lt;"} ${say(cut)}</span><b class="${hit ? "yes" : "no"}">${hit ? "✓ counts as found" : "✗ does not count"}</b>`;
  }

  writeFormats(known) {
    const head = this.find(".formats thead"), body = this.find(".formats tbody");
    head.innerHTML = "<tr><th>Format</th><th>numbers</th><th>A</th><th>B</th></tr>";
    body.innerHTML = "";
    this.data.formats.forEach((format, n) => {
      const row = body.insertRow(), name = row.appendChild(document.createElement("th"));
      name.scope = "row";
      name.textContent = format.title;
      row.title = format.used;
      row.dataset.format = format.name;
      const cell = (text, kind, whose = "") => { const one = row.insertCell(); one.className = kind; one.textContent = text; one.dataset.box = whose; };
      cell(format.parts.join(", "), "parts");
      for (const [side, numbers] of this.lists[n].entries()) cell(known || format.name === "xyxy" ? numbers.map(say).join(", ") : "?", "numbers", "AB"[side]);
    });
    this.find(".note").textContent = this.data.note;
  }

  // While a box moves.
  live() {
    this.values = measure(this.boxes[0], this.boxes[1], this.data.plus);
    const lists = this.boxes.map((box) => written(this.edges(box), this.data.board));
    this.lists = this.data.formats.map(({ name }) => lists.map((all) => all[name]));
    this.refresh();
  }

  // ---- dragging -----------------------------------------------------------------------------

  listen() {
    const paper = this.paper;
    // A finger on a box drags it; elsewhere it scrolls the page.
    paper.addEventListener("touchstart", (e) => { if (this.under(e.touches[0], "touch")) e.preventDefault(); }, { passive: false });
    paper.addEventListener("pointerdown", (e) => this.take(e));
    paper.addEventListener("pointermove", (e) => this.move(e));
    paper.addEventListener("pointerup", () => this.drop());
    paper.addEventListener("pointercancel", () => this.drop());
  }

  place(e) {
    const box = this.paper.getBoundingClientRect(), ratio = box.width / (this.data.board[0] * this.scale + 2);
    return [(e.clientX - box.left) / ratio - 1, (e.clientY - box.top) / ratio - 1].map((px) => px / this.scale);
  }

  // Which box, and which part of it, lies under the pointer; the upper box first.
  under(e, kind) {
    const [x, y] = this.place(e), near = (GRAB[kind] ?? GRAB.mouse) / this.scale;
    let inside = null;
    for (const n of [this.top, 1 - this.top]) {
      const part = partUnder(this.edges(this.boxes[n]), [x, y], near, kind === "touch");
      if (!part) continue;
      if (part !== "move") return { n, part };
      inside ??= { n, part };
    }
    return inside;
  }

  take(e) {
    if (e.button !== 0 || !this.data) return;
    const found = this.under(e, e.pointerType);
    if (!found) return;
    e.preventDefault();
    this.paper.setPointerCapture(e.pointerId);
    this.top = found.n;
    this.dragging = { ...found, from: this.place(e), box: [...this.boxes[found.n]] };
    this.figures[found.n].focus({ preventScroll: true });
  }

  move(e) {
    if (!this.data) return;
    if (!this.dragging) {
      const found = this.under(e, e.pointerType);
      this.paper.style.cursor = found ? CURSORS[found.part] : "";
      return;
    }
    const { n, part, from, box } = this.dragging, to = this.place(e);
    const changed = this.changed(box, part, to[0] - from[0], to[1] - from[1]);
    if (changed.every((value, i) => value === this.boxes[n][i])) return;
    this.boxes[n] = changed;
    this.live();
  }

  drop() {
    if (!this.dragging) return;
    this.dragging = null;
    this.send();
  }

  changed(box, part, dx, dy) {
    return draggedBox(box, part, [dx, dy], this.data);
  }

  key(e, n) {
    const way = ARROWS[e.key];
    if (!way) return;
    e.preventDefault();
    const { snap } = this.data;
    this.boxes[n] = this.changed(this.boxes[n], e.shiftKey ? "rb" : "move", way[0] * snap, way[1] * snap);
    this.live();
    clearTimeout(this.sending);
    this.sending = setTimeout(() => this.send(), SETTLED);
  }

  send() {
    clearTimeout(this.sending);
    this.sending = null;
    this.sent = { at: Date.now(), before: this.data.boxes.join(";") };
    const text = this.boxes.map((box) => box.map((value) => String(Math.round(value * 100) / 100)).join(",")).join(";");
    this.component.setTriggerValue("boxes", text);
    if (!this.data.conceal) this.find(".spoken").textContent = `IoU ${say(this.values.iou)}`;
  }

  release() {
    clearTimeout(this.resting);
    clearTimeout(this.sending);
    this.observer.disconnect();
    this.stopTheme();
  }
}

const mount = mounting(".boxes", BoxesBoard);

mount.measure = measure;
mount.written = written;
mount.say = say;
