// Live curves: panels that share one horizontal axis, its zoom and its cursor. Every point comes
// from Python; what a person chose here (curves, zoom, logarithm) outlives each change of data.

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

class Curves {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.plots = [];
    this.tools = this.find(".tools");
    this.chosen = new Map();
    this.logs = new Set();
    this.cursor = this.px = null;
    this.zoom = null;
    this.find(".closer").addEventListener("click", () => this.zoomBy(0.5));
    this.find(".wider").addEventListener("click", () => this.zoomBy(2));
    this.find(".all").addEventListener("click", () => this.zoomAll());
    this.find(".plots").addEventListener("keydown", (e) => this.key(e));
    this.find(".plots").addEventListener("blur", () => this.point(null));
    this.find(".tables").addEventListener("toggle", () => this.fillTable());
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.draw());
  }

  receive(component) {
    this.component = component;
    this.data = component.data;
    this.follow();
    const host = this.find(".plots");
    host.setAttribute("aria-label", `${this.data.alt} Arrow keys read values, + and − zoom, 0 shows all.`);
    while (this.plots.length < this.data.axes.length) this.plots.push(new Plot(host, this));
    while (this.plots.length > this.data.axes.length) this.plots.pop().section.remove();
    if (!this.plots.includes(this.pointed)) this.pointed = this.cursor = this.px = null;
    this.draw();
    this.root.dataset.ready = "true";
  }

  // ---- what a person chose ----------------------------------------------------------------

  names() {
    const curves = new Map();
    for (const axis of this.data.axes) for (const curve of axis.curves) if (!curves.has(curve.name)) curves.set(curve.name, curve);
    return curves;
  }

  on(name) { return this.chosen.get(name) ?? this.names().get(name).shown; }

  toggle(name) {
    this.chosen.set(name, !this.on(name));
    this.draw();
  }

  only(name) {
    for (const other of this.names().keys()) this.chosen.set(other, other === name);
    this.draw();
  }

  toggleLog(title) {
    if (!this.logs.delete(title)) this.logs.add(title);
    this.draw();
  }

  colour(curve) { return this.palette.lines[(curve.number ?? (curve.style === "validation" ? 1 : 0)) % this.palette.lines.length]; }

  dash(curve) { return DASHES[(curve.style === "validation" ? 1 : 0) + 2 * (Math.floor((curve.number ?? 0) / this.palette.lines.length) % 2)]; }

  symbol(curve) { return curve.number ?? (curve.style === "validation" ? 1 : 0); }

  look(curve, palette) { return [this.colour(curve), this.dash(curve), this.symbol(curve), curve.points, Boolean(curve.smooth), palette.background].join(); }

  // A piece of the line as a picture for legends.
  sample(curve, width) {
    const colour = this.colour(curve), dash = this.dash(curve).join(" "), r = 3.6, x = width / 2;
    const kinds = [
      `<circle cx="${x}" cy="6" r="${r}"/>`,
      `<path d="M${x} ${6 - r * 1.3}l${r * 1.3} ${r * 1.3}l${-r * 1.3} ${r * 1.3}l${-r * 1.3} ${-r * 1.3}z"/>`,
      `<rect x="${x - r}" y="${6 - r}" width="${2 * r}" height="${2 * r}"/>`,
      `<path d="M${x} ${6 - r * 1.2}l${r * 1.1} ${r * 2}h${-2.2 * r}z"/>`,
      `<path d="M${x} ${6 + r * 1.2}l${r * 1.1} ${-r * 2}h${-2.2 * r}z"/>`,
    ];
    const mark = curve.points ? `<g fill="${colour}">${kinds[this.symbol(curve) % 5]}</g>` : "";
    return `<svg width="${width}" height="12" aria-hidden="true"><path d="M0 6H${width}" stroke="${colour}" stroke-width="${curve.points ? 2 : 2.4}" stroke-dasharray="${dash}" ${curve.smooth ? 'opacity="0.9"' : ""}/>${mark}</svg>`;
  }

  drawLegend() {
    const host = this.find(".legend"), curves = [...this.names().values()];
    const looks = curves.map((c) => `${c.name}|${this.look(c, this.palette)}`).join("\n");
    if (host.dataset.looks !== looks) {
      host.dataset.looks = looks;
      host.replaceChildren(...curves.map((curve) => this.legendButton(curve)));
    }
    curves.forEach((curve, k) => host.children[k].setAttribute("aria-pressed", String(this.on(curve.name))));
    host.hidden = curves.length < 2;
    const home = host.hidden ? this.plots[0].section.querySelector("header") : this.find(".bar");
    if (this.tools.parentElement !== home) home.append(this.tools);
  }

  legendButton(curve) {
    const button = document.createElement("button");
    button.innerHTML = `${this.sample(curve, 26)}<span></span>`;
    button.querySelector("span").textContent = curve.name;
    button.title = "Click: on or off. Double-click: this one only.";
    button.addEventListener("click", () => this.toggle(curve.name));
    button.addEventListener("dblclick", () => this.only(curve.name));
    return button;
  }

  // ---- zoom ---------------------------------------------------------------------------------

  whole() {
    let low = Infinity, high = -Infinity;
    for (const axis of this.data.axes) {
      for (const { x } of axis.curves) {
        if (!x.length) continue;
        low = Math.min(low, x[0]);
        high = Math.max(high, x[x.length - 1]);
      }
    }
    this.newest = high;
    if (low > high) [low, high] = this.data.xLog ? [1e-6, 1] : [0, this.data.xHigh ?? 1];
    if (!this.data.xLog && low > 0 && low <= (high - low) * 0.1 + 1) low = 0;
    return { from: low, to: Math.max(high, this.data.xHigh ?? high) };
  }

  range() {
    const whole = this.whole();
    if (!this.zoom) return whole;
    const from = Math.max(this.zoom.from, whole.from), to = Math.min(this.zoom.to, whole.to);
    return to > from ? { from, to } : whole;
  }

  // A view that ends at the newest value moves on with it.
  follow() {
    const before = this.newest;
    this.whole();
    if (!this.zoom?.follow || !(this.newest > before)) return;
    this.zoom.from += this.newest - before;
    this.zoom.to += this.newest - before;
  }

  zoomTo(from, to) {
    const whole = this.whole();
    from = Math.max(from, whole.from);
    to = Math.min(to, this.newest);
    if (!(to > from)) return;
    const all = from <= whole.from && to >= this.newest;
    if (all && !this.zoom) return;
    this.zoom = all ? null : { from, to, follow: !this.data.xLog && to >= this.newest };
    this.draw();
    this.sendZoom();
  }

  zoomBy(factor, middle) {
    const { from, to } = this.range(), log = this.data.xLog;
    const [a, b] = log ? [Math.log(from), Math.log(to)] : [from, to];
    const centre = middle ?? this.cursor ?? (log ? Math.exp((a + b) / 2) : (a + b) / 2), c = log ? Math.log(centre) : centre;
    const ends = [c - (c - a) * factor, c + (b - c) * factor];
    this.zoomTo(...(log ? ends.map(Math.exp) : ends));
  }

  zoomAll() {
    if (!this.zoom) return;
    this.zoom = null;
    this.draw();
    this.sendZoom();
  }

  // Python then sends every point of a narrow view.
  sendZoom() {
    clearTimeout(this.later);
    this.later = setTimeout(() => {
      const z = this.zoom, digits = (v) => Number(v.toPrecision(8));
      this.component.setStateValue("zoom", z ? [digits(z.from), digits(z.to), z.follow] : null);
    }, 250);
  }

  // ---- drawing ------------------------------------------------------------------------------

  draw() {
    if (!this.data || !this.root.clientWidth) return;
    this.palette = themePalette(this.root);
    this.drawLegend();
    const range = this.range();
    this.data.axes.forEach((axis, k) => this.plots[k].draw(axis, axis.log !== this.logs.has(axis.title), range, this.palette, (this.data.height * textPixels()) / 12));
    // Not `disabled`: whoever has just pressed it would lose the keyboard.
    for (const button of [".all", ".wider"]) this.find(button).setAttribute("aria-disabled", String(!this.zoom));
    this.root.dataset.view = `${range.from} ${range.to}`;
    // A pointer that rests points at something else once the view has moved.
    if (this.px !== null) this.cursor = this.snap(this.pointed, this.px);
    this.light();
    this.fillTable();
  }

  // ---- pointing -----------------------------------------------------------------------------

  point(plot, px, event) {
    this.pointed = plot;
    this.px = plot ? px : null;
    this.touched = event?.pointerType === "touch";
    this.cursor = plot ? this.snap(plot, px) : null;
    this.light();
  }

  // The place of the point nearest to the pointer, whichever curve it is of.
  snap(plot, px) {
    let best = null, least = Infinity;
    for (const curve of plot.curves) {
      const k = nearestIndex(curve.x, plot.x.value(px), this.data.xLog);
      if (k < 0 || curve.x[k] < plot.x.low || curve.x[k] > plot.x.high) continue;
      const far = Math.abs(plot.x.at(curve.x[k]) - px);
      if (far < least) [best, least] = [curve.x[k], far];
    }
    return best;
  }

  places() {
    const { from, to } = this.range(), found = new Set();
    for (const plot of this.plots) for (const { x } of plot.curves) for (const v of x) if (v >= from && v <= to) found.add(v);
    return [...found].sort((a, b) => a - b);
  }

  key(event) {
    if (event.target !== this.find(".plots")) return;
    const places = this.places(), now = this.cursor === null ? places.length - 1 : nearestIndex(places, this.cursor, this.data.xLog);
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageDown: -20, PageUp: 20, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      const step = steps[event.key] * (event.shiftKey ? 10 : 1), to = this.cursor === null && Math.abs(step) === 1 ? now : now + step;
      this.cursor = places[Math.min(Math.max(to, 0), places.length - 1)] ?? null;
      this.pointed = this.plots[0];
      this.px = null;
      this.touched = false;
      this.light();
      this.find(".spoken").textContent = this.reading();
    } else if (event.key === "+" || event.key === "=") this.zoomBy(0.5);
    else if (event.key === "-") this.zoomBy(2);
    else if (event.key === "0") this.zoomAll();
    else if (event.key === "Escape") this.point(null);
    else return;
    event.preventDefault();
  }

  light() {
    if (!this.data) return;
    for (const plot of this.plots) plot.light(this.cursor);
    this.showTip();
  }

  title(at) {
    const d = this.data, epoch = d.perEpoch ? `, epoch ${(at / d.perEpoch).toFixed(2)}` : "";
    return `${d.xTitle} ${tidy(at)}${epoch}`;
  }

  // [panel's title, [curve, text]...] for the cursor.
  readings() {
    return this.plots.map((plot) => [plot.axis.title, plot.near(this.cursor).map(({ curve, k, value }) => {
      const raw = curve.smooth ? ` (raw ${this.valueText(curve, curve.y[k], k)})` : "";
      const away = curve.x[k] === this.cursor ? "" : ` at ${tidy(curve.x[k])}`;
      return [curve, `${this.valueText(curve, value, k)}`, `${raw}${away}`];
    })]);
  }

  valueText(curve, value, k) {
    if (value !== null) return tidy(value);
    return (curve.broken.find(([at]) => at === curve.x[k]) ?? [0, "no number"])[1];
  }

  marksHere() {
    const plot = this.plots[0];
    return this.data.marks.filter(({ x }) => Math.abs(plot.x.at(x) - plot.x.at(this.cursor)) <= 7).map(({ text }) => text);
  }

  reading() {
    if (this.cursor === null) return "";
    const parts = this.readings().flatMap(([title, rows]) => rows.map(([curve, text, more]) => `${title}, ${curve.name}: ${text}${more}`));
    return `${this.title(this.cursor)}. ${[...this.marksHere(), ...parts].join(". ")}`;
  }

  showTip() {
    const tip = this.find(".tip"), plot = this.pointed;
    const { from, to } = this.range(), inside = this.cursor !== null && this.cursor >= from && this.cursor <= to;
    tip.hidden = !inside || !plot || Boolean(plot.span);
    if (tip.hidden) return;
    tip.innerHTML = "<p></p>";
    tip.querySelector("p").textContent = this.title(this.cursor);
    for (const text of this.marksHere()) {
      const mark = tip.appendChild(document.createElement("p"));
      mark.className = "mark";
      mark.textContent = text;
    }
    const table = tip.appendChild(document.createElement("table"));
    for (const [title, rows] of this.readings()) {
      if (!rows.length) continue;
      if (this.plots.length > 1) {
        const cell = table.insertRow().insertCell();
        Object.assign(cell, { colSpan: 3, className: "panel", textContent: title });
      }
      for (const [curve, text, more] of rows) {
        const row = table.insertRow();
        row.insertCell().innerHTML = this.sample(curve, 18);
        row.insertCell().textContent = curve.name;
        const cell = row.insertCell();
        cell.className = "value";
        cell.textContent = text + more;
      }
    }
    this.placeTip(tip, plot);
  }

  placeTip(tip, plot) {
    const root = this.root.getBoundingClientRect(), host = plot.host.getBoundingClientRect();
    const x = host.left - root.left + plot.x.at(this.cursor), width = tip.offsetWidth, room = this.root.clientWidth;
    const beside = x + 14 + width <= room ? x + 14 : x - 14 - width;
    tip.style.left = `${Math.max(0, Math.min(beside, room - width))}px`;
    // Above a finger, which would hide it; else inside the plot.
    const y = this.touched ? host.top - root.top - tip.offsetHeight - 4 : host.top - root.top + 6;
    tip.style.top = `${y}px`;
  }

  // ---- the table ----------------------------------------------------------------------------

  fillTable() {
    const details = this.find(".tables");
    if (!details.open || !this.data) return;
    const table = document.createElement("table"), head = table.createTHead().insertRow();
    const columns = this.plots.flatMap((plot) => plot.curves.map((curve) => [plot, curve]));
    for (const text of [this.data.xTitle, ...columns.map(([plot, curve]) => `${plot.axis.title}: ${curve.name}`)]) {
      const cell = head.appendChild(document.createElement("th"));
      cell.scope = "col";
      cell.textContent = text;
    }
    const body = table.createTBody();
    for (const at of this.tablePlaces()) {
      const row = body.insertRow(), name = row.appendChild(document.createElement("th"));
      name.scope = "row";
      name.textContent = tidy(at);
      for (const [, curve] of columns) {
        const k = curve.x.indexOf(at);
        row.insertCell().textContent = k < 0 ? "" : this.valueText(curve, curve.y[k], k);
      }
    }
    details.querySelector("div").replaceChildren(table);
  }

  // Every place where a curve has a symbol; without such, a few dozen spread evenly.
  tablePlaces() {
    const { from, to } = this.range(), marked = new Set();
    for (const plot of this.plots) for (const c of plot.curves) if (c.points) for (const v of c.x) if (v >= from && v <= to) marked.add(v);
    const places = marked.size ? [...marked].sort((a, b) => a - b) : this.places();
    const every = Math.ceil(places.length / 40) || 1;
    return places.filter((_, k) => (places.length - 1 - k) % every === 0);
  }

  release() {
    clearTimeout(this.later);
    this.observer.disconnect();
    this.stopTheme();
  }
}

const views = new WeakMap();

function mount(component) {
  const root = component.parentElement.querySelector(".curves");
  let view = views.get(root);
  if (!view) {
    view = new Curves(root);
    views.set(root, view);
  }
  view.receive(component);
  return () => { view.release(); views.delete(root); };
}
