// A picture, a crop of it and the crop's planes: one pixel, pointed at anywhere, lights everywhere.

class PixelBoards {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.stacks = [];
    this.at = { row: 0, column: 0, channel: 0 };
    this.image = new Image();
    this.image.onload = () => this.paintWhole();
    this.wireWhole();
    this.find(".strip .top").addEventListener("pointermove", (e) => this.pointStrip(e));
    this.find(".tables").addEventListener("toggle", () => this.fillTables());
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.refresh());
  }

  receive(component) {
    const before = this.data;
    this.component = component;
    this.data = component.data;
    const d = this.data;
    if (!before || before.pixel !== d.pixel) {
      const [row, column] = d.pixel ? d.pixel.split(",").map(Number) : [0, 0];
      this.at = { row, column, channel: this.at.channel };
    }
    this.at.row = Math.min(this.at.row, d.rows - 1);
    this.at.column = Math.min(this.at.column, d.columns - 1);
    this.at.channel = Math.min(this.at.channel, d.planes.length - 1);
    this.crop = { top: d.top, left: d.left };
    this.image.src = d.picture;
    this.refresh();
    this.root.dataset.ready = "true";
    this.resting = restThen(this.resting, d.settle);
  }

  refresh() {
    if (!this.data) return;
    const d = this.data, palette = themePalette(this.root);
    this.palette = palette;
    this.root.style.setProperty("--window", palette.window);
    this.find(".whole h4").textContent = d.titles.whole;
    this.find(".vector h4").textContent = d.titles.vector;
    const colours = d.colours;
    const boards = [{ title: d.titles.crop, values: d.grey.values, colours, texts: colours.map(() => ""), plane: -1 }];
    d.planes.forEach((plane, c) => boards.push({ ...plane, plane: c }));
    if (d.space !== "grey") boards.push({ ...d.grey, plane: -2 });
    const host = this.find(".stacks");
    if (this.stacks.length !== boards.length) {
      host.innerHTML = "";
      this.find(".cropped").innerHTML = "";
      this.stacks = boards.map((board, b) => this.makeBoard(b ? host : this.find(".cropped"), b));
    }
    boards.forEach((board, b) => this.updateBoard(this.stacks[b], board, b));
    this.laidOut = "";
    this.arrange();
    this.fillTables();
  }

  makeBoard(host, b) {
    const section = host.appendChild(document.createElement("section"));
    const title = section.appendChild(document.createElement("h4"));
    const stack = new Planes(section.appendChild(document.createElement("div")), {
      label: "Pixels of the crop. Arrow keys move, Enter edits.",
      onPoint: (cell) => cell && this.point(cell.row, cell.column, this.stacks[b].board.plane),
      onPick: (cell) => cell && this.pin(cell),
      onEdit: (cell) => cell && this.edit(this.stacks[b], cell),
      onKey: (event) => this.key(event, this.stacks[b]),
    });
    stack.heading = title;
    return stack;
  }

  updateBoard(stack, board) {
    stack.board = board;
    stack.heading.textContent = board.title;
    const scale = board.stops
      ? ((map) => (v) => map((v - board.low) / (board.high - board.low)))(ramp(board.stops)) : undefined;
    stack.update({
      planes: [{ values: board.values, texts: board.texts, colours: board.colours, title: "" }],
      rows: this.data.rows, columns: this.data.columns, palette: this.palette, scale: scale ?? (() => [0, 0, 0]),
    });
  }

  arrange() {
    const width = this.root.clientWidth;
    if (!this.data || !width || this.laidOut === `${width}`) return;
    this.laidOut = `${width}`;
    const narrow = width < 640, d = this.data;
    this.root.classList.toggle("narrow", narrow);
    this.wholeSide = narrow ? Math.min(width - 4, 360) : Math.min(width * 0.32, 420);
    const scale = this.wholeSide / Math.max(d.width, d.height);
    this.scale = scale >= 1 ? Math.floor(scale) : scale;
    const room = narrow ? width - 4 : width - this.wholeSide - 24;
    const across = this.stacks.length === 2 || (narrow && d.columns > 8) ? 1 : 2;
    const fit = Math.floor((room - (across - 1) * 20) / across / d.columns - 0.3);
    const cell = (most, tall) => Math.max(Math.min(most, Math.floor(tall / d.rows), d.large ? 72 : 56), 9);
    this.stacks.forEach((stack, b) => {
      const crop = b === 0;
      const most = crop ? Math.floor(Math.min(this.wholeSide, narrow ? room / 2 : Infinity) / d.columns) : fit;
      stack.layout(cell(most, crop ? 260 : 330), 1);
    });
    this.paintWhole();
    this.paintStrip();
    this.light();
  }

  // ---- the whole picture with the crop's frame ------------------------------------------------

  paintWhole() {
    if (!this.scale || !this.image.complete || !this.image.naturalWidth) return;
    const d = this.data, w = d.width * this.scale, h = d.height * this.scale;
    for (const canvas of this.root.querySelectorAll(".whole canvas")) fitCanvas(canvas, w, h);
    const ctx = this.find(".whole .base").getContext("2d");
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(this.image, 0, 0, w, h);
    this.lightWhole();
  }

  lightWhole() {
    const ctx = this.find(".whole .top").getContext("2d"), s = this.scale, d = this.data;
    if (!s) return;
    const { top, left } = this.crop;
    ctx.clearRect(0, 0, d.width * s, d.height * s);
    ctx.fillStyle = "rgba(0,0,0,0.35)";
    ctx.fillRect(0, 0, d.width * s, d.height * s);
    ctx.clearRect(left * s, top * s, d.columns * s, d.rows * s);
    ctx.strokeStyle = "#fff";
    ctx.lineWidth = 3;
    ctx.strokeRect(left * s, top * s, d.columns * s, d.rows * s);
    ctx.strokeStyle = this.palette.window;
    ctx.lineWidth = 1.5;
    ctx.strokeRect(left * s, top * s, d.columns * s, d.rows * s);
    const size = Math.max(s, 3);
    ctx.strokeStyle = this.palette.output;
    ctx.lineWidth = 2;
    ctx.strokeRect((left + this.at.column) * s, (top + this.at.row) * s, size, size);
  }

  wireWhole() {
    const canvas = this.find(".whole .top");
    let start = null;
    const place = (e) => {
      const box = canvas.getBoundingClientRect();
      return { row: (e.clientY - box.top) / this.scale, column: (e.clientX - box.left) / this.scale };
    };
    canvas.addEventListener("pointerdown", (e) => {
      const { row, column } = place(e), d = this.data;
      const inside = row >= this.crop.top && row < this.crop.top + d.rows
        && column >= this.crop.left && column < this.crop.left + d.columns;
      start = inside ? { row: row - this.crop.top, column: column - this.crop.left } : { row: d.rows / 2, column: d.columns / 2 };
      canvas.setPointerCapture(e.pointerId);
      this.moveCrop(row - start.row, column - start.column);
    });
    canvas.addEventListener("pointermove", (e) => {
      const { row, column } = place(e);
      if (start) this.moveCrop(row - start.row, column - start.column);
      else this.pointWhole(Math.floor(row), Math.floor(column));
    });
    const end = () => { if (start) { start = null; this.sendCrop(); } };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    canvas.addEventListener("keydown", (e) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[e.key];
      if (!step) return;
      e.preventDefault();
      this.moveCrop(this.crop.top + step[0], this.crop.left + step[1]);
      clearTimeout(this.later);
      this.later = setTimeout(() => this.sendCrop(), 250);
    });
  }

  moveCrop(top, left) {
    const d = this.data;
    this.crop = {
      top: Math.max(0, Math.min(Math.round(top), d.height - d.rows)),
      left: Math.max(0, Math.min(Math.round(left), d.width - d.columns)),
    };
    this.lightWhole();
  }

  sendCrop() {
    if (this.crop.top === this.data.top && this.crop.left === this.data.left) return;
    this.component.setStateValue("crop", `${this.crop.top},${this.crop.left}`);
  }

  pointWhole(row, column) {
    const d = this.data, r = row - d.top, c = column - d.left;
    if (r >= 0 && r < d.rows && c >= 0 && c < d.columns) this.point(r, c, -1);
  }

  // ---- pointing -------------------------------------------------------------------------------

  point(row, column, plane) {
    const channel = plane >= 0 ? plane : this.at.channel;
    if (row === this.at.row && column === this.at.column && channel === this.at.channel) return;
    this.at = { row, column, channel };
    this.light();
  }

  pin({ row, column }) {
    const place = `${row},${column}`;
    this.data.pixel = this.data.pixel === place ? "" : place;
    this.component.setStateValue("pin", `${this.data.pixel};`);
    this.say();
  }

  key(event, stack) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (step) {
      event.preventDefault();
      const row = Math.min(Math.max(this.at.row + step[0], 0), this.data.rows - 1);
      const column = Math.min(Math.max(this.at.column + step[1], 0), this.data.columns - 1);
      this.point(row, column, stack.board.plane);
      this.say();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.edit(stack, { plane: 0, row: this.at.row, column: this.at.column });
    }
  }

  edit(stack, cell) {
    const plane = stack.board.plane;
    if (this.data.space !== "rgb" || plane < 0) {
      this.find(".spoken").textContent = "Only red, green and blue can be edited.";
      return;
    }
    editCell(stack, cell, (value) => {
      const index = [this.data.top + cell.row, this.data.left + cell.column, plane];
      const kept = Math.round(Math.min(Math.max(value, 0), 255));
      this.component.setTriggerValue("edit", `x.${index.join(".")}=${kept}`);
    });
  }

  light() {
    if (!this.stacks[0]?.size) return;
    const { row, column, channel } = this.at, p = this.palette;
    for (const stack of this.stacks) {
      const main = stack.board.plane === channel;
      stack.highlight([{ cells: [[0, row, column]], colour: main ? p.output : p.window, weight: 3 }]);
    }
    this.lightWhole();
    this.lightStrip();
    this.describe();
  }

  describe() {
    const d = this.data, { row, column, channel } = this.at, k = row * d.columns + column;
    const index = (row * d.columns + column) * d.planes.length + channel;
    this.find(".where").textContent =
      `pixel [${row}, ${column}] of the crop, [${d.top + row}, ${d.left + column}] of the picture; ` +
      `x[${row}, ${column}, ${channel}] is number (${row} * ${d.columns} + ${column}) * ${d.planes.length} + ${channel} = ${index} of the vector`;
    const rgb = d.colours[k];
    const parts = d.planes.map((plane) => `${plane.title} ${shown(plane.values[k])}${plane.unit}`).join(", ");
    const sum = `0.299*${rgb[0]} + 0.587*${rgb[1]} + 0.114*${rgb[2]} = ${shown(d.grey.values[k])}`;
    const what = this.find(".what");
    what.innerHTML = "";
    const chip = what.appendChild(document.createElement("span"));
    chip.className = "chip";
    chip.style.background = css(rgb);
    what.append(`${parts}; grey ${sum}`);
    this.find(".around").textContent = this.neighbours(index);
  }

  neighbours(index) {
    const vector = this.vector(), from = Math.max(index - 5, 0), to = Math.min(index + 6, vector.length);
    const words = [];
    for (let k = from; k < to; k++) words.push(k === index ? `[${shown(vector[k])}]` : shown(vector[k]));
    return `${from > 0 ? "... " : ""}${words.join("  ")}${to < vector.length ? " ..." : ""}   (numbers ${from} to ${to - 1} of ${vector.length})`;
  }

  vector() {
    const d = this.data, out = [];
    for (let k = 0; k < d.rows * d.columns; k++) for (const plane of d.planes) out.push(plane.values[k]);
    return out;
  }

  paintStrip() {
    const d = this.data, vector = this.vector(), width = this.root.clientWidth - 4;
    this.stripStep = Math.min(width / vector.length, 24);
    for (const canvas of this.root.querySelectorAll(".strip canvas")) fitCanvas(canvas, this.stripStep * vector.length, 26);
    const ctx = this.find(".strip .base").getContext("2d");
    vector.forEach((v, k) => {
      const plane = d.planes[k % d.planes.length];
      ctx.fillStyle = css(ramp(plane.stops)((v - plane.low) / (plane.high - plane.low)));
      ctx.fillRect(k * this.stripStep, 0, Math.ceil(this.stripStep), 26);
    });
    this.lightStrip();
  }

  lightStrip() {
    const ctx = this.find(".strip .top").getContext("2d"), d = this.data, { row, column, channel } = this.at;
    if (!this.stripStep) return;
    const first = (row * d.columns + column) * d.planes.length, s = this.stripStep;
    ctx.clearRect(0, 0, this.root.clientWidth, 26);
    ctx.lineWidth = 2;
    ctx.strokeStyle = this.palette.window;
    ctx.strokeRect(first * s, 1, Math.max(d.planes.length * s, 3), 24);
    ctx.strokeStyle = this.palette.output;
    ctx.lineWidth = 3;
    ctx.strokeRect((first + channel) * s, 1, Math.max(s, 2), 24);
  }

  pointStrip(event) {
    const d = this.data, box = this.find(".strip .top").getBoundingClientRect();
    const k = Math.floor((event.clientX - box.left) / this.stripStep), n = d.planes.length;
    if (k < 0 || k >= d.rows * d.columns * n) return;
    const pixel = Math.floor(k / n);
    this.point(Math.floor(pixel / d.columns), pixel % d.columns, k % n);
  }

  say() { this.find(".spoken").textContent = `${this.find(".where").textContent}. ${this.find(".what").textContent}`; }

  fillTables() {
    const details = this.find(".tables");
    if (!details.open || !this.data) return;
    const host = details.querySelector("div");
    host.innerHTML = "";
    for (const plane of [...this.data.planes, this.data.grey]) {
      host.appendChild(numberTable(plane.values, this.data.rows, this.data.columns, plane.title, false));
    }
  }

  release() {
    clearTimeout(this.later);
    clearTimeout(this.resting);
    this.observer.disconnect();
    this.stopTheme();
  }
}

function fitCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.ceil(width * ratio);
  canvas.height = Math.ceil(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
}

const mount = mounting(".pixels", PixelBoards);
