// A chain of grids: each cell lights what it is made of and what it goes into.
// Every number comes from Python; here they are only looked up, shown and lit.

class Chain {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.stacks = [];
    this.step = 0;
    this.pointed = this.held = null;
    this.player = new Player(this.find(".steps"), { noun: "cell", go: (step) => this.go(step) });
    this.find(".edit").addEventListener("click", () => this.setEditing(!this.editing));
    this.find(".tables").addEventListener("toggle", () => this.fillTables());
    this.find(".steps").addEventListener("keydown", (e) => { if (e.target.tagName === "BUTTON" && e.key !== " ") this.key(e, this.data.stepped); });
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.refresh());
  }

  setEditing(flag) {
    this.editing = flag;
    this.find(".edit").setAttribute("aria-pressed", String(flag));
    this.root.classList.toggle("editing", flag);
  }

  // ---- what is shown ------------------------------------------------------------------------

  receive(component) {
    const before = this.data, first = !before;
    this.component = component;
    this.data = component.data;
    const d = this.data;
    this.root.classList.toggle("plain", Boolean(d.plain));
    if (first || before.shape !== d.shape) this.build();
    const grid = d.grids[d.stepped];
    this.steps = grid.planes.length * grid.rows * grid.columns;
    if (first || before.cell !== d.cell) {
      const pinned = this.pinned();
      if (pinned) this.step = this.stepOf(pinned);
    }
    this.step = Math.min(this.step, this.steps - 1);
    if (first || before.sizes !== d.sizes || before.conceal !== d.conceal) this.pointed = this.held = null;
    this.refresh();
    if (d.focus && (first || !before.focus)) this.stacks[d.stepped].top.focus({ preventScroll: true });
    this.root.dataset.ready = "true";
    this.resting = restThen(this.resting, d.settle);
  }

  // Sections for the grids; those on a line of their own stand below.
  build() {
    const d = this.data, line = this.find(".grids"), below = this.find(".rows");
    line.innerHTML = below.innerHTML = "";
    this.stacks = d.grids.map((grid, g) => {
      const host = grid.line ? below : line;
      if (g && !grid.line && d.signs[g - 1]) {
        const sign = host.appendChild(document.createElement("span"));
        sign.className = "sign";
        sign.setAttribute("aria-hidden", "true");
        sign.textContent = d.signs[g - 1];
      }
      const section = host.appendChild(document.createElement("section"));
      section.className = `group grid${g}${grid.letter ? " editable" : ""}`;
      section.appendChild(document.createElement("h4"));
      return this.makeStack(section, grid, g);
    });
    this.find(".edit").hidden = !d.grids.some((grid) => grid.letter);
  }

  makeStack(section, grid, g) {
    const host = section.appendChild(document.createElement("div"));
    host.className = "host";
    const keys = g === this.data.stepped ? "Arrow keys step, space plays, Enter pins." : "Arrow keys move.";
    return new Planes(host.appendChild(document.createElement("div")), {
      label: `${grid.name}. ${keys}${grid.letter ? " Enter edits the cell." : ""}`,
      onPoint: (cell) => this.point(cell && { grid: g, ...cell }),
      // A double click edits: its second click must not take the pin of the first away again.
      onPick: (cell, event) => cell && !(g === this.data.stepped && event.detail > 1) && this.pick({ grid: g, ...cell }),
      onEdit: grid.letter ? (cell) => cell && this.edit({ grid: g, ...cell }) : null,
      onKey: (event) => this.key(event, g),
    });
  }

  refresh() {
    if (!this.data) return;
    const d = this.data, palette = this.palette = themePalette(this.root);
    for (const part of ["window", "kernel", "output"]) this.root.style.setProperty(`--${part}`, palette[part]);
    const scales = {};
    d.grids.forEach((grid) => (scales[grid.scale] ??= []).push(...grid.planes.flat()));
    d.grids.forEach((grid, g) => {
      const pad = new Set(grid.pad), unreached = new Set(grid.unreached);
      const taken = grid.taken.map((places) => new Set(places));
      const hidden = grid.conceal === "size";
      this.stacks[g].update({
        planes: hidden ? [{ values: [0], title: "" }] : grid.planes.map((values, p) => ({
          values,
          texts: values.map((v) => (v === null ? grid.blank : shown(v))),
          title: grid.planes.length > 1 ? `channel ${p}` : "",
        })),
        rows: hidden ? 1 : grid.rows,
        columns: hidden ? 1 : grid.columns,
        conceal: Boolean(grid.conceal),
        mark: hidden ? null : (r, c, p) => {
          const at = r * grid.columns + c;
          return (pad.has(at) ? "pad" : "") + (unreached.has(at) ? " unreached" : "") + (taken[p]?.has(at) ? " taken" : "");
        },
        palette,
        scaleOver: scales[grid.scale],
      });
      this.find(`.grid${g} h4`).textContent = grid.title;
    });
    this.fillLegend();
    this.fillTables();
    this.laidOut = "";
    this.arrange();
  }

  fillLegend() {
    const legend = this.find(".legend");
    legend.innerHTML = "";
    for (const { kind, text } of this.data.legend) {
      const swatch = document.createElement("span");
      swatch.className = `swatch ${kind}`;
      legend.append(swatch, text);
    }
  }

  arrange() {
    const width = this.root.clientWidth;
    if (!this.data || !width || this.laidOut === `${width}`) return;
    this.laidOut = `${width}`;
    const narrow = width < 600, largest = this.data.large ? 72 : 56;
    this.root.classList.toggle("narrow", narrow);
    const inLine = this.stacks.filter((_, g) => !this.data.grids[g].line);
    const inRows = this.stacks.filter((_, g) => this.data.grids[g].line);
    if (narrow) {
      inLine.forEach((stack) => {
        const { size, across } = bestFit(stack, width - 4, 360, Math.min(largest, 40));
        stack.layout(size, across);
      });
    } else {
      const height = this.data.large ? Math.max(window.innerHeight * 0.44, 300) : 480;
      const { size, across } = fitTogether(inLine, width - 56 * (inLine.length - 1), height, largest);
      inLine.forEach((stack, s) => stack.layout(size, across[s]));
    }
    inRows.forEach((stack) => {
      const size = Math.floor((width - 4) / stack.columns);
      stack.layout(Math.min(Math.max(size, 14), narrow ? 40 : largest), 1);
    });
    this.light();
  }

  // ---- what is chosen -----------------------------------------------------------------------

  pinned() {
    if (!this.data.cell) return null;
    const [row, column, plane] = this.data.cell.split(",").map(Number);
    const grid = this.data.grids[this.data.stepped];
    const inside = row < grid.rows && column < grid.columns && plane < grid.planes.length;
    return inside ? { plane, row, column } : null;
  }

  stepOf({ plane, row, column }) {
    const grid = this.data.grids[this.data.stepped];
    return (plane * grid.rows + row) * grid.columns + column;
  }

  stepped() {
    const { stepped, grids } = this.data, { rows, columns } = grids[stepped];
    const cell = this.step % (rows * columns);
    return { grid: stepped, plane: Math.floor(this.step / (rows * columns)), row: Math.floor(cell / columns), column: cell % columns };
  }

  point(cell) {
    if (cell && this.data.grids[cell.grid].conceal === "size") cell = null;
    if (sameCell(cell, this.pointed)) return;
    this.pointed = cell;
    this.light();
  }

  pick(cell) {
    const grid = this.data.grids[cell.grid];
    if (grid.conceal === "size") return;
    if (this.editing && grid.letter) { this.edit(cell); return; }
    this.player.pause();
    if (cell.grid === this.data.stepped) {
      this.held = null;
      this.step = this.stepOf(cell);
      this.pin(cell);
    } else {
      // A clicked cell stays lit when the pointer leaves.
      this.held = sameCell(this.held, cell) ? null : cell;
      this.light();
      this.say(this.find(".where").textContent);
    }
  }

  pin({ plane, row, column }) {
    const place = `${row},${column},${plane}`;
    this.data.cell = this.data.cell === place ? "" : place;
    this.component.setStateValue("pin", `${this.data.cell};`);
    this.light();
    this.speak();
  }

  edit({ grid: g, plane, row, column }) {
    const grid = this.data.grids[g], [top, left] = grid.origin, at = row * grid.columns + column;
    if (!grid.letter) return;
    if (grid.pad.includes(at)) {
      this.say("This cell is padding: it changes with the padding settings, not by hand.");
      return;
    }
    const place = [row - top, column - left, plane].join(".");
    editCell(this.stacks[g], { plane, row, column }, (value) =>
      this.component.setTriggerValue("edit", `${grid.letter}.${place}=${value}`));
  }

  go(step) {
    this.step = ((step % this.steps) + this.steps) % this.steps;
    this.pointed = this.held = null;
    this.light();
    if (!this.player.playing) this.speak();
  }

  key(event, g) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") { event.preventDefault(); this.player.toggle(); return; }
    if (g !== this.data.stepped) { this.moveCursor(event, g); return; }
    const down = { ArrowDown: this.data.grids[g].columns, ArrowUp: -this.data.grids[g].columns }[event.key];
    if (down) {
      event.preventDefault();
      this.player.pause();
      this.go(this.step + down);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const cell = this.pointed ?? this.stepped();
      this.data.grids[g].letter ? this.edit(cell) : this.pin(cell);
    } else if (event.key === "Escape" && this.pinned()) {
      this.pin(this.pinned());
    } else if (this.player.by(event.key)) {
      event.preventDefault();
    }
  }

  moveCursor(event, g) {
    const at = this.pointed?.grid === g ? this.pointed : { grid: g, plane: 0, row: 0, column: -1 };
    if (event.key === "Enter" && at.column >= 0) {
      event.preventDefault();
      this.edit(at);
    } else if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      this.player.pause();
      this.point({ grid: g, ...neighbour(this.stacks[g], at, event.key) });
      this.say(`${this.find(".where").textContent} ${this.find(".terms").textContent}`);
    }
  }

  // ---- links --------------------------------------------------------------------------------

  flat(join, { plane, row, column }) {
    const grid = this.data.grids[join.target], cell = row * grid.columns + column;
    return join.each ? cell : cell * grid.planes.length + plane;
  }

  cellOf(g, join, flat, plane) {
    const grid = this.data.grids[g], planes = grid.planes.length;
    const cell = join.each ? flat : Math.floor(flat / planes);
    return { grid: g, plane: join.each ? plane : flat % planes, row: Math.floor(cell / grid.columns), column: cell % grid.columns };
  }

  // What a cell of the join's target is made of: [{cell, weight}].
  sources(join, cell) {
    const place = this.flat(join, cell), found = [];
    for (let i = join.starts[place]; i < join.starts[place + 1]; i++) {
      found.push({ cell: this.cellOf(join.source, join, join.sources[i], cell.plane), weight: join.weights ? join.weights[i] : 1 });
    }
    return found;
  }

  // What a cell of the join's source goes into.
  targets(join, cell) {
    const grid = this.data.grids[join.source], at = cell.row * grid.columns + cell.column;
    const wanted = join.each ? at : at * grid.planes.length + cell.plane, found = [];
    for (let place = 0; place + 1 < join.starts.length; place++) {
      for (let i = join.starts[place]; i < join.starts[place + 1]; i++) {
        if (join.sources[i] === wanted) {
          found.push({ cell: this.cellOf(join.target, join, place, cell.plane), weight: join.weights ? join.weights[i] : 1, place });
        }
      }
    }
    return found;
  }

  // Every cell that this one is made of, or goes into, through the whole chain.
  related(cell) {
    const lit = this.data.grids.map(() => new Map());
    const add = (c) => lit[c.grid].set(`${c.plane},${c.row},${c.column}`, c);
    let front = [cell];
    for (const step of ["up", "down"]) {
      front = [cell];
      while (front.length && front.length < 3000) {
        const next = new Map();
        for (const at of front) {
          for (const join of this.data.joins) {
            const found = step === "up" && join.target === at.grid ? this.sources(join, at)
              : step === "down" && join.source === at.grid ? this.targets(join, at) : [];
            found.forEach(({ cell: c }) => { add(c); if (join.rule !== "place") next.set(`${c.grid},${c.plane},${c.row},${c.column}`, c); });
          }
        }
        front = [...next.values()];
      }
    }
    return lit.map((cells) => [...cells.values()]);
  }

  // ---- light and arithmetic -----------------------------------------------------------------

  light() {
    if (!this.data || !this.stacks[0]?.size) return;
    const d = this.data, cell = this.pointed ?? this.held ?? this.stepped();
    const lit = this.related(cell), last = d.grids.length - 1;
    const weighted = d.joins.find((j) => j.target === cell.grid && j.rule === "sum");
    const notes = new Map(weighted ? this.sources(weighted, cell).map(({ cell: c, weight }) =>
      [`${c.grid},${c.plane},${c.row},${c.column}`, `\u00d7${shown(weight)}`]) : []);
    this.stacks.forEach((stack, g) => {
      const hidden = d.grids[g].conceal === "size";
      const colour = this.palette[g === 0 ? "window" : g === last ? "output" : "kernel"];
      const cells = hidden ? [] : lit[g].map((c) => [c.plane, c.row, c.column]);
      const words = lit[g].map((c) => notes.get(`${g},${c.plane},${c.row},${c.column}`));
      const weight = cells.length > 48 ? Math.min(Math.max(stack.size / 16, 1), 2) : undefined;
      const lights = [{ cells, colour, weight, notes: words.some(Boolean) ? words.map((w) => w ?? "") : undefined }];
      const pinned = this.pinned();
      if (g === d.stepped && pinned && !hidden) {
        lights.unshift({ cells: [[pinned.plane, pinned.row, pinned.column]], colour: this.palette.text, weight: 3 });
      }
      if (g === cell.grid) {
        const at = hidden ? [0, 0, 0] : [cell.plane, cell.row, cell.column];
        lights.push({ cells: [at], colour, fill: cells.length > 1, weight: Math.min(Math.max(stack.size / 7, 2), 5) });
      }
      stack.highlight(lights);
    });
    this.describe(cell);
    const words = d.grids[d.stepped].conceal === "size" ? "cell ?" : `${this.step + 1} of ${this.steps}`;
    this.player.show({ first: 0, last: this.steps - 1, step: this.step, text: words });
  }

  place({ grid: g, plane, row, column }) {
    const grid = this.data.grids[g], [top, left] = grid.origin;
    const deep = grid.planes.length > 1 ? `, ${plane}` : "";
    if (grid.line) return `${grid.name} [${column}]`;
    return grid.pad.includes(row * grid.columns + column) ? `padding of the ${grid.name}` : `${grid.name} [${row - top}, ${column - left}${deep}]`;
  }

  value({ grid: g, plane, row, column }) {
    const grid = this.data.grids[g];
    return grid.planes[plane][row * grid.columns + column];
  }

  number(cell) {
    const grid = this.data.grids[cell.grid], value = this.value(cell);
    return grid.conceal ? "?" : value === null ? grid.blank : shown(value);
  }

  describe(cell) {
    const d = this.data, grid = d.grids[cell.grid];
    const into = d.joins.find((j) => j.target === cell.grid && j.rule !== "place");
    const out = d.joins.find((j) => j.source === cell.grid && j.rule !== "place");
    const place = grid.conceal === "size" ? "The chosen cell" : this.place(cell);
    if (into) {
      this.write(place, this.arithmetic(into, cell));
    } else {
      this.write(`${place} = ${this.number(cell)}`, out ? this.outgoing(out, cell) : "");
    }
  }

  // How a value comes about, in the words of its rule.
  arithmetic(join, cell) {
    const found = this.sources(join, cell), hidden = this.data.grids[join.target].conceal;
    const total = `<b>${this.number(cell)}</b>`;
    if (!found.length) return `${total}: ${join.nothing}`;
    const counted = found.filter(({ weight }) => weight !== 0);
    const taken = hidden || !join.picks ? "" : this.taken(join, cell);
    const values = counted.map(({ cell: c }) => this.value(c));
    const words = {
      copy: () => found.map(({ cell: c }) => this.place(c)).join(" and "),
      sum: () => cut(found.map(({ cell: c, weight }) => `<span class="term">${bracketed(weight)}*${bracketed(this.value(c))}</span>`)).join(" + "),
      l2: () => `sqrt(${cut(values.map((v) => `${bracketed(v)}^2`)).join(" + ")})`,
      mean: () => `(${cut(values.map(bracketed)).join(" + ")}) / ${values.length}`,
    };
    const text = words[join.rule]?.() ?? `${join.rule}(${cut(values.map(shown)).join(", ")})`;
    return `${text} = ${total}${taken}`;
  }

  // Where the value was taken from, as frameworks count it.
  taken(join, cell) {
    const grid = this.data.grids[join.target], source = this.data.grids[join.source];
    const flat = join.picks[(cell.row * grid.columns + cell.column) * grid.planes.length + cell.plane];
    return `, at index ${flat}: row ${Math.floor(flat / source.inner)}, column ${flat % source.inner}`;
  }

  outgoing(join, cell) {
    const found = this.targets(join, cell), target = this.data.grids[join.target];
    if (target.conceal === "size") return "";
    if (join.rule === "sum") {
      const parts = new Map();
      found.forEach(({ cell: c, weight }) => parts.set(weight, [...(parts.get(weight) ?? []), this.place(c).slice(target.name.length + 1)]));
      const value = this.value(cell);
      return [...parts].map(([weight, places]) =>
        `${bracketed(weight)}*${bracketed(value)} = <b>${shown(weight * value)}</b> goes to ${target.name} ${cut(places, 8).join(", ")}`).join("<br>") || "goes nowhere";
    }
    const windows = `is read by ${count(found.length, "window")}`;
    if (!join.picks || target.conceal) return windows;
    const source = this.data.grids[join.source], [top, left] = source.origin;
    const own = (cell.row - top) * source.inner + cell.column - left;
    const planes = target.planes.length;
    const takers = found.filter(({ place, cell: c }) => join.picks[place * planes + c.plane] === own);
    return source.pad.includes(cell.row * source.columns + cell.column) ? `${windows}, and never wins`
      : `${windows}; ${takers.length ? `taken by ${takers.map(({ cell: c }) => this.place(c)).join(", ")}` : "taken by none"}`;
  }

  write(where, html) {
    this.find(".where").textContent = where;
    this.find(".terms").innerHTML = html;
  }

  say(text) { this.find(".spoken").textContent = text; }

  speak() { this.say(`${this.find(".where").textContent}: ${this.find(".terms").textContent}`); }

  // ---- tables for those who read rather than point --------------------------------------------

  fillTables() {
    const details = this.find(".tables");
    if (!details.open || !this.data) return;
    const host = details.querySelector("div");
    host.innerHTML = "";
    this.data.grids.forEach((grid) => grid.planes.forEach((values, p) => {
      const caption = grid.planes.length > 1 ? `${grid.title}, channel ${p}` : grid.title;
      const table = numberTable(values, grid.rows, grid.columns, caption, Boolean(grid.conceal));
      host.appendChild(table);
      if (!grid.conceal) values.forEach((v, at) => { if (v === null) table.tBodies[0].rows[Math.floor(at / grid.columns)].cells[1 + at % grid.columns].textContent = grid.blank; });
    }));
  }

  release() {
    this.player.pause();
    clearTimeout(this.resting);
    this.observer.disconnect();
    this.stopTheme();
  }
}

const cut = (words, most = 60) => (words.length <= most ? words : [...words.slice(0, most), `... (${words.length - most} more)`]);

const count = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

const mount = mounting(".chain", Chain);
