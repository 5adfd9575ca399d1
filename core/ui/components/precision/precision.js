// Detections are judged one after the other. All verdicts and averages come from Python; here the
// curve is drawn up to the step, and the boxes that belong to it.

const CHART = { width: 460, height: 330, left: 44, right: 12, top: 10, bottom: 40 };
const HEADS = ["#", "picture", "score", "IoU", "verdict", "TP", "FP", "precision", "recall"];
const SIGNS = { hit: "✓ ", double: "✗ ", miss: "✗ ", low: "✗ ", ignored: "○ " };
const PAUSE = 450;

class PrecisionBoard {
  constructor(root, component) {
    this.root = root;
    this.component = component;
    this.find = (selector) => root.querySelector(selector);
    this.chosen = "every-point";
    this.player = new Player(this.find(".walk"), { noun: "detection", go: (step) => this.go(step) });
    this.find(".list").addEventListener("keydown", (e) => {
      const by = { ArrowDown: "ArrowRight", ArrowUp: "ArrowLeft", Home: "Home", End: "End" }[e.key];
      if (by) { e.preventDefault(); this.player.by(by); }
    });
    this.observer = new ResizeObserver(() => root.classList.toggle("narrow", root.clientWidth < 720));
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.refresh());
  }

  receive(component) {
    const first = !this.data, before = this.data;
    this.component = component;
    this.data = component.data;
    const moved = first || before.label !== this.data.label || before.rows.length !== this.data.rows.length;
    if (moved || (before.drawn !== this.data.drawn && this.data.drawn !== this.pinned)) this.step = this.data.drawn;
    this.step = Math.min(this.step, this.data.rows.length);
    this.refresh();
    this.root.dataset.ready = "true";
  }

  refresh() {
    if (!this.data) return;
    const p = (this.palette = themePalette(this.root));
    for (const [name, value] of Object.entries({ right: p.right, wrong: p.wrong, bar: p.lines[0] })) this.root.style.setProperty(`--${name}`, value);
    this.root.classList.toggle("narrow", this.root.clientWidth < 720);
    this.buildMethods();
    this.buildTiles();
    this.buildList();
    this.light();
  }

  get row() { return this.step ? this.data.rows[this.step - 1] : null; }

  colour(kind) { return kind === "hit" ? this.palette.right : kind === "ignored" ? this.palette.muted : this.palette.wrong; }

  go(step) {
    this.step = step;
    this.light();
    clearTimeout(this.pinning);
    if (this.player.playing) return;
    this.pinning = setTimeout(() => {
      this.pinned = this.step;
      this.component.setStateValue("pin", String(this.step));
    }, PAUSE);
    this.find(".spoken").textContent = this.find(".where").textContent;
  }

  light() {
    const { rows } = this.data, row = this.row;
    this.root.style.setProperty("--now", row ? this.colour(row.kind) : "var(--st-primary-color)");
    this.root.dataset.step = String(this.step);
    this.player.show({ first: 0, last: rows.length, step: this.step, text: `${this.step} of ${rows.length}` });
    this.tell(row);
    this.drawChart();
    this.lightMethods();
    this.lightTiles(row);
    [...this.find(".list tbody").rows].forEach((line, n) => {
      line.classList.toggle("now", n === this.step - 1);
      line.classList.toggle("later", n >= this.step);
    });
    this.scroll();
  }

  tell(row) {
    const where = this.find(".where"), d = this.data;
    if (!row) {
      where.textContent = `${d.rows.length} detections of ${d.label} are waiting; ${d.positives} to be found. Step forward, or play.`;
      return;
    }
    const bold = document.createElement("b");
    bold.textContent = `${SIGNS[row.kind]}${row.word}.`;
    where.replaceChildren(`Detection ${this.step}, picture ${row.image}, score ${row.texts[2]}: `, bold, ` ${row.why} Precision ${row.texts[7]}, recall ${row.texts[8]}.`);
  }

  scroll() {
    const list = this.find(".list"), line = this.find(".list tr.now");
    if (!line) { list.scrollTop = 0; return; }
    const head = this.find(".list thead").offsetHeight, top = line.offsetTop - head, bottom = line.offsetTop + line.offsetHeight;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
  }

  // ---- the curve ----------------------------------------------------------------------------

  drawChart() {
    const { width, height, left, right, top, bottom } = CHART, p = this.palette, paper = this.find(".chart svg");
    paper.setAttribute("viewBox", `0 0 ${width} ${height}`);
    paper.innerHTML = "";
    const x = (recall) => left + recall * (width - left - right), y = (share) => height - bottom - share * (height - top - bottom);
    for (let k = 0; k <= 5; k++) {
      const value = k / 5;
      svg("line", { x1: x(value), x2: x(value), y1: y(0), y2: y(1), stroke: p.grid, "stroke-width": 0.6, opacity: 0.6 }, paper);
      svg("line", { x1: x(0), x2: x(1), y1: y(value), y2: y(value), stroke: p.grid, "stroke-width": 0.6, opacity: 0.6 }, paper);
      svg("text", { x: x(value), y: y(0) + 16, "font-size": 12, "text-anchor": "middle" }, paper).textContent = String(value);
      svg("text", { x: x(0) - 7, y: y(value) + 4, "font-size": 12, "text-anchor": "end" }, paper).textContent = String(value);
    }
    svg("text", { x: x(0.5), y: height - 6, "font-size": 13, "text-anchor": "middle" }, paper).textContent = "recall";
    svg("text", { x: 12, y: y(0.5), "font-size": 13, "text-anchor": "middle", transform: `rotate(-90 12 ${y(0.5)})` }, paper).textContent = "precision";
    const points = this.data.rows.slice(0, this.step).filter((row) => row.kind !== "ignored" && row.recall !== null);
    this.drawArea(paper, points, x, y);
    const path = points.map((row, n) => `${n ? "L" : "M"}${x(row.recall).toFixed(1)} ${y(row.precision).toFixed(1)}`).join("");
    svg("path", { class: "curve", d: path || "M0 0", fill: "none", stroke: p.lines[0], "stroke-width": 2 }, paper);
    points.forEach((row, n) => this.mark(paper, row, x(row.recall), y(row.precision), row === this.row || (n === points.length - 1 && !this.row)));
    paper.setAttribute("aria-label", `Precision over recall after ${this.step} detections of ${this.data.label}`);
  }

  // Right: a filled disc; wrong: a cross. The last one is larger.
  mark(paper, row, x, y, now) {
    const r = now ? 7 : 4, colour = this.colour(row.kind);
    if (row.kind === "hit") { svg("circle", { cx: x, cy: y, r, fill: colour, stroke: this.palette.background, "stroke-width": 1 }, paper); return; }
    svg("path", { d: `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`, stroke: colour, "stroke-width": now ? 3 : 2, fill: "none" }, paper);
  }

  // What the chosen definition adds up.
  drawArea(paper, points, x, y) {
    const p = this.palette, best = [];
    for (let n = points.length - 1, high = 0; n >= 0; n--) best[n] = high = Math.max(high, points[n].precision);
    const fill = { fill: p.lines[0], opacity: 0.2 };
    if (this.chosen === "lecture" || this.chosen === "every-point") {
      let before = 0;
      points.forEach((row, n) => {
        const level = this.chosen === "lecture" ? row.precision : best[n];
        if (row.recall > before) svg("rect", { class: "area", x: x(before), y: y(level), width: x(row.recall) - x(before), height: y(0) - y(level), ...fill, stroke: p.lines[0], "stroke-width": 0.8 }, paper);
        before = row.recall;
      });
      return;
    }
    const count = this.chosen === "11-point" ? 10 : 100;
    for (let k = 0; k <= count; k++) {
      const n = points.findIndex((row) => row.recall * count >= k - 1e-6), level = n < 0 ? 0 : best[n];
      svg("line", { class: "sample", x1: x(k / count), x2: x(k / count), y1: y(0), y2: y(level), stroke: p.lines[0], "stroke-width": count === 10 ? 5 : 2, opacity: 0.35 }, paper);
      if (count === 10) svg("circle", { cx: x(k / count), cy: y(level), r: 3.5, fill: p.lines[0] }, paper);
    }
  }

  // ---- definitions --------------------------------------------------------------------------

  buildMethods() {
    const host = this.find(".methods");
    host.innerHTML = "";
    this.buttons = this.data.methods.map((method) => {
      const button = host.appendChild(document.createElement("button"));
      button.dataset.method = method.name;
      button.innerHTML = '<span class="title"></span><span class="track"><span class="bar"></span></span><span class="value"></span>';
      button.querySelector(".title").textContent = method.title;
      button.addEventListener("click", () => { this.chosen = method.name; this.light(); });
      return button;
    });
  }

  lightMethods() {
    const values = this.data.averages[this.step];
    this.data.methods.forEach((method, n) => {
      const button = this.buttons[n], value = values[n];
      button.setAttribute("aria-pressed", String(method.name === this.chosen));
      button.querySelector(".bar").style.width = `${100 * (value ?? 0)}%`;
      button.querySelector(".value").textContent = value === null ? "-" : value.toFixed(4);
    });
    const shown = this.data.methods.find((method) => method.name === this.chosen);
    this.find(".sum").textContent = `All ${this.data.total}: ${shown.sum}`;
  }

  // ---- pictures -----------------------------------------------------------------------------

  buildTiles() {
    const host = this.find(".tiles");
    host.innerHTML = "";
    host.classList.toggle("few", this.data.tiles.length < 4);
    this.tiles = this.data.tiles.map((tile) => {
      const figure = host.appendChild(document.createElement("figure")), [w, h] = tile.size;
      const paper = svg("svg", { viewBox: `0 0 ${w} ${h}`, role: "img", "aria-label": `Picture ${tile.name}` }, figure);
      if (tile.src) svg("image", { href: tile.src, width: w, height: h }, paper);
      const unit = w / 150, layer = svg("g", {}, paper);
      figure.appendChild(document.createElement("figcaption")).textContent = `picture ${tile.name}`;
      return { tile, figure, layer, unit, photo: Boolean(tile.src) };
    });
    this.find(".key").textContent = `Solid: the objects (${this.data.label}). Dashed, with their number in the list: detections drawn so far, ✓ right and ✗ wrong; the thick one is the last.${this.data.more > 0 ? ` ${this.data.more} more pictures are not shown.` : ""}`;
  }

  lightTiles(row) {
    const p = this.palette, drawn = this.data.rows.slice(0, this.step);
    for (const { tile, figure, layer, unit, photo } of this.tiles) {
      const halo = (box, width) => photo && this.frame(layer, box, { stroke: "#000", "stroke-width": width * unit, opacity: 0.55 });
      figure.classList.toggle("now", row?.image === tile.name);
      layer.innerHTML = "";
      for (const { index, box } of tile.truth) {
        halo(box, 3.4);
        this.frame(layer, box, { class: "truth", stroke: photo ? "#fff" : p.text, "stroke-width": (row?.truth === index ? 2.6 : 1.5) * unit });
      }
      for (const one of drawn) {
        if (one.image !== tile.name) continue;
        const now = one === row;
        halo(one.box, now ? 4.6 : 2.6);
        this.frame(layer, one.box, { class: "said", stroke: this.shade(one.kind, photo), "stroke-width": (now ? 3 : 1.4) * unit, "stroke-dasharray": `${5 * unit} ${3 * unit}` });
        this.sign(layer, one, now, unit, photo);
      }
    }
  }

  // On pictures the colours of the dark theme stand out best.
  shade(kind, photo) {
    const p = photo ? PALETTE.dark : this.palette;
    return kind === "hit" ? p.right : kind === "ignored" ? p.muted : p.wrong;
  }

  sign(layer, one, now, unit, photo) {
    const size = (now ? 13 : 10) * unit;
    const text = svg("text", { x: one.box[0] + 2 * unit, y: one.box[1] + size, "font-size": size, "font-weight": 700, fill: this.shade(one.kind, photo), stroke: photo ? "#000" : this.palette.background, "stroke-width": 2.4 * unit, "paint-order": "stroke" }, layer);
    text.textContent = `${SIGNS[one.kind].trim()}${one.texts[0]}`;
  }

  frame(layer, [x1, y1, x2, y2], attributes) {
    svg("rect", { x: x1, y: y1, width: x2 - x1, height: y2 - y1, fill: "none", ...attributes }, layer);
  }

  // ---- the list -----------------------------------------------------------------------------

  buildList() {
    const head = this.find(".list thead"), body = this.find(".list tbody");
    head.innerHTML = body.innerHTML = "";
    const top = head.insertRow();
    for (const name of HEADS) top.appendChild(document.createElement("th")).textContent = name;
    this.data.rows.forEach((row, n) => {
      const line = body.insertRow();
      line.title = row.why;
      row.texts.forEach((text, c) => {
        const cell = line.insertCell();
        cell.textContent = c === 4 ? SIGNS[row.kind] + text : text;
        if (c === 4) cell.className = row.kind === "hit" ? "hit" : row.kind === "ignored" ? "" : "wrong";
      });
      line.addEventListener("click", () => { this.player.pause(); this.go(n + 1); });
    });
  }

  release() {
    this.player.pause();
    clearTimeout(this.pinning);
    this.observer.disconnect();
    this.stopTheme();
  }
}

const mount = mounting(".precision", PrecisionBoard);
