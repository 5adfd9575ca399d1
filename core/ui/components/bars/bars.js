// Histograms side by side. The bins and their counts come from Python.

class BarPlot {
  constructor(host, view) {
    this.view = view;
    this.section = host.appendChild(document.createElement("section"));
    this.section.className = "plot";
    this.section.innerHTML = '<h4></h4><div class="host" tabindex="0" role="application"></div>';
    this.host = this.section.querySelector(".host");
    this.base = this.host.appendChild(document.createElement("canvas"));
    this.top = this.host.appendChild(document.createElement("canvas"));
    this.top.className = "top";
    this.at = -1;
    this.top.addEventListener("pointermove", (e) => this.point(this.binAt(e.clientX - this.top.getBoundingClientRect().left)));
    this.top.addEventListener("pointerleave", () => this.point(-1));
    this.host.addEventListener("blur", () => this.point(-1));
    this.host.addEventListener("keydown", (e) => this.key(e));
  }

  binAt(px) {
    const value = this.x.value(px), edges = this.data.edges;
    return edges.findIndex((edge, k) => k < edges.length - 1 && value >= edge && value < edges[k + 1]);
  }

  key(event) {
    const last = this.data.counts.length - 1;
    const to = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.point(Math.min(Math.max(to, 0), last));
  }

  point(bin) {
    this.at = bin;
    this.light();
    this.view.say(bin < 0 ? "" : this.sentence(bin));
  }

  sentence(bin) {
    const { edges, counts, total, title } = this.data;
    const share = total ? ` (${((100 * counts[bin]) / total).toFixed(1)} %)` : "";
    return `${title}: ${counts[bin].toLocaleString("en-US")} of ${total.toLocaleString("en-US")}${share} lie between ${tidy(edges[bin])} and ${tidy(edges[bin + 1])}`;
  }

  draw(data, palette, height) {
    Object.assign(this, { data, palette, height });
    this.section.querySelector("h4").textContent = data.title;
    this.host.setAttribute("aria-label", `${data.alt} Arrow keys read the bins.`);
    const width = (this.width = this.host.clientWidth), size = textPixels(), ctx = sizeCanvas(this.base, width, height);
    ctx.font = `${size}px ${getComputedStyle(this.host).fontFamily}`;
    const bottom = (this.bottom = height - size * 1.9), most = Math.max(...data.counts, 1);
    let y = linearScale(0, most, bottom, size * 0.7, Math.max(Math.floor(bottom / (size * 3.4)), 2), false);
    const widest = Math.max(...y.ticks.map((t) => ctx.measureText(t.text).width));
    const left = Math.ceil((widest + 8) / 8) * 8, right = width - 10;
    this.y = y;
    this.x = linearScale(data.edges[0], data.edges[data.edges.length - 1], left, right, Math.max(Math.floor((right - left) / (size * 4)), 3), true);
    this.drawAxes(ctx, left, right, size);
    this.drawBars(ctx);
    this.light();
  }

  drawAxes(ctx, left, right, size) {
    ctx.strokeStyle = this.palette.grid;
    ctx.fillStyle = this.palette.muted;
    ctx.lineWidth = 1;
    ctx.textBaseline = "middle";
    ctx.textAlign = "right";
    for (const { value, text } of this.y.ticks) {
      const y = Math.round(this.y.at(value)) + 0.5;
      ctx.globalAlpha = value === 0 ? 0.9 : 0.32;
      ctx.beginPath();
      ctx.moveTo(left, y);
      ctx.lineTo(right, y);
      ctx.stroke();
      ctx.globalAlpha = 1;
      ctx.fillText(text, left - 6, y);
    }
    ctx.textBaseline = "alphabetic";
    ctx.textAlign = "center";
    for (const { value, text } of this.x.ticks) {
      const half = ctx.measureText(text).width / 2;
      ctx.fillText(text, Math.min(Math.max(this.x.at(value), half), this.width - half - 1), this.bottom + size * 1.45);
    }
  }

  drawBars(ctx) {
    const { edges, counts } = this.data;
    counts.forEach((count, k) => {
      if (!count) return;
      const { x, y, width, height } = this.bar(k);
      const below = edges[k + 1] <= 0;
      ctx.fillStyle = below ? this.palette.lines[0] : this.palette.lines[1];
      if (edges[0] >= 0) ctx.fillStyle = this.palette.lines[0];
      ctx.fillRect(x, y, width, height);
    });
    if (edges[0] < 0 && edges[edges.length - 1] > 0) this.drawZero(ctx);
  }

  // Where values are signed, 0 is a line: left of it is below 0.
  drawZero(ctx) {
    const x = Math.round(this.x.at(0)) + 0.5;
    ctx.strokeStyle = this.palette.text;
    ctx.setLineDash([3, 3]);
    ctx.beginPath();
    ctx.moveTo(x, 2);
    ctx.lineTo(x, this.bottom);
    ctx.stroke();
    ctx.setLineDash([]);
  }

  bar(k) {
    const { edges, counts } = this.data, x0 = this.x.at(edges[k]), x1 = this.x.at(edges[k + 1]);
    const gap = x1 - x0 > 4 ? 1 : 0, y = this.y.at(counts[k]);
    return { x: x0 + gap / 2, y: Math.min(y, this.bottom - (counts[k] ? 1 : 0)), width: Math.max(x1 - x0 - gap, 0.5), height: Math.max(this.bottom - y, counts[k] ? 1 : 0) };
  }

  light() {
    const ctx = sizeCanvas(this.top, this.width, this.height);
    if (this.at < 0 || this.at >= this.data.counts.length) return;
    const { x, width } = this.bar(this.at);
    ctx.globalAlpha = 0.16;
    ctx.fillStyle = this.palette.text;
    ctx.fillRect(x, 0, width, this.bottom);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = this.palette.output;
    ctx.lineWidth = 2;
    const { y, height } = this.bar(this.at);
    ctx.strokeRect(x, y, width, height);
  }
}

class Bars {
  constructor(root) {
    this.root = root;
    this.plots = [];
    this.find = (selector) => root.querySelector(selector);
    this.find(".tables").addEventListener("toggle", () => this.fillTables());
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.draw());
  }

  receive({ data }) {
    this.data = data;
    const host = this.find(".plots");
    while (this.plots.length < data.histograms.length) this.plots.push(new BarPlot(host, this));
    while (this.plots.length > data.histograms.length) this.plots.pop().section.remove();
    this.draw();
    this.root.dataset.ready = "true";
  }

  draw() {
    if (!this.data || !this.root.clientWidth) return;
    const palette = themePalette(this.root);
    this.data.histograms.forEach((histogram, k) => this.plots[k].draw(histogram, palette, (this.data.height * textPixels()) / 12));
    const pointed = this.plots.find((plot) => plot.at >= 0);
    if (pointed) pointed.point(pointed.at < pointed.data.counts.length ? pointed.at : -1);
    this.fillTables();
  }

  say(text) { this.find(".said").textContent = text; }

  fillTables() {
    const details = this.find(".tables");
    if (!details.open || !this.data) return;
    details.querySelector("div").replaceChildren(...this.data.histograms.map(({ title, edges, counts }) => {
      const table = document.createElement("table");
      table.createCaption().textContent = title;
      const body = table.createTBody();
      counts.forEach((count, k) => {
        const row = body.insertRow(), name = row.appendChild(document.createElement("th"));
        name.scope = "row";
        name.textContent = `${tidy(edges[k])} to ${tidy(edges[k + 1])}`;
        row.insertCell().textContent = String(count);
      });
      return table;
    }));
  }

  release() {
    this.observer.disconnect();
    this.stopTheme();
  }
}

const mount = mounting(".bars", Bars);
