// Softmax and cross-entropy as a table that fills up column by column. Logits are dragged;
// everything else comes from Python.

const REACH = 10;
// Logits that a drag can give: -10 to 10.

// What a number is made of, as [column, "row" or "all"].
const SOURCES = {
  scaled: [["logits", "row"]], shifted: [["scaled", "all"]], exponentials: [["shifted", "row"]],
  total: [["exponentials", "all"]], probabilities: [["exponentials", "row"], ["total", "all"]],
  surprises: [["total", "all"], ["shifted", "row"]], loss: [["targets", "all"], ["surprises", "all"]],
  gradients: [["probabilities", "row"], ["targets", "row"]],
};
const FEET = { exponentials: "total", surprises: "loss" };

const pretty = (text) => text.replace(/exp\(\((-[^)]*)\)\)/g, "exp($1)").replace(/_i\b/g, "ᵢ");

class SoftmaxBoard {
  constructor(root, component) {
    this.root = root;
    this.component = component;
    this.find = (selector) => root.querySelector(selector);
    this.player = new Player(this.find(".walk"), { noun: "step", go: (step) => this.go(step) });
    this.observer = new ResizeObserver(() => root.classList.toggle("narrow", root.clientWidth < 600));
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.refresh());
  }

  receive(component) {
    const first = !this.data, before = this.data;
    this.component = component;
    this.data = component.data;
    this.last = this.data.columns.length;
    if (first || (before.step !== this.data.step && this.data.step !== this.pinned)) this.step = this.data.step;
    this.step = Math.min(Math.max(this.step, 1), this.last);
    if (before && before.names.length !== this.data.names.length) this.pointed = null;
    this.answered();
    this.refresh();
    if (this.data.focus && (first || !before.focus)) this.player.find(".play").focus({ preventScroll: true });
    this.root.dataset.ready = "true";
    this.resting = restThen(this.resting, this.data.settle);
  }

  refresh() {
    if (!this.data) return;
    const p = (this.palette = themePalette(this.root));
    for (const name of ["right", "wrong"]) this.root.style.setProperty(`--${name}`, p[name]);
    this.root.classList.toggle("narrow", this.root.clientWidth < 600);
    this.draw();
    this.drawMachine();
    this.light();
  }

  // ---- the table --------------------------------------------------------------------------

  get columns() { return this.data.columns.filter((column) => !column.single); }

  // Built anew only when its shape changes: a cell that is being dragged has to stay.
  draw() {
    const shape = `${this.data.names.length}`;
    if (this.shape !== shape) { this.shape = shape; this.build(); }
    this.columns.forEach((column, c) => {
      this.heads[c].textContent = column.title;
      this.heads[c].dataset.key = column.key;
      this.cells[column.key].forEach((cell, row) => this.fill(cell, column, row));
    });
    for (const [over, key] of Object.entries(FEET)) {
      const column = this.data.columns.find((one) => one.key === key);
      this.cells[key][0].querySelector(".number").textContent = `${key === "total" ? "sum" : "loss"} ${this.data.conceal ? "?" : column.texts[0]}`;
      this.cells[key][0].classList.add(over);
    }
    this.buttons.forEach((button, row) => {
      button.textContent = this.data.names[row];
      button.setAttribute("aria-pressed", String(row === this.data.right));
      button.setAttribute("aria-label", `${this.data.names[row]}${row === this.data.right ? ", the right class" : ": make it the right class"}`);
    });
  }

  build() {
    const [head, body, foot] = ["thead", "tbody", "tfoot"].map((part) => this.find(`.board ${part}`));
    for (const part of [head, body, foot]) part.innerHTML = "";
    this.cells = {};
    this.buttons = [];
    const top = head.insertRow();
    top.appendChild(document.createElement("th")).textContent = "class";
    this.heads = this.columns.map(() => {
      const cell = top.appendChild(document.createElement("th"));
      cell.scope = "col";
      return cell;
    });
    this.data.names.forEach((_, row) => {
      const line = body.insertRow(), name = line.appendChild(document.createElement("th"));
      name.scope = "row";
      const button = name.appendChild(document.createElement("button"));
      button.addEventListener("click", () => this.component.setTriggerValue("right", String(row + 1)));
      this.buttons.push(button);
      for (const { key } of this.columns) this.addCell(line, key, row);
    });
    const last = foot.insertRow();
    last.appendChild(document.createElement("th"));
    for (const { key } of this.columns) {
      if (FEET[key]) this.addCell(last, FEET[key], 0);
      else last.insertCell();
    }
  }

  addCell(line, key, row) {
    const cell = line.insertCell();
    cell.className = key;
    cell.innerHTML = '<span class="zero"></span><span class="bar"></span><span class="number"></span>';
    (this.cells[key] ??= []).push(cell);
    cell.addEventListener("pointerenter", () => !this.dragging && this.point({ key, row }));
    cell.addEventListener("pointerleave", () => !this.dragging && this.point(null));
    if (key === "logits") this.makeHandle(cell, row);
  }

  fill(cell, column, row) {
    const value = column.values[row], hidden = this.data.conceal && !["logits", "targets"].includes(column.key);
    cell.querySelector(".number").textContent = hidden ? "?" : column.texts[row];
    const bar = cell.querySelector(".bar"), zero = cell.querySelector(".zero");
    const [low, high] = this.span(column);
    const shown = column.key === "logits" ? this.data.bases[row] : value;
    const drawn = !hidden && high > low && ["logits", "exponentials", "probabilities", "targets", "gradients"].includes(column.key);
    bar.style.display = drawn ? "" : "none";
    zero.style.display = drawn && low < 0 ? "" : "none";
    if (column.key === "logits") this.describeHandle(cell, row);
    if (!drawn) return;
    const at = (v) => (100 * (Math.min(Math.max(v, low), high) - low)) / (high - low);
    const from = at(Math.min(shown, 0)), to = at(Math.max(shown, 0)), p = this.palette;
    bar.style.left = `${from}%`;
    bar.style.width = `${Math.max(to - from, 0.6)}%`;
    zero.style.left = `${at(0)}%`;
    bar.style.background = shown < 0 ? p.diverging[1] : column.key === "logits" || column.key === "gradients" ? p.diverging[5] : column.key === "targets" ? p.right : p.lines[0];
  }

  span(column) {
    if (column.key === "logits") return [-REACH, REACH];
    if (column.key === "gradients") {
      const most = Math.max(...column.values.map(Math.abs));
      return [-most, most];
    }
    return [0, 1];
  }

  // ---- logits are dragged -----------------------------------------------------------------

  makeHandle(cell, row) {
    cell.tabIndex = 0;
    cell.setAttribute("role", "slider");
    cell.setAttribute("aria-valuemin", String(-REACH));
    cell.setAttribute("aria-valuemax", String(REACH));
    const value = (e) => {
      // Columns may become wider while a logit is dragged: the scale stays that of its beginning.
      const box = this.dragging?.box ?? cell.getBoundingClientRect(), share = Math.min(Math.max((e.clientX - box.left) / box.width, 0), 1);
      return Math.round((share * 2 - 1) * REACH * 10) / 10;
    };
    cell.addEventListener("pointerdown", (e) => {
      if (e.button !== 0) return;
      cell.setPointerCapture(e.pointerId);
      this.dragging = { row, value: value(e), box: cell.getBoundingClientRect() };
      this.ask();
    });
    cell.addEventListener("pointermove", (e) => {
      if (this.dragging?.row !== row || this.dragging.value === value(e)) return;
      this.dragging.value = value(e);
      this.ask();
    });
    cell.addEventListener("pointerup", (e) => {
      if (!this.dragging) return;
      const last = value(e);
      this.dragging = this.wanted = null;
      this.component.setTriggerValue("logit", `${row}=${last};end`);
    });
    cell.addEventListener("pointercancel", () => { this.dragging = this.wanted = null; });
    cell.addEventListener("keydown", (e) => {
      const step = { ArrowRight: 0.1, ArrowUp: 0.1, ArrowLeft: -0.1, ArrowDown: -0.1, PageUp: 1, PageDown: -1 }[e.key];
      if (!step) return;
      e.preventDefault();
      const next = Math.round((this.data.bases[row] + step) * 10) / 10;
      this.component.setTriggerValue("logit", `${row}=${Math.min(Math.max(next, -REACH), REACH)};end`);
    });
  }

  describeHandle(cell, row) {
    cell.setAttribute("aria-valuenow", String(this.data.bases[row]));
    cell.setAttribute("aria-label", `Logit of ${this.data.names[row]}: drag, or use the arrow keys`);
  }

  // While a logit is dragged, the next value is sent when the last one is answered.
  ask() {
    this.wanted = this.dragging;
    if (!this.waiting) this.send();
  }

  send() {
    this.waiting = setTimeout(() => this.answered(), 700);
    this.component.setTriggerValue("logit", `${this.wanted.row}=${this.wanted.value};drag`);
    this.wanted = null;
  }

  answered() {
    clearTimeout(this.waiting);
    this.waiting = null;
    if (this.wanted && this.dragging) this.send();
  }

  // ---- steps ------------------------------------------------------------------------------

  go(step) {
    this.pointed = null;
    this.step = step;
    this.light();
    clearTimeout(this.pinning);
    if (this.player.playing) return;
    this.pinning = setTimeout(() => {
      this.pinned = this.step;
      this.component.setStateValue("pin", String(this.step));
    }, REST);
    this.find(".spoken").textContent = `${this.find(".where").textContent} ${this.find(".lines").textContent}`;
  }

  point(cell) {
    if (this.data.conceal) return;
    this.pointed = cell;
    this.light();
  }

  place(key) { return this.data.columns.findIndex((column) => column.key === key); }

  light() {
    if (!this.data || !this.cells) return;
    const { key: now } = this.data.columns[this.step - 1];
    const pointed = this.pointed && this.place(this.pointed.key) < this.step ? this.pointed : null;
    const sources = pointed ? SOURCES[pointed.key] ?? [] : [];
    this.root.style.setProperty("--now", pointed ? this.palette.window : this.palette.kernel);
    for (const [key, cells] of Object.entries(this.cells)) cells.forEach((cell, row) => {
      cell.classList.toggle("unknown", this.place(key) >= this.step && !this.data.conceal);
      const source = sources.some(([name, which]) => name === key && (which === "all" || row === pointed.row));
      cell.classList.toggle("lit", pointed ? source : key === now && !this.data.conceal);
      cell.classList.toggle("pointed", Boolean(pointed) && pointed.key === key && pointed.row === row);
    });
    this.heads.forEach((head) => head.classList.toggle("now", head.dataset.key === (pointed?.key ?? now)));
    if (!pointed && !this.dragging) this.scrollTo(now);
    const count = this.data.conceal ? "step ?" : `${this.step} of ${this.last}`;
    this.player.show({ first: 1, last: this.data.conceal ? 1 : this.last, step: this.step, text: count });
    this.describe(pointed);
  }

  // On a phone the table is wider than the screen: the column of the step is brought into view.
  scrollTo(key) {
    const cell = this.cells[key]?.[0], room = this.find(".scroll");
    if (!cell || room.scrollWidth <= room.clientWidth) return;
    room.scrollLeft = cell.offsetLeft + cell.offsetWidth - room.clientWidth + 8;
  }

  describe(pointed) {
    const d = this.data, lines = this.find(".lines");
    if (d.conceal) {
      this.find(".where").textContent = "Guess first: the numbers wait.";
      lines.innerHTML = "";
      return;
    }
    const column = pointed ? d.columns[this.place(pointed.key)] : d.columns[this.step - 1];
    const rows = pointed && !column.single ? [pointed.row] : column.values.map((_, row) => row);
    const formula = column.formula ? ` ${column.title} = ${pretty(column.formula)}` : "";
    this.find(".where").textContent = column.words + formula;
    lines.classList.toggle("long", column.single);
    lines.innerHTML = rows.map((row) => this.lineOf(column, row)).join("");
  }

  lineOf(column, row) {
    const name = column.single ? column.title : this.data.names[row], numbers = column.numbers[row];
    const text = numbers ? `${pretty(numbers).replace(/\S+/g, "<span>$&</span>")} = ` : "";
    const label = document.createElement("b");
    label.textContent = name;
    return `<p>${label.innerHTML}: ${text}<b>${column.texts[row]}</b></p>`;
  }

  // ---- the same without subtracting the largest ---------------------------------------------

  drawMachine() {
    const m = this.data.naive, table = this.find(".naive");
    this.find(".machine").style.display = this.data.conceal ? "none" : "";
    this.find(".machine h4").textContent = m.title;
    this.find(".verdict").textContent = m.verdict;
    this.find(".verdict").classList.toggle("broken", m.broken);
    table.innerHTML = "";
    for (const { name, texts } of m.rows) {
      const row = table.insertRow(), head = row.appendChild(document.createElement("th"));
      head.scope = "row";
      head.textContent = name;
      for (const text of texts) {
        const cell = row.insertCell();
        cell.textContent = text;
        cell.classList.toggle("bad", text === "inf" || text === "nan");
      }
    }
  }

  release() {
    this.player.pause();
    clearTimeout(this.resting);
    clearTimeout(this.pinning);
    clearTimeout(this.waiting);
    this.observer.disconnect();
    this.stopTheme();
  }
}

const mount = mounting(".softmax", SoftmaxBoard);
