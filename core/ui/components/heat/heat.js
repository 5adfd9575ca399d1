// A picture with a heat map over it. Heat, line and numbers come from Python; opacity and the way
// of showing are kept here and outlive each change of data.

const WAYS_IN_WORDS = {
  smooth: ["nothing", "speaks for it most"],
  cells: ["against it", "for it"],
  line: ["", ""],
  off: ["", ""],
};

class Heat {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.way = "smooth";
    this.over = this.find(".over");
    this.list = this.find("ol");
    for (const button of root.querySelectorAll(".ways button")) {
      button.addEventListener("click", () => { this.way = button.dataset.way; this.draw(); });
    }
    this.find(".opacity input").addEventListener("input", () => this.draw());
    this.over.addEventListener("pointermove", (e) => this.point(e));
    this.over.addEventListener("pointerdown", (e) => this.point(e));
    this.over.addEventListener("pointerleave", () => { this.cell = null; this.draw(); });
    this.list.addEventListener("click", (e) => this.pick([...this.list.children].indexOf(e.target.closest("li"))));
    this.list.addEventListener("keydown", (e) => this.key(e));
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.draw());
  }

  async receive(component) {
    const data = component.data, turn = (this.turn = (this.turn ?? 0) + 1);
    const [picture, heat] = await Promise.all([this.decoded(data.src), this.decoded(data.heat)]);
    if (turn !== this.turn || this.released) return;  // a newer call has overtaken this one
    Object.assign(this, { component, data, picture, heat, cell: null });
    this.root.classList.remove("waiting");
    this.root.classList.toggle("crisp", data.crisp);
    this.find("h4").textContent = data.title;
    this.find(".note").textContent = data.note;
    this.find(".view").setAttribute("aria-label", data.alt);
    this.find(".view").style.aspectRatio = `${data.width} / ${data.height}`;
    this.fill();
    this.measure();
    this.root.dataset.chosen = String(data.chosen);
    this.root.dataset.ready = "true";
  }

  async decoded(address) {
    const image = new Image();
    image.src = address;
    await image.decode();
    return image;
  }

  measure() {
    this.root.classList.toggle("narrow", this.root.clientWidth < 620);
    this.draw();
  }

  // ---- classes ------------------------------------------------------------------------------

  fill() {
    const bars = this.data.bars;
    while (this.list.children.length > bars.length) this.list.lastChild.remove();
    while (this.list.children.length < bars.length) {
      const item = this.list.appendChild(document.createElement("li"));
      item.setAttribute("role", "option");
      item.innerHTML = '<span class="sign" aria-hidden="true"></span><span class="name"></span><b></b><span class="rail"><u></u></span>';
    }
    bars.forEach((bar, k) => {
      const item = this.list.children[k];
      item.querySelector(".name").textContent = item.title = bar.name;
      item.querySelector("b").textContent = bar.text;
      item.querySelector("u").style.width = `${100 * bar.share}%`;
    });
    this.mark(this.data.chosen);
  }

  mark(place) {
    this.at = place;
    [...this.list.children].forEach((item, k) => {
      item.setAttribute("aria-selected", String(k === place));
      item.tabIndex = k === place ? 0 : -1;
    });
  }

  pick(place) {
    if (place < 0 || place === this.at) return;
    this.mark(place);
    this.root.classList.add("waiting");
    this.component.setTriggerValue("label", place);
  }

  key(e) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!step) return;
    e.preventDefault();
    const to = Math.min(Math.max(this.at + step, 0), this.data.bars.length - 1);
    this.pick(to);
    this.list.children[to].focus();
  }

  // ---- drawing ------------------------------------------------------------------------------

  draw() {
    const d = this.data, width = this.find(".view").clientWidth;
    if (!d || !width) return;
    const p = (this.palette = themePalette(this.root)), height = (width * d.height) / d.width;
    this.colours(p);
    const picture = this.find(".picture");
    if (picture.width !== d.width || picture.height !== d.height) Object.assign(picture, { width: d.width, height: d.height });
    picture.getContext("2d").drawImage(this.picture, 0, 0);
    const ctx = sizeCanvas(this.over, width, height), strength = Number(this.find(".opacity input").value) / 100;
    this.over.style.width = this.over.style.height = "100%";
    if (this.way === "smooth") this.drawSmooth(ctx, width, height, strength);
    if (this.way === "cells") this.drawCells(ctx, width, height, strength);
    if (this.way === "smooth" || this.way === "line") this.drawLines(ctx, width, height);
    this.drawCell(ctx, width, height);
    this.say();
  }

  colours(p) {
    const set = (name, value) => this.root.style.setProperty(name, value), [low, high] = WAYS_IN_WORDS[this.way];
    set("--muted", p.muted);
    set("--bar", p.lines[0]);
    set("--rail", `color-mix(in srgb, ${p.text} 13%, ${p.background})`);
    const stops = this.way === "cells" ? p.diverging : warm(p);
    set("--ramp", `linear-gradient(90deg, ${stops.join(", ")})`);
    this.find(".scale").hidden = !low || (this.way === "smooth" && this.data.nothing);
    this.find(".low").textContent = low;
    this.find(".high").textContent = high;
    this.find(".opacity").hidden = this.way === "off" || this.way === "line";
    for (const button of this.root.querySelectorAll(".ways button")) button.setAttribute("aria-pressed", String(button.dataset.way === this.way));
  }

  // The heat as a picture of its own, as opaque as it is hot.
  drawSmooth(ctx, width, height, strength) {
    const w = this.heat.width, h = this.heat.height, layer = document.createElement("canvas");
    Object.assign(layer, { width: w, height: h });
    const paint = layer.getContext("2d", { willReadFrequently: true }), map = ramp(warm(this.palette));
    paint.drawImage(this.heat, 0, 0);
    const pixels = paint.getImageData(0, 0, w, h);
    for (let k = 0; k < pixels.data.length; k += 4) {
      const share = pixels.data[k] / 255, [r, g, b] = map(share);
      pixels.data.set([r, g, b, Math.round(255 * strength * Math.min(1.2 * share, 1))], k);
    }
    paint.putImageData(pixels, 0, 0);
    ctx.imageSmoothingEnabled = true;
    ctx.drawImage(layer, 0, 0, width, height);
  }

  drawCells(ctx, width, height, strength) {
    const { rows, columns, cells, reach } = this.data, map = ramp(this.palette.diverging);
    const w = width / columns, h = height / rows, size = Math.min(w / 4.2, h / 2.4, textPixels() * 1.1);
    ctx.font = `${size}px ${getComputedStyle(this.root).fontFamily}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    cells.forEach((value, k) => {
      const x = (k % columns) * w, y = Math.floor(k / columns) * h, colour = map(0.5 + value / (2 * reach));
      ctx.globalAlpha = strength;
      ctx.fillStyle = css(colour);
      ctx.fillRect(x, y, w + 0.5, h + 0.5);
      ctx.globalAlpha = 1;
      if (size < 7) return;
      const text = short(value, reach);
      ctx.lineWidth = 3;
      ctx.strokeStyle = inkOn(colour) === "#000" ? "rgba(255,255,255,.75)" : "rgba(0,0,0,.75)";
      ctx.strokeText(text, x + w / 2, y + h / 2);
      ctx.fillStyle = inkOn(colour);
      ctx.fillText(text, x + w / 2, y + h / 2);
    });
  }

  drawLines(ctx, width, height) {
    for (const [weight, colour, dash] of [[3.5, "rgba(0,0,0,.75)", []], [1.8, "#fff", [6, 4]]]) {
      ctx.lineWidth = weight;
      ctx.strokeStyle = colour;
      ctx.setLineDash(dash);
      for (const line of this.data.lines) {
        ctx.beginPath();
        for (let k = 0; k < line.length; k += 2) ctx.lineTo(line[k] * width, line[k + 1] * height);
        ctx.closePath();
        ctx.stroke();
      }
    }
    ctx.setLineDash([]);
  }

  drawCell(ctx, width, height) {
    if (!this.cell || this.way === "off") return;
    const { rows, columns } = this.data, [row, column] = this.cell, w = width / columns, h = height / rows;
    for (const [weight, colour] of [[4, "rgba(0,0,0,.8)"], [2, "#fff"]]) {
      ctx.lineWidth = weight;
      ctx.strokeStyle = colour;
      ctx.strokeRect(column * w + 1, row * h + 1, w - 2, h - 2);
    }
  }

  // ---- pointing -----------------------------------------------------------------------------

  point(e) {
    const box = this.over.getBoundingClientRect(), { rows, columns } = this.data;
    const place = (share, count) => Math.min(Math.max(Math.floor(share * count), 0), count - 1);
    this.cell = [place((e.clientY - box.top) / box.height, rows), place((e.clientX - box.left) / box.width, columns)];
    this.draw();
  }

  say() {
    const d = this.data, name = d.bars[d.chosen].name;
    let text = d.nothing ? `Nothing in this layer speaks for ${name}.` : "The dashed line surrounds what is at least half as hot as the hottest place.";
    if (this.way === "cells") text = "What each place of the layer adds to the class, before it is cut at 0 and smoothed.";
    if (this.way === "off") text = "The picture as the network takes it.";
    if (this.cell) {
      const [row, column] = this.cell, value = d.cells[row * d.columns + column];
      text = `Row ${row}, column ${column} of ${d.rows} x ${d.columns}: ${short(value, d.reach)}, speaks ${value < 0 ? "against" : value > 0 ? "for" : "neither for nor against"} ${name}.`;
    }
    if (this.find(".said").textContent !== text) this.find(".said").textContent = text;
  }

  release() {
    this.released = true;
    this.observer.disconnect();
    this.stopTheme();
  }
}

// What speaks for a class is orange everywhere: the upper half of the signed map.
const warm = (palette) => palette.diverging.slice(3);

function short(value, reach) {
  const digits = Math.min(Math.max(1 - Math.floor(Math.log10(reach || 1)), 0), 4);
  return `${value > 0 ? "+" : ""}${value.toFixed(digits)}`.replace("-", "−");
}

const mount = mounting(".heat", Heat);
