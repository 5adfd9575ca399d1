// The convolution stage: padded input, kernel and output, linked under the pointer.
// Every number comes from Python; here they are only looked up, shown and lit.

const SPEEDS = [1600, 900, 450, 180, 60];

class Stage {
  constructor(root, component) {
    this.root = root;
    this.component = component;
    this.find = (selector) => root.querySelector(selector);
    this.step = 0;
    this.pointed = null;
    this.timer = null;
    const link = (name, label) => this.makeStack(name, label);
    this.input = link("input", "Input. Arrow keys move, Enter edits the cell.");
    this.kernel = link("kernel", "Kernel. Arrow keys move, Enter edits the weight.");
    this.output = link("output", "Output. Arrow keys step through the windows, space plays, Enter pins.");
    this.wirePlayer();
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.refresh());
    this.look = ({ detail }) => this.lookAt(detail);
    window.addEventListener("receptive:look", this.look);
  }

  makeStack(name, label) {
    const host = this.find(`.${name} .host`);
    return new Planes(host, {
      label,
      onPoint: (cell) => this.point(cell && { grid: name, ...cell }),
      onPick: (cell) => cell && this.pick({ grid: name, ...cell }),
      onEdit: name === "output" ? null : (cell) => cell && this.edit(name, cell),
      onKey: (event) => this.key(event, name),
    });
  }

  wirePlayer() {
    const on = (selector, event, act) => this.find(selector).addEventListener(event, act);
    on(".first", "click", () => this.go(0));
    on(".back", "click", () => this.go(this.step - 1));
    on(".forward", "click", () => this.go(this.step + 1));
    on(".play", "click", () => this.toggle());
    on(".scrubber", "input", (e) => { this.pause(); this.go(Number(e.target.value)); });
    on(".scrubber", "keydown", (e) => { if (e.key === " ") { e.preventDefault(); this.toggle(); } });
    on(".speed input", "input", () => { if (this.timer) { this.pause(); this.play(); } });
    on(".player", "keydown", (e) => { if (e.target.tagName === "BUTTON" && e.key !== " ") this.key(e, "player"); });
    on(".edit", "click", () => this.setEditing(!this.editing));
    on(".tables", "toggle", () => this.fillTables());
  }

  setEditing(flag) {
    this.editing = flag;
    this.find(".edit").setAttribute("aria-pressed", String(flag));
    this.root.classList.toggle("editing", flag);
  }

  receive(component) {
    const first = !this.data;
    const before = this.data;
    this.component = component;
    this.data = component.data;
    this.filter = this.data.filter;
    this.steps = this.data.rowTaps.length * this.data.columnTaps.length;
    if (first || before.cell !== this.data.cell || before.outputs !== this.data.outputs) {
      const pinned = this.pinned();
      if (pinned) this.step = pinned.row * this.data.columnTaps.length + pinned.column;
    }
    this.step = Math.min(this.step, this.steps - 1);
    if (!sameGrids(before, this.data)) this.pointed = this.held = null;
    if (this.pointed?.grid === "output" && this.pointed.plane !== this.filter) this.pointed = null;
    this.refresh();
    if (this.data.focus && (first || !before.focus)) this.output.top.focus({ preventScroll: true });
    this.root.dataset.ready = "true";
    this.resting = restThen(this.resting, this.data.settle);
  }

  pinned() {
    if (!this.data.cell) return null;
    const [row, column] = this.data.cell.split(",").map(Number);
    const inside = row < this.data.rowTaps.length && column < this.data.columnTaps.length;
    return inside ? { row, column } : null;
  }

  refresh() {
    if (!this.data) return;
    const d = this.data, palette = themePalette(this.root);
    this.palette = palette;
    this.root.style.setProperty("--window", palette.window);
    this.root.style.setProperty("--kernel", palette.kernel);
    this.root.style.setProperty("--kernel-ink", inkOn(hexToRgb(palette.kernel)));
    const many = d.input.length > 1;
    this.input.update({
      planes: d.input.map((values, c) => ({ values, title: many ? `channel ${c}` : "" })),
      rows: d.rowSource.length,
      columns: d.columnSource.length,
      mark: (r, c) =>
        (d.rowPadding[r] || d.columnPadding[c] ? "pad" : "") +
        (d.rowReached[r] && d.columnReached[c] ? "" : " unreached"),
      palette,
    });
    const planes = d.weights[this.filter], start = this.firstChannel(this.filter);
    this.kernel.update({
      planes: planes.map((values, c) => ({ values, title: many ? `for channel ${start + c}` : "" })),
      rows: d.kernelSize[0],
      columns: d.kernelSize[1],
      palette,
      scaleOver: d.weights.flat(2),
    });
    this.output.update({
      planes: d.conceal === "size"
        ? [{ values: [0], title: "" }]
        : d.output.map((values, f) => ({ values, title: d.output.length > 1 ? `filter ${f + 1}` : "" })),
      rows: d.conceal === "size" ? 1 : d.rowTaps.length,
      columns: d.conceal === "size" ? 1 : d.columnTaps.length,
      conceal: Boolean(d.conceal),
      palette,
    });
    this.find(".input h4").textContent = d.titles.input;
    this.find(".kernel h4").textContent = d.titles.kernel;
    this.find(".output h4").textContent = d.titles.output;
    this.find(".bias").textContent = d.bias ? `bias ${shown(d.bias[this.filter])}` : "";
    this.find(".legend").innerHTML = "";
    for (const { kind, text } of d.legend) {
      const swatch = document.createElement("span");
      swatch.className = `swatch ${kind}`;
      this.find(".legend").append(swatch, text);
    }
    this.find(".scrubber").max = String(this.steps - 1);
    this.fillFilters();
    this.fillTables();
    this.laidOut = "";
    this.arrange();
  }

  firstChannel(filter) {
    return Math.floor(filter / this.data.filtersPerGroup) * this.data.weights[filter].length;
  }

  arrange() {
    const width = this.root.clientWidth;
    if (!this.data || !width || this.laidOut === `${width}`) return;
    this.laidOut = `${width}`;
    const narrow = width < 600;
    this.root.classList.toggle("narrow", narrow);
    const largest = this.data.large ? 72 : 56;
    if (narrow) this.arrangeNarrow(width, largest);
    else this.arrangeWide(width, largest);
    this.light();
  }

  arrangeNarrow(width, largest) {
    for (const stack of [this.input, this.kernel, this.output]) {
      const { size, across } = bestFit(stack, width - 4, 360, Math.min(largest, 40));
      stack.layout(size, across);
    }
  }

  // The kernel takes what it needs, the rest is shared between input and output by their widths.
  arrangeWide(width, largest) {
    const height = this.data.large ? Math.max(window.innerHeight * 0.44, 300) : 480;
    const room = width - 110;
    const kernel = bestFit(this.kernel, room * 0.24, height, largest);
    this.kernel.layout(kernel.size, kernel.across);
    const left = room - Math.max(this.kernel.width, 130);
    const share = (part) => bestFit(this.input, left * part, height, largest);
    let best = null;
    for (let part = 0.25; part <= 0.76; part += 0.05) {
      const input = share(part), output = bestFit(this.output, left * (1 - part), height, largest);
      const worst = Math.min(input.size, output.size) * 100 + input.size + output.size;
      if (!best || worst > best.worst) best = { worst, input, output };
    }
    this.input.layout(best.input.size, best.input.across);
    this.output.layout(best.output.size, best.output.across);
    if (this.kernel.size > Math.max(best.input.size, 34)) {
      const size = Math.max(best.input.size, 34);
      this.kernel.layout(size, bestFit(this.kernel, room * 0.24, height, size).across);
    }
  }

  fillFilters() {
    const bar = this.find(".filters"), count = this.data.weights.length;
    if (count === 1) { bar.innerHTML = ""; return; }
    if (bar.children.length !== count) {
      bar.innerHTML = "";
      for (let f = 0; f < count; f++) {
        const button = bar.appendChild(document.createElement("button"));
        button.textContent = String(f + 1);
        button.setAttribute("aria-label", `Filter ${f + 1}`);
        button.addEventListener("click", () => this.showFilter(f));
      }
    }
    [...bar.children].forEach((b, f) => b.setAttribute("aria-pressed", String(f === this.filter)));
  }

  showFilter(filter) {
    if (filter === this.filter) return;
    this.component.setStateValue("filter", filter + 1);
    this.filter = filter;
    this.data.titles.kernel = this.data.titles.kernel.replace(/filter \d+/, `filter ${filter + 1}`);
    this.refresh();
  }

  // ---- what is chosen ---------------------------------------------------------------------

  chosenOutput() {
    if (this.pointed?.grid === "output") {
      return { filter: this.pointed.plane, row: this.pointed.row, column: this.pointed.column };
    }
    const columns = this.data.columnTaps.length;
    return { filter: this.filter, row: Math.floor(this.step / columns), column: this.step % columns };
  }

  point(cell) {
    if (this.data.conceal === "size" && cell?.grid === "output") cell = null;
    if (sameCell(cell, this.pointed)) return;
    this.pointed = cell;
    if (cell?.grid === "output" && cell.plane !== this.filter) {
      this.filter = cell.plane;
      this.kernelFollows();
    }
    this.light();
  }

  // Another view points at an output cell.
  lookAt({ row, column }) {
    if (!this.data || this.data.conceal === "size") return;
    this.step = row * this.data.columnTaps.length + column;
    this.pointed = null;
    this.light();
  }

  // While the pointer is over another filter's output, that filter's kernel is shown.
  kernelFollows() {
    const { size, across } = this.kernel;
    const d = this.data, start = this.firstChannel(this.filter);
    this.kernel.planes = d.weights[this.filter].map((values, c) => ({
      values, title: d.input.length > 1 ? `for channel ${start + c}` : "",
    }));
    this.kernel.layout(size, across);
    this.find(".kernel h4").textContent = d.titles.kernel.replace(/filter \d+/, `filter ${this.filter + 1}`);
    this.find(".bias").textContent = d.bias ? `bias ${shown(d.bias[this.filter])}` : "";
    this.fillFilters();
  }

  pick(cell) {
    if (this.editing && cell.grid !== "output") {
      this.edit(cell.grid, cell);
      return;
    }
    if (cell.grid !== "output") {
      this.hold(cell);
      return;
    }
    if (this.data.conceal === "size") return;
    this.pause();
    this.held = null;
    this.step = cell.row * this.data.columnTaps.length + cell.column;
    this.pin(cell.row, cell.column, cell.plane);
  }

  // A clicked input cell or weight stays lit when the pointer leaves.
  hold(cell) {
    this.pause();
    this.held = sameCell(this.held, cell) ? null : cell;
    this.light();
    this.say(this.find(".where").textContent);
  }

  pin(row, column, filter) {
    const place = `${row},${column}`;
    const unpin = this.data.cell === place && filter === this.data.filter;
    this.data.cell = unpin ? "" : place;
    this.component.setStateValue("pin", `${this.data.cell};${filter + 1}`);
    this.light();
    this.speak();
  }

  edit(grid, cell) {
    const stack = this[grid];
    if (grid === "input") {
      const row = this.data.rowSource[cell.row], column = this.data.columnSource[cell.column];
      if (row < 0 || column < 0 || this.data.rowPadding[cell.row] || this.data.columnPadding[cell.column]) {
        this.say("This cell is padding: it changes with the padding settings, not by hand.");
        return;
      }
      editCell(stack, cell, (value) => this.send("x", [row, column, cell.plane], value));
      return;
    }
    const index = this.data.transposed
      ? [cell.row, cell.column, this.filter % this.data.filtersPerGroup, this.firstChannel(this.filter) + cell.plane]
      : [cell.row, cell.column, cell.plane, this.filter];
    editCell(stack, cell, (value) => this.send("k", index, value));
  }

  send(grid, index, value) {
    this.component.setTriggerValue("edit", `${grid}.${index.join(".")}=${value}`);
  }

  // ---- playing ----------------------------------------------------------------------------

  go(step) {
    this.step = ((step % this.steps) + this.steps) % this.steps;
    this.pointed = this.held = null;
    this.light();
    if (!this.timer) this.speak();
  }

  toggle() { this.timer ? this.pause() : this.play(); }

  play() {
    const button = this.find(".play");
    button.textContent = "❚❚";
    button.setAttribute("aria-label", "Pause");
    this.root.dataset.playing = "true";
    const speed = SPEEDS[Number(this.find(".speed input").value)];
    this.timer = setInterval(() => this.go(this.step + 1), speed);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    const button = this.find(".play");
    button.textContent = "▶";
    button.setAttribute("aria-label", "Play");
    this.root.dataset.playing = "false";
  }

  key(event, grid) {
    const columns = this.data.columnTaps.length;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") { event.preventDefault(); this.toggle(); return; }
    if (grid === "input" || grid === "kernel") { this.moveCursor(event, grid); return; }
    const moves = {
      ArrowRight: this.step + 1, ArrowLeft: this.step - 1, ArrowDown: this.step + columns,
      ArrowUp: this.step - columns, Home: 0, End: this.steps - 1,
    };
    if (event.key in moves) {
      event.preventDefault();
      this.pause();
      this.go(moves[event.key]);
    } else if (event.key === "Enter" && grid === "output") {
      const { row, column, filter } = this.chosenOutput();
      this.pin(row, column, filter);
    } else if (event.key === "Escape" && this.data.cell) {
      const { row, column } = this.pinned() ?? { row: 0, column: 0 };
      this.pin(row, column, this.data.filter);
    }
  }

  moveCursor(event, grid) {
    const stack = this[grid];
    const at = this.pointed?.grid === grid ? this.pointed : { grid, plane: 0, row: 0, column: -1 };
    const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
    if (event.key === "Enter" && at.column >= 0) {
      event.preventDefault();
      this.edit(grid, at);
      return;
    }
    if (!(event.key in steps)) return;
    event.preventDefault();
    this.pause();
    let [row, column, plane] = [at.row + steps[event.key][0], at.column + steps[event.key][1], at.plane];
    if (row >= stack.rows && plane + 1 < stack.planes.length) { plane += 1; row = 0; }
    if (row < 0 && plane > 0) { plane -= 1; row = stack.rows - 1; }
    row = Math.min(Math.max(row, 0), stack.rows - 1);
    column = Math.min(Math.max(column, 0), stack.columns - 1);
    this.point({ grid, plane, row, column });
    this.say(this.find(".where").textContent);
  }

  // ---- light and arithmetic ---------------------------------------------------------------

  light() {
    if (!this.data || !this.input.size) return;
    const cell = this.pointed ?? this.held;
    if (cell?.grid === "input") this.lightFromInput(cell);
    else if (cell?.grid === "kernel") this.lightFromWeight(cell);
    else this.lightFromOutput();
    this.find(".scrubber").value = String(this.step);
    this.find(".count").textContent = this.data.conceal === "size" ? "window ?" : `${this.step + 1} of ${this.steps}`;
  }

  // The window of an output cell in every channel that its filter sees.
  window({ filter, row, column }) {
    const d = this.data, start = this.firstChannel(filter), cells = [];
    for (let c = 0; c < d.weights[filter].length; c++) {
      d.rowTaps[row].forEach((r) => d.columnTaps[column].forEach((k) => cells.push([start + c, r, k])));
    }
    return cells;
  }

  // The weights in the order of the window's cells, written small into them.
  weightsOf(filter) {
    return this.data.weights[filter].flatMap((plane) => plane.map((w) => `\u00d7${shown(w)}`));
  }

  pinLight() {
    const pinned = this.pinned();
    return pinned && !this.data.conceal
      ? [{ cells: [[this.data.filter, pinned.row, pinned.column]], colour: this.palette.text, weight: 3 }]
      : [];
  }

  lightFromOutput() {
    const chosen = this.chosenOutput(), p = this.palette;
    this.input.highlight([{ cells: this.window(chosen), colour: p.window, notes: this.weightsOf(chosen.filter) }]);
    this.kernel.highlight([{ cells: everyCell(this.kernel), colour: p.kernel, weight: 2 }]);
    const target = this.data.conceal === "size" ? [0, 0, 0] : [chosen.filter, chosen.row, chosen.column];
    this.output.highlight([...this.pinLight(), { cells: [target], colour: p.output }]);
    this.describeOutput(chosen);
    announcePoint({ kind: "output", ...chosen });
  }

  lightFromInput(cell) {
    const d = this.data, p = this.palette;
    const rows = tapsAt(d.rowTaps, cell.row), columns = tapsAt(d.columnTaps, cell.column);
    const fed = [];
    d.weights.forEach((planes, f) => {
      const channel = cell.plane - this.firstChannel(f);
      if (channel < 0 || channel >= planes.length) return;
      rows.forEach(([r]) => columns.forEach(([c]) => fed.push([f, r, c])));
    });
    this.input.highlight([{ cells: [[cell.plane, cell.row, cell.column]], colour: p.window }]);
    const channel = cell.plane - this.firstChannel(this.filter);
    const weights = channel >= 0 && channel < d.weights[this.filter].length
      ? rows.flatMap(([, i]) => columns.map(([, j]) => [channel, i, j])) : [];
    this.kernel.highlight([{ cells: weights, colour: p.kernel }]);
    this.output.highlight([...this.pinLight(), { cells: d.conceal === "size" ? [] : fed, colour: p.output }]);
    const row = d.rowSource[cell.row], column = d.columnSource[cell.column];
    const place = row < 0 || column < 0
      ? (d.transposed ? "an inserted or padded zero" : "padding")
      : `input [${row}, ${column}, ${cell.plane}]` + (d.rowPadding[cell.row] || d.columnPadding[cell.column] ? ", repeated as padding" : "");
    const count = d.conceal === "size" ? "?" : String(fed.length);
    this.write(`${place} = ${shown(this.input.value(cell))} feeds ${count} output ${fed.length === 1 ? "cell" : "cells"}`, "");
    announcePoint({ kind: "input", channel: cell.plane, row: cell.row, column: cell.column });
  }

  lightFromWeight(cell) {
    const d = this.data, p = this.palette, channel = this.firstChannel(this.filter) + cell.plane;
    const cells = [];
    d.rowTaps.forEach((rows) => d.columnTaps.forEach((columns) => cells.push([channel, rows[cell.row], columns[cell.column]])));
    this.input.highlight([{ cells, colour: p.window }]);
    this.kernel.highlight([{ cells: [[cell.plane, cell.row, cell.column]], colour: p.kernel }]);
    const chosen = this.chosenOutput();
    this.output.highlight(d.conceal === "size" ? [] : [...this.pinLight(), { cells: [[chosen.filter, chosen.row, chosen.column]], colour: p.output }]);
    this.describeOutput({ ...chosen, filter: this.filter }, cell);
    this.find(".where").textContent =
      `weight [${cell.row}, ${cell.column}] of filter ${this.filter + 1}, channel ${channel} = ${shown(this.kernel.value(cell))} ` +
      `multiplies ${new Set(cells.map(String)).size} input cells, one for each output cell; the product for the chosen output is marked`;
    announcePoint({ kind: "weight", filter: this.filter, channel: cell.plane, row: cell.row, column: cell.column });
  }

  describeOutput({ filter, row, column }, lit) {
    const d = this.data, start = this.firstChannel(filter), several = d.weights[filter].length > 1;
    const parts = d.weights[filter].map((weights, c) => {
      const terms = [], values = d.input[start + c];
      let sum = 0;
      d.rowTaps[row].forEach((r, i) => d.columnTaps[column].forEach((k, j) => {
        const x = values[r * d.columnSource.length + k], w = weights[i * d.kernelSize[1] + j];
        sum += x * w;
        const mark = lit && lit.plane === c && lit.row === i && lit.column === j ? ' class="term lit"' : ' class="term"';
        terms.push(`<span${mark}>${bracketed(w)}*${bracketed(x)}</span>`);
      }));
      return { text: terms.join(" + "), sum, channel: start + c };
    });
    const bias = d.bias ? ` + bias ${bracketed(d.bias[filter])}` : "";
    const hidden = Boolean(d.conceal);
    const total = hidden ? "?" : shown(d.output[filter][row * d.columnTaps.length + column]);
    let html;
    if (several) {
      html = parts.map((p) => `<span class="part">channel ${p.channel}: ${p.text} = ${hidden ? "?" : shown(p.sum)}</span>`).join("");
      html += `<span class="part">${hidden ? "?" : parts.map((p) => bracketed(p.sum)).join(" + ")}${bias} = <b>${total}</b></span>`;
    } else {
      html = `${parts[0].text}${bias} = <b>${total}</b>`;
    }
    const place = d.conceal === "size" ? "The chosen window" : `output [${row}, ${column}]${d.weights.length > 1 ? ` of filter ${filter + 1}` : ""}`;
    this.write(place, html);
  }

  write(where, html) {
    this.find(".where").textContent = where;
    this.find(".terms").innerHTML = html;
  }

  say(text) { this.find(".spoken").textContent = text; }

  speak() {
    const { row, column } = this.chosenOutput();
    this.say(this.data.conceal === "size" ? this.find(".terms").textContent
      : `row ${row}, column ${column}: ${this.find(".terms").textContent}`);
  }

  // ---- tables for those who read rather than point ------------------------------------------

  fillTables() {
    const details = this.find(".tables");
    if (!details.open || !this.data) return;
    const host = details.querySelector("div");
    host.innerHTML = "";
    const add = (stack, name) => stack.planes.forEach(({ values, title }) => {
      const caption = [name, title].filter(Boolean).join(", ");
      host.appendChild(numberTable(values, stack.rows, stack.columns, caption, stack.conceal));
    });
    add(this.input, "Input with padding");
    add(this.kernel, `Kernel of filter ${this.filter + 1}`);
    add(this.output, "Output");
  }

  release() {
    clearInterval(this.timer);
    clearTimeout(this.resting);
    this.observer.disconnect();
    this.stopTheme();
    window.removeEventListener("receptive:look", this.look);
  }
}

// Whether what is pointed at is still there, and still the same place.
const sameGrids = (a, b) => Boolean(a)
  && ["rowSource", "columnSource", "rowTaps", "columnTaps", "input", "weights"].every((k) => a[k].length === b[k].length)
  && ["conceal", "filter", "cell"].every((k) => a[k] === b[k]) && `${a.kernelSize}` === `${b.kernelSize}`;

// [output index, tap index] of every tap that reads a place of the padded axis.
const tapsAt = (taps, place) => taps.flatMap((row, o) => row.flatMap((at, k) => (at === place ? [[o, k]] : [])));

// Other views on the page (the matrices) follow what is pointed at here.
function announcePoint(detail) {
  window.dispatchEvent(new CustomEvent("receptive:point", { detail }));
}

const mount = mounting(".stage", Stage);
