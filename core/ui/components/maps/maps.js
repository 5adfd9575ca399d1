// Maps of layers as small pictures. Python sends the numbers; here they get their colours, and
// the one under the pointer is read out.

const GAP = 10;

class Strip {
  constructor(host, view, place) {
    Object.assign(this, { view, place });
    this.section = host.appendChild(document.createElement("section"));
    this.section.className = "strip";
    this.section.innerHTML = '<header><h4></h4><span class="reading"></span><span class="range"><span></span><i></i><span></span></span></header><div class="sheet"></div>';
    const sheet = this.section.querySelector(".sheet");
    this.base = sheet.appendChild(document.createElement("canvas"));
    this.top = sheet.appendChild(document.createElement("canvas"));
    this.top.className = "top";
    this.top.tabIndex = 0;
    this.top.setAttribute("role", "application");
    this.pixels = document.createElement("canvas");
    this.tile = 0;
    this.top.addEventListener("pointermove", (e) => this.point(this.cellAt(e)));
    this.top.addEventListener("pointerleave", () => this.point(null));
    this.top.addEventListener("click", (e) => { const cell = this.cellAt(e); if (cell) view.open(place, cell.tile); });
    this.top.addEventListener("focus", () => this.top.matches(":focus-visible") && this.point({ tile: this.tile }));
    this.top.addEventListener("blur", () => this.point(null));
    this.top.addEventListener("keydown", (e) => this.key(e));
  }

  receive(layer) {
    const bytes = Uint8Array.from(atob(layer.numbers), (c) => c.charCodeAt(0));
    this.steps = new Int16Array(bytes.buffer);
    this.layer = layer;
    this.count = layer.captions.length;
    this.tile = Math.min(this.tile, this.count - 1);
    this.top.setAttribute("aria-label", `${layer.alt} Arrow keys go from map to map, Enter enlarges one.`);
  }

  value(tile, row, column) {
    const { rows, columns, limits } = this.layer, step = this.steps[(tile * rows + row) * columns + column];
    return step === -32768 ? NaN : (step / 32767) * limits[tile];
  }

  values(tile) {
    const { rows, columns } = this.layer, found = [];
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) found.push(this.value(tile, r, c));
    return found;
  }

  scale(tile) {
    const map = ramp(this.palette.diverging), limit = this.layer.limits[tile] || 1, lost = hexToRgb(this.palette.muted);
    return (v) => (Number.isNaN(v) ? lost : map(0.5 + v / (2 * limit)));
  }

  draw(palette, width) {
    const { rows, columns, limits, title, shared } = this.layer;
    this.palette = palette;
    this.section.querySelector("h4").textContent = title;
    const [low, bar, high] = this.section.querySelector(".range").children;
    low.textContent = shared ? `−${tidy(limits[0])}` : "each map: − its largest";
    high.textContent = shared ? tidy(limits[0]) : "+ its largest";
    bar.style.background = `linear-gradient(90deg, ${palette.diverging.join(", ")})`;
    // Few maps are shown larger than many.
    const text = textPixels(), side = Math.min(Math.max(width / this.count - GAP, 72), 128);
    this.size = Math.max(Math.floor(side / Math.max(rows, columns)), 1);
    this.wide = columns * this.size;
    this.high = rows * this.size;
    this.room = Math.max(this.wide, 26) + GAP;
    this.line = this.high + text * 1.4 + GAP;
    this.across = Math.max(Math.min(Math.floor((width + GAP) / this.room), this.count), 1);
    const down = Math.ceil(this.count / this.across);
    Object.assign(this, { width: this.across * this.room, height: down * this.line });
    const ctx = sizeCanvas(this.base, this.width, this.height);
    ctx.imageSmoothingEnabled = false;
    ctx.font = `${text}px ${getComputedStyle(this.section).fontFamily}`;
    for (let tile = 0; tile < this.count; tile++) this.drawTile(ctx, tile, text);
    this.light();
  }

  drawTile(ctx, tile, text) {
    const { rows, columns, captions } = this.layer, { x, y } = this.corner(tile), scale = this.scale(tile);
    if (this.pixels.width !== columns || this.pixels.height !== rows) [this.pixels.width, this.pixels.height] = [columns, rows];
    const inside = this.pixels.getContext("2d"), picture = inside.createImageData(columns, rows);
    for (let r = 0, at = 0; r < rows; r++) for (let c = 0; c < columns; c++, at += 4) picture.data.set([...scale(this.value(tile, r, c)), 255], at);
    inside.putImageData(picture, 0, 0);
    ctx.drawImage(this.pixels, x, y, this.wide, this.high);
    ctx.strokeStyle = this.palette.grid;
    ctx.lineWidth = 1;
    ctx.strokeRect(x - 0.5, y - 0.5, this.wide + 1, this.high + 1);
    ctx.fillStyle = this.palette.muted;
    ctx.textAlign = "left";
    ctx.textBaseline = "top";
    ctx.fillText(captions[tile], x, y + this.high + 3, this.room - 4);
  }

  corner(tile) {
    return { x: (tile % this.across) * this.room + 1, y: Math.floor(tile / this.across) * this.line + 1 };
  }

  cellAt(event) {
    const box = this.top.getBoundingClientRect(), px = event.clientX - box.left, py = event.clientY - box.top;
    const tile = Math.floor(py / this.line) * this.across + Math.floor(px / this.room);
    if (px < 0 || tile < 0 || tile >= this.count || px >= this.across * this.room) return null;
    const { x, y } = this.corner(tile), row = Math.floor((py - y) / this.size), column = Math.floor((px - x) / this.size);
    const inside = row >= 0 && row < this.layer.rows && column >= 0 && column < this.layer.columns;
    return inside ? { tile, row, column } : { tile };
  }

  key(event) {
    const now = this.at?.tile ?? this.tile, last = this.count - 1;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, ArrowUp: now - this.across, ArrowDown: now + this.across, Home: 0, End: last }[event.key];
    if (to !== undefined) {
      this.point({ tile: Math.min(Math.max(to, 0), last) });
      this.read(this.at, true);
    }
    else if (event.key === "Enter" || event.key === " ") this.view.open(this.place, now);
    else if (event.key === "Escape") this.view.close();
    else return;
    event.preventDefault();
  }

  point(cell) {
    this.at = cell;
    if (cell) this.tile = cell.tile;
    this.light();
    this.read(cell);
  }

  // What is pointed at stands beside the title, in place of the note.
  read(cell, aloud) {
    const reading = this.section.querySelector(".reading"), text = cell ? this.sentence(cell) : "";
    reading.textContent = text || this.layer.note;
    reading.classList.toggle("pointed", Boolean(text));
    if (aloud) this.view.find(".spoken").textContent = text;
  }

  sentence({ tile, row, column }) {
    const name = `Map ${this.layer.captions[tile]}`, block = this.layer.block;
    if (row === undefined) {
      const values = this.values(tile).filter((v) => !Number.isNaN(v));
      return values.length ? `${name}: from ${tidy(Math.min(...values))} to ${tidy(Math.max(...values))}` : `${name}: no number`;
    }
    const place = block > 1 ? `rows ${row * block} on, columns ${column * block} on` : `row ${row}, column ${column}`;
    return `${name}, ${place}: ${tidy(this.value(tile, row, column))}`;
  }

  light() {
    const ctx = sizeCanvas(this.top, this.width, this.height), open = this.view.opened;
    const frame = (tile, colour, weight) => {
      const { x, y } = this.corner(tile);
      ctx.strokeStyle = colour;
      ctx.lineWidth = weight;
      ctx.strokeRect(x - 0.5, y - 0.5, this.wide + 1, this.high + 1);
    };
    if (open?.place === this.place && open.tile < this.count) frame(open.tile, this.palette.output, 3);
    if (!this.at || this.at.tile >= this.count) return;
    frame(this.at.tile, this.palette.window, 2);
    if (this.at.row === undefined || this.size < 3) return;
    const { x, y } = this.corner(this.at.tile);
    ctx.strokeStyle = this.palette.text;
    ctx.lineWidth = 1.5;
    ctx.strokeRect(x + this.at.column * this.size, y + this.at.row * this.size, this.size, this.size);
  }
}

class Maps {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.strips = [];
    this.opened = null;
    this.large = new Planes(this.find(".large .host"), {
      label: "The map enlarged. Arrow keys go from cell to cell, Escape closes.",
      onPoint: (cell) => this.pointLarge(cell),
      onPick: () => {},
      onKey: (event) => this.keyLarge(event),
    });
    this.find(".close").addEventListener("click", () => this.close());
    this.find(".tables").addEventListener("toggle", () => this.fillTable());
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.draw());
  }

  receive(component) {
    this.component = component;
    this.data = component.data;
    const host = this.find(".strips"), layers = this.data.layers;
    while (this.strips.length < layers.length) this.strips.push(new Strip(host, this, this.strips.length));
    while (this.strips.length > layers.length) this.strips.pop().section.remove();
    layers.forEach((layer, k) => this.strips[k].receive(layer));
    // What was enlarged stays so while its layer has that name.
    const open = this.opened;
    if (open && !(layers[open.place]?.title === open.title && open.tile < this.strips[open.place].count)) this.opened = null;
    this.draw();
    this.root.dataset.ready = "true";
  }

  draw() {
    const width = this.root.clientWidth;
    if (!this.data || !width) return;
    this.palette = themePalette(this.root);
    for (const name of ["muted", "grid"]) this.root.style.setProperty(`--${name}`, this.palette[name]);
    for (const strip of this.strips) strip.draw(this.palette, width);
    this.drawLarge();
    for (const strip of this.strips) strip.read(strip.at && strip.at.tile < strip.count ? strip.at : null);
    if (this.cell) this.pointLarge(this.cell);
  }

  // ---- one map, enlarged ------------------------------------------------------------------------

  open(place, tile) {
    if (this.opened?.place === place && this.opened.tile === tile) return this.close();
    this.opened = { place, tile, title: this.data.layers[place].title };
    this.draw();
    this.find(".large").scrollIntoView({ block: "nearest" });
    if (this.data.asks) this.component.setTriggerValue("open", `${place},${tile}`);
  }

  close() {
    const strip = this.opened && this.strips[this.opened.place];
    const inside = this.find(".large").contains(this.root.getRootNode().activeElement);
    this.opened = this.cell = null;
    this.draw();
    if (inside) strip.top.focus({ preventScroll: true });
  }

  drawLarge() {
    const large = this.find(".large");
    large.hidden = !this.opened;
    if (!this.opened) return;
    const strip = this.strips[this.opened.place], { rows, columns, captions } = strip.layer, tile = this.opened.tile;
    if (large.previousElementSibling !== strip.section) strip.section.after(large);
    large.querySelector("h4").textContent = `${strip.layer.title}, ${captions[tile]}`;
    this.large.update({ planes: [{ values: strip.values(tile), title: "" }], rows, columns, palette: this.palette, scale: strip.scale(tile) });
    const { size, across } = bestFit(this.large, Math.min(this.root.clientWidth, 640), 520, 64);
    this.large.layout(size, across);
    this.fillTable();
  }

  pointLarge(cell, aloud) {
    this.cell = cell;
    const strip = this.opened && this.strips[this.opened.place];
    if (!strip) return;
    const inside = cell && cell.row < strip.layer.rows && cell.column < strip.layer.columns;
    this.large.highlight(inside ? [{ cells: [[0, cell.row, cell.column]], colour: this.palette.window }] : []);
    strip.read(inside ? { tile: this.opened.tile, row: cell.row, column: cell.column } : null, aloud);
  }

  keyLarge(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (step) {
      const { rows, columns } = this.strips[this.opened.place].layer, { row, column } = this.cell ?? { row: 0, column: 0 };
      const inside = (v, end) => Math.min(Math.max(v, 0), end - 1);
      const to = this.cell ? [inside(row + step[0], rows), inside(column + step[1], columns)] : [0, 0];
      this.pointLarge({ plane: 0, row: to[0], column: to[1] }, true);
    } else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  fillTable() {
    const details = this.find(".tables");
    if (!details.open || !this.opened) return;
    const strip = this.strips[this.opened.place], { rows, columns, captions } = strip.layer;
    const values = strip.values(this.opened.tile);
    details.querySelector("div").replaceChildren(numberTable(values, rows, columns, captions[this.opened.tile], false));
  }

  release() {
    this.observer.disconnect();
    this.stopTheme();
  }
}

const mount = mounting(".maps", Maps);
