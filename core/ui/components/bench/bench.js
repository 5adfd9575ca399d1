// A kernel on a photo: the weights to be edited, the photo before and after with a border that is
// dragged, and the arithmetic of the pixel that is pointed at. The picture "after" comes from
// Python; a window's products are the photo's own pixels times the weights shown.

const FEW_TERMS = 9, MOST_TERMS = 25;
const CHANNELS = ["red", "green", "blue"];
const BETWEEN_FRAMES = 250; // ms: what Streamlit draws after an answer has then arrived, too

class Bench {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.channel = 1;
    this.pixel = null;
    this.pointed = null;
    this.lit = null;
    this.turn = 0;
    this.waiting = [];
    this.sent = null;
    this.grid = new KernelGrid(this.find(".editor .host"), {
      onWeights: (changed) => this.send("edit", changed),
      onPaste: (text) => this.send("paste", text),
      onPoint: (cell) => { this.lit = cell; this.light(); },
    });
    this.window = this.board(".window .host", "Window of the photo. The arrow keys move it.");
    this.products = this.board(".products .host", "Weights times values. The arrow keys move the window.");
    this.camera = new Camera((text) => { this.find(".trouble").textContent = text; });
    this.divider = new Divider(this.find(".divider"), this.find(".view"), () => this.paint());
    this.wire();
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.recolour());
    this.arrived = () => this.develop();
    globalThis.addEventListener("receptive:photo", this.arrived);
  }

  board(selector, label) {
    return new Planes(this.find(selector), {
      label,
      onPoint: (cell) => { this.lit = cell; this.light(); },
      onPick: () => {},
      onKey: (event) => this.key(event),
    });
  }

  wire() {
    const top = this.find(".view canvas.top");
    top.addEventListener("pointermove", (e) => this.point(this.pixelAt(e)));
    top.addEventListener("pointerleave", () => this.point(null));
    top.addEventListener("click", (e) => this.pin(this.pixelAt(e)));
    top.addEventListener("keydown", (e) => this.key(e));
    this.freezer = document.createElement("button");
    this.freezer.className = "freeze";
    this.freezer.addEventListener("click", () => this.freeze(!this.frozen));
    this.find(".tools").addEventListener("click", (e) => {
      const act = e.target.closest("button")?.dataset.act;
      if (act) this.send("act", act);
    });
    this.find(".tables").addEventListener("toggle", () => this.fillTables());
  }

  // A message goes with the settings that were on show when it was meant, and the next one waits
  // until its answer is: two quick clicks are two changes, whatever Streamlit has drawn meanwhile.
  send(name, value) {
    this.waiting.push({ name, value });
    this.sendNext();
  }

  sendNext() {
    if (this.sent || !this.waiting.length) return;
    const { name, value } = this.waiting.shift();
    this.sent = setTimeout(() => this.answered(), 4000);
    this.component.setTriggerValue(name, JSON.stringify({ settings: this.data.settings, value }));
  }

  answered() {
    clearTimeout(this.sent);
    this.sent = null;
    this.sendNext();
  }

  receive(component) {
    const before = this.data;
    this.component = component;
    this.data = component.data;
    const d = this.data;
    if (!before || before.pin !== d.pin || before.id !== d.id) this.pixel = d.pixel;
    this.dress();
    this.grid.update({ values: d.weights, rows: d.rows, columns: d.columns, palette: this.palette });
    this.find(".editor h4").textContent = d.name;
    this.find(".facts").textContent = d.facts;
    this.find(".refused").textContent = d.refused;
    this.find("[data-act='undo']").disabled = !d.undo;
    this.find("[data-act='rows-']").disabled = d.rows === 1;
    this.find("[data-act='columns-']").disabled = d.columns === 1;
    this.find("[data-act='rows+']").disabled = d.rows >= d.largest;
    this.find("[data-act='columns+']").disabled = d.columns >= d.largest;
    this.fillChannels();
    this.fillTables();
    this.develop();
    if (d.focus && !before?.focus) this.find(".view canvas.top").focus({ preventScroll: true });
    this.resting = restThen(this.resting, d.settle);
    this.answered();
    this.film();
  }

  // ---- the pictures -------------------------------------------------------------------------

  // Decode the picture "after"; what is shown changes only when both pictures are there.
  async develop() {
    const d = this.data, turn = ++this.turn;
    const photo = d?.photo ? await this.frameOf(d) : globalThis.receptive.photos?.get(d?.id);
    if (!photo || turn !== this.turn) return;
    let after = null;
    if (d.after) {
      const image = new Image();
      image.src = d.after;
      await image.decode();
      if (turn !== this.turn) return;
      after = image;
    }
    this.photo = photo;
    this.answer = after;
    this.made = d;
    this.recolour();
    this.find(".shot h4").textContent = d.title;
    this.root.dataset.ready = "true";
  }

  // A frame of the camera comes with its answer, and is not kept with the photos.
  async frameOf({ id, photo }) {
    if (this.frame?.id !== id) this.frame = { id, ...(await readPhoto(photo)) };
    return this.frame;
  }

  // ---- the camera ---------------------------------------------------------------------------

  // While it runs, every answer is followed by the next frame.
  film() {
    const live = this.data.live;
    if (live !== this.freezer.isConnected) live ? this.find(".view").append(this.freezer) : this.freezer.remove();
    clearTimeout(this.next);
    if (!live) {
      this.camera.stop();
      this.freeze(false);
      return;
    }
    this.camera.start();
    if (!this.freezer.textContent) this.freeze(false);
    this.next = setTimeout(() => this.sendFrame(), BETWEEN_FRAMES);
  }

  sendFrame() {
    if (this.camera.running && !this.frozen && !this.sent && !document.hidden) {
      this.component.setTriggerValue("frame", this.camera.grab(this.data.side));
    }
    // Should this frame be lost, the next one goes a little later.
    this.next = setTimeout(() => this.sendFrame(), this.camera.running && !this.frozen ? 1500 : 200);
  }

  freeze(flag) {
    this.frozen = flag;
    this.freezer.textContent = flag ? "Go on" : "Freeze";
    this.freezer.setAttribute("aria-pressed", String(flag));
  }

  recolour() {
    if (!this.made || !this.photo) return;
    this.dress();
    this.after = this.answer && (this.made.map === "signed" ? this.signed() : this.answer);
    this.arrange();
  }

  // The theme's colours, where they are not on already.
  dress() {
    const palette = themePalette(this.root);
    if (palette === this.palette) return;
    this.palette = palette;
    for (const name of ["window", "kernel", "wrong"]) this.root.style.setProperty(`--${name}`, palette[name]);
    this.root.style.setProperty("--kernel-ink", inkOn(hexToRgb(palette.kernel)));
    const map = ramp(palette.diverging);
    this.levels = Array.from({ length: 256 }, (_, level) => map(level / 254));
  }

  // The levels 0 to 254 in the theme's diverging colours; 127 stands for 0.
  signed() {
    const canvas = document.createElement("canvas");
    canvas.width = this.answer.naturalWidth;
    canvas.height = this.answer.naturalHeight;
    const ctx = canvas.getContext("2d", { willReadFrequently: true });
    ctx.drawImage(this.answer, 0, 0);
    const picture = ctx.getImageData(0, 0, canvas.width, canvas.height), { data } = picture;
    for (let k = 0; k < data.length; k += 4) {
      const rgb = this.levels[data[k]];
      data[k] = rgb[0];
      data[k + 1] = rgb[1];
      data[k + 2] = rgb[2];
    }
    ctx.putImageData(picture, 0, 0);
    return canvas;
  }

  // Sizes follow the width, the photo and the kernel's shape; the rest is painted anew.
  arrange() {
    const width = this.root.clientWidth, d = this.made;
    if (!d || !width) return;
    const shape = [width, window.innerHeight, d.id, d.rows, d.columns, d.large].join();
    if (this.laidOut !== shape) {
      this.laidOut = shape;
      this.measure(width);
    }
    this.grid.layout(this.gridCell);
    this.paint();
    this.paintScale();
    this.showCut();
    this.light();
  }

  measure(width) {
    const d = this.made, narrow = width < 560;
    this.root.classList.toggle("narrow", narrow);
    const tall = d.large ? Math.max(window.innerHeight * 0.5, 320) : 440;
    const gridSide = narrow ? Math.min(width - 4, 300) : Math.min(Math.max(width * 0.32, 190), d.large ? 420 : 320);
    const room = narrow ? width : width - gridSide - 26;
    this.zoom = Math.min(room / d.width, tall / d.height);
    this.gridCell = this.cell(gridSide, d.large ? 64 : 52);
    this.size = { width: Math.floor(d.width * this.zoom), height: Math.floor(d.height * this.zoom) };
    const small = narrow ? (width - 40) / 2 : Math.min(width * 0.27, d.large ? 300 : 230);
    this.side = this.cell(small, d.large ? 60 : 46);
    for (const canvas of this.root.querySelectorAll(".view canvas")) fitCanvas(canvas, this.size.width, this.size.height);
  }

  cell(side, largest) {
    const { rows, columns } = this.data;
    const size = Math.min((side - 2) / columns, (side - 2) / rows, largest);
    return size > 12 ? Math.floor(size) : Math.max(Math.floor(size * 2) / 2, 4);
  }

  paint() {
    if (!this.size || !this.photo) return;
    const ctx = this.find(".view .base").getContext("2d"), { width, height } = this.size;
    const split = this.divider.share * width;
    ctx.imageSmoothingEnabled = this.zoom < 2.5;
    ctx.imageSmoothingQuality = this.zoom < 1 ? "high" : "low";
    ctx.save();
    ctx.beginPath();
    ctx.rect(0, 0, split, height);
    ctx.clip();
    ctx.drawImage(this.photo.canvas, 0, 0, width, height);
    ctx.restore();
    ctx.save();
    ctx.beginPath();
    ctx.rect(split, 0, width - split, height);
    ctx.clip();
    if (this.after) ctx.drawImage(this.after, 0, 0, width, height);
    else this.paintHidden(ctx, width, height);
    ctx.restore();
    this.find(".tag.before").hidden = this.divider.share < 0.12;
    this.find(".tag.after").hidden = this.divider.share > 0.88;
  }

  paintHidden(ctx, width, height) {
    ctx.fillStyle = this.palette.background;
    ctx.fillRect(0, 0, width, height);
    ctx.fillStyle = this.palette.muted;
    ctx.font = `600 ${Math.min(height * 0.3, 90)}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText("?", width * 0.75, height / 2);
  }

  // The colours' scale, with its numbers.
  paintScale() {
    const d = this.made, canvas = this.find(".scale canvas"), width = Math.min(this.size.width, 420);
    this.find(".scale").hidden = Boolean(d.conceal);
    fitCanvas(canvas, width, 12);
    const ctx = canvas.getContext("2d"), stops = d.map === "signed" ? this.palette.diverging : ["#000000", "#FFFFFF"];
    const gradient = ctx.createLinearGradient(0, 0, width, 0);
    stops.forEach((stop, k) => gradient.addColorStop(k / (stops.length - 1), stop));
    ctx.fillStyle = gradient;
    ctx.fillRect(0, 0, width, 12);
    const ends = this.find(".scale .ends");
    ends.style.width = `${width}px`;
    ends.innerHTML = "";
    for (const text of d.ends) ends.appendChild(document.createElement("span")).textContent = text;
  }

  showCut() { this.find(".cut").textContent = this.made.conceal ? "" : this.made.cut; }

  fillChannels() {
    const bar = this.find(".channels");
    if (this.data.channels === 1) { bar.innerHTML = ""; return; }
    if (!bar.children.length) {
      CHANNELS.forEach((name, c) => {
        const button = bar.appendChild(document.createElement("button"));
        button.textContent = name;
        button.addEventListener("click", () => { this.channel = c; this.fillChannels(); this.light(); });
      });
    }
    [...bar.children].forEach((b, c) => b.setAttribute("aria-pressed", String(c === this.channel)));
  }

  // ---- pointing -----------------------------------------------------------------------------

  pixelAt(event) {
    if (!this.size) return null;
    const box = this.find(".view canvas.top").getBoundingClientRect(), d = this.made;
    const column = Math.floor((event.clientX - box.left) / this.zoom), row = Math.floor((event.clientY - box.top) / this.zoom);
    return row >= 0 && column >= 0 && row < d.height && column < d.width ? [row, column] : null;
  }

  point(pixel) {
    if (`${pixel}` === `${this.pointed}`) return;
    this.pointed = pixel;
    this.lit = null;
    this.light();
  }

  pin(pixel) {
    if (!pixel) return;
    const place = pixel.join(",");
    this.pixel = pixel;
    this.data.pin = this.data.pin === place ? "" : place;
    this.send("pin", this.data.pin);
    this.light();
    this.speak();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key], far = event.shiftKey ? 10 : 1, d = this.made;
    if (arrow) {
      const [row, column] = this.chosen();
      this.pixel = [
        Math.min(Math.max(row + arrow[0] * far, 0), d.height - 1),
        Math.min(Math.max(column + arrow[1] * far, 0), d.width - 1),
      ];
      this.pointed = null;
      this.light();
      this.speak();
    } else if (event.key === "Enter") this.pin(this.chosen());
    else return;
    event.preventDefault();
  }

  chosen() { return this.pointed ?? this.pixel; }

  // The photo's value under each tap, row by row; outside of it what lies there.
  under([row, column]) {
    const d = this.made, { data, width } = this.photo, values = [], padded = [];
    for (let i = 0; i < d.rows; i++) {
      for (let j = 0; j < d.columns; j++) {
        const r = d.rowSource[row + i], c = d.columnSource[column + j];
        const outside = r < 0 || c < 0;
        values.push(outside ? d.outside : data[(r * width + c) * 4 + (d.channels === 1 ? 0 : this.channel)]);
        padded.push(outside || row + i < d.above || column + j < d.before || row + i - d.above >= d.height || column + j - d.before >= d.width);
      }
    }
    return { values, padded };
  }

  light() {
    const d = this.made;
    if (!d || !this.size || !this.photo) return;
    const [row, column] = this.chosen(), { values, padded } = this.under([row, column]);
    const weights = d.weights, products = values.map((x, k) => x * weights[k]);
    const shared = { rows: d.rows, columns: d.columns, palette: this.palette };
    this.window.update({
      ...shared,
      planes: [{ values, title: "" }],
      scale: (v) => [v, v, v],
      mark: (r, c) => (padded[r * d.columns + c] ? "pad" : ""),
    });
    this.products.update({ ...shared, planes: [{ values: products, title: "" }], conceal: Boolean(d.conceal) });
    this.window.layout(this.side, 1);
    this.products.layout(this.side, 1);
    const at = this.lit && this.lit.row < d.rows && this.lit.column < d.columns ? this.lit : null;
    const cell = at ? [[0, at.row, at.column]] : [];
    this.window.highlight([{ cells: cell, colour: this.palette.window, weight: 3 }]);
    this.products.highlight([{ cells: cell, colour: this.palette.output, weight: 3 }]);
    this.grid.light(at);
    this.lightPhoto(row, column);
    this.describe(row, column, values, products, at);
  }

  lightPhoto(row, column) {
    const d = this.made, ctx = this.find(".view canvas.top").getContext("2d"), z = this.zoom;
    ctx.clearRect(0, 0, this.size.width, this.size.height);
    const box = [(column - d.before) * z, (row - d.above) * z, d.columns * z, d.rows * z];
    const frame = (left, top, width, height, colour, weight) => {
      ctx.lineWidth = weight + 2;
      ctx.strokeStyle = "rgba(255,255,255,0.9)";
      ctx.strokeRect(left, top, width, height);
      ctx.lineWidth = weight;
      ctx.strokeStyle = colour;
      ctx.strokeRect(left, top, width, height);
    };
    const least = Math.max(0, 9 - Math.min(box[2], box[3])) / 2;
    frame(box[0] - least, box[1] - least, box[2] + 2 * least, box[3] + 2 * least, this.palette.window, 2);
    if (z >= 4 && d.rows * d.columns > 1) frame(column * z, row * z, z, z, this.palette.output, 1.5);
  }

  describe(row, column, values, products, at) {
    const d = this.made, sum = products.reduce((a, b) => a + b, 0), count = values.length;
    const terms = d.weights.slice(0, MOST_TERMS).map((w, k) => {
      const mark = at && k === at.row * d.columns + at.column ? "term lit" : "term";
      return `<span class="${mark}">${bracketed(w)}*${bracketed(values[k])}</span>`;
    }).join(" + ");
    const rest = count > MOST_TERMS ? ` + ${count - MOST_TERMS} more` : "";
    const total = sum / d.scale + d.offset, hidden = Boolean(d.conceal);
    // Few products are read up to their sum; of many the sum is what matters, and comes first.
    const few = count <= FEW_TERMS, value = `<b>${hidden ? "?" : shown(sum)}</b>`;
    let html = `<span class="part">${few ? `${terms} = ${value}` : `${count} products add up to ${value}`}</span>`;
    if (!hidden && (d.scale !== 1 || d.offset !== 0)) {
      const divided = d.scale !== 1 ? ` / ${bracketed(d.scale)}` : "", added = d.offset !== 0 ? ` + ${bracketed(d.offset)}` : "";
      html += `<span class="part">${bracketed(sum)}${divided}${added} = <b>${shown(total)}</b></span>`;
    }
    if (!hidden) html += `<span class="part">${this.shownAs(row, column, total)}</span>`;
    if (!few) html += `<span class="part">${terms}${rest}</span>`;
    const channel = d.channels === 1 ? "" : `, ${CHANNELS[this.channel]}`;
    const cell = at ? `; weight [${at.row}, ${at.column}] = ${shown(this.grid.values[at.row * d.columns + at.column])} meets ${values[at.row * d.columns + at.column]}` : "";
    this.find(".where").textContent = `pixel [${row}, ${column}]${channel}${cell}`;
    this.find(".terms").innerHTML = html;
  }

  shownAs(row, column, total) {
    const d = this.made;
    if (d.display === "signed") {
      if (d.channels === 3) return "the picture shows the strongest of the three channels";
      const rgb = ramp(this.palette.diverging)((total / d.reach + 1) / 2);
      return `<span class="chip" style="background:${css(rgb)}"></span>shown in this colour, of ${shown(-d.reach)} to ${shown(d.reach)}`;
    }
    const size = d.display === "absolute" ? Math.abs(total) : total;
    const level = d.display === "stretch" ? ((size - d.low) * 255) / (d.high - d.low || 1) : size;
    const grey = Math.min(Math.max(Math.round(level), 0), 255), cut = d.display !== "stretch" && (size < -0.5 || size >= 255.5);
    return `<span class="chip" style="background:${css([grey, grey, grey])}"></span>shown as ${grey}${cut ? ", cut" : ""}`;
  }

  speak() { this.find(".spoken").textContent = `${this.find(".where").textContent}: ${this.find(".terms").textContent}`; }

  fillTables() {
    const details = this.find(".tables");
    if (!details.open || !this.data) return;
    const host = details.querySelector("div"), d = this.data;
    host.innerHTML = "";
    host.appendChild(numberTable(d.weights, d.rows, d.columns, `Weights of ${d.name}`, false));
  }

  release() {
    this.turn++;
    clearTimeout(this.sent);
    clearTimeout(this.next);
    this.camera.stop();
    this.grid.release();
    clearTimeout(this.resting);
    this.observer.disconnect();
    this.stopTheme();
    globalThis.removeEventListener("receptive:photo", this.arrived);
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

const mount = mounting(".bench", Bench);
