// Grids of numbers in a row, with signs between them: kernel * kernel = kernel.

class Grids {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.stacks = [];
    this.find(".tables").addEventListener("toggle", () => this.fillTables());
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.refresh());
  }

  receive({ data }) {
    this.data = data;
    this.refresh();
    this.root.dataset.ready = "true";
  }

  refresh() {
    if (!this.data) return;
    const palette = themePalette(this.root), { grids } = this.data, row = this.find(".row");
    this.palette = palette;
    row.innerHTML = "";
    this.stacks = grids.map((grid, g) => this.makeGrid(row, grid, g));
    this.laidOut = "";
    this.arrange();
    this.fillTables();
  }

  makeGrid(row, grid, g) {
    if (grid.sign) {
      const sign = row.appendChild(document.createElement("span"));
      sign.className = "sign";
      sign.textContent = grid.sign;
    }
    const section = row.appendChild(document.createElement("section"));
    section.appendChild(document.createElement("h4")).textContent = grid.title;
    const stack = new Planes(section.appendChild(document.createElement("div")), {
      label: `${grid.title}. Arrow keys move from cell to cell.`,
      onPoint: (cell) => this.point(g, cell),
      onPick: () => {},
      onKey: (event) => this.key(g, event),
    });
    stack.update({ planes: [{ values: grid.values, title: "" }], rows: grid.rows, columns: grid.columns, palette: this.palette });
    stack.cursor = { row: 0, column: -1 };
    return stack;
  }

  arrange() {
    const width = this.root.clientWidth, d = this.data;
    if (!d || !width || this.laidOut === `${width}`) return;
    this.laidOut = `${width}`;
    const largest = d.large ? 52 : 40, signs = this.stacks.length * 38;
    const total = d.grids.reduce((sum, grid) => sum + grid.columns, 0);
    const together = (width - signs) / Math.max(total, 1);
    this.stacks.forEach((stack, g) => {
      const { rows, columns } = d.grids[g];
      const alone = Math.min((width - 4) / columns, 300 / Math.max(rows, columns));
      const size = Math.min(Math.max(together, Math.min(alone, 18)), largest, (width - 4) / columns, 300 / rows);
      stack.layout(size > 12 ? Math.floor(size) : Math.max(Math.floor(size * 2) / 2, 2), 1);
    });
  }

  point(g, cell) {
    this.stacks.forEach((stack, k) => stack.highlight(cell && k === g ? [{ cells: [[0, cell.row, cell.column]], colour: this.palette.output, weight: 2 }] : []));
    this.find(".said").textContent = cell
      ? `${this.data.grids[g].title} [${cell.row}, ${cell.column}] = ${figures(this.stacks[g].value(cell))}` : "";
  }

  key(g, event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const stack = this.stacks[g], { row, column } = stack.cursor;
    stack.cursor = {
      row: Math.min(Math.max(row + step[0], 0), stack.rows - 1),
      column: Math.min(Math.max(column + step[1], 0), stack.columns - 1),
    };
    this.point(g, { plane: 0, ...stack.cursor });
  }

  fillTables() {
    const details = this.find(".tables");
    if (!details.open || !this.data) return;
    const host = details.querySelector("div");
    host.innerHTML = "";
    for (const grid of this.data.grids) host.appendChild(numberTable(grid.values, grid.rows, grid.columns, grid.title, false));
  }

  release() {
    this.observer.disconnect();
    this.stopTheme();
  }
}

const mount = mounting(".grids", Grids);
