// A grid of weights that is edited like a spreadsheet: click or move to a cell and type.
// Needs colour.js, numbers.js and planes.js.

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const LARGEST_WEIGHT = 1e6;

class KernelGrid {
  // onWeights(text): the cells changed, once the typing rests, as core.numbers.parse_edits reads
  // them. onPaste(text): what was pasted. onPoint(cell or null): where pointer or cursor is.
  constructor(host, { onWeights, onPaste, onPoint }) {
    Object.assign(this, { onWeights, onPaste, onPoint, row: 0, column: 0, later: null, changed: new Map() });
    this.stack = new Planes(host, {
      label: "Kernel. Arrow keys move, digits or Enter write a weight, Delete makes it 0, page up and down change it by 1.",
      onPoint: (cell) => this.point(cell),
      onPick: (cell) => cell && this.move(cell.row, cell.column),
      onEdit: (cell) => cell && this.write(),
      onKey: (event) => this.key(event),
    });
    const top = this.stack.top;
    top.addEventListener("focus", () => this.light());
    top.addEventListener("blur", () => this.light());
    top.addEventListener("paste", (e) => this.paste(e));
    top.addEventListener("copy", (e) => this.copy(e));
  }

  // What was typed and not yet sent wins over what arrives meanwhile.
  update({ values, rows, columns, palette, conceal }) {
    if (this.later) return false;
    Object.assign(this, { values: [...values], rows, columns, palette });
    this.row = Math.min(this.row, rows - 1);
    this.column = Math.min(this.column, columns - 1);
    this.stack.update({ planes: [{ values: this.values, title: "" }], rows, columns, palette, conceal });
    return true;
  }

  layout(size) { this.stack.layout(size, 1); this.light(); }

  get focused() { return this.stack.host.getRootNode().activeElement === this.stack.top; }

  light(pointed) {
    if (!this.stack.size) return;
    const lights = [{ cells: everyPlace(this.rows, this.columns), colour: this.palette.kernel, weight: 1 }];
    if (pointed) lights.push({ cells: [[0, pointed.row, pointed.column]], colour: this.palette.kernel, weight: 3 });
    if (this.focused) lights.push({ cells: [[0, this.row, this.column]], colour: this.palette.text, weight: 3 });
    this.stack.highlight(lights);
  }

  point(cell) {
    this.light(cell);
    this.onPoint(cell);
  }

  move(row, column) {
    this.row = Math.min(Math.max(row, 0), this.rows - 1);
    this.column = Math.min(Math.max(column, 0), this.columns - 1);
    this.light();
    this.onPoint({ plane: 0, row: this.row, column: this.column });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key], change = { PageUp: 1, PageDown: -1 }[event.key];
    if (arrow) this.move(this.row + arrow[0], this.column + arrow[1]);
    else if (event.key === "Home") this.move(0, 0);
    else if (event.key === "End") this.move(this.rows - 1, this.columns - 1);
    else if (event.key === "Enter" || event.key === "F2") this.write();
    else if (event.key === "Delete" || event.key === "Backspace") this.set(0);
    else if (change) this.set(this.value() + change * (event.shiftKey ? 0.1 : 1));
    else if (/^[-+.,\d]$/.test(event.key)) this.write(event.key === "+" ? "" : event.key);
    else return;
    event.preventDefault();
  }

  value() { return this.values[this.row * this.columns + this.column]; }

  write(typed) {
    const cell = { plane: 0, row: this.row, column: this.column };
    editCell(this.stack, cell, (value) => this.set(value), {
      typed,
      moves: typed === undefined ? ["Tab"] : ["Tab", ...Object.keys(ARROWS)],
      onMove: (e) => {
        const step = ARROWS[e.key] ?? [0, e.shiftKey ? -1 : 1];
        let [row, column] = [this.row + step[0], this.column + step[1]];
        if (e.key === "Tab" && column >= this.columns) [row, column] = [(row + 1) % this.rows, 0];
        if (e.key === "Tab" && column < 0) [row, column] = [(row + this.rows - 1) % this.rows, this.columns - 1];
        this.move(row, column);
      },
    });
  }

  set(value) {
    const kept = Math.min(Math.max(Number(value.toPrecision(12)), -LARGEST_WEIGHT), LARGEST_WEIGHT);
    this.values[this.row * this.columns + this.column] = kept;
    this.changed.set(`k.${this.row}.${this.column}`, kept);
    this.redraw();
    clearTimeout(this.later);
    this.later = setTimeout(() => this.tell(), 220);
    this.onPoint({ plane: 0, row: this.row, column: this.column });
  }

  tell() {
    this.later = null;
    const text = [...this.changed].map(([place, value]) => `${place}=${value}`).join(" ");
    this.changed.clear();
    this.onWeights(text);
  }

  redraw() {
    const { size } = this.stack;
    this.stack.update({ planes: [{ values: this.values, title: "" }], rows: this.rows, columns: this.columns, palette: this.palette });
    this.layout(size);
  }

  paste(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    event.preventDefault();
    if (text.trim()) this.onPaste(text);
  }

  copy(event) {
    const rows = Array.from({ length: this.rows }, (_, r) => this.values.slice(r * this.columns, (r + 1) * this.columns).join("\t"));
    event.clipboardData?.setData("text/plain", rows.join("\n"));
    event.preventDefault();
  }

  release() { clearTimeout(this.later); }
}

const everyPlace = (rows, columns) =>
  Array.from({ length: rows * columns }, (_, i) => [0, Math.floor(i / columns), i % columns]);
