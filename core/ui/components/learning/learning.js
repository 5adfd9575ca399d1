// The steps of a gradient descent towards a hidden kernel: played, stepped through both ways,
// scrubbed. Every kernel, slope, error and picture comes from Python.

class Learning {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.step = 0;
    this.open = false;
    this.at = null;
    this.sprite = new Image();
    this.player = new Player(this.find(".player"), { noun: "step", go: (step) => this.go(step) });
    const stack = (name, label) => new Planes(this.find(`.${name}`), {
      label, onPoint: (cell) => this.point(cell), onPick: () => {}, onKey: (e) => this.key(e),
    });
    this.learned = stack("learned", "Learned kernel. Arrow keys walk through the steps.");
    this.secret = stack("secret", "Hidden kernel. Arrow keys walk through the steps.");
    this.best = stack("best", "Kernel of least error. Arrow keys walk through the steps.");
    this.find(".reveal").addEventListener("click", () => { this.open = !this.open; this.fill(); });
    const curve = this.find(".curve");
    curve.addEventListener("pointerdown", (e) => { this.player.pause(); this.go(this.stepAt(e)); });
    curve.addEventListener("pointermove", (e) => { if (e.buttons) this.go(this.stepAt(e)); });
    curve.addEventListener("keydown", (e) => this.key(e));
    this.find(".player").addEventListener("keydown", (e) => { if (e.target.tagName === "BUTTON" && e.key !== " ") this.key(e); });
    this.find(".tables").addEventListener("toggle", () => this.fillTables());
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => { this.recolour(); });
  }

  receive({ data }) {
    const fresh = !this.data || this.data.task !== data.task;
    this.data = data;
    if (fresh) this.open = data.known;
    this.step = fresh && !this.player.playing ? 0 : Math.min(this.step, data.errors.length - 1);
    this.load();
  }

  async load() {
    const data = this.data;
    this.sprite = new Image();
    this.sprite.src = data.sprite;
    await this.sprite.decode();
    if (data !== this.data) return;
    this.recolour();
    this.root.dataset.ready = "true";
  }

  recolour() {
    if (!this.data) return;
    this.palette = themePalette(this.root);
    this.root.style.setProperty("--kernel", this.palette.kernel);
    this.levels = this.mapped(this.sprite);
    this.laidOut = "";
    this.arrange();
  }

  // The sprite's levels 0 to 254 in the theme's diverging colours; 127 stands for 0.
  mapped(image) {
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const ctx = canvas.getContext("2d", { willReadFrequently: true });
    ctx.drawImage(image, 0, 0);
    const picture = ctx.getImageData(0, 0, canvas.width, canvas.height), map = ramp(this.palette.diverging);
    const table = Array.from({ length: 256 }, (_, level) => map(level / 254));
    for (let k = 0; k < picture.data.length; k += 4) {
      const rgb = table[picture.data[k]];
      for (let c = 0; c < 3; c++) picture.data[k + c] = rgb[c];
    }
    ctx.putImageData(picture, 0, 0);
    return canvas;
  }

  arrange() {
    const width = this.root.clientWidth, d = this.data;
    if (!d || !this.levels || !width || this.laidOut === `${width}`) return;
    this.laidOut = `${width}`;
    const across = width < 560 ? 2 : 4;
    this.tile = Math.min(Math.floor((width - (across - 1) * 18) / across), d.large ? 300 : 240);
    const [rows, columns] = d.places;
    this.tileHeight = Math.round((this.tile * rows) / columns);
    for (const name of ["wanted", "made", "off"]) sizeCanvas(this.find(`.${name}`), this.tile, this.tileHeight);
    sizeCanvas(this.find(".given"), this.tile, this.tileHeight);
    const side = Math.min(across === 2 ? (width - 20) / 2 : width * 0.2, d.large ? 300 : 190);
    this.cell = Math.max(Math.min(Math.floor(side / Math.max(d.taps, d.hidden.rows)), 46), 9);
    this.fill();
    this.layCurve(width);
    this.show();
    this.fillTables();
  }

  layCurve(width) {
    const section = this.find(".chart");
    this.curveWidth = Math.max(Math.min(section.clientWidth, width), 200);
    this.curveHeight = 210;
  }

  fill() {
    const d = this.data, scaleOver = [...d.best, ...d.hidden.values];
    this.best.update({ planes: [{ values: d.best, title: "" }], rows: d.taps, columns: d.taps, palette: this.palette, scaleOver, conceal: !this.open });
    this.secret.update({
      planes: [{ values: d.hidden.values, title: "" }], rows: d.hidden.rows, columns: d.hidden.columns,
      palette: this.palette, scaleOver, conceal: !this.open,
    });
    this.best.layout(this.cell, 1);
    this.secret.layout(this.cell, 1);
    this.find(".hidden-title").textContent = this.open ? d.hidden.name : "Hidden kernel";
    const button = this.find(".reveal");
    button.textContent = this.open ? "Hide" : "Reveal";
    button.hidden = d.known;
  }

  // ---- steps --------------------------------------------------------------------------------

  go(step) {
    const last = this.data.errors.length - 1;
    this.step = Math.min(Math.max(step, 0), last);
    this.show();
    if (!this.player.playing) this.speak();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.player.by(event.key)) event.preventDefault();
  }

  point(cell) { this.at = cell; this.show(); }

  weights(step) {
    const n = this.data.taps ** 2;
    return this.data.kernels.slice(step * n, (step + 1) * n);
  }

  show() {
    const d = this.data, last = d.errors.length - 1;
    if (!d || !this.levels || !this.cell) return;
    this.player.show({ first: 0, last, step: this.step, text: `step ${this.step} of ${last}` });
    this.learned.update({
      planes: [{ values: this.weights(this.step), title: "" }], rows: d.taps, columns: d.taps,
      palette: this.palette, scaleOver: [...d.best, ...d.hidden.values],
    });
    this.learned.layout(this.cell, 1);
    const at = this.at && this.at.row < d.taps && this.at.column < d.taps ? this.at : null;
    this.learned.highlight([{ cells: at ? [[0, at.row, at.column]] : [], colour: this.palette.kernel, weight: 3 }]);
    this.find(".learned-title").textContent = `Learned kernel, step ${this.step}`;
    this.paintPictures();
    this.paintCurve();
    this.describe(at);
  }

  // The newest frame that is not later than the step.
  frame() {
    let frame = 0;
    while (frame + 1 < this.data.frames.length && this.data.frames[frame + 1] <= this.step) frame++;
    return frame;
  }

  // The sprite holds rows of (input, target), then (answer, difference) for every frame.
  paintPictures() {
    const d = this.data, [rows, columns] = d.places, frame = this.frame();
    const put = (name, slot) => {
      const ctx = this.find(`.${name}`).getContext("2d"), ratio = window.devicePixelRatio || 1;
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      ctx.imageSmoothingEnabled = false;
      const across = slot % 2, down = Math.floor(slot / 2), source = name === "given" ? this.sprite : this.levels;
      ctx.drawImage(source, across * columns, down * rows, columns, rows, 0, 0, this.tile, this.tileHeight);
    };
    put("given", 0);
    put("wanted", 1);
    put("made", 2 + 2 * frame);
    put("off", 3 + 2 * frame);
    const same = d.frames[frame] === this.step;
    this.find(".made-title").textContent = same ? `Answer, step ${this.step}` : `Answer, step ${d.frames[frame]}`;
  }

  scales() {
    const d = this.data, shown = d.errors.map((e) => Math.max(e, d.floor));
    const low = Math.max(Math.min(...shown, d.least || Infinity), d.floor), high = Math.max(...shown);
    return {
      x: linearScale(0, Math.max(d.errors.length - 1, 1), 54, this.curveWidth - 10, 6, true),
      y: logScale(low, Math.max(high, low * 10), this.curveHeight - 34, 10, 5),
    };
  }

  stepAt(event) {
    const box = this.find(".curve").getBoundingClientRect();
    return Math.round(this.scales().x.value(event.clientX - box.left));
  }

  paintCurve() {
    const d = this.data, { x, y } = this.scales(), p = this.palette;
    const ctx = sizeCanvas(this.find(".curve"), this.curveWidth, this.curveHeight), font = textPixels();
    ctx.font = `${font}px ${getComputedStyle(this.root).fontFamily}`;
    ctx.strokeStyle = p.grid;
    ctx.fillStyle = p.muted;
    ctx.lineWidth = 1;
    for (const { value, text } of y.ticks) {
      ctx.globalAlpha = 0.35;
      line(ctx, 54, y.at(value), this.curveWidth - 10, y.at(value));
      ctx.globalAlpha = 1;
      ctx.textAlign = "right";
      ctx.textBaseline = "middle";
      ctx.fillText(text, 48, y.at(value));
    }
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    for (const { value, text } of x.ticks) ctx.fillText(text, x.at(value), this.curveHeight - 28);
    ctx.fillText("step", (54 + this.curveWidth) / 2, this.curveHeight - 14);
    if (d.least > d.floor) {
      ctx.setLineDash([5, 4]);
      ctx.strokeStyle = p.muted;
      line(ctx, 54, y.at(d.least), this.curveWidth - 10, y.at(d.least));
      ctx.setLineDash([]);
      ctx.textAlign = "right";
      ctx.textBaseline = "bottom";
      ctx.fillText("least possible", this.curveWidth - 12, y.at(d.least) - 2);
    }
    ctx.strokeStyle = p.kernel;
    ctx.lineWidth = 2;
    ctx.beginPath();
    d.errors.forEach((error, k) => {
      const at = [x.at(k), y.at(Math.max(error, d.floor))];
      k ? ctx.lineTo(...at) : ctx.moveTo(...at);
    });
    ctx.stroke();
    const here = Math.max(d.errors[this.step], d.floor);
    ctx.strokeStyle = p.output;
    line(ctx, x.at(this.step), 10, x.at(this.step), this.curveHeight - 34);
    ctx.fillStyle = p.output;
    ctx.beginPath();
    ctx.arc(x.at(this.step), y.at(here), 5, 0, 2 * Math.PI);
    ctx.fill();
  }

  describe(at) {
    const d = this.data, n = d.taps ** 2, last = d.errors.length - 1;
    const cell = at ?? { row: Math.floor(d.taps / 2), column: Math.floor(d.taps / 2) };
    const k = cell.row * d.taps + cell.column, now = this.weights(this.step)[k];
    const off = Math.sqrt(this.weights(this.step).reduce((sum, w, i) => sum + (w - d.best[i]) ** 2, 0));
    this.find(".where").textContent =
      `error ${figures(d.errors[this.step])}, least possible ${figures(d.least)}; distance to the least-squares kernel ${figures(off)}`;
    let text = `w[${cell.row}, ${cell.column}] = ${figures(now)}`;
    if (this.step < last) {
      const slope = d.slopes.length ? d.slopes[this.step * n + k] : null, next = this.weights(this.step + 1)[k];
      if (slope !== null && d.plain) text += ` - ${d.rate} * ${bracketedFigures(slope)} = ${figures(next)}: the weight minus rate times slope is the next one`;
      else if (slope !== null) text += `, slope ${figures(slope)}; next ${figures(next)}`;
      else text += `; next ${figures(next)}`;
    } else text += d.ended ? `. ${d.ended}` : "; the last step";
    this.find(".terms").textContent = text;
  }

  speak() { this.find(".spoken").textContent = `step ${this.step}: ${this.find(".where").textContent}`; }

  fillTables() {
    const details = this.find(".tables");
    if (!details.open || !this.data) return;
    const host = details.querySelector("div"), d = this.data;
    host.innerHTML = "";
    host.appendChild(numberTable(this.weights(d.errors.length - 1), d.taps, d.taps, "Learned kernel, last step", false));
    host.appendChild(numberTable(d.best, d.taps, d.taps, "Least squares", !this.open));
    host.appendChild(numberTable(d.errors, d.errors.length, 1, "Error after each step", false));
  }

  release() {
    this.player.pause();
    this.observer.disconnect();
    this.stopTheme();
  }
}

const bracketedFigures = (value) => (value < 0 ? `(${figures(value)})` : figures(value));

function line(ctx, x1, y1, x2, y2) {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

const mount = mounting(".learning", Learning);
