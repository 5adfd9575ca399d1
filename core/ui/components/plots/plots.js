// Still figures of numbers from Python: lines over an axis, lines round a compass, a field of
// colours. Pointing reads the numbers; nothing is computed here but places on the screen.

const LINE_COLOURS = ["window", "kernel", "output", "muted"];
const FIELD_BAR = 62;
const FIELD_TOP = 10;

class Plots {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.find(".tables").addEventListener("toggle", () => this.fillTables());
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => { this.laidOut = ""; this.arrange(); });
  }

  receive({ data }) {
    const panels = this.find(".panels"), kinds = data.panels.map((panel) => panel.kind).join();
    if (this.kinds !== kinds) {
      this.kinds = kinds;
      panels.innerHTML = "";
      this.boards = data.panels.map((_, n) => this.makePanel(panels, n));
    }
    this.data = data;
    this.laidOut = "";
    this.arrange();
    this.fillTables();
    this.root.dataset.ready = "true";
  }

  makePanel(host, n) {
    const section = host.appendChild(document.createElement("section"));
    const title = section.appendChild(document.createElement("h4"));
    const canvas = section.appendChild(document.createElement("canvas"));
    const key = section.appendChild(document.createElement("ul"));
    key.className = "key";
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.addEventListener("pointermove", (e) => this.point(n, e));
    canvas.addEventListener("pointerleave", () => this.leave(n));
    canvas.addEventListener("keydown", (e) => this.key(n, e));
    return { title, canvas, key, at: null };
  }

  arrange() {
    const width = this.root.clientWidth, d = this.data;
    if (!d || !width || this.laidOut === `${width}`) return;
    this.laidOut = `${width}`;
    this.palette = themePalette(this.root);
    const across = width < 560 ? 1 : d.panels.length, room = (width - (across - 1) * 26) / across;
    d.panels.forEach((panel, n) => {
      const board = this.boards[n];
      board.title.textContent = panel.title;
      board.canvas.setAttribute("aria-label", panel.alt);
      board.width = Math.floor(panel.kind === "lines" ? room : Math.min(room, 380));
      board.height = panel.kind === "lines" ? 270 : Math.min(board.width - (panel.kind === "field" ? FIELD_BAR : 0), 310);
      this.fillKey(board, panel);
      this.paint(n);
    });
  }

  fillKey(board, panel) {
    board.key.innerHTML = panel.kind === "lines" && panel.series.length > 1
      ? panel.series.map((series, k) => `<li><svg aria-hidden="true" viewBox="0 0 38 12"><line x1="0" y1="6" x2="38" y2="6" stroke="${this.colour(k)}" stroke-width="2.5" stroke-dasharray="${DASHES[k % DASHES.length].join(" ")}"/></svg><span></span></li>`).join("")
      : "";
    board.key.querySelectorAll("span").forEach((span, k) => { span.textContent = panel.series[k].name; });
  }

  colour(k) { return this.palette[LINE_COLOURS[k % LINE_COLOURS.length]]; }

  paint(n) {
    const board = this.boards[n], panel = this.data.panels[n];
    const ctx = sizeCanvas(board.canvas, board.width, board.height);
    ctx.font = `${textPixels()}px ${getComputedStyle(this.root).fontFamily}`;
    ({ lines: () => this.paintLines(ctx, board, panel), compass: () => this.paintCompass(ctx, board, panel), field: () => this.paintField(ctx, board, panel) })[panel.kind]();
  }

  // ---- lines over an axis ---------------------------------------------------------------------

  paintLines(ctx, board, panel) {
    const { width, height } = board, p = this.palette, all = panel.series.flatMap((s) => s.y);
    const x = linearScale(panel.x[0], panel.x[panel.x.length - 1], 58, width - 10, 6, true);
    const y = linearScale(Math.min(0, ...all), Math.max(...all), height - 42, 8, 5);
    Object.assign(board, { x, y });
    this.paintAxes(ctx, board, panel);
    panel.series.forEach((series, k) => {
      ctx.strokeStyle = this.colour(k);
      ctx.lineWidth = 2;
      ctx.setLineDash(DASHES[k % DASHES.length]);
      ctx.beginPath();
      series.y.forEach((value, i) => ctx[i ? "lineTo" : "moveTo"](x.at(panel.x[i]), y.at(value)));
      ctx.stroke();
    });
    ctx.setLineDash([]);
    if (board.at === null) return;
    ctx.strokeStyle = p.muted;
    ctx.lineWidth = 1;
    segment(ctx, x.at(panel.x[board.at]), 8, x.at(panel.x[board.at]), height - 42);
    panel.series.forEach((series, k) => dot(ctx, x.at(panel.x[board.at]), y.at(series.y[board.at]), this.colour(k)));
  }

  paintAxes(ctx, { x, y, width, height }, panel) {
    const p = this.palette;
    ctx.lineWidth = 1;
    ctx.strokeStyle = p.grid;
    ctx.fillStyle = p.muted;
    ctx.textBaseline = "middle";
    ctx.textAlign = "right";
    for (const { value, text } of y.ticks) {
      ctx.globalAlpha = value === 0 ? 1 : 0.35;
      segment(ctx, 58, y.at(value), width - 10, y.at(value));
      ctx.globalAlpha = 1;
      ctx.fillText(text, 52, y.at(value));
    }
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    for (const { value, text } of x.ticks) ctx.fillText(text, x.at(value), height - 36);
    ctx.fillText(panel.xTitle, (58 + width) / 2, height - 18);
  }

  // ---- lines round a compass --------------------------------------------------------------------

  paintCompass(ctx, board, panel) {
    const p = this.palette, middle = [board.width / 2, board.height / 2], radius = board.height / 2 - 26;
    const highest = Math.max(...panel.values) || 1;
    Object.assign(board, { middle, radius, highest });
    ctx.strokeStyle = p.grid;
    ctx.fillStyle = p.muted;
    ctx.lineWidth = 1;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (const share of [0.5, 1]) {
      ctx.globalAlpha = 0.5;
      ctx.beginPath();
      ctx.arc(...middle, radius * share, 0, 2 * Math.PI);
      ctx.stroke();
    }
    for (let degrees = 0; degrees < 360; degrees += 45) {
      const [x, y] = this.onCompass(board, degrees, highest);
      ctx.globalAlpha = 0.35;
      segment(ctx, ...middle, x, y);
      ctx.globalAlpha = 1;
      const [tx, ty] = this.onCompass(board, degrees, highest * (1 + 17 / radius));
      ctx.fillText(`${degrees}°`, tx, ty);
    }
    ctx.beginPath();
    panel.angles.forEach((degrees, k) => ctx[k ? "lineTo" : "moveTo"](...this.onCompass(board, degrees, panel.values[k])));
    ctx.closePath();
    ctx.globalAlpha = 0.25;
    ctx.fillStyle = p.kernel;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.strokeStyle = p.kernel;
    ctx.lineWidth = 2;
    ctx.stroke();
    if (board.at !== null) dot(ctx, ...this.onCompass(board, panel.angles[board.at], panel.values[board.at]), p.output);
  }

  onCompass({ middle, radius, highest }, degrees, value) {
    const angle = (degrees * Math.PI) / 180, far = (radius * value) / highest;
    return [middle[0] + far * Math.cos(angle), middle[1] + far * Math.sin(angle)];
  }

  // ---- a field of colours -----------------------------------------------------------------------

  paintField(ctx, board, panel) {
    const { width, height } = board, p = this.palette, n = panel.side, left = 46;
    const side = Math.min(height - 40 - FIELD_TOP, width - left - FIELD_BAR), map = ramp(p.sequential);
    Object.assign(board, { left, side });
    const image = new ImageData(n, n);
    panel.values.forEach((value, k) => image.data.set([...map(value / (panel.high || 1)), 255], 4 * k));
    const small = document.createElement("canvas");
    [small.width, small.height] = [n, n];
    small.getContext("2d").putImageData(image, 0, 0);
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(small, left, FIELD_TOP, side, side);
    ctx.fillStyle = p.muted;
    ctx.textBaseline = "middle";
    const [low, high] = [panel.axis[0], panel.axis[n - 1]], place = (v) => ((v - low) / (high - low)) * side;
    for (const v of [-0.5, -0.25, 0, 0.25, 0.5]) {
      ctx.textAlign = "right";
      ctx.fillText(String(v).replace("-", "−"), left - 5, FIELD_TOP + place(v));
      ctx.textAlign = "center";
      if (v * 4 % 2 === 0) ctx.fillText(String(v).replace("-", "−"), left + place(v), FIELD_TOP + side + 16);
    }
    ctx.fillText(panel.xTitle, left + side / 2, FIELD_TOP + side + 32);
    const bar = ctx.createLinearGradient(0, FIELD_TOP + side, 0, FIELD_TOP), x = left + side + 12;
    p.sequential.forEach((stop, k) => bar.addColorStop(k / (p.sequential.length - 1), stop));
    ctx.fillStyle = bar;
    ctx.fillRect(x, FIELD_TOP, 12, side);
    ctx.fillStyle = p.muted;
    ctx.textAlign = "left";
    ctx.fillText(figures(panel.high), x + 16, FIELD_TOP + 8);
    ctx.fillText("0", x + 16, FIELD_TOP + side - 6);
    if (board.at === null) return;
    const size = side / n, row = Math.floor(board.at / n), column = board.at % n;
    ctx.strokeStyle = p.output;
    ctx.lineWidth = 2;
    ctx.strokeRect(left + column * size - 1, FIELD_TOP + row * size - 1, size + 2, size + 2);
  }

  // ---- pointing -----------------------------------------------------------------------------------

  point(n, event) {
    const board = this.boards[n], panel = this.data.panels[n], box = board.canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    if (panel.kind === "lines") this.choose(n, nearest(panel.x, board.x.value(px)));
    else if (panel.kind === "compass") {
      const degrees = (Math.atan2(py - board.middle[1], px - board.middle[0]) * 180) / Math.PI;
      this.choose(n, nearest(panel.angles, (degrees + 360) % 360));
    } else {
      const row = Math.floor(((py - FIELD_TOP) / board.side) * panel.side), column = Math.floor(((px - board.left) / board.side) * panel.side);
      const inside = row >= 0 && column >= 0 && row < panel.side && column < panel.side;
      this.choose(n, inside ? row * panel.side + column : null);
    }
  }

  key(n, event) {
    const panel = this.data.panels[n], across = panel.side ?? 0;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const count = (panel.x ?? panel.angles ?? panel.values).length, at = this.boards[n].at ?? Math.floor(count / 2);
    this.choose(n, Math.min(Math.max(at + step, 0), count - 1));
  }

  leave(n) { this.choose(n, null); }

  choose(n, at) {
    const board = this.boards[n], panel = this.data.panels[n];
    if (board.at === at) return;
    board.at = at;
    this.paint(n);
    this.find(".said").textContent = at === null ? "" : this.words(panel, at);
  }

  words(panel, at) {
    if (panel.kind === "lines") return `${figures(panel.x[at])} ${panel.unit}: ${panel.series.map((s) => `${s.name} ${figures(s.y[at])}`).join(", ")}`;
    if (panel.kind === "compass") return `${panel.angles[at]}°: ${figures(panel.values[at])}`;
    const row = Math.floor(at / panel.side), column = at % panel.side;
    return `${figures(panel.axis[column])} across, ${figures(panel.axis[row])} down: ${figures(panel.values[at])}`;
  }

  fillTables() {
    const details = this.find(".tables");
    if (!details.open || !this.data) return;
    const host = details.querySelector("div");
    host.innerHTML = "";
    for (const panel of this.data.panels) {
      if (panel.kind === "lines") for (const series of panel.series) host.appendChild(numberTable(panel.x.flatMap((x, k) => [x, series.y[k]]), panel.x.length, 2, `${panel.title}: ${series.name}`, false));
      if (panel.kind === "compass") host.appendChild(numberTable(panel.angles.flatMap((x, k) => [x, panel.values[k]]), panel.angles.length, 2, panel.title, false));
    }
  }

  release() {
    this.observer.disconnect();
    this.stopTheme();
  }
}

const nearest = (values, wanted) => values.reduce((best, value, k) => (Math.abs(value - wanted) < Math.abs(values[best] - wanted) ? k : best), 0);

function segment(ctx, x1, y1, x2, y2) {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

function dot(ctx, x, y, colour) {
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.arc(x, y, 4.5, 0, 2 * Math.PI);
  ctx.fill();
}

const mount = mounting(".plots", Plots);
