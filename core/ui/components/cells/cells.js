// Small masks side by side: cells that are pressed, and what becomes of each. All from Python.

class Cells {
  constructor(root) {
    this.root = root;
    this.host = root.querySelector(".boards");
    this.boards = [];
    this.stopTheme = onThemeChange(root, () => this.paint());
  }

  receive(component) {
    this.component = component;
    this.data = component.data;
    while (this.boards.length < this.data.boards.length) this.boards.push(this.makeBoard(this.boards.length));
    while (this.boards.length > this.data.boards.length) this.boards.pop().section.remove();
    this.data.boards.forEach((board, place) => this.fill(this.boards[place], board));
    this.paint();
    const spoken = this.root.querySelector(".spoken");
    if (spoken.textContent !== this.data.says) spoken.textContent = this.data.says;
    this.root.dataset.ready = "true";
  }

  makeBoard(place) {
    const section = this.host.appendChild(document.createElement("section"));
    section.innerHTML = '<h4><span></span><small></small></h4><div class="grid"></div>';
    return { section, place, grid: section.querySelector(".grid"), cells: [] };
  }

  fill(board, data) {
    const columns = this.data.columns, count = data.cells.length;
    board.section.querySelector("h4 span").textContent = data.title;
    board.section.querySelector("h4 small").textContent = data.note;
    board.grid.style.setProperty("--columns", columns);
    board.grid.style.setProperty("--side", this.data.large ? "3.4rem" : "2.6rem");
    while (board.cells.length < count) board.cells.push(this.makeCell(board, data, board.cells.length));
    while (board.cells.length > count) board.cells.pop().remove();
    data.cells.forEach((cell, k) => {
      const element = board.cells[k], row = Math.floor(k / columns), column = k % columns;
      const label = `Row ${row}, column ${column}: ${cell.says}`;
      if (data.name) {
        element.setAttribute("aria-pressed", String(cell.inside));
        element.textContent = cell.text;
      } else {
        element.firstChild.textContent = cell.text;
        element.className = cell.look;
      }
      element.setAttribute("aria-label", label);
      element.title = label;
      const colour = cell.colour;
      element.style.backgroundColor = colour ? css(colour) : "";
      element.style.color = colour ? inkOn(colour) : "";
      element.style.setProperty("--chip", colour ? css(colour) : "transparent");
    });
  }

  makeCell(board, data, k) {
    const element = board.grid.appendChild(document.createElement(data.name ? "button" : "span"));
    if (!data.name) {
      element.setAttribute("role", "img");
      element.appendChild(document.createElement("span"));
      return element;
    }
    element.type = "button";
    element.addEventListener("click", () => this.press(board.place, k));
    element.addEventListener("keydown", (e) => this.key(e, board, k));
    return element;
  }

  press(place, k) {
    const columns = this.data.columns, name = this.data.boards[place].name;
    this.component.setTriggerValue("pick", `${name};${Math.floor(k / columns)},${k % columns};${Date.now()}`);
  }

  // Arrow keys go from cell to cell.
  key(event, board, k) {
    const step = { ArrowUp: -this.data.columns, ArrowDown: this.data.columns, ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    board.cells[k + step]?.focus();
  }

  paint() {
    const p = themePalette(this.root);
    this.root.style.setProperty("--muted", p.muted);
  }

  release() { this.stopTheme(); }
}

const mount = mounting(".cells", Cells);
