// Pretrained networks as a table: sorted by any column, searched, chosen. All texts come from Python.

class Zoo {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.sorted = null;
    this.find("input").addEventListener("input", () => this.draw());
    this.stopTheme = onThemeChange(root, () => this.paint());
  }

  receive(component) {
    this.component = component;
    this.data = component.data;
    this.find(".scroll").setAttribute("aria-label", this.data.alt);
    if (!this.heads) this.drawHead();
    this.paint();
    this.draw();
    this.root.dataset.ready = "true";
  }

  paint() {
    if (this.data) this.root.style.setProperty("--muted", themePalette(this.root).muted);
  }

  drawHead() {
    const row = this.find("thead tr");
    this.heads = this.data.columns.map((column, k) => {
      const head = row.appendChild(document.createElement("th"));
      if (k === 0) row.insertCell();
      head.scope = "col";
      if (column.kind === "words") head.className = "words";
      const button = head.appendChild(document.createElement("button"));
      button.textContent = column.title;
      button.title = `Sort by ${column.title}`;
      button.addEventListener("click", () => this.sortBy(k));
      return head;
    });
  }

  // Numbers begin with the largest, words with A; a second click turns it round.
  sortBy(column) {
    const words = this.data.columns[column].kind === "words";
    const down = this.sorted?.column === column ? !this.sorted.down : !words;
    this.sorted = { column, down };
    this.draw();
  }

  rows() {
    const words = this.find("input").value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = this.data.rows.filter((row) => words.every((word) => row.search.includes(word)));
    if (!this.sorted) return rows;
    const { column, down } = this.sorted, sign = down ? -1 : 1;
    const value = (row) => row.cells[column].value;
    // What is not known stands last, whichever way round.
    return [...rows].sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x === null || y === null) return (x === null) - (y === null);
      return sign * (typeof x === "string" ? x.localeCompare(y) : x - y);
    });
  }

  draw() {
    const rows = this.rows(), body = this.find("tbody");
    this.heads.forEach((head, k) => {
      if (this.sorted?.column === k) head.setAttribute("aria-sort", this.sorted.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    const focused = this.root.getRootNode().activeElement?.dataset?.does;
    body.replaceChildren(...rows.map((row) => this.row(row)));
    if (focused) body.querySelector(`[data-does="${focused}"]`)?.focus({ preventScroll: true });
    this.find(".count").textContent = `${rows.length} of ${this.data.rows.length} networks`;
  }

  row(row) {
    const line = document.createElement("tr");
    line.className = `${row.state} ${row.chosen ? "chosen" : ""}`;
    row.cells.forEach((cell, k) => {
      const part = line.appendChild(document.createElement(k ? "td" : "th"));
      if (this.data.columns[k].kind === "words") part.classList.add("words");
      part.appendChild(document.createElement("span")).textContent = cell.text;
      if (k) return;
      part.scope = "row";
      part.appendChild(document.createElement("small")).textContent = row.note;
      this.addActs(line.insertCell(), row);
    });
    return line;
  }

  addActs(does, row) {
    does.className = "does";
    for (const act of row.acts) {
      const button = does.appendChild(document.createElement("button"));
      button.textContent = act.title;
      button.dataset.does = `${act.name}-${row.slug}`;
      button.setAttribute("aria-label", `${act.title}: ${row.cells[0].text}`);
      button.setAttribute("aria-pressed", String(act.on));
      button.disabled = act.off;
      button.addEventListener("click", () => this.component.setTriggerValue(act.name, row.slug));
    }
  }

  release() { this.stopTheme(); }
}

const mount = mounting(".zoo", Zoo);
