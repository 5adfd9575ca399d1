// Losses of several racers over their steps; its owner is that of the surface beside it.

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
