// A 2-2-1 network as a graph: values on the way forward, gradients on the way back, factors of
// the chain rule along the way of the weight that is pointed at. All numbers come from Python.

const SVG = "http://www.w3.org/2000/svg";

// Middle of every node and of every weight's label.
const WIDE = {
  size: [912, 438],
  nodes: { x1: [62, 98], x2: [62, 326], h1: [366, 98], h2: [366, 326], p: [652, 212], L: [838, 212], y: [838, 340] },
  labels: { w11: [196, 98], w12: [168, 178], w21: [168, 246], w22: [196, 326], v1: [509, 150], v2: [509, 274],
    b1: [366, 27], b2: [366, 411], c: [652, 126] },
};
const TALL = {
  size: [400, 830],
  nodes: { x1: [96, 34], x2: [304, 34], h1: [96, 330], h2: [304, 330], p: [200, 620], L: [200, 780], y: [340, 780] },
  labels: { w11: [62, 185], w12: [146, 112], w21: [157, 250], w22: [338, 185], v1: [150, 478], v2: [230, 540],
    b1: [62, 408], b2: [338, 408], c: [58, 706] },
};
const EDGES = {
  w11: ["x1", "h1"], w12: ["x1", "h2"], w21: ["x2", "h1"], w22: ["x2", "h2"], v1: ["h1", "p"], v2: ["h2", "p"],
};
const UNITS = { h1: ["z1", "h1"], h2: ["z2", "h2"], p: ["z", "p"] };
const BIASES = { b1: "h1", b2: "h2", c: "p" };

// Formulas as people write them.
const pretty = (text) => text
  .replace(/\bd([A-Za-z]\w*)\/d(\w+)/g, "∂$1/∂$2")
  .replace(/\*\*2|\^2/g, "²")
  .replace(/ \* /g, " · ");

class Backprop {
  constructor(root, component) {
    this.root = root;
    this.component = component;
    this.find = (selector) => root.querySelector(selector);
    this.svg = this.find("svg");
    this.player = new Player(this.find(".walk"), { noun: "step", go: (step) => this.go(step) });
    this.find(".one").addEventListener("click", () => this.learn(this.data.updates + 1));
    this.find(".ten").addEventListener("click", () => this.learn(this.data.updates + 10));
    const top = this.find(".chart .top");
    top.addEventListener("click", (e) => {
      if (!this.data.conceal) this.learn(this.updateAt(e.clientX - top.getBoundingClientRect().left));
    });
    this.find(".tables").addEventListener("toggle", () => this.fillTables());
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.refresh());
  }

  receive(component) {
    const first = !this.data, before = this.data;
    this.component = component;
    this.data = component.data;
    this.last = this.data.steps.length;
    // What was pinned here comes back late, when somebody may have gone on.
    if (first || (before.step !== this.data.step && this.data.step !== this.pinned)) this.step = this.data.step;
    this.step = Math.min(Math.max(this.step, 1), this.last);
    this.pointed = null;
    this.refresh();
    if (this.data.focus && (first || !before.focus)) this.find(".play").focus({ preventScroll: true });
    this.root.dataset.ready = "true";
    this.resting = restThen(this.resting, this.data.settle);
  }

  refresh() {
    if (!this.data) return;
    const p = (this.palette = themePalette(this.root)), style = this.root.style;
    const colours = { front: p.kernel, back: p.window, update: p.output, grid: p.grid, muted: p.muted };
    for (const [name, colour] of Object.entries(colours)) style.setProperty(`--${name}`, colour);
    style.setProperty("--back-ink", inkOn(hexToRgb(p.window)));
    this.find(".history h4").textContent = this.data.history;
    this.find(".remark").textContent = this.data.remark;
    this.laidOut = "";
    this.arrange();
  }

  arrange() {
    const width = this.root.clientWidth;
    if (!this.data || !width || this.laidOut === `${width}`) return;
    this.laidOut = `${width}`;
    const narrow = width < 600;
    this.root.classList.toggle("narrow", narrow);
    this.plan = narrow ? TALL : WIDE;
    this.draw();
    this.drawCurve();
    this.fillTables();
    this.light();
  }

  // ---- the graph --------------------------------------------------------------------------

  make(name, attributes, parent, text) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return parent.appendChild(element);
  }

  draw() {
    const [width, height] = this.plan.size;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.style.maxWidth = this.data.large ? "none" : `${width * 1.1}px`;
    this.svg.setAttribute("aria-label", this.data.alt);
    this.svg.innerHTML = "";
    this.groups = {};
    for (const [name, [from, to]] of Object.entries(EDGES)) this.drawEdge(name, from, to);
    for (const [name, unit] of Object.entries(BIASES)) this.drawBias(name, unit);
    this.drawArrow("loss", this.plan.nodes.p, this.plan.nodes.L);
    this.drawArrow("goal", this.plan.nodes.y, this.plan.nodes.L);
    for (const name of ["x1", "x2", "y"]) this.drawGiven(name);
    for (const name of ["h1", "h2", "p"]) this.drawUnit(name);
    this.drawLoss();
    for (const name of Object.keys({ ...EDGES, ...BIASES })) this.drawTag(name);
    this.badges = this.make("g", {}, this.svg);
  }

  group(name, parent = this.svg) { return (this.groups[name] ??= []).at(this.groups[name].push(this.make("g", {}, parent)) - 1); }

  drawEdge(name, from, to) {
    const [a, b] = [this.plan.nodes[from], this.plan.nodes[to]];
    this.make("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], class: "line" }, this.group(name));
  }

  drawArrow(name, a, b) {
    this.make("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], class: "line" }, this.group(name));
  }

  drawBias(name, unit) {
    const a = this.plan.labels[name], b = this.plan.nodes[unit];
    this.make("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], class: "line", "stroke-dasharray": "5 4" }, this.group(name));
  }

  drawGiven(name) {
    const [x, y] = this.plan.nodes[name], g = this.group(name);
    this.make("rect", { x: x - 46, y: y - 26, width: 92, height: 52, rx: 26, class: "box" }, g);
    this.make("text", { x, y: y - 6, "text-anchor": "middle", class: "name" }, g, name === "y" ? "target y" : name);
    this.make("text", { x, y: y + 14, "text-anchor": "middle", class: "value" }, g, this.data.given[name].text);
    if (name !== "y") this.make("text", { x, y: y + 43, "text-anchor": "middle", class: "gradient", "data-gradient": name }, g);
    this.editable(g, name, this.data.given[name].raw);
  }

  // Two halves: the sum, and what the activation makes of it.
  drawUnit(name) {
    const [x, y] = this.plan.nodes[name], halves = UNITS[name];
    halves.forEach((half, n) => {
      const g = this.group(half), left = x - 82 + n * 82, middle = left + 41;
      this.make("rect", { x: left, y: y - 29, width: 82, height: 58, rx: 6, class: "box" }, g);
      this.make("text", { x: middle, y: y - 9, "text-anchor": "middle", class: "name" }, g, half);
      this.make("text", { x: middle, y: y + 14, "text-anchor": "middle", class: "value", "data-value": half }, g);
      this.make("text", { x: middle, y: y + 45, "text-anchor": "middle", class: "gradient", "data-gradient": half }, g);
    });
    const kind = name === "p" ? this.data.output : this.data.hidden;
    this.make("text", { x: x + 78, y: y - 34, "text-anchor": "end", class: "kind" }, this.group(`${name}-kind`), kind);
  }

  drawLoss() {
    const [x, y] = this.plan.nodes.L, g = this.group("L");
    this.make("rect", { x: x - 56, y: y - 29, width: 112, height: 58, rx: 6, class: "box" }, g);
    this.make("text", { x, y: y - 9, "text-anchor": "middle", class: "name" }, g, "loss L");
    this.make("text", { x, y: y + 14, "text-anchor": "middle", class: "value", "data-value": "L" }, g);
    this.make("text", { x: x + 56, y: y - 34, "text-anchor": "end", class: "kind" }, g, this.data.loss);
  }

  drawTag(name) {
    const [x, y] = this.plan.labels[name], g = this.group(name), tall = 52;
    this.make("rect", { x: x - 59, y: y - tall / 2, width: 118, height: tall, rx: 6, class: "tag" }, g);
    this.make("text", { x: x - 53, y: y - 9, class: "name" }, g, name);
    this.make("text", { x: x + 53, y: y - 9, "text-anchor": "end", class: "value" }, g, this.data.parameters[name].text);
    this.make("text", { x: x + 53, y: y + 5, "text-anchor": "end", class: "gradient", "data-gradient": name }, g);
    this.make("text", { x: x + 53, y: y + 19, "text-anchor": "end", class: "after", "data-after": name }, g);
    this.editable(g, name, this.data.parameters[name].raw);
    g.addEventListener("pointerenter", () => this.point(name));
    g.addEventListener("pointerleave", () => this.point(null));
    g.addEventListener("focus", () => this.point(name));
    g.addEventListener("blur", () => this.point(null));
  }

  editable(g, name, raw) {
    g.classList.add("edit");
    g.setAttribute("tabindex", "0");
    g.setAttribute("role", "button");
    g.setAttribute("aria-label", `${name} = ${figures(raw)}: change`);
    g.dataset.name = name;
    g.addEventListener("click", () => this.edit(g, name, raw));
    g.addEventListener("keydown", (e) => { if (e.key === "Enter") { e.preventDefault(); this.edit(g, name, raw); } });
  }

  edit(g, name, raw) {
    const host = this.find(".graph"), box = g.getBoundingClientRect(), around = host.getBoundingClientRect();
    host.querySelector(".number-editor")?.remove();
    const input = host.appendChild(document.createElement("input"));
    input.className = "number-editor";
    input.inputMode = "decimal";
    input.value = String(raw);
    input.setAttribute("aria-label", `New value of ${name}`);
    input.style.left = `${Math.max(0, box.left + box.width / 2 - around.left - 42)}px`;
    input.style.top = `${box.top + Math.min(box.height, 30) / 2 - around.top - 8}px`;
    const close = (keep) => {
      if (!input.isConnected) return;
      const value = Number(input.value.trim().replace(",", "."));
      if (keep && (input.value.trim() === "" || !Number.isFinite(value) || Math.abs(value) > 100)) {
        input.classList.add("wrong");
        input.title = "Write a number between -100 and 100.";
        return;
      }
      input.onblur = null;
      input.remove();
      if (keep && value !== raw) this.component.setTriggerValue("edit", `${name}=${value}`);
    };
    input.addEventListener("keydown", (e) => {
      e.stopPropagation();
      if (e.key === "Enter") close(true);
      if (e.key === "Escape") { close(false); g.focus(); }
    });
    input.onblur = () => close(!input.classList.contains("wrong") && input.value !== String(raw));
    input.focus();
    input.select();
  }

  // ---- steps ------------------------------------------------------------------------------

  go(step) {
    this.pointed = null;
    this.step = step;
    this.light();
    clearTimeout(this.pinning);
    if (this.player.playing) return;
    this.pinning = setTimeout(() => {
      this.pinned = this.step;
      this.component.setStateValue("pin", String(this.step));
    }, REST);
    this.speak();
  }

  learn(updates) {
    if (this.data.conceal) return;
    this.component.setTriggerValue("learn", String(Math.min(Math.max(updates, 0), 5000)));
  }

  point(name) {
    if (this.data.conceal || this.pointed === name) return;
    this.pointed = name;
    this.light();
  }

  // What has been computed up to this step.
  known() {
    if (this.data.conceal) return new Set();
    return new Set(this.data.steps.slice(0, this.step).map((step) => step.key));
  }

  light() {
    if (!this.data || !this.groups) return;
    const known = this.known(), now = this.data.steps[this.step - 1], d = this.data;
    const chain = this.pointed && known.has(`dL/d${this.pointed}`) ? d.parameters[this.pointed].chain : null;
    const places = new Set(chain ? [...chain.map((f) => f.place), this.pointed] : []);
    const lit = new Set(chain || d.conceal ? [] : now.lit);
    for (const [name, parts] of Object.entries(this.groups)) for (const g of parts) {
      g.classList.toggle("known", known.has(name) || name in d.given);
      for (const phase of ["forward", "backward", "update"]) g.classList.toggle(phase, lit.has(name) && now.phase === phase);
      g.classList.toggle("lit", lit.has(name));
      g.classList.toggle("chained", places.has(name));
    }
    for (const text of this.svg.querySelectorAll("[data-value]")) {
      text.textContent = known.has(text.dataset.value) ? d.values[text.dataset.value] : "?";
    }
    for (const text of this.svg.querySelectorAll("[data-gradient]")) {
      const name = text.dataset.gradient;
      text.textContent = known.has(`dL/d${name}`) ? `∂ ${d.gradients[name]}` : "";
    }
    for (const text of this.svg.querySelectorAll("[data-after]")) {
      text.textContent = known.has("update") ? `→ ${d.parameters[text.dataset.after].after}` : "";
    }
    this.drawBadges(chain);
    const count = d.conceal ? "step ?" : `${this.step} of ${this.last}, ${now.phase}`;
    this.player.show({ first: 1, last: d.conceal ? 1 : this.last, step: this.step, text: count });
    this.describe(now, chain);
  }

  // Numbers at the places of the factors, in the order in which they are multiplied.
  drawBadges(chain) {
    this.badges.innerHTML = "";
    (chain ?? []).forEach(({ place }, n) => {
      const [x, y] = this.badgePlace(place);
      const g = this.make("g", { class: "badge" }, this.badges);
      this.make("circle", { cx: x, cy: y, r: 10 }, g);
      this.make("text", { x, y }, g, String(n + 1));
    });
  }

  badgePlace(place) {
    const unit = Object.keys(UNITS).find((name) => UNITS[name].includes(place));
    if (unit) return [this.plan.nodes[unit][0] + (UNITS[unit][1] === place ? 80 : -80), this.plan.nodes[unit][1] - 28];
    if (place in this.plan.nodes) return [this.plan.nodes[place][0] - 44, this.plan.nodes[place][1] - 24];
    const [x, y] = this.plan.labels[place];
    return [x - 59, y - 26];
  }

  describe(now, chain) {
    const d = this.data, lines = this.find(".lines");
    const colour = { forward: this.palette.kernel, backward: this.palette.window, update: this.palette.output };
    this.root.style.setProperty("--now", colour[chain ? "backward" : now.phase]);
    lines.classList.toggle("nine", !chain && now.phase === "update" && !d.conceal);
    if (d.conceal) {
      this.find(".where").textContent = "Guess first: the numbers wait.";
      lines.innerHTML = "";
      return;
    }
    if (chain) {
      this.find(".where").textContent = `The gradient of ${this.pointed}: every factor on the way from the loss, in order.`;
      lines.innerHTML = this.chainLines(chain);
      return;
    }
    this.find(".where").textContent = now.words;
    lines.innerHTML = now.lines.map((line) => this.lineOf(line, now.phase)).join("");
  }

  lineOf({ symbols, numbers, value }, phase) {
    const sides = phase === "update" ? symbols.split(" ")[0] : symbols;
    return `<p><span class="symbols">${pretty(sides)}</span> = <span class="numbers">${unbroken(pretty(numbers))}</span> = <b>${value}</b></p>`;
  }

  chainLines(chain) {
    const factors = chain.map((f, n) => `<span><i>${n + 1}</i> ${pretty(f.symbol)}</span>`).join(" · ");
    const numbers = chain.map((f, n) => `<span><i>${n + 1}</i> ${f.value}</span>`).join(" · ");
    return `<p><span>∂L/∂${this.pointed}</span> = ${factors}</p><p>= ${numbers}</p><p>= <b>${this.data.gradients[this.pointed]}</b></p>`;
  }

  speak() {
    this.find(".spoken").textContent = `${this.find(".where").textContent} ${this.find(".lines").textContent}`;
  }

  // ---- the loss over the updates --------------------------------------------------------------

  drawCurve() {
    const host = this.find(".history"), { curve, updates } = this.data, size = textPixels();
    const width = Math.max(host.clientWidth, 200), height = 165;
    const base = sizeCanvas(this.find(".chart .base"), width, height), p = this.palette;
    sizeCanvas(this.find(".chart .top"), width, height);
    base.font = `${size}px ${getComputedStyle(this.root).fontFamily}`;
    if (this.data.conceal) return;
    const values = curve.map(([, loss]) => Math.max(loss, 1e-12)), first = values[0];
    const seen = values.filter((v) => v <= first * 1e3);
    this.y = logScale(Math.min(...seen), Math.max(...seen), height - size * 2.2, 8, 4, false);
    const left = size * 3.6;
    this.x = linearScale(0, Math.max(curve.at(-1)[0], 1), left, width - 10, 4, true);
    this.drawGrid(base, left, width, height, size);
    const path = (points) => {
      base.beginPath();
      for (const [at, loss] of points) base.lineTo(this.x.at(at), Math.max(this.y.at(Math.max(loss, 1e-12)), -50));
      base.stroke();
    };
    base.strokeStyle = p.lines[0];
    base.lineWidth = 2;
    base.globalAlpha = 0.45;
    base.setLineDash([4, 3]);
    path(curve.filter(([at]) => at >= updates));
    base.globalAlpha = 1;
    base.setLineDash([]);
    path(curve.filter(([at]) => at <= updates));
    const here = curve.find(([at]) => at === updates);
    base.fillStyle = p.lines[0];
    base.beginPath();
    base.arc(this.x.at(updates), Math.max(this.y.at(Math.max(here[1], 1e-12)), 4), 5, 0, 2 * Math.PI);
    base.fill();
  }

  drawGrid(ctx, left, width, height, size) {
    const p = this.palette;
    ctx.lineWidth = 1;
    ctx.fillStyle = p.muted;
    ctx.strokeStyle = p.grid;
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    for (const { value, text } of this.y.ticks) {
      const y = Math.round(this.y.at(value)) + 0.5;
      ctx.globalAlpha = 0.35;
      ctx.beginPath();
      ctx.moveTo(left, y);
      ctx.lineTo(width - 10, y);
      ctx.stroke();
      ctx.globalAlpha = 1;
      ctx.fillText(text, left - 5, Math.max(y, size * 0.6));
    }
    ctx.textBaseline = "alphabetic";
    ctx.textAlign = "center";
    for (const { value, text } of this.x.ticks) {
      if (Number.isInteger(value)) ctx.fillText(text, Math.min(this.x.at(value), width - 14), height - size * 0.9);
    }
  }

  updateAt(px) { return this.x ? Math.round(Math.min(Math.max(this.x.value(px), 0), this.data.curve.at(-1)[0])) : 0; }

  fillTables() {
    const details = this.find(".tables"), d = this.data;
    if (!details.open || !d || d.conceal) return;
    const rows = (head, lines) => `<tr>${head.map((h) => `<th scope="col">${h}</th>`).join("")}</tr>`
      + lines.map(([name, ...cells]) => `<tr><th scope="row">${name}</th>${cells.map((c) => `<td>${c}</td>`).join("")}</tr>`).join("");
    const parameters = Object.entries(d.parameters).map(([name, p]) => [name, p.text, d.gradients[name], p.after]);
    const values = Object.entries(d.values).map(([name, text]) => [name, text, d.gradients[name] ?? ""]);
    details.querySelector("div").innerHTML = `<table><caption>Weights and biases</caption>${rows(["", "value", "gradient", "after"], parameters)}</table>`
      + `<table><caption>Values</caption>${rows(["", "value", "gradient"], values)}</table>`;
  }

  release() {
    this.player.pause();
    clearTimeout(this.resting);
    clearTimeout(this.pinning);
    this.observer.disconnect();
    this.stopTheme();
  }
}

// Lines break between the parts of a sum, not at a minus.
const unbroken = (text) => text.replace(/\S+/g, "<span>$&</span>");

const mount = mounting(".backprop", Backprop);
