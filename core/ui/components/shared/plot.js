// One panel of curves: its axes, its lines, its marks and the cursor in it. What it shows, and
// which part of it, the view says that it belongs to: `view.data`, `view.on(name)`, `view.plots`,
// `view.colour(curve)`, `view.dash(curve)`, `view.symbol(curve)`, `view.sample(curve, width)`.

const REACH = 40;
// Within so many pixels a curve tells its value at the cursor.

class Plot {
  constructor(host, view) {
    this.view = view;
    this.section = host.appendChild(document.createElement("section"));
    this.section.className = "plot";
    this.section.innerHTML = '<header><h4></h4><div class="latest" aria-hidden="true"></div>'
      + '<button class="log" aria-pressed="false" title="Logarithmic scale">log</button></header><div class="host"></div>';
    this.host = this.section.querySelector(".host");
    this.base = this.host.appendChild(document.createElement("canvas"));
    this.top = this.host.appendChild(document.createElement("canvas"));
    this.top.className = "top";
    this.button = this.section.querySelector(".log");
    this.button.addEventListener("click", () => view.toggleLog(this.axis.title));
    this.wire();
  }

  wire() {
    const top = this.top, place = (e) => e.clientX - top.getBoundingClientRect().left;
    let start = null;
    top.addEventListener("pointerdown", (e) => {
      if (e.button !== 0) return;
      start = e.pointerType === "touch" ? null : place(e);
      this.view.point(this, place(e), e);
      top.setPointerCapture(e.pointerId);
    });
    top.addEventListener("pointermove", (e) => {
      this.span = start !== null && Math.abs(place(e) - start) > 6 ? [start, place(e)] : null;
      this.view.point(this, place(e), e);
    });
    const end = (e) => {
      if (this.span && e.type === "pointerup") this.view.zoomTo(...this.span.map((px) => this.x.value(px)).sort((a, b) => a - b));
      start = this.span = null;
      this.view.light();
    };
    top.addEventListener("pointerup", end);
    top.addEventListener("pointercancel", end);
    top.addEventListener("pointerleave", () => start === null && this.view.point(null));
    top.addEventListener("dblclick", () => this.view.zoomAll());
    top.addEventListener("wheel", (e) => {
      if (!e.ctrlKey && !e.shiftKey && !e.metaKey) return;
      e.preventDefault();
      this.view.zoomBy((e.deltaY || e.deltaX) > 0 ? 1.25 : 0.8, this.x.value(place(e)));
    }, { passive: false });
  }

  // Everything but the cursor, drawn anew in one go.
  draw(axis, log, range, palette, height) {
    Object.assign(this, { axis, log, palette, height });
    this.section.querySelector("h4").textContent = axis.title;
    this.button.setAttribute("aria-pressed", String(log));
    this.button.setAttribute("aria-label", `Logarithmic scale of ${axis.title}`);
    this.button.hidden = !log && !axis.curves.some((c) => c.y.some((v) => v > 0));
    this.curves = axis.curves.filter((c) => this.view.on(c.name));
    this.width = this.host.clientWidth;
    this.size = textPixels();
    const ctx = sizeCanvas(this.base, this.width, height);
    ctx.font = this.font = `${this.size}px ${getComputedStyle(this.host).fontFamily}`;
    this.scales(range, ctx);
    this.drawGrid(ctx);
    this.drawMarkLines(ctx);
    ctx.save();
    ctx.beginPath();
    ctx.rect(this.left - 1, this.ceiling - 5, this.right - this.left + 2, this.bottom - this.ceiling + 8);
    ctx.clip();
    for (const curve of this.curves) if (curve.smooth) this.drawLine(ctx, curve, curve.y, 0.3, 1);
    for (const curve of this.curves) this.drawLine(ctx, curve, curve.smooth ?? curve.y, 1, curve.points || curve.smooth ? 2 : 1.6);
    for (const curve of this.curves) this.drawSymbols(ctx, curve);
    ctx.restore();
    for (const curve of this.curves) this.drawBreaks(ctx, curve);
    this.drawSpots(ctx);
    this.drawMarkTexts(ctx);
    if (!this.curves.some((c) => c.x.length)) this.drawNothing(ctx);
    this.showLatest();
  }

  // The texts of marks stand above the plot, which is as much lower; so they hide no curve.
  scales(range, ctx) {
    const extent = this.extent(range), across = (left) => Math.max(Math.floor((this.right - left) / (this.size * 6)), 2);
    this.bottom = this.height - this.size * 2.9;
    this.right = this.width - 12;
    const build = (rows) => {
      this.ceiling = this.size * (0.7 + 1.35 * rows);
      this.yScale = this.upright(extent);
      const widest = Math.max(...this.yScale.ticks.map((t) => ctx.measureText(t.text).width));
      // In steps, so that the plot does not move when a number gets a digit less.
      this.left = Math.ceil((widest + 8) / 8) * 8;
      this.x = (this.view.data.xLog ? logScale : linearScale)(range.from, range.to, this.left, this.right, across(this.left), true);
      this.texts = this.placeMarks(ctx);
    };
    build(0);
    if (this.texts.length) build(1 + Math.max(...this.texts.map(({ row }) => row)));
  }

  upright([low, high]) {
    const most = Math.max(Math.floor((this.bottom - this.ceiling) / (this.size * 3.2)), 3), make = this.log ? logScale : linearScale;
    const scale = make(low, high, this.bottom, this.ceiling, most, false);
    const least = this.axis.low ?? -Infinity, largest = this.axis.high ?? Infinity;
    if (scale.low >= least && scale.high <= largest) return scale;
    return make(Math.max(scale.low, least), Math.min(scale.high, largest), this.bottom, this.ceiling, most, true);
  }

  // Lowest and highest value within the view; all values if the view is empty.
  extent(range) {
    const seen = [], all = [];
    for (const curve of this.curves) {
      for (const values of curve.smooth ? [curve.y, curve.smooth] : [curve.y]) {
        values.forEach((v, k) => {
          if (v === null || (this.log && v <= 0)) return;
          all.push(v);
          if (curve.x[k] >= range.from && curve.x[k] <= range.to) seen.push(v);
        });
      }
    }
    const values = seen.length ? seen : all;
    if (!values.length) return this.log ? [1e-3, 1] : [this.axis.low ?? 0, this.axis.high ?? 1];
    return values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]);
  }

  drawGrid(ctx) {
    const p = this.palette, d = this.view.data;
    ctx.lineWidth = 1;
    ctx.fillStyle = p.muted;
    ctx.textBaseline = "middle";
    ctx.textAlign = "right";
    for (const { value, text } of this.yScale.ticks) {
      const y = Math.round(this.yScale.at(value)) + 0.5;
      this.gridLine(ctx, this.left, y, this.right, y);
      ctx.fillText(text, this.left - 6, y);
    }
    ctx.textBaseline = "alphabetic";
    ctx.textAlign = "center";
    const under = this.bottom + this.size * 1.45;
    let free = 0;
    for (const { value, text } of this.x.ticks) {
      const x = Math.round(this.x.at(value)) + 0.5, half = ctx.measureText(text).width / 2;
      this.gridLine(ctx, x, this.ceiling - 4, x, this.bottom + 4);
      const middle = Math.min(x, this.width - half - 1);
      if (middle - half < free) continue;
      ctx.fillText(text, middle, under);
      free = middle + half + 6;
    }
    ctx.fillText(d.xTitle, (this.left + this.right) / 2, this.height - this.size * 0.3);
  }

  gridLine(ctx, x0, y0, x1, y1) {
    ctx.globalAlpha = 0.32;
    ctx.strokeStyle = this.palette.grid;
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
    ctx.globalAlpha = 1;
  }

  usable(v) { return v !== null && (!this.log || v > 0); }

  drawLine(ctx, curve, values, alpha, width) {
    ctx.globalAlpha = alpha;
    ctx.strokeStyle = ctx.fillStyle = this.view.colour(curve);
    ctx.lineWidth = width;
    ctx.lineJoin = "round";
    ctx.setLineDash(this.view.dash(curve));
    ctx.beginPath();
    let open = false;
    const lonely = [];
    values.forEach((v, k) => {
      if (!this.usable(v)) { open = false; return; }
      const x = this.x.at(curve.x[k]), y = this.yScale.at(v);
      if (open) ctx.lineTo(x, y);
      else {
        ctx.moveTo(x, y);
        if (!this.usable(values[k + 1] ?? null)) lonely.push([x, y]);
      }
      open = true;
    });
    ctx.stroke();
    ctx.setLineDash([]);
    for (const [x, y] of lonely) {
      symbolPath(ctx, 0, x, y, Math.max(width, 2));
      ctx.fill();
    }
    ctx.globalAlpha = 1;
  }

  drawSymbols(ctx, curve) {
    if (!curve.points) return;
    ctx.fillStyle = this.view.colour(curve);
    ctx.strokeStyle = this.palette.background;
    ctx.lineWidth = 1;
    const inside = curve.x.filter((x) => x >= this.x.low && x <= this.x.high).length;
    const few = inside <= (this.right - this.left) / 9;
    curve.y.forEach((v, k) => {
      if (!this.usable(v) || !(few || k === curve.y.length - 1)) return;
      symbolPath(ctx, this.view.symbol(curve), this.x.at(curve.x[k]), this.yScale.at(v), 4);
      ctx.fill();
      ctx.stroke();
    });
  }

  // Where a value is no number: a cross on the axis, named above it.
  drawBreaks(ctx, curve) {
    ctx.strokeStyle = ctx.fillStyle = this.palette.wrong;
    ctx.lineWidth = 2;
    let said = -Infinity;
    for (const [at, what] of curve.broken) {
      if (at < this.x.low || at > this.x.high) continue;
      const x = this.x.at(at), y = this.bottom, r = 4.5;
      ctx.beginPath();
      ctx.moveTo(x - r, y - r);
      ctx.lineTo(x + r, y + r);
      ctx.moveTo(x + r, y - r);
      ctx.lineTo(x - r, y + r);
      ctx.stroke();
      if (x < said + this.size * 4) continue;
      said = x;
      const half = ctx.measureText(what).width / 2 + 3;
      const left = Math.min(Math.max(x - half, this.left), this.right - 2 * half) + 3;
      this.label(ctx, what, left, y - this.size, "left", this.palette.wrong, true);
    }
  }

  label(ctx, text, x, y, align, colour, bold) {
    ctx.font = bold ? `600 ${this.font}` : this.font;
    const width = ctx.measureText(text).width, left = align === "right" ? x - width : x;
    ctx.globalAlpha = 0.85;
    ctx.fillStyle = this.palette.background;
    ctx.fillRect(left - 2, y - this.size * 0.65, width + 4, this.size * 1.3);
    ctx.globalAlpha = 1;
    ctx.fillStyle = colour;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillText(text, left, y + 0.5);
    ctx.font = this.font;
  }

  drawMarkLines(ctx) {
    ctx.strokeStyle = this.palette.muted;
    ctx.lineWidth = 1.2;
    ctx.setLineDash([4, 3]);
    for (const { x: at } of this.view.data.marks) {
      if (at < this.x.low || at > this.x.high) continue;
      const x = Math.round(this.x.at(at)) + 0.5;
      ctx.beginPath();
      ctx.moveTo(x, 0);
      ctx.lineTo(x, this.bottom);
      ctx.stroke();
    }
    ctx.setLineDash([]);
  }

  // Texts stand in up to three rows; what finds no room is told by the cursor and in words.
  // Of panels that stand below one another only the first writes them.
  placeMarks(ctx) {
    const rows = [], placed = [], first = this.view.plots[0];
    if (this !== first && this.section.offsetTop > first.section.offsetTop) return placed;
    for (const { x: at, text } of this.view.data.marks) {
      if (at < this.x.low || at > this.x.high) continue;
      const x = this.x.at(at), width = ctx.measureText(text).width + 10;
      const flip = x + width > this.right, left = flip ? x - width : x;
      if (left < 0) continue;
      let row = rows.findIndex((taken) => taken.every(([a, b]) => left + width < a || left > b));
      if (row < 0) row = rows.push([]) - 1;
      if (row > 2) continue;
      rows[row].push([left, left + width]);
      placed.push({ text, row, x: flip ? x - 5 : x + 5, align: flip ? "right" : "left" });
    }
    return placed;
  }

  drawMarkTexts(ctx) {
    for (const { text, row, x, align } of this.texts) this.label(ctx, text, x, this.size * (0.75 + 1.35 * row), align, this.palette.text, false);
  }

  drawSpots(ctx) {
    for (const spot of this.view.data.spots) {
      if (this.view.data.axes[spot.axis] !== this.axis || !this.usable(spot.y)) continue;
      const x = this.x.at(spot.x), y = this.yScale.at(spot.y);
      if (x < this.left - 1 || x > this.right + 1) continue;
      ctx.strokeStyle = this.palette.output;
      ctx.lineWidth = 2.5;
      symbolPath(ctx, 0, x, y, 7);
      ctx.stroke();
      const room = ctx.measureText(spot.text).width + 14, flip = x + room > this.right;
      const up = y > this.size * 3 ? y - this.size * 1.6 : y + this.size * 1.6;
      this.label(ctx, spot.text, flip ? x - 6 : x + 6, up, flip ? "right" : "left", this.palette.text, true);
    }
  }

  drawNothing(ctx) {
    const some = this.axis.curves.some((c) => c.x.length);
    ctx.fillStyle = this.palette.muted;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(some ? "All curves are switched off." : "No value yet.", (this.left + this.right) / 2, this.bottom / 2);
  }

  showLatest() {
    const shownHere = this.curves.filter((c) => c.x.length), host = this.section.querySelector(".latest");
    const texts = shownHere.length > 4 ? [] : shownHere.map((c) => [c, typeof c.last === "string" ? c.last : tidy(c.last)]);
    while (host.children.length > texts.length) host.lastChild.remove();
    texts.forEach(([curve, text], k) => {
      const span = host.children[k] ?? host.appendChild(document.createElement("span"));
      const look = this.view.look(curve, this.palette);
      if (span.dataset.look !== look) {
        span.dataset.look = look;
        span.innerHTML = `${this.view.sample(curve, 16)}<b></b>`;
      }
      span.title = `${curve.name}, latest`;
      span.querySelector("b").textContent = text;
    });
  }

  // The cursor: a line, the points nearest to it, or the stretch that is being chosen.
  light(at) {
    const ctx = sizeCanvas(this.top, this.width, this.height);
    if (this.span) {
      const [a, b] = this.span.map((px) => Math.min(Math.max(px, this.left), this.right));
      ctx.globalAlpha = 0.18;
      ctx.fillStyle = this.palette.window;
      ctx.fillRect(Math.min(a, b), 0, Math.abs(b - a), this.bottom);
      ctx.globalAlpha = 1;
    }
    if (at === null) return;
    const x = this.x.at(at);
    if (x < this.left - 1 || x > this.right + 1) return;
    ctx.strokeStyle = this.palette.text;
    ctx.lineWidth = 1;
    ctx.globalAlpha = 0.6;
    ctx.beginPath();
    ctx.moveTo(Math.round(x) + 0.5, 0);
    ctx.lineTo(Math.round(x) + 0.5, this.bottom);
    ctx.stroke();
    ctx.globalAlpha = 1;
    for (const { curve, k, value } of this.near(at)) {
      if (!this.usable(value)) continue;
      ctx.fillStyle = this.view.colour(curve);
      ctx.strokeStyle = this.palette.background;
      ctx.lineWidth = 2;
      symbolPath(ctx, this.view.symbol(curve), this.x.at(curve.x[k]), this.yScale.at(value), 5);
      ctx.fill();
      ctx.stroke();
    }
  }

  // Of each curve the point nearest to a place, if it is near.
  near(at) {
    const found = [];
    for (const curve of this.curves) {
      const k = nearestIndex(curve.x, at, this.view.data.xLog);
      if (k < 0 || Math.abs(this.x.at(curve.x[k]) - this.x.at(at)) > REACH) continue;
      found.push({ curve, k, value: (curve.smooth ?? curve.y)[k] });
    }
    return found;
  }
}

// The index of the number of an ascending list that is nearest to a place.
function nearestIndex(xs, at, log) {
  let low = 0, high = xs.length - 1;
  if (high < 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= at) low = middle;
    else high = middle;
  }
  const far = (k) => Math.abs(log ? Math.log(xs[k] / at) : xs[k] - at);
  return far(low) <= far(high) ? low : high;
}
