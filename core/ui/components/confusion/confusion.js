// A confusion matrix: a table whose cells are pointed at, walked through and chosen. Counts,
// tones and percentages come from Python; here they are placed and put into sentences.

class Confusion {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.table = this.find("table");
    this.at = null;
    this.home = [0, 0];
    this.table.addEventListener("pointerover", (e) => this.point(this.place(e.target)));
    this.table.addEventListener("pointerleave", () => this.point(null));
    this.table.addEventListener("focusin", (e) => this.focus(e.target));
    this.table.addEventListener("focusout", () => this.point(null));
    this.table.addEventListener("click", (e) => this.choose(this.place(e.target)));
    this.table.addEventListener("keydown", (e) => this.key(e));
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.paint(true));
  }

  receive(component) {
    const before = this.data;
    this.component = component;
    this.data = component.data;
    const same = before && before.names.join("\n") === this.data.names.join("\n");
    if (!same) this.build();
    this.arrange();
    this.paint(!same);
    this.root.dataset.ready = "true";
  }

  // ---- the table ----------------------------------------------------------------------------

  build() {
    const n = this.data.names.length, table = this.table;
    table.replaceChildren();
    this.home = [0, 0];
    this.at = null;
    const head = table.createTHead(), axis = head.insertRow(), names = head.insertRow();
    this.header(axis, "Is", "axis corner", "col").rowSpan = 2;
    this.header(axis, "Taken for", "axis", "colgroup").colSpan = n;
    this.header(axis, "Recall %", "axis last", "col").rowSpan = 2;
    this.columns = this.data.names.map((name) => this.header(names, name, "name", "col"));
    const body = table.createTBody();
    this.cells = [];
    this.rows = this.data.names.map((name, r) => {
      const row = body.insertRow(), title = this.header(row, name, "", "row");
      for (let c = 0; c < n; c++) this.cells.push(this.cell(row, r, c));
      this.margin(row, "recall", r);
      return title;
    });
    const foot = table.createTFoot().insertRow();
    this.header(foot, "Precision %", "axis", "row");
    for (let c = 0; c < n; c++) this.margin(foot, "precision", c);
    this.margin(foot, "accuracy", 0).classList.add("total");
  }

  header(row, text, kind, scope) {
    const cell = row.appendChild(document.createElement("th"));
    cell.className = kind;
    cell.scope = scope;
    cell.title = text;
    cell.appendChild(document.createElement("span")).textContent = text;
    return cell;
  }

  cell(row, r, c) {
    const cell = row.insertCell();
    cell.tabIndex = r + c ? -1 : 0;
    cell.setAttribute("role", "gridcell");
    cell.dataset.place = `${r},${c}`;
    if (r === c) cell.className = "right";
    return cell;
  }

  margin(row, kind, k) {
    const cell = row.insertCell();
    cell.className = "margin";
    cell.dataset.margin = `${kind},${k}`;
    cell.appendChild(document.createElement("span"));
    return cell;
  }

  // Cells as large as there is room for; names upright where they are wider than their column.
  arrange() {
    const width = this.root.clientWidth, d = this.data;
    if (!d || !width) return;
    const n = d.names.length, rem = textPixels() / 0.75, longest = Math.max(...d.names.map((name) => name.length));
    const digits = String(Math.max(...d.counts, 1)).length, narrow = width < 30 * rem;
    const title = Math.min(Math.max(longest * (narrow ? 0.5 : 0.55) * rem, 4.4 * rem), 8.5 * rem) + rem * 0.7;
    const margin = (narrow ? 2.7 : 3.9) * rem, least = d.compact ? Math.max(1.45, 0.42 * digits) * rem : 1.35 * rem;
    const cell = Math.floor(Math.max(Math.min((width - title - margin - 2) / n, 3.6 * rem), least));
    const style = this.root.style;
    style.setProperty("--cell", `${cell}px`);
    style.setProperty("--tall", `${Math.round(Math.min(cell, Math.max(cell * 0.8, 1.6 * rem)))}px`);
    style.setProperty("--margin", `${margin}px`);
    style.setProperty("--title", `${title}px`);
    style.setProperty("--digits", `${Math.min(cell * 0.5, (cell * 0.92) / (0.56 * digits), rem).toFixed(1)}px`);
    const upright = longest * 0.56 * rem * 0.875 > cell;
    for (const column of this.columns) column.classList.toggle("upright", upright);
    this.table.classList.toggle("tight", cell < 2.2 * rem);
    this.light();
  }

  // Only what has changed is written: the table does not flicker while a training goes on.
  paint(all) {
    const d = this.data, palette = themePalette(this.root), style = this.root.style;
    for (const name of ["muted", "right", "window", "output"]) style.setProperty(`--${name}`, palette[name]);
    // Nothing looks like the background, in either theme.
    const light = luminance(hexToRgb(palette.background)) > 0.5;
    const scale = ramp(light ? [...palette.sequential].reverse() : palette.sequential);
    this.cells.forEach((cell, k) => {
      const look = `${d.counts[k]}|${d.tones[k]}`;
      if (!all && cell.dataset.look === look) return;
      cell.dataset.look = look;
      const rgb = d.tones[k] ? scale(d.tones[k]) : hexToRgb(palette.background);
      cell.textContent = d.compact && !d.counts[k] ? "" : String(d.counts[k]);
      cell.style.background = css(rgb);
      cell.style.color = d.counts[k] ? inkOn(rgb) : "";
      cell.classList.toggle("zero", !d.counts[k]);
    });
    for (const cell of this.table.querySelectorAll("[data-margin]")) {
      const [kind, k] = cell.dataset.margin.split(","), text = kind === "accuracy" ? d.accuracy : d[kind][k];
      if (cell.textContent !== text) cell.firstChild.textContent = text;
    }
    this.find(".summary").textContent = d.summary;
    this.markChosen();
    this.say();
  }

  markChosen() {
    const chosen = this.data.selected?.join(",");
    this.cells.forEach((cell) => {
      const yes = cell.dataset.place === chosen;
      if (cell.classList.contains("chosen") !== yes) cell.classList.toggle("chosen", yes);
      if (yes) cell.setAttribute("aria-selected", "true");
      else cell.removeAttribute("aria-selected");
    });
  }

  // ---- pointing and choosing ------------------------------------------------------------------

  place(target) {
    const cell = target.closest?.("td");
    if (cell?.dataset.place) return cell.dataset.place.split(",").map(Number);
    if (!cell?.dataset.margin) return null;
    const [kind, k] = cell.dataset.margin.split(",");
    return kind === "accuracy" ? null : kind === "recall" ? [Number(k), -1] : [-1, Number(k)];
  }

  point(place) {
    this.at = place;
    this.light();
    this.say();
  }

  focus(target) {
    const place = this.place(target);
    if (!place || place.includes(-1)) return;
    this.cells[this.index(this.home)].tabIndex = -1;
    this.home = place;
    target.tabIndex = 0;
    target.setAttribute("aria-label", this.sentence(place));
    this.point(place);
  }

  index([row, column]) { return row * this.data.names.length + column; }

  key(event) {
    const place = this.place(event.target), last = this.data.names.length - 1;
    if (!place || place.includes(-1)) return;
    const [r, c] = place, whole = event.ctrlKey || event.metaKey;
    const to = {
      ArrowUp: [r - 1, c], ArrowDown: [r + 1, c], ArrowLeft: [r, c - 1], ArrowRight: [r, c + 1],
      Home: [whole ? 0 : r, 0], End: [whole ? last : r, last], PageUp: [0, c], PageDown: [last, c],
    }[event.key];
    if (to) this.cells[this.index(to.map((v) => Math.min(Math.max(v, 0), last)))].focus();
    else if (event.key === "Enter" || event.key === " ") this.choose(place);
    else if (event.key === "Escape" && this.data.selected) this.choose(this.data.selected);
    else return;
    event.preventDefault();
  }

  choose(place) {
    if (!place || place.includes(-1)) return;
    const again = this.data.selected?.join() === place.join();
    this.data.selected = again ? null : place;
    this.markChosen();
    this.say();
    this.component.setTriggerValue("cell", again ? "none" : place.join(","));
  }

  light() {
    const [row, column] = this.at ?? [-1, -1];
    this.rows.forEach((title, r) => title.classList.toggle("lit", r === row));
    this.columns.forEach((title, c) => title.classList.toggle("lit", c === column));
    this.band(".band.row", row >= 0 && [this.index([row, 0]), this.index([row, this.data.names.length - 1])]);
    this.band(".band.column", column >= 0 && [column, this.index([this.data.names.length - 1, column])]);
  }

  band(selector, ends) {
    const band = this.find(selector);
    band.hidden = !ends;
    if (!ends) return;
    const [first, last] = ends.map((k) => this.cells[k]);
    Object.assign(band.style, {
      left: `${first.offsetLeft}px`, top: `${first.offsetTop}px`,
      width: `${last.offsetLeft + last.offsetWidth - first.offsetLeft}px`,
      height: `${last.offsetTop + last.offsetHeight - first.offsetTop}px`,
    });
  }

  // ---- words ----------------------------------------------------------------------------------

  say() {
    const place = this.at ?? this.data.selected;
    this.find(".said").textContent = place ? this.sentence(place) : `${this.data.legend} Point at a cell; choose one to see what is in it.`;
  }

  sentence([row, column]) {
    const d = this.data, quoted = (k) => `'${d.names[k]}'`;
    const many = (n) => `${n.toLocaleString("en-US")} ${d.noun[n === 1 ? 0 : 1]}`, were = (n) => (n === 1 ? "was" : "were");
    if (column < 0) return d.actual[row] ? `Recall: ${d.recall[row]} % of ${many(d.actual[row])} of ${quoted(row)} ${were(d.actual[row])} recognised.` : this.none(row);
    if (row < 0) return d.predicted[column]
      ? `Precision: of ${many(d.predicted[column])} taken for ${quoted(column)}, ${d.precision[column]} % ${were(d.predicted[column])} ${quoted(column)}.`
      : `No ${d.noun[0]} was taken for ${quoted(column)}: there is no precision.`;
    if (!d.actual[row]) return this.none(row);
    const k = this.index([row, column]), count = d.counts[k].toLocaleString("en-US"), verb = were(d.counts[k]);
    const what = row === column ? "recognised" : `taken for ${quoted(column)}`;
    return `${count} of ${many(d.actual[row])} of ${quoted(row)} ${verb} ${what} (${d.shares[k]} %).`;
  }

  none(row) { return `There is no ${this.data.noun[0]} of '${this.data.names[row]}'.`; }

  release() {
    this.observer.disconnect();
    this.stopTheme();
  }
}

const textPixels = () => (parseFloat(getComputedStyle(document.documentElement).fontSize) || 16) * 0.75;

const mount = mounting(".confusion", Confusion);
