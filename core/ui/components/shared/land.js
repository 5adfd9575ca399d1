// A surface with contours, paths and a flag to be dragged; its owner has the data, the palette,
// the step and the racer that are shown, and is told what is pointed at.

const NEAR = 12;
// Within so many pixels a pointer means a step of a path.
const FLAG = 16;
// The same for the flag at the start.

// How much of an axis is drawn, in the surface's own units.
const extent = (d, axis) => d.window[2 * axis + 1] - d.window[2 * axis];

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
    const aspect = extent(d, 1) / extent(d, 0), room = Math.min(width, largest / aspect, largest * 1.25);
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
    ctx.strokeStyle = p.background;
    ctx.lineWidth = 3;
    ctx.strokeText(d.axes[1], this.left + 6, size);
    ctx.fillText(d.axes[1], this.left + 6, size);
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
    const dx = (-gx * this.w) / extent(data, 0), dy = (gy * this.h) / extent(data, 1), length = Math.hypot(dx, dy);
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
      this.dragging = null;
      if (moved) {
        this.owner.data.start = to; // until Python's answer is drawn
        this.owner.moveStart(to, true);
      }
      this.light();
      return;
    }
    const step = this.nearestStep(px, py);
    if (step) this.owner.pin(step.racer, step.step);
    else if (this.isIn([px, py])) this.owner.moveStart(this.value(px, py), true);
  }
}
