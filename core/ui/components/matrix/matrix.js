// The convolution as a matrix product, linked with the stage: a row is an output cell.

class Table {
  constructor(host, onPoint) {
    this.host = host;
    host.innerHTML = "";
    this.base = host.appendChild(document.createElement("canvas"));
    this.top = host.appendChild(document.createElement("canvas"));
    this.top.className = "top";
    this.top.addEventListener("pointermove", (e) => {
      const box = this.top.getBoundingClientRect();
      const column = Math.floor((e.clientX - box.left) / this.size);
      const row = Math.floor((e.clientY - box.top) / this.size);
      if (row >= 0 && row < this.rows && column >= 0 && column < this.columns) onPoint(row, column);
    });
    this.top.addEventListener("pointerleave", () => onPoint(-1, -1));
  }

  // entries: [row, column, value]; what is not listed is 0.
  update({ rows, columns, entries }, size, palette, hidden) {
    Object.assign(this, { rows, columns, entries, size, palette });
    const ratio = window.devicePixelRatio || 1;
    for (const canvas of [this.base, this.top]) {
      canvas.width = Math.ceil((columns * size + 1) * ratio);
      canvas.height = Math.ceil((rows * size + 1) * ratio);
      canvas.style.width = `${columns * size + 1}px`;
      canvas.style.height = `${rows * size + 1}px`;
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.paint(hidden);
  }

  paint(hidden) {
    const ctx = this.base.getContext("2d"), s = this.size, line = s >= 6 ? 1 : 0;
    const values = this.entries.map((e) => e[2]);
    const scale = colourScale([0, ...values], this.palette);
    ctx.fillStyle = line ? this.palette.grid : css(scale(0));
    ctx.fillRect(0, 0, this.columns * s + 1, this.rows * s + 1);
    const longest = Math.max(1, ...values.map((v) => shown(v).length));
    const font = Math.min(s * 0.55, (s * 1.5) / longest, 15);
    const cell = (row, column, value) => {
      const rgb = hidden ? hexToRgb(this.palette.muted) : scale(value);
      ctx.fillStyle = css(rgb);
      ctx.fillRect(column * s + line, row * s + line, s - line, s - line);
      if (font < 6.5) return;
      ctx.fillStyle = inkOn(rgb);
      if (value === 0) ctx.globalAlpha = 0.55;
      ctx.fillText(hidden ? "?" : shown(value), column * s + s / 2 + 0.5, row * s + s / 2 + 1);
      ctx.globalAlpha = 1;
    };
    ctx.font = `${font}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    if (line) for (let r = 0; r < this.rows; r++) for (let c = 0; c < this.columns; c++) cell(r, c, 0);
    for (const [row, column, value] of this.entries) cell(row, column, value);
  }

  light({ row, column, colour }) {
    const ctx = this.top.getContext("2d"), s = this.size;
    ctx.clearRect(0, 0, this.columns * s + 1, this.rows * s + 1);
    ctx.strokeStyle = colour;
    ctx.lineWidth = Math.max(Math.min(s / 6, 3), 1.5);
    if (row >= 0) ctx.strokeRect(1, row * s + 1, this.columns * s - 1, Math.max(s - 1, 1));
    if (column >= 0) ctx.strokeRect(column * s + 1, 1, Math.max(s - 1, 1), this.rows * s - 1);
  }
}

const FONT = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";

class MatrixView {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    const point = (row, column) => this.point(row, column);
    this.left = new Table(this.find(".left .host"), (row, column) => point(row, column));
    this.vector = new Table(this.find(".vector .host"), (row) => point(-1, row));
    this.product = new Table(this.find(".product .host"), (row) => point(row, -1));
    this.follow = (event) => this.fromStage(event.detail);
    window.addEventListener("receptive:point", this.follow);
    this.find(".save").addEventListener("click", () => this.save());
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.arrange(true));
  }

  receive(data) {
    this.data = data;
    for (const part of ["left", "vector", "product"]) this.find(`.${part} h4`).textContent = data.titles[part];
    this.arrange(true);
    this.root.dataset.ready = "true";
  }

  arrange(force) {
    const width = this.root.clientWidth;
    if (!this.data || !width || (!force && width === this.width)) return;
    this.width = width;
    const d = this.data, palette = themePalette(this.root);
    this.palette = palette;
    const room = width - 150;
    const fit = Math.min(room / (d.left.columns + 2), 620 / Math.max(d.left.rows, d.vector.rows), 30);
    const size = Math.max(fit > 10 ? Math.floor(fit) : Math.floor(fit * 2) / 2, 1);
    this.left.update(d.left, size, palette);
    this.vector.update(d.vector, size, palette);
    this.product.update(d.product, size, palette, d.hidden);
    this.light(-1, -1);
  }

  light(row, column) {
    const p = this.palette;
    this.left.light({ row, column, colour: row >= 0 ? p.window : p.kernel });
    this.vector.light({ row: column, column: -1, colour: p.kernel });
    this.product.light({ row, column: -1, colour: p.output });
    this.find(".said").textContent =
      row >= 0 ? this.data.rowText.replace("{row}", row).replace("{place}", this.place(row))
        : column >= 0 ? this.data.columnText.replace("{column}", column) : "";
  }

  place(row) {
    return `[${Math.floor(row / this.data.outputColumns)}, ${row % this.data.outputColumns}]`;
  }

  point(row, column) {
    this.light(row, column);
    if (row < 0) return;
    const columns = this.data.outputColumns;
    window.dispatchEvent(new CustomEvent("receptive:look", {
      detail: { row: Math.floor(row / columns), column: row % columns },
    }));
  }

  fromStage(point) {
    if (!this.data || !this.palette) return;
    if (point.kind === "output") this.light(point.row * this.data.outputColumns + point.column, -1);
    if (point.kind === "input" && this.data.kind === "toeplitz" && point.channel === this.data.channel) {
      this.light(-1, point.row * this.data.inputColumns + point.column);
    }
    if (point.kind === "weight" && this.data.kind === "im2col") this.light(-1, this.data.columnOf[point.row][point.column][point.channel]);
  }

  // The three tables with their titles as one picture.
  save() {
    const parts = [["left", "·"], ["vector", "="], ["product", ""]];
    const tables = parts.map(([name]) => this[name].base), gap = 40, top = 28, ratio = window.devicePixelRatio || 1;
    const canvas = document.createElement("canvas"), ctx = canvas.getContext("2d");
    ctx.font = `600 14px ${FONT}`;
    const widths = parts.map(([name], i) => Math.max(tables[i].width / ratio, ctx.measureText(this.data.titles[name]).width));
    canvas.width = (widths.reduce((a, b) => a + b, 0) + 3 * gap) * ratio;
    canvas.height = (Math.max(...tables.map((t) => t.height / ratio)) + top + 16) * ratio;
    ctx.scale(ratio, ratio);
    ctx.fillStyle = this.palette.background;
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    let x = 12;
    parts.forEach(([name, sign], i) => {
      ctx.font = `600 14px ${FONT}`;
      ctx.fillStyle = this.palette.text;
      ctx.fillText(this.data.titles[name], x, 18);
      ctx.drawImage(tables[i], x, top, tables[i].width / ratio, tables[i].height / ratio);
      x += widths[i] + gap;
      ctx.font = `20px ${FONT}`;
      ctx.fillText(sign, x - gap / 2 - 6, top + 40);
    });
    const link = document.createElement("a");
    link.download = `${this.data.kind}.png`;
    link.href = canvas.toDataURL("image/png");
    link.click();
  }

  release() {
    window.removeEventListener("receptive:point", this.follow);
    this.observer.disconnect();
    this.stopTheme();
  }
}

const views = new WeakMap();

function mount(component) {
  const root = component.parentElement.querySelector(".matrix");
  let view = views.get(root);
  if (!view) {
    view = new MatrixView(root);
    views.set(root, view);
  }
  view.receive(component.data);
  return () => { view.release(); views.delete(root); };
}
