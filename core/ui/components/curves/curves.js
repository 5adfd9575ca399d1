// Live curves: panels that share one horizontal axis, its zoom and its cursor. Every point comes
// from Python; what a person chose here (curves, zoom, logarithm) outlives each change of data.

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

const mount = mounting(".curves", Curves);
