// A block (N, H, W, C): which cells share a mean, and what each line of the algorithm makes of them.
// Every number comes from Python; here they are only looked up, shown and lit.

const MOST = 16;

class Block {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.at = { n: 0, h: 0, w: 0, c: 0 };
    this.line = 0;
    this.pointed = null;
    this.makeGrids();
    this.player = new Player(this.find(".steps"), { noun: "line", go: (line) => this.go(line) });
    this.find(".steps").addEventListener("keydown", (e) => { if (e.target.tagName === "BUTTON" && e.key !== " " && this.player.by(e.key)) e.preventDefault(); });
    this.find(".edit").addEventListener("click", () => this.setEditing(!this.editing));
    this.find(".tables").addEventListener("toggle", () => this.fillTables());
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.refresh());
  }

  makeGrids() {
    const grid = (name, label, fill) => new Planes(this.find(`.${name} .host`), {
      label,
      onPoint: (cell) => this.point(cell && fill(cell), name),
      // A double click edits: its second click must not take the pin of the first away again.
      onPick: (cell, event) => cell && event.detail < 2 && this.pick(cell, name),
      onEdit: name === "result" ? null : (cell) => cell && this.edit(cell, name),
      onKey: (event) => this.key(event, name),
    });
    const place = ({ plane, row, column }) => {
      const channels = this.data.shape[3];
      return { n: Math.floor(plane / channels), h: row, w: column, c: plane % channels };
    };
    const channel = ({ plane }) => ({ ...this.at, c: plane });
    this.input = grid("input", "Block. Arrow keys move, Enter edits the cell.", place);
    this.result = grid("result", "Result. Arrow keys move, Enter pins the cell.", place);
    this.gamma = grid("gamma", "Gammas. Arrow keys move, Enter edits.", channel);
    this.beta = grid("beta", "Betas. Arrow keys move, Enter edits.", channel);
    for (const name of ["input", "gamma", "beta"]) this.find(`.${name}`).classList.add("editable");
  }

  setEditing(flag) {
    this.editing = flag;
    this.find(".edit").setAttribute("aria-pressed", String(flag));
    this.root.classList.toggle("editing", flag);
  }

  receive(component) {
    const before = this.data, d = component.data;
    this.component = component;
    this.data = d;
    if (!before || before.cell !== d.cell) {
      const [n, h, w, c] = d.cell ? d.cell.split(",").map(Number) : [0, 0, 0, 0];
      this.at = { n, h, w, c };
    }
    const [samples, height, width, channels] = d.shape;
    const clamp = (v, size) => (v < size ? v : 0);
    this.at = { n: clamp(this.at.n, samples), h: clamp(this.at.h, height), w: clamp(this.at.w, width), c: clamp(this.at.c, channels) };
    if (!before || `${before.shape}` !== `${d.shape}`) this.pointed = null;
    if (!before || before.lines.length !== d.lines.length || before.kind !== d.kind) this.line = d.lines.length - 1;
    this.refresh();
    if (d.focus && (!before || !before.focus)) this.input.top.focus({ preventScroll: true });
    this.root.dataset.ready = "true";
    this.resting = restThen(this.resting, d.settle);
  }

  refresh() {
    if (!this.data) return;
    const d = this.data, palette = this.palette = themePalette(this.root), channels = d.shape[3];
    for (const part of ["window", "kernel", "output"]) this.root.style.setProperty(`--${part}`, palette[part]);
    this.fillKinds();
    this.update(this.input, d.raw, false);
    this.find(".input h4").textContent = d.title;
    this.showLine();
    const strip = (values) => ({
      planes: Array.from(values, (v, c) => ({ values: [v], title: `c${c}` })),
      rows: 1, columns: 1, palette, scaleOver: [...d.gamma, ...(d.beta ?? []), 0],
    });
    this.gamma.update(strip(d.gamma));
    this.find(".beta").hidden = !d.beta;
    if (d.beta) this.beta.update(strip(d.beta));
    this.channels = channels;
    this.find(".legend").innerHTML = `<span class="swatch shared"></span>${d.legend}`;
    this.fillTables();
    this.laidOut = "";
    this.arrange();
  }

  // One plane for each channel of each sample.
  update(stack, values, conceal) {
    const [samples, height, width, channels] = this.data.shape, planes = [];
    for (let n = 0; n < samples; n++) {
      for (let c = 0; c < channels; c++) {
        const own = [];
        for (let h = 0; h < height; h++) for (let w = 0; w < width; w++) own.push(values[this.index({ n, h, w, c })]);
        planes.push({ values: own, texts: own.map(brief), title: `n${n} c${c}` });
      }
    }
    stack.update({ planes, rows: height, columns: width, palette: this.palette, conceal });
  }

  showLine() {
    const d = this.data, line = d.lines[this.line];
    this.update(this.result, line.values, d.conceal);
    this.find(".result h4").textContent = `${this.line + 1}. ${line.title}`;
    this.player.show({ first: 0, last: d.lines.length - 1, step: this.line, text: `line ${this.line + 1} of ${d.lines.length}` });
  }

  arrange() {
    const width = this.root.clientWidth;
    if (!this.data || !width || this.laidOut === `${width}`) return;
    this.laidOut = `${width}`;
    const narrow = width < 600, [samples, height, columns, channels] = this.data.shape;
    this.root.classList.toggle("narrow", narrow);
    const room = narrow ? width - 4 : (width - 56) / 2;
    const tall = this.data.large ? Math.max(window.innerHeight * 0.4, 280) : 380;
    const across = Math.floor((room - (channels - 1) * 14 - 2) / (channels * columns));
    const down = Math.floor((tall - samples * 26) / (samples * height));
    const size = Math.max(Math.min(across, narrow ? across : Math.max(down, 20), this.data.large ? 60 : 46), 8);
    this.input.layout(size, channels);
    this.result.layout(size, channels);
    const strip = Math.min(Math.max(size, 34), Math.floor((room - channels * 14) / channels));
    this.gamma.layout(strip, channels);
    if (this.data.beta) this.beta.layout(strip, channels);
    this.sizeKinds(width, narrow);
    this.light();
  }

  // ---- the blocks of all norms -----------------------------------------------------------------

  fillKinds() {
    const bar = this.find(".kinds");
    if (bar.children.length !== this.data.kinds.length) {
      bar.innerHTML = "";
      this.data.kinds.forEach(({ slug }) => {
        const button = bar.appendChild(document.createElement("button"));
        button.setAttribute("role", "radio");
        button.appendChild(document.createElement("canvas"));
        button.appendChild(document.createElement("span"));
        button.appendChild(document.createElement("small"));
        button.addEventListener("click", () => this.choose(slug));
      });
    }
    this.data.kinds.forEach((kind, k) => {
      const button = bar.children[k], chosen = kind.slug === this.data.kind;
      button.setAttribute("aria-checked", String(chosen));
      button.setAttribute("aria-label", `${kind.title}: ${kind.words}`);
      button.children[1].textContent = kind.title;
      button.children[2].textContent = kind.words;
    });
  }

  choose(slug) {
    if (slug !== this.data.kind) this.component.setStateValue("kind", slug);
  }

  sizeKinds(width, narrow) {
    const count = this.data.kinds.length, per = narrow ? 3 : count;
    const beside = 2.2 * parseFloat(getComputedStyle(this.root).fontSize);
    this.kindWidth = Math.min(Math.floor(width / per - beside), this.data.large ? 180 : 150);
  }

  paintKinds(at) {
    const bar = this.find(".kinds");
    this.data.kinds.forEach((kind, k) => this.paintKind(bar.children[k].children[0], kind, at));
  }

  // Samples recede, channels stand side by side, the rows of a plane below each other; the cells
  // that share a mean with the chosen one are filled and hatched.
  paintKind(canvas, kind, at) {
    const [samples, height, width, channels] = this.data.shape, tall = height * width;
    const w = this.kindWidth, u = Math.min((w - 4) / (channels + 0.5 * samples), 26);
    const aside = u * 0.5, back = Math.min(aside, 44 / samples), v = Math.min(u, 84 / tall);
    const h = tall * v + samples * back + 4;
    sizeCanvasTo(canvas, w, h);
    const ctx = canvas.getContext("2d"), p = this.palette;
    const left = (w - channels * u - samples * aside) / 2, bottom = h - 2;
    const set = kind.sets[this.index(at)];
    const corner = (n, row, c) => [left + c * u + n * aside, bottom - (tall - row) * v - n * back];
    const cell = (n, row, c, points) => {
      const place = { n, h: Math.floor(row / width), w: row % width, c };
      paintFace(ctx, points, kind.sets[this.index(place)] === set, p);
    };
    for (let row = 0; row < tall; row++) {
      for (let c = 0; c < channels; c++) cell(0, row, c, [corner(0, row, c), corner(0, row, c + 1), corner(0, row + 1, c + 1), corner(0, row + 1, c)]);
    }
    for (let n = samples - 1; n >= 0; n--) {
      for (let c = 0; c < channels; c++) cell(n, 0, c, [corner(n, 0, c), corner(n, 0, c + 1), corner(n + 1, 0, c + 1), corner(n + 1, 0, c)]);
      for (let row = 0; row < tall; row++) cell(n, row, channels - 1, [corner(n, row, channels), corner(n + 1, row, channels), corner(n + 1, row + 1, channels), corner(n, row + 1, channels)]);
    }
  }

  // ---- what is chosen --------------------------------------------------------------------------

  index({ n, h, w, c }) {
    const [, height, width, channels] = this.data.shape;
    return ((n * height + h) * width + w) * channels + c;
  }

  chosen() { return this.pointed ?? this.at; }

  point(at, name) {
    const key = at && `${name}${Object.values(at)}`;
    if (key === this.pointedKey) return;
    this.pointedKey = key;
    this.pointed = at;
    this.light();
  }

  pick(cell, name) {
    if (this.editing && name !== "result") { this.edit(cell, name); return; }
    if (name === "input" || name === "result") {
      this.at = { ...this.chosen() };
      this.pin();
    }
  }

  pin() {
    const { n, h, w, c } = this.at, place = `${n},${h},${w},${c}`;
    this.data.cell = this.data.cell === place ? "" : place;
    this.component.setStateValue("pin", `${this.data.cell};`);
    this.light();
    this.speak();
  }

  edit(cell, name) {
    const [stack, letter] = { input: [this.input, "x"], gamma: [this.gamma, "g"], beta: [this.beta, "b"] }[name];
    const channels = this.data.shape[3];
    const place = name === "input"
      ? [Math.floor(cell.plane / channels), cell.row, cell.column, cell.plane % channels] : [cell.plane];
    if (name !== "input" && this.data.undoes) { this.say("Gamma and beta are set to undo the norm: choose set to change them."); return; }
    editCell(stack, cell, (value) => this.component.setTriggerValue("edit", `${letter}.${place.join(".")}=${value}`));
  }

  go(line) {
    const count = this.data.lines.length;
    this.line = ((line % count) + count) % count;
    const { size, across } = this.result;
    this.showLine();
    this.result.layout(size, across);
    this.light();
    this.fillTables();
    if (!this.player.playing) this.speak();
  }

  key(event, name) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") { event.preventDefault(); this.player.toggle(); return; }
    const stack = this[name], channels = this.data.shape[3];
    const at = this.chosen();
    const cell = name === "input" || name === "result"
      ? { plane: at.n * channels + at.c, row: at.h, column: at.w } : { plane: at.c, row: 0, column: 0 };
    if (event.key === "Enter") {
      event.preventDefault();
      name === "result" ? (this.at = { ...at }, this.pin()) : this.edit(cell, name);
    } else if (event.key === "Escape" && this.data.cell) {
      this.pin();
    } else if (event.key in MOVES) {
      event.preventDefault();
      this.player.pause();
      const next = this.moved(cell, event.key, name);
      this.point(name === "input" || name === "result"
        ? { n: Math.floor(next.plane / channels), h: next.row, w: next.column, c: next.plane % channels }
        : { ...at, c: next.plane }, `${name}key`);
      this.say(`${this.find(".where").textContent} ${this.find(".now")?.textContent ?? ""}`);
    } else if (["Home", "End"].includes(event.key) && this.player.by(event.key)) {
      event.preventDefault();
    }
  }

  // From cell to cell as they lie on the screen, over the gaps between planes.
  moved({ plane, row, column }, key, name) {
    const stack = this[name], channels = this.data.shape[3], [down, right] = MOVES[key];
    let n = Math.floor(plane / channels), c = plane % channels, r = row + down, k = column + right;
    if (k >= stack.columns && c + 1 < channels) { c += 1; k = 0; }
    if (k < 0 && c > 0) { c -= 1; k = stack.columns - 1; }
    const samples = stack.planes.length / channels;
    if (r >= stack.rows && n + 1 < samples) { n += 1; r = 0; }
    if (r < 0 && n > 0) { n -= 1; r = stack.rows - 1; }
    const clamp = (v, size) => Math.min(Math.max(v, 0), size - 1);
    return { plane: n * channels + c, row: clamp(r, stack.rows), column: clamp(k, stack.columns) };
  }

  // ---- light and arithmetic --------------------------------------------------------------------

  members(at) {
    const set = this.data.sets[this.index(at)], [samples, height, width, channels] = this.data.shape, found = [];
    for (let n = 0; n < samples; n++) for (let h = 0; h < height; h++) for (let w = 0; w < width; w++) {
      for (let c = 0; c < channels; c++) if (this.data.sets[this.index({ n, h, w, c })] === set) found.push({ n, h, w, c });
    }
    return found;
  }

  light() {
    if (!this.data || !this.input.size) return;
    const d = this.data, at = this.chosen(), p = this.palette, channels = d.shape[3];
    const cellOf = ({ n, h, w, c }) => [n * channels + c, h, w];
    const shared = this.members(at).map(cellOf), own = [cellOf(at)];
    const thick = Math.min(Math.max(this.input.size / 7, 2), 5);
    const group = { cells: shared, colour: p.window, fill: true, weight: Math.max(thick / 2, 1.2) };
    const pinned = d.cell ? [{ cells: [cellOf(this.at)], colour: p.text, weight: 3 }] : [];
    this.input.highlight([group, ...pinned, { cells: own, colour: p.window, weight: thick }]);
    const line = d.lines[this.line], whole = line.slug === "mean" || line.slug === "variance";
    this.result.highlight([{ cells: whole ? shared : own, colour: p.output, weight: whole ? Math.max(thick / 2, 1.2) : thick }, { cells: own, colour: p.output, weight: thick }]);
    const used = ["scale"].includes(line.slug) ? [[at.c, 0, 0]] : [];
    this.gamma.highlight([{ cells: used, colour: p.kernel }]);
    if (d.beta) this.beta.highlight([{ cells: used, colour: p.kernel }]);
    this.paintKinds(at);
    this.describe(at);
  }

  describe(at) {
    const d = this.data, i = this.index(at), members = this.members(at);
    const shared = members.length === 1 ? "shares its mean with no other cell" : `shares its ${d.kind === "rms" ? "mean square" : "mean"} with ${members.length - 1} others`;
    this.find(".where").textContent = `x [${at.n}, ${at.h}, ${at.w}, ${at.c}] = ${shown(d.raw[i])} ${d.inference ? "is normalised with the running statistics of its channel" : shared}`;
    this.find(".terms").innerHTML = d.lines.map((line, k) => {
      const when = k === this.line ? "now" : k > this.line ? "later" : "done";
      return `<span class="part ${when}">${k + 1}. ${this.words(line, at, i, members)}</span>`;
    }).join("");
    const box = this.find(".arithmetic"), now = this.find(".now");
    box.scrollTop = Math.max(now.offsetTop + now.offsetHeight - box.clientHeight - box.offsetTop + 12, 0);
  }

  // A line of the algorithm with this cell's numbers filled in.
  words(line, at, i, members) {
    const d = this.data, set = d.sets[i], x = d.x[i], value = d.conceal ? "?" : `<b>${shown(line.values[i])}</b>`;
    const mean = d.means[set], variance = d.variances[set], values = members.map((m) => d.x[this.index(m)]);
    const sum = (words) => (words.length > MOST ? [...words.slice(0, MOST), `... (${words.length - MOST} more)`] : words).join(" + ");
    const centre = d.kind === "rms" ? shown(x) : `(${shown(x)} - ${bracketed(mean)})`;
    const before = line.slug === "activation" ? (line === d.lines[0] ? d.raw[i] : d.lines[d.lines.indexOf(line) - 1].values[i]) : 0;
    const text = {
      activation: () => `max(0, ${shown(before)})`,
      mean: () => (d.inference ? "kept from training" : `(${sum(values.map(bracketed))}) / ${values.length}`),
      variance: () => (d.inference ? "kept from training"
        : d.kind === "rms" ? `(${sum(values.map((v) => `${bracketed(v)}^2`))}) / ${values.length}`
          : `(${sum(values.map((v) => `(${shown(v)} - ${bracketed(mean)})^2`))}) / ${values.length}`),
      normalize: () => `${centre} / sqrt(${shown(variance)} + ${d.epsilon})`,
      scale: () => `${bracketed(d.gamma[at.c])} * ${bracketed(d.normalized[i])}` + (d.beta ? ` + ${bracketed(d.beta[at.c])}` : ""),
    }[line.slug]();
    return `${line.title}: ${text} = ${value}`;
  }

  say(text) { this.find(".spoken").textContent = text; }

  speak() { this.say(`${this.find(".where").textContent}. ${this.find(".now")?.textContent ?? ""}`); }

  // ---- tables for those who read rather than point -----------------------------------------------

  fillTables() {
    const details = this.find(".tables");
    if (!details.open || !this.data) return;
    const host = details.querySelector("div");
    host.innerHTML = "";
    for (const [stack, name] of [[this.input, "Block"], [this.result, this.data.lines[this.line].title]]) {
      stack.planes.forEach(({ values, title }) => host.appendChild(
        numberTable(values, stack.rows, stack.columns, `${name}, ${title}`, stack.conceal)));
    }
  }

  release() {
    this.player.pause();
    clearTimeout(this.resting);
    this.observer.disconnect();
    this.stopTheme();
  }
}

// Cells show two decimals; the lines of the algorithm show three.
const brief = (value) => shown(Math.round(value * 100) / 100);

const MOVES = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

function sizeCanvasTo(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
}

function paintFace(ctx, points, shared, palette) {
  ctx.beginPath();
  points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  ctx.closePath();
  ctx.fillStyle = palette.background;
  ctx.fill();
  if (shared) {
    ctx.fillStyle = palette.window;
    ctx.globalAlpha = 0.75;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.save();
    ctx.clip();
    const xs = points.map(([x]) => x), ys = points.map(([, y]) => y);
    const low = Math.min(...xs), high = Math.max(...xs), top = Math.min(...ys), foot = Math.max(...ys);
    ctx.strokeStyle = palette.background;
    ctx.lineWidth = 1;
    ctx.beginPath();
    for (let d = low - (foot - top); d < high; d += 4) { ctx.moveTo(d, foot); ctx.lineTo(d + foot - top, top); }
    ctx.stroke();
    ctx.restore();
  }
  ctx.beginPath();
  points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  ctx.closePath();
  ctx.strokeStyle = shared ? palette.text : palette.grid;
  ctx.lineWidth = shared ? 1.2 : 1;
  ctx.stroke();
}

const mount = mounting(".block", Block);
