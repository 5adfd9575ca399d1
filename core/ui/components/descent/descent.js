// Optimisers on their way down a surface: contours with paths, losses, and the arithmetic of a
// step. Every number comes from Python; here they are only looked up, shown and lit.

const NEAR = 12;
// Within so many pixels a pointer means a step of a path.
const FLAG = 16;
// The same for the flag at the start.
const PACES = [[], [9, 4], [2, 3], [9, 3, 2, 3], [14, 4], [5, 2], [2, 6]];

const SIGNS = { beta1: "β₁", beta2: "β₂", beta: "β", rho: "ρ", lambda: "λ", epsilon: "ε", alpha: "α", "sqrt(": "√(" };

// Formulas as people write them.
const pretty = (text) => text
  .replace(/beta1|beta2|beta|rho|lambda|epsilon|alpha|sqrt\(/g, (word) => SIGNS[word])
  .replace(/^(\w)\^$/, "$1\u0302")
  .replace(/\^(\w)/g, "<sup>$1</sup>");

const grid = (d, axis) => d.window[2 * axis + 1] - d.window[2 * axis];

// The surface with its contours (below) and the markers of the step (above).
class Land {
  constructor(host, owner) {
    this.owner = owner;
    this.host = host;
    this.section = host.parentElement;
    this.base = host.querySelector(".base");
    this.top = host.querySelector(".top");
    const place = (e) => {
      const box = this.top.getBoundingClientRect();
      return [e.clientX - box.left, e.clientY - box.top];
    };
    this.top.addEventListener("pointermove", (e) => this.move(...place(e)));
    this.top.addEventListener("pointerleave", () => !this.dragging && owner.point(null));
    this.top.addEventListener("pointerdown", (e) => this.grab(e, ...place(e)));
    this.top.addEventListener("pointerup", (e) => this.drop(...place(e)));
    this.top.addEventListener("pointercancel", () => { this.dragging = null; this.light(); });
    this.top.addEventListener("keydown", (e) => owner.key(e));
  }

  layout(width, largest) {
    const d = this.owner.data;
    const aspect = grid(d, 1) / grid(d, 0), room = Math.min(width, largest / aspect, largest * 1.25);
    const size = textPixels();
    this.left = size * 2.9;
    this.under = size * 2.4;
    this.w = Math.floor(room - this.left - 2);
    this.h = Math.floor(this.w * aspect);
    this.width = Math.ceil(this.left + this.w + 2);
    this.height = Math.ceil(this.h + this.under + 2);
    this.x = linearScale(d.window[0], d.window[1], this.left, this.left + this.w, Math.max(this.w / 80, 2), true);
    this.y = linearScale(d.window[2], d.window[3], this.h + 1, 1, Math.max(this.h / 60, 2), true);
    this.top.dataset.frame = [this.left, 1, this.w, this.h].join(" ");
    this.paint();
  }

  at([x, y]) { return [this.x.at(x), this.y.at(y)]; }

  inside(ctx, draw) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(this.left, 1, this.w, this.h);
    ctx.clip();
    draw();
    ctx.restore();
  }

  paint() {
    const ctx = sizeCanvas(this.base, this.width, this.height);
    this.owner.font(ctx);
    this.inside(ctx, () => {
      this.paintGround(ctx);
      this.paintMinima(ctx);
      if (!this.owner.data.conceal) this.paintPaths(ctx, 1);
    });
    this.paintAxes(ctx);
    if (!this.owner.data.conceal) for (const racer of this.owner.data.racers) this.paintExit(ctx, racer);
    this.light();
  }

  // Everything lower than a line, from the highest line down: what is left is its band.
  paintGround(ctx) {
    const p = this.owner.palette, { rings } = this.owner.data.ground;
    const dark = luminance(hexToRgb(p.background)) < 0.18;
    const map = ramp(dark ? [p.sequential[1], p.sequential[0]] : [p.sequential[3], p.background]);
    ctx.fillStyle = css(map(1));
    ctx.fillRect(this.left, 1, this.w, this.h);
    ctx.lineWidth = 1;
    for (let k = rings.length - 1; k >= 0; k--) {
      ctx.beginPath();
      for (const ring of rings[k]) {
        for (let i = 0; i < ring.length; i += 2) {
          const x = this.left + (ring[i] / 1000) * this.w, y = 1 + (1 - ring[i + 1] / 1000) * this.h;
          if (i) ctx.lineTo(x, y);
          else ctx.moveTo(x, y);
        }
        ctx.closePath();
      }
      ctx.fillStyle = css(map(k / rings.length));
      ctx.fill("evenodd");
      ctx.strokeStyle = p.grid;
      ctx.globalAlpha = 0.55;
      ctx.stroke();
      ctx.globalAlpha = 1;
    }
  }

  paintMinima(ctx) {
    const p = this.owner.palette;
    ctx.lineWidth = 2;
    ctx.strokeStyle = p.text;
    for (const minimum of this.owner.data.minima) {
      const [x, y] = this.at(minimum);
      ctx.beginPath();
      ctx.moveTo(x - 6, y);
      ctx.lineTo(x + 6, y);
      ctx.moveTo(x, y - 6);
      ctx.lineTo(x, y + 6);
      ctx.stroke();
    }
  }

  paintAxes(ctx) {
    const p = this.owner.palette, d = this.owner.data, size = textPixels();
    ctx.strokeStyle = p.grid;
    ctx.lineWidth = 1;
    ctx.strokeRect(this.left - 0.5, 0.5, this.w + 1, this.h + 1);
    ctx.fillStyle = p.muted;
    ctx.textAlign = "center";
    ctx.textBaseline = "alphabetic";
    for (const { value, text } of this.x.ticks) ctx.fillText(text, Math.min(Math.max(this.x.at(value), this.left + 8), this.width - 10), this.h + size * 1.4);
    ctx.textAlign = "right";
    ctx.fillText(d.axes[0], this.left + this.w, this.h + size * 2.3);
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    for (const { value, text } of this.y.ticks) ctx.fillText(text, this.left - 5, Math.min(Math.max(this.y.at(value), size * 0.6), this.h));
    ctx.textAlign = "left";
    ctx.fillText(d.axes[1], 0, size * 0.7);
  }

  paintPaths(ctx, alpha) {
    const { data, playing } = this.owner;
    data.racers.forEach((racer) => {
      this.paintPath(ctx, racer, 0, racer.steps, playing ? 0.3 : alpha);
    });
  }

  trail(ctx, racer, from, to) {
    ctx.beginPath();
    for (let k = from; k <= to; k++) {
      const [x, y] = this.at(racer.path[k]);
      // Far outside a canvas loses lines: nobody sees where exactly they end.
      const cx = Math.min(Math.max(x, -1e5), 1e5), cy = Math.min(Math.max(y, -1e5), 1e5);
      if (k > from) ctx.lineTo(cx, cy);
      else ctx.moveTo(cx, cy);
    }
  }

  paintPath(ctx, racer, from, to, alpha) {
    const p = this.owner.palette;
    ctx.globalAlpha = alpha;
    ctx.lineJoin = "round";
    this.trail(ctx, racer, from, to);
    ctx.setLineDash([]);
    ctx.strokeStyle = p.background;
    ctx.lineWidth = 4.5;
    ctx.stroke();
    ctx.strokeStyle = ctx.fillStyle = this.owner.colour(racer);
    ctx.lineWidth = 2;
    ctx.setLineDash(racer.dash);
    ctx.stroke();
    ctx.setLineDash([]);
    for (let k = from; k <= to; k++) {
      const [x, y] = this.at(racer.path[k]);
      ctx.beginPath();
      ctx.arc(x, y, 2.6, 0, 2 * Math.PI);
      ctx.fill();
    }
    ctx.globalAlpha = 1;
  }

  isIn([x, y]) { return x >= this.left - 0.5 && x <= this.left + this.w + 0.5 && y >= 0.5 && y <= this.h + 1.5; }

  // Where a path leaves the picture: its letter at the edge, with an arrow outwards.
  paintExit(ctx, racer) {
    const points = racer.path.map((point) => this.at(point));
    const k = points.findIndex((point) => !this.isIn(point));
    if (k < 1) return;
    const [a, b] = [points[k - 1], points[k]];
    const limits = [[this.left, this.left + this.w], [1, this.h + 1]];
    let share = 1;
    for (const axis of [0, 1]) for (const limit of limits[axis]) {
      const t = (limit - a[axis]) / (b[axis] - a[axis]);
      if (t >= 0 && t < share) share = t;
    }
    const x = a[0] + (b[0] - a[0]) * share, y = a[1] + (b[1] - a[1]) * share;
    const angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate(angle);
    ctx.fillStyle = this.owner.colour(racer);
    ctx.beginPath();
    polygon(ctx, [[1, 0], [-10, 6], [-10, -6]]);
    ctx.fill();
    ctx.restore();
  }

  badge(ctx, racer, [x, y]) {
    const colour = this.owner.colour(racer), r = textPixels() * 0.7;
    ctx.fillStyle = colour;
    ctx.strokeStyle = this.owner.palette.background;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = inkOn(hexToRgb(colour));
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(racer.lane, x, y + 0.5);
  }

  light() {
    if (!this.w) return;
    const ctx = sizeCanvas(this.top, this.width, this.height), { data, palette: p } = this.owner;
    this.owner.font(ctx, 600);
    this.inside(ctx, () => {
      if (!data.conceal) {
        const others = data.racers.filter((racer) => racer !== this.owner.racer);
        for (const racer of [...others, this.owner.racer]) this.lightRacer(ctx, racer);
      }
      this.lightSlope(ctx);
    });
    const [x, y] = this.at(this.dragging?.to ?? data.start);
    ctx.strokeStyle = ctx.fillStyle = p.text;
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x, y - 17);
    ctx.stroke();
    ctx.beginPath();
    polygon(ctx, [[x, y - 18], [x + 12, y - 13], [x, y - 8]]);
    ctx.fill();
    ctx.strokeStyle = p.background;
    ctx.lineWidth = 1;
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(x, y, 3.5, 0, 2 * Math.PI);
    ctx.fill();
  }

  lightRacer(ctx, racer) {
    const step = Math.min(this.owner.step, racer.steps);
    if (this.owner.playing) this.paintPath(ctx, racer, 0, step, 1);
    if (racer === this.owner.racer && step > 0) {
      this.trail(ctx, racer, step - 1, step);
      ctx.strokeStyle = this.owner.palette.background;
      ctx.lineWidth = 7;
      ctx.stroke();
      ctx.strokeStyle = this.owner.colour(racer);
      ctx.lineWidth = 4.5;
      ctx.stroke();
    }
    if (racer.steps) this.badge(ctx, racer, this.at(racer.path[step]));
  }

  // Where the gradient alone would lead: an arrow of one length, for its direction.
  lightSlope(ctx) {
    const { racer, data } = this.owner, step = Math.min(this.owner.step, racer.steps);
    if (step < 1) return;
    const k = data.conceal ? 1 : step, from = this.at(racer.path[k - 1]);
    const [gx, gy] = racer.columns.gradient[k - 1];
    const dx = (-gx * this.w) / grid(data, 0), dy = (gy * this.h) / grid(data, 1), length = Math.hypot(dx, dy);
    if (!(length > 0) || !Number.isFinite(length)) return;
    const to = [from[0] + (dx / length) * 44, from[1] + (dy / length) * 44];
    ctx.strokeStyle = ctx.fillStyle = this.owner.palette.text;
    ctx.lineWidth = 1.5;
    ctx.setLineDash([4, 3]);
    ctx.beginPath();
    ctx.moveTo(...from);
    ctx.lineTo(...to);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.save();
    ctx.translate(...to);
    ctx.rotate(Math.atan2(dy, dx));
    ctx.beginPath();
    polygon(ctx, [[6, 0], [-3, 4], [-3, -4]]);
    ctx.fill();
    ctx.restore();
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    // Beside the tip, since the path often goes on where the arrow ends.
    ctx.lineWidth = 3;
    ctx.strokeStyle = this.owner.palette.background;
    const side = [to[0] - (dy / length) * 15, to[1] + (dx / length) * 13];
    ctx.strokeText("−g", ...side);
    ctx.fillText("−g", ...side);
  }

  nearestStep(px, py) {
    let best = null, least = NEAR;
    if (this.owner.data.conceal) return null;
    for (const racer of this.owner.data.racers) racer.path.forEach((point, k) => {
      const [x, y] = this.at(point), off = Math.hypot(x - px, y - py);
      if (k && off < least - 0.01) [best, least] = [{ racer, step: k }, off];
    });
    return best;
  }

  onFlag(px, py) {
    const [x, y] = this.at(this.owner.data.start);
    return Math.abs(px - x) < FLAG && py > y - FLAG - 8 && py < y + 8;
  }

  move(px, py) {
    if (this.dragging) {
      this.dragging.moved = true;
      this.dragging.to = this.value(px, py);
      this.owner.moveStart(this.dragging.to, false);
      this.light();
      return;
    }
    this.section.classList.toggle("grabbable", this.onFlag(px, py));
    this.owner.point(this.nearestStep(px, py));
  }

  value(px, py) {
    const x = Math.min(Math.max(px, this.left), this.left + this.w), y = Math.min(Math.max(py, 1), this.h + 1);
    return [this.x.value(x), this.y.value(y)];
  }

  grab(event, px, py) {
    if (event.button !== 0 || !this.onFlag(px, py)) return;
    this.top.setPointerCapture(event.pointerId);
    this.dragging = { to: this.owner.data.start, moved: false };
    this.section.classList.add("dragging");
  }

  drop(px, py) {
    this.section.classList.remove("dragging");
    if (this.dragging) {
      const { moved, to } = this.dragging;
      if (moved) this.owner.moveStart(to, true);
      this.dragging = moved ? { to, over: true } : null;
      if (!moved) return;
      // The flag stays where it was put until Python's answer is drawn.
      this.owner.data.start = to;
      this.dragging = null;
      this.light();
      return;
    }
    const step = this.nearestStep(px, py);
    if (step) this.owner.pin(step.racer, step.step);
    else if (this.isIn([px, py])) this.owner.moveStart(this.value(px, py), true);
  }
}

// Losses over the steps, with the same pointer.
class Losses {
  constructor(host, owner) {
    this.owner = owner;
    this.host = host;
    this.base = host.querySelector(".base");
    this.top = host.querySelector(".top");
    const at = (e) => this.stepAt(e.clientX - this.top.getBoundingClientRect().left);
    this.top.addEventListener("pointermove", (e) => owner.point({ racer: owner.shownRacer, step: at(e) }));
    this.top.addEventListener("pointerleave", () => owner.point(null));
    this.top.addEventListener("click", (e) => owner.pin(owner.shownRacer, at(e)));
    this.top.addEventListener("keydown", (e) => owner.key(e));
  }

  stepAt(px) { return Math.min(Math.max(Math.round(this.x.value(px)), 1), this.owner.last); }

  layout(width, height, log) {
    Object.assign(this, { width, height, log });
    this.paint();
  }

  paint() {
    const { data, palette: p } = this.owner, size = textPixels();
    const ctx = sizeCanvas(this.base, this.width, this.height);
    this.owner.font(ctx);
    this.curves = data.racers.map((racer) => racer.losses.map((loss) => (this.log ? Math.max(loss - data.lowest, 0) : loss)));
    const [low, high] = this.range(), bottom = this.height - size * 2.6;
    this.bottom = bottom;
    this.left = size * 4.2;
    this.right = this.width - 14;
    const most = Math.max(bottom / (size * 3), 2);
    this.y = (this.log ? logScale : linearScale)(low, high, bottom, size * 0.8, most, false);
    this.x = linearScale(0, Math.max(this.owner.last, 1), this.left, this.right, Math.max((this.right - this.left) / (size * 5), 2), true);
    this.paintGrid(ctx, size, p);
    if (data.conceal) {
      ctx.fillStyle = p.muted;
      ctx.textAlign = "center";
      ctx.fillText("Guess first.", (this.left + this.right) / 2, bottom / 2);
      this.light();
      return;
    }
    ctx.save();
    ctx.beginPath();
    ctx.rect(this.left, 0, this.right - this.left + 4, bottom + 1);
    ctx.clip();
    data.racers.forEach((racer, n) => this.paintCurve(ctx, racer, this.curves[n]));
    ctx.restore();
    this.light();
  }

  // What is lost in an explosion would press all else flat: three times the start is the top.
  range() {
    const first = Math.max(...this.curves.map((losses) => losses[0]), this.log ? 1e-9 : -Infinity);
    const all = this.curves.flat().filter((v) => Number.isFinite(v) && (!this.log || v > first * 1e-10));
    const low = Math.min(...all), high = Math.max(...all);
    if (this.log) return [Math.max(low, first * 1e-10) || first / 10, Math.min(high, first * 1e8)];
    const base = this.owner.data.lowest;
    return [Math.min(low, base), Math.min(high, base + 3 * (first - base))];
  }

  paintGrid(ctx, size, p) {
    ctx.textBaseline = "middle";
    ctx.textAlign = "right";
    ctx.fillStyle = p.muted;
    for (const { value, text } of this.y.ticks) {
      const y = Math.round(this.y.at(value)) + 0.5;
      this.line(ctx, this.left, y, this.right, y, 0.35);
      ctx.fillText(text, this.left - 5, y);
    }
    ctx.textBaseline = "alphabetic";
    ctx.textAlign = "center";
    for (const { value, text } of this.x.ticks) {
      if (!Number.isInteger(value)) continue;
      const x = Math.round(this.x.at(value)) + 0.5;
      this.line(ctx, x, 3, x, this.bottom + 4, 0.35);
      ctx.fillText(text, x, this.bottom + size * 1.5);
    }
    ctx.fillText("steps", (this.left + this.right) / 2, this.height - 2);
  }

  line(ctx, x0, y0, x1, y1, alpha) {
    ctx.globalAlpha = alpha;
    ctx.strokeStyle = this.owner.palette.grid;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
    ctx.globalAlpha = 1;
  }

  place(value) {
    const least = this.log ? this.y.low / 10 : -Infinity;
    const y = this.y.at(Math.max(value, least));
    return Math.min(Math.max(y, -1e4), 1e4);
  }

  paintCurve(ctx, racer, losses) {
    ctx.strokeStyle = this.owner.colour(racer);
    ctx.lineWidth = 2;
    ctx.lineJoin = "round";
    ctx.setLineDash(racer.dash);
    ctx.beginPath();
    losses.forEach((loss, k) => ctx.lineTo(this.x.at(k), this.place(loss)));
    ctx.stroke();
    ctx.setLineDash([]);
  }

  light() {
    if (!this.x) return;
    const ctx = sizeCanvas(this.top, this.width, this.height), { data, palette: p, step } = this.owner;
    if (data.conceal) return;
    const x = this.x.at(step);
    ctx.strokeStyle = p.text;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(x, 2);
    ctx.lineTo(x, this.bottom);
    ctx.stroke();
    data.racers.forEach((racer, n) => {
      const k = Math.min(step, racer.steps), y = this.place(this.curves[n][k]);
      if (y < 0 || y > this.bottom + 1) return;
      ctx.fillStyle = this.owner.colour(racer);
      ctx.strokeStyle = p.background;
      ctx.beginPath();
      ctx.arc(this.x.at(k), y, 4.5, 0, 2 * Math.PI);
      ctx.fill();
      ctx.stroke();
    });
  }
}

class Descent {
  constructor(root, component) {
    this.root = root;
    this.component = component;
    this.find = (selector) => root.querySelector(selector);
    this.step = 1;
    this.land = new Land(this.find(".map .host"), this);
    this.losses = new Losses(this.find(".chart"), this);
    this.player = new Player(this.find(".walk"), { noun: "step", go: (step) => this.go(step) });
    this.log = true;
    this.find(".log").addEventListener("click", () => { this.log = !this.log; this.refresh(); });
    this.find(".tables").addEventListener("toggle", () => this.fillTables());
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.refresh());
  }

  receive(component) {
    const first = !this.data, before = this.data;
    this.component = component;
    this.data = component.data;
    this.data.racers.forEach((racer, n) => {
      racer.steps = racer.columns.gradient?.length ?? 0;
      racer.number = n;
      racer.dash = PACES[n % PACES.length];
    });
    this.last = Math.max(...this.data.racers.map((racer) => racer.steps), 1);
    if (first || before.step !== this.data.step || before.lane !== this.data.lane) {
      this.step = this.data.step;
      this.lane = this.data.lane;
    }
    if (!this.data.racers.some((racer) => racer.lane === this.lane)) this.lane = this.data.racers[0].lane;
    this.step = Math.min(this.step, this.last);
    this.pointed = null;
    this.answered();
    this.refresh();
    if (this.data.focus && (first || !before.focus)) this.land.top.focus({ preventScroll: true });
    this.root.dataset.ready = "true";
    this.resting = restThen(this.resting, this.data.settle);
  }

  // ---- what is chosen ---------------------------------------------------------------------

  get shownRacer() { return this.data.racers.find((racer) => racer.lane === this.lane); }

  get racer() { return this.pointed?.racer ?? this.shownRacer; }

  get playing() { return this.player.playing; }

  colour(racer) { return this.palette.lines[racer.number % this.palette.lines.length]; }

  font(ctx, weight = 400) { ctx.font = `${weight} ${textPixels()}px ${getComputedStyle(this.root).fontFamily}`; }

  point(what) {
    if (this.data.conceal) return;
    if (!what && !this.pointed) return;
    if (what && this.playing) this.player.pause();
    if (what && !this.pointed) this.kept = this.step;
    this.step = what ? what.step : this.kept ?? this.step;
    this.pointed = what;
    this.light();
  }

  pin(racer, step) {
    if (this.data.conceal) return;
    this.pointed = null;
    [this.step, this.kept, this.lane] = [step, step, racer.lane];
    this.component.setStateValue("pin", `${racer.lane.toLowerCase()};${step}`);
    this.light();
    this.speak();
  }

  show(racer) {
    this.pointed = null;
    this.lane = racer.lane;
    this.component.setStateValue("pin", `${racer.lane.toLowerCase()};${this.step}`);
    this.light();
    this.speak();
  }

  // While the flag is dragged, the next place is sent when the last one is answered.
  moveStart(place, last) {
    const text = place.map((v, axis) => this.rounded(v, axis)).join(",");
    if (last) {
      this.wanted = null;
      this.component.setTriggerValue("start", `${text};end`);
      return;
    }
    this.wanted = text;
    if (!this.waiting) this.sendStart();
  }

  sendStart() {
    this.waiting = setTimeout(() => this.answered(), 700);
    this.component.setTriggerValue("start", `${this.wanted};drag`);
    this.wanted = null;
  }

  answered() {
    clearTimeout(this.waiting);
    this.waiting = null;
    if (this.wanted && this.land.dragging) this.sendStart();
  }

  // As many decimals as one pixel is worth.
  rounded(value, axis) {
    const digits = Math.min(Math.max(2 - Math.floor(Math.log10(grid(this.data, axis))), 0), 4);
    return String(Number(value.toFixed(digits)));
  }

  go(step) {
    this.pointed = null;
    this.step = step;
    if (this.playing !== this.wasPlaying) { this.wasPlaying = this.playing; this.land.paint(); }
    this.light();
    if (!this.playing) this.speak();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.data.conceal) return;
    const turn = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (turn) {
      event.preventDefault();
      const count = this.data.racers.length;
      this.show(this.data.racers[(this.shownRacer.number + turn + count) % count]);
    } else if (event.key === "Enter") this.pin(this.shownRacer, this.step);
    else if (this.player.by(event.key)) event.preventDefault();
  }

  // ---- drawing ----------------------------------------------------------------------------

  refresh() {
    if (!this.data) return;
    this.palette = themePalette(this.root);
    this.find(".map h4").textContent = this.data.title;
    this.find(".side h4").textContent = this.log ? "Loss above the lowest" : "Loss";
    this.find(".log").setAttribute("aria-pressed", String(this.log));
    this.land.top.setAttribute("aria-label", this.data.alt);
    this.fillRacers();
    this.fillTables();
    this.laidOut = "";
    this.arrange();
  }

  arrange() {
    const width = this.root.clientWidth;
    if (!this.data || !width || this.laidOut === `${width}`) return;
    this.laidOut = `${width}`;
    const narrow = width < 600;
    this.root.classList.toggle("narrow", narrow);
    const largest = narrow ? 330 : this.data.large ? Math.max(window.innerHeight * 0.5, 330) : 400;
    this.land.layout(narrow ? width : width * 0.6, largest);
    const side = narrow ? width : width - this.land.width - 18;
    const rows = this.find(".racers").offsetHeight;
    const rest = narrow ? 210 : Math.min(Math.max(this.land.height - rows - 36, 170), 330);
    this.losses.layout(side, rest, this.log);
    this.light();
  }

  fillRacers() {
    const host = this.find(".racers");
    host.classList.toggle("many", this.data.racers.length > 3);
    if (host.children.length !== this.data.racers.length) {
      host.innerHTML = "";
      this.data.racers.forEach((_, n) => {
        const button = host.appendChild(document.createElement("button"));
        button.innerHTML = '<canvas aria-hidden="true"></canvas><span class="who"></span><span class="loss"></span><span class="how"></span>';
        button.addEventListener("click", () => this.show(this.data.racers[n]));
      });
    }
    this.data.racers.forEach((racer, n) => {
      const button = host.children[n], ctx = sizeCanvas(button.firstChild, 34, 16);
      button.style.setProperty("--line", this.colour(racer));
      ctx.strokeStyle = this.colour(racer);
      ctx.lineWidth = 2;
      ctx.setLineDash(racer.dash);
      ctx.beginPath();
      ctx.moveTo(0, 8);
      ctx.lineTo(34, 8);
      ctx.stroke();
      ctx.setLineDash([]);
      this.font(ctx, 600);
      ctx.save();
      ctx.translate(17, 8);
      ctx.scale(0.82, 0.82);
      this.land.badge(ctx, racer, [0, 0]);
      ctx.restore();
      button.querySelector(".who").textContent = `${racer.name}, ${figures(racer.rate)}`;
      button.querySelector(".how").textContent = this.data.conceal ? "" : racer.how;
    });
  }

  light() {
    if (!this.data || !this.land.w) return;
    if (this.playing !== this.wasPlaying) { this.wasPlaying = this.playing; this.land.paint(); }
    this.land.light();
    this.losses.light();
    this.data.racers.forEach((racer, n) => {
      const button = this.find(".racers").children[n];
      button.setAttribute("aria-pressed", String(racer === this.racer));
      const loss = racer.losses[Math.min(this.step, racer.steps)];
      button.querySelector(".loss").textContent = this.data.conceal ? "?" : figures(loss);
    });
    const count = this.data.conceal ? "step ?" : `${this.step} of ${this.last}`;
    this.player.show({ first: 1, last: this.data.conceal ? 1 : this.last, step: this.step, text: count });
    this.describe();
  }

  // ---- arithmetic -------------------------------------------------------------------------

  number(racer, name, step, axis) {
    const before = name.endsWith("-"), bare = before ? name.slice(0, -1) : name;
    if (bare === "t") return step;
    if (bare === "rate") return racer.rates[step - 1];
    if (bare === "w") return racer.path[before ? step - 1 : step][axis];
    if (before && step === 1) return racer.begin[bare];
    return racer.columns[bare][before ? step - 2 : step - 1][axis];
  }

  spelled(racer, row, step, axis) {
    return row.numbers
      .replace(/\{(\w+-?)\}/g, (_, name) => (name === "t" ? step : this.bracketed(this.number(racer, name, step, axis))))
      .replace(/\*\*2\b/g, "²")
      .replace(/\*\*(\d+)/g, "<sup>$1</sup>")
      .replace(/sqrt\(/g, "√(")
      .replace(/\S+/g, "<span>$&</span>"); // lines break between the parts, not at a minus
  }

  bracketed(value) { return value < 0 ? `(${figures(value)})` : figures(value); }

  describe() {
    const racer = this.racer, d = this.data, step = Math.min(this.step, racer.steps);
    const body = this.find(".work tbody");
    this.root.style.setProperty("--line", this.colour(racer));
    this.find(".remark").textContent = d.conceal ? "" : racer.sentence;
    if (step < 1) {
      this.find(".where").textContent = `${racer.lane} ${racer.name} could not make a single step.`;
      body.innerHTML = "";
      return;
    }
    const k = d.conceal ? 1 : step, from = racer.path[k - 1];
    let where = `step ${k} of ${racer.lane} ${racer.name}, from ${d.axes[0]} = ${figures(from[0])}, ${d.axes[1]} = ${figures(from[1])}`;
    where += `, loss ${figures(racer.losses[k - 1])}` + (d.conceal ? "" : ` to ${figures(racer.losses[k])}`);
    if (d.batches) where += `; examples ${d.batches[k - 1].join(", ")}`;
    this.find(".where").textContent = where;
    const head = `<tr class="head"><th></th><th scope="col">${d.axes[0]}</th><th scope="col">${d.axes[1]}</th></tr>`;
    const rows = d.conceal ? racer.rows.slice(0, 1) : racer.rows;
    body.innerHTML = head + rows.map((row) => this.rowOf(racer, row, k)).join("");
  }

  rowOf(racer, row, step) {
    const cell = (axis) => {
      const result = `<b>${figures(this.number(racer, row.name, step, axis))}</b>`;
      return row.numbers ? `${this.spelled(racer, row, step, axis)} = ${result}` : result;
    };
    const symbol = pretty(row.symbol);
    const formula = row.formula ? `<span class="formula">${symbol} = ${pretty(row.formula)}</span>` : "";
    const name = `<th scope="row" class="name"><i>${symbol}</i> <small>${row.words}</small>${formula}</th>`;
    if (row.scalar) return `<tr>${name}<td colspan="2">${cell(0)}</td></tr>`;
    const axes = this.data.axes;
    return `<tr>${name}<td data-axis="${axes[0]}">${cell(0)}</td><td data-axis="${axes[1]}">${cell(1)}</td></tr>`;
  }

  speak() {
    const racer = this.racer, step = Math.min(this.step, racer.steps), [x, y] = racer.path[step];
    this.find(".spoken").textContent = `step ${step} of ${racer.lane} ${racer.name}: ${this.data.axes[0]} ${figures(x)}, ${this.data.axes[1]} ${figures(y)}, loss ${figures(racer.losses[step])}`;
  }

  fillTables() {
    const details = this.find(".tables");
    if (!details.open || !this.data || this.data.conceal) return;
    const host = details.querySelector("div");
    host.innerHTML = "";
    for (const racer of this.data.racers) host.appendChild(this.tableOf(racer));
  }

  tableOf(racer) {
    const table = document.createElement("table");
    table.createCaption().textContent = `${racer.lane} ${racer.name}, ${figures(racer.rate)}`;
    const head = table.createTHead().insertRow();
    for (const name of ["step", ...this.data.axes, "loss"]) {
      const cell = head.appendChild(document.createElement("th"));
      cell.scope = "col";
      cell.textContent = name;
    }
    const body = table.createTBody();
    racer.path.forEach(([x, y], k) => {
      const row = body.insertRow();
      const name = row.appendChild(document.createElement("th"));
      name.scope = "row";
      name.textContent = String(k);
      for (const value of [x, y, racer.losses[k]]) row.insertCell().textContent = figures(value);
    });
    return table;
  }

  release() {
    this.player.pause();
    clearTimeout(this.resting);
    clearTimeout(this.waiting);
    this.observer.disconnect();
    this.stopTheme();
  }
}

const descents = new WeakMap();

function mount(component) {
  const root = component.parentElement.querySelector(".descent");
  let descent = descents.get(root);
  if (!descent) {
    descent = new Descent(root, component);
    descents.set(root, descent);
  }
  descent.receive(component);
  return () => { descent.release(); descents.delete(root); };
}
