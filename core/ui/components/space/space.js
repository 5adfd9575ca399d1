// Pictures as points in a plane. Places, neighbours and words come from Python; zoom, pan, the
// picture pointed at and the one chosen are kept here and outlive each change of data.

const EDGE = 34, MOVE_MS = 650, CLICK_PX = 5, SMALLEST_PICTURE = 10, MOST_ZOOM = 40;

class Space {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.plane = this.find(".plane");
    this.base = this.find(".base");
    this.card = this.find(".card");
    this.slider = this.find(".size input");
    this.hidden = { classes: new Set(), groups: new Set() };
    this.zoom = 1;
    this.pan = [0, 0];
    this.chosen = this.pointed = null;
    this.size = null;
    this.fingers = new Map();
    this.wire();
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => { this.drawLegends(); this.draw(); this.fillNear(); });
  }

  wire() {
    this.find(".closer").addEventListener("click", () => this.zoomBy(1.5));
    this.find(".wider").addEventListener("click", () => this.zoomBy(1 / 1.5));
    this.find(".all").addEventListener("click", () => this.showAll());
    this.slider.addEventListener("input", () => { this.size = Number(this.slider.value); this.draw(); });
    this.plane.addEventListener("keydown", (e) => this.key(e));
    this.base.addEventListener("dblclick", () => this.showAll());
    this.base.addEventListener("pointerdown", (e) => this.press(e));
    this.base.addEventListener("pointermove", (e) => this.move(e));
    for (const end of ["pointerup", "pointercancel"]) this.base.addEventListener(end, (e) => this.lift(e));
    this.base.addEventListener("pointerleave", () => this.fingers.size || this.point(null));
    this.base.addEventListener("wheel", (e) => {
      if (!e.ctrlKey && !e.shiftKey && !e.metaKey) return;
      e.preventDefault();
      this.zoomBy((e.deltaY || e.deltaX) > 0 ? 1 / 1.2 : 1.2, this.inside(e));
    }, { passive: false });
    this.find(".near ol").addEventListener("click", (e) => this.jump(e.target));
    this.find(".near ol").addEventListener("keydown", (e) => {
      if (e.key !== "Enter" && e.key !== " ") return;
      e.preventDefault();
      this.jump(e.target);
    });
  }

  async receive(component) {
    const data = component.data, turn = (this.turn = (this.turn ?? 0) + 1);
    const [sheet, guest] = await Promise.all([this.decoded(data.sheet), this.decoded(data.guest?.src)]);
    if (turn !== this.turn || this.released) return;  // a newer call has overtaken this one
    const same = this.data && this.data.sheet === data.sheet;
    const moved = !this.data || this.data.x.join() !== data.x.join() || this.data.what !== data.what;
    Object.assign(this, { data, sheet, guest });
    if (!same) {
      this.chosen = this.pointed = null;
      this.hidden = { classes: new Set(), groups: new Set() };
      this.spots = null;
    }
    if (this.chosen >= this.count) this.chosen = null;
    if (moved) [this.zoom, this.pan] = [1, [0, 0]];
    this.root.classList.toggle("crisp", data.crisp);
    this.plane.setAttribute("aria-label", `${data.alt} Arrow keys lead from picture to picture, Enter shows the neighbours, + and − zoom, 0 shows all.`);
    this.drawLegends();
    this.arrange(moved && same);
    this.fillNear();
    this.root.dataset.ready = "true";
  }

  async decoded(address) {
    if (!address) return null;
    this.known ??= new Map();
    if (!this.known.has(address)) {
      if (this.known.size > 4) this.known.clear();
      const image = new Image();
      image.src = address;
      this.known.set(address, image.decode().then(() => image));
    }
    return this.known.get(address);
  }

  get count() { return this.data.x.length + (this.data.guest ? 1 : 0); }

  isGuest(k) { return k === this.data.x.length; }

  // ---- places -------------------------------------------------------------------------------

  arrange(moving) {
    const d = this.data;
    this.width = this.plane.clientWidth;
    if (!d || !this.width) return;
    this.height = Math.min(d.height, Math.max(this.width * 1.05, 300));
    const xs = d.guest ? [...d.x, d.guest.x] : d.x, ys = d.guest ? [...d.y, d.guest.y] : d.y;
    const span = (v) => v.reduce(([low, high], x) => [Math.min(low, x), Math.max(high, x)], [Infinity, -Infinity]);
    const [left, right] = span(xs), [low, high] = span(ys), room = (a, b) => Math.max(b - a, 1e-9);
    const scale = Math.min((this.width - 2 * EDGE) / room(left, right), (this.height - 2 * EDGE) / room(low, high));
    const [mx, my] = [(left + right) / 2, (low + high) / 2];
    this.origin = [-mx * scale, my * scale];
    const to = xs.map((x, k) => [(x - mx) * scale, (my - ys[k]) * scale]);
    cancelAnimationFrame(this.frame);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!moving || still || !this.spots || this.spots.length !== to.length) {
      this.spots = to;
      this.draw();
      return;
    }
    this.glide(this.spots, to);
  }

  glide(from, to) {
    const begun = performance.now();
    const step = (now) => {
      const share = Math.min((now - begun) / MOVE_MS, 1), eased = share * share * (3 - 2 * share);
      this.spots = to.map(([x, y], k) => [from[k][0] + (x - from[k][0]) * eased, from[k][1] + (y - from[k][1]) * eased]);
      this.draw();
      if (share < 1) this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  at(k) { return this.screen(this.spots[k]); }

  screen([x, y]) { return [this.width / 2 + x * this.zoom + this.pan[0], this.height / 2 + y * this.zoom + this.pan[1]]; }

  inside(e) {
    const box = this.base.getBoundingClientRect();
    return [e.clientX - box.left, e.clientY - box.top];
  }

  zoomBy(factor, [x, y] = [this.width / 2, this.height / 2]) {
    const zoom = Math.min(Math.max(this.zoom * factor, 1), MOST_ZOOM), ratio = zoom / this.zoom;
    this.pan = [x - this.width / 2 - (x - this.width / 2 - this.pan[0]) * ratio, y - this.height / 2 - (y - this.height / 2 - this.pan[1]) * ratio];
    this.zoom = zoom;
    this.hold();
  }

  // The cloud stays in sight.
  hold() {
    const most = [this.width, this.height].map((side) => (side / 2) * this.zoom);
    this.pan = this.pan.map((v, k) => (this.zoom === 1 ? 0 : Math.min(Math.max(v, -most[k]), most[k])));
    this.plane.classList.toggle("zoomed", this.zoom > 1);
    this.draw();
  }

  showAll() {
    [this.zoom, this.pan] = [1, [0, 0]];
    this.hold();
  }

  // ---- drawing ------------------------------------------------------------------------------

  shown(k) {
    if (this.isGuest(k)) return true;
    return !this.hidden.classes.has(this.data.labels[k]) && !this.hidden.groups.has(this.data.parts[k]);
  }

  pictureSize() {
    const room = Math.sqrt((this.width * this.height) / Math.max(this.count, 1));
    const size = this.size ?? Math.round(Math.min(Math.max(room * 0.62, 16), 52) / 4) * 4;
    if (this.size === null) this.slider.value = String(size);
    return size < SMALLEST_PICTURE ? 0 : Math.min(size * this.zoom ** 0.35, 120);
  }

  draw() {
    if (!this.data || !this.spots || !this.width) return;
    this.palette = themePalette(this.root);
    this.root.style.setProperty("--muted", this.palette.muted);
    const ctx = sizeCanvas(this.base, this.width, this.height);
    this.side = this.pictureSize();
    this.drawAxes(ctx);
    const focus = this.chosen, near = focus === null ? [] : this.near(focus)[0];
    const front = new Set([...near, focus, this.pointed].filter((k) => k !== null && k !== undefined));
    this.order = [];
    for (let k = 0; k < this.count; k++) if (this.shown(k) && !front.has(k)) this.order.push(k);
    ctx.globalAlpha = focus === null ? 1 : 0.28;
    for (const k of this.order) this.drawOne(ctx, k);
    ctx.globalAlpha = 1;
    if (focus !== null) this.drawThreads(ctx, focus, near);
    for (const k of [...[...near].reverse(), focus, this.pointed]) {
      if (k === null || k === undefined || this.order.includes(k) || !this.shown(k)) continue;
      this.drawOne(ctx, k, k === focus || k === this.pointed);
      this.order.push(k);
    }
    near.forEach((k, rank) => this.shown(k) && this.drawRank(ctx, k, rank + 1));
    this.placeCard();
    this.root.dataset.zoom = this.zoom.toFixed(2);
    this.root.dataset.what = this.data.what;
    this.root.dataset.chosen = focus === null ? "" : String(focus);
  }

  drawAxes(ctx) {
    const d = this.data, p = this.palette, size = textPixels();
    if (!d.xTitle) return;
    const [x, y] = this.screen(this.origin).map((v) => Math.round(v) + 0.5);
    ctx.strokeStyle = p.grid;
    ctx.globalAlpha = 0.55;
    ctx.lineWidth = 1;
    ctx.setLineDash([3, 4]);
    ctx.beginPath();
    ctx.moveTo(0, y);
    ctx.lineTo(this.width, y);
    ctx.moveTo(x, 0);
    ctx.lineTo(x, this.height);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    ctx.fillStyle = p.muted;
    ctx.font = `${size}px ${getComputedStyle(this.plane).fontFamily}`;
    ctx.textBaseline = "alphabetic";
    ctx.textAlign = "right";
    ctx.fillText(`${d.xTitle} →`, this.width - 8, this.height - 8);
    ctx.save();
    ctx.translate(size + 3, this.height - 8);
    ctx.rotate(-Math.PI / 2);
    ctx.textAlign = "left";
    ctx.fillText(`${d.yTitle} →`, 0, 0);
    ctx.restore();
  }

  look(k) {
    if (this.isGuest(k)) return { colour: this.palette.text, symbol: -1 };
    return this.classLook(this.data.labels[k]);
  }

  classLook(label) { return { colour: this.palette.lines[label % this.palette.lines.length], symbol: label % 5 }; }

  drawOne(ctx, k, strong) {
    const [x, y] = this.at(k), { colour, symbol } = this.look(k), right = this.isGuest(k) || this.data.right[k];
    if (!this.side) {
      this.drawSymbol(ctx, symbol, x, y, strong ? 8 : 5.5, colour, right);
      return;
    }
    const [w, h] = this.box(k, strong);
    ctx.save();
    ctx.imageSmoothingEnabled = !this.data.crisp;
    this.paint(ctx, k, x - w / 2, y - h / 2, w, h);
    ctx.lineWidth = strong ? 3.5 : Math.min(Math.max(this.side / 14, 1.5), 3);
    ctx.strokeStyle = this.palette.background;
    ctx.strokeRect(x - w / 2, y - h / 2, w, h);
    ctx.setLineDash(right ? [] : [5, 4]);
    ctx.strokeStyle = colour;
    ctx.strokeRect(x - w / 2, y - h / 2, w, h);
    ctx.setLineDash([]);
    const r = Math.min(Math.max(this.side / 8, 3), 6.5);
    this.drawSymbol(ctx, symbol, x - w / 2, y - h / 2, r, colour, true);
    if (!right) this.drawCross(ctx, x + w / 2, y - h / 2, r);
    ctx.restore();
  }

  box(k, strong) {
    const [tw, th] = this.isGuest(k) ? [this.guest.width, this.guest.height] : this.data.tile;
    const scale = ((strong ? 1.35 : 1) * this.side) / Math.max(tw, th);
    return [tw * scale, th * scale];
  }

  paint(ctx, k, x, y, w, h) {
    if (this.isGuest(k)) {
      ctx.drawImage(this.guest, x, y, w, h);
      return;
    }
    const { across, tile: [tw, th] } = this.data;
    ctx.drawImage(this.sheet, (k % across) * tw, Math.floor(k / across) * th, tw, th, x, y, w, h);
  }

  drawSymbol(ctx, symbol, x, y, r, colour, filled) {
    if (symbol < 0) starPath(ctx, x, y, r * 1.7);
    else symbolPath(ctx, symbol, x, y, r);
    ctx.lineWidth = 3;
    ctx.strokeStyle = this.palette.background;
    ctx.stroke();
    ctx.fillStyle = filled ? colour : this.palette.background;
    ctx.fill();
    ctx.lineWidth = filled ? 1 : 2;
    ctx.strokeStyle = filled ? this.palette.background : colour;
    ctx.stroke();
  }

  drawCross(ctx, x, y, r) {
    for (const [width, colour] of [[5, this.palette.background], [2.2, this.palette.wrong]]) {
      ctx.lineWidth = width;
      ctx.strokeStyle = colour;
      ctx.beginPath();
      ctx.moveTo(x - r, y - r);
      ctx.lineTo(x + r, y + r);
      ctx.moveTo(x + r, y - r);
      ctx.lineTo(x - r, y + r);
      ctx.stroke();
    }
  }

  drawThreads(ctx, from, near) {
    const [x, y] = this.at(from);
    ctx.strokeStyle = this.palette.text;
    ctx.lineWidth = 1.5;
    for (const k of near) {
      if (!this.shown(k)) continue;
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.lineTo(...this.at(k));
      ctx.stroke();
    }
  }

  drawRank(ctx, k, rank) {
    const [x, y] = this.at(k), [w, h] = this.side ? this.box(k) : [12, 12], size = textPixels();
    ctx.font = `600 ${size}px ${getComputedStyle(this.plane).fontFamily}`;
    const wide = ctx.measureText(String(rank)).width + 7;
    ctx.fillStyle = this.palette.text;
    ctx.fillRect(x + w / 2 - wide, y + h / 2 - size, wide, size + 3);
    ctx.fillStyle = this.palette.background;
    ctx.textAlign = "center";
    ctx.textBaseline = "alphabetic";
    ctx.fillText(String(rank), x + w / 2 - wide / 2, y + h / 2);
  }

  // ---- legends ------------------------------------------------------------------------------

  drawLegends() {
    this.palette = themePalette(this.root);
    this.legend(this.find(".legend"), this.data.classes, this.hidden.classes, (k) => symbolSvg(this.classLook(k)));
    this.legend(this.find(".groups"), this.data.groups, this.hidden.groups, () => "");
    const keys = this.plane.clientWidth < 500 ? "Drag and pinch" : "Ctrl + wheel zooms, dragging moves";
    this.find(".hint").textContent = `Dashed frame with a cross: taken for another class. ${keys}.`;
  }

  legend(host, entries, hidden, sign) {
    const shown = entries.map((entry, k) => [entry, k]).filter(([entry]) => entry.count);
    host.hidden = shown.length < 2;
    host.replaceChildren(...shown.map(([entry, k]) => {
      const button = document.createElement("button");
      button.innerHTML = `${sign(k)}<span></span><i>${entry.count}</i>`;
      button.querySelector("span").textContent = entry.name;
      button.title = `${entry.name}: show or hide`;
      button.setAttribute("aria-pressed", String(!hidden.has(k)));
      button.addEventListener("click", () => {
        if (!hidden.delete(k)) hidden.add(k);
        button.setAttribute("aria-pressed", String(!hidden.has(k)));
        this.pointed = null;
        this.draw();
      });
      return button;
    }));
  }

  // ---- pointing and choosing ----------------------------------------------------------------

  hit([x, y]) {
    for (let i = (this.order?.length ?? 0) - 1; i >= 0; i--) {
      const k = this.order[i], [px, py] = this.at(k), [w, h] = this.side ? this.box(k) : [18, 18];
      if (Math.abs(x - px) <= w / 2 + 2 && Math.abs(y - py) <= h / 2 + 2) return k;
    }
    return null;
  }

  press(e) {
    if (e.button !== 0) return;
    this.base.setPointerCapture(e.pointerId);
    this.fingers.set(e.pointerId, this.inside(e));
    this.start = { at: this.inside(e), pan: [...this.pan], moved: this.fingers.size > 1 };
    this.plane.focus({ preventScroll: true });
  }

  move(e) {
    const now = this.inside(e);
    if (!this.fingers.has(e.pointerId)) {
      if (e.pointerType !== "touch") this.point(this.hit(now));
      return;
    }
    const before = this.spread();
    this.fingers.set(e.pointerId, now);
    const after = this.spread();
    if (before) {
      this.start.moved = true;
      this.zoomBy(after.far / Math.max(before.far, 1), after.middle);
      return;
    }
    const by = now.map((v, k) => v - this.start.at[k]);
    if (!this.start.moved && Math.hypot(...by) < CLICK_PX) return;
    this.start.moved = true;
    this.plane.classList.add("held");
    this.pan = this.start.pan.map((v, k) => v + by[k]);
    this.hold();
  }

  // Two fingers: their middle and their distance.
  spread() {
    if (this.fingers.size !== 2) return null;
    const [[ax, ay], [bx, by]] = [...this.fingers.values()];
    return { far: Math.hypot(ax - bx, ay - by), middle: [(ax + bx) / 2, (ay + by) / 2] };
  }

  lift(e) {
    if (!this.fingers.delete(e.pointerId)) return;
    this.plane.classList.remove("held");
    if (this.fingers.size) {  // the finger that stays goes on from where it is
      this.start = { at: [...this.fingers.values()][0], pan: [...this.pan], moved: true };
      return;
    }
    if (e.type === "pointerup" && !this.start.moved) this.choose(this.hit(this.inside(e)));
  }

  point(k) {
    if (k === this.pointed) return;
    this.pointed = k;
    this.plane.classList.toggle("over", k !== null);
    this.draw();
  }

  choose(k) {
    this.chosen = k === this.chosen ? null : k;
    this.pointed = this.chosen;
    this.draw();
    this.fillNear();
    this.find(".spoken").textContent = this.find(".near h4").textContent;
  }

  near(k) {
    const d = this.data;
    return this.isGuest(k) ? [d.guest.near, d.guest.far] : [d.near[k], d.far[k]];
  }

  title(k) { return this.isGuest(k) ? this.data.guest.title : this.data.titles[k]; }

  says(k) { return this.isGuest(k) ? "" : this.data.says[k]; }

  placeCard() {
    const k = this.pointed, card = this.card;
    // What is chosen is told below; here it would hide its neighbours.
    card.hidden = k === null || k === this.chosen || !this.shown(k);
    if (card.hidden) return;
    if (card.dataset.of !== `${k} ${this.turn}`) {
      card.dataset.of = `${k} ${this.turn}`;
      this.portrait(card.querySelector("canvas"), k, 112);
      card.querySelector(".title").textContent = this.title(k);
      card.querySelector(".says").textContent = this.says(k);
    }
    const [x, y] = this.at(k), gap = (this.side || 12) * 0.75 + 8, w = card.offsetWidth, h = card.offsetHeight;
    const left = x + gap + w < this.width ? x + gap : x - gap - w;
    card.style.left = `${Math.min(Math.max(left, 4), Math.max(this.width - w - 4, 4))}px`;
    card.style.top = `${Math.min(Math.max(y - h / 2, 4), Math.max(this.height - h - 4, 4))}px`;
  }

  portrait(canvas, k, side) {
    const [tw, th] = this.isGuest(k) ? [this.guest.width, this.guest.height] : this.data.tile;
    const scale = side / Math.max(tw, th);
    Object.assign(canvas, { width: tw, height: th });
    Object.assign(canvas.style, { width: `${tw * scale}px`, aspectRatio: `${tw} / ${th}` });
    this.paint(canvas.getContext("2d"), k, 0, 0, tw, th);
  }

  // The neighbours of the chosen picture, the nearest first.
  fillNear() {
    const host = this.find(".near ol"), head = this.find(".near h4"), k = this.chosen;
    if (k === null) {
      head.textContent = "Choose a picture: its nearest neighbours in feature space stand here.";
      host.replaceChildren();
      return;
    }
    const [near, far] = this.near(k), says = this.says(k);
    const own = near.filter((other) => this.data.labels[other] === this.data.labels[k]).length;
    const alike = this.isGuest(k) ? "" : ` ${own} of ${near.length} are of its class.`;
    head.textContent = `${this.title(k)}${says ? ` (${says})` : ""}: the nearest in feature space.${alike}`;
    host.replaceChildren(...near.map((other, rank) => this.neighbour(other, rank, far[rank])));
  }

  neighbour(k, rank, far) {
    const item = document.createElement("li");
    item.innerHTML = "<canvas></canvas><p></p><p></p>";
    item.tabIndex = 0;
    item.dataset.point = String(k);
    item.setAttribute("role", "button");
    const canvas = item.querySelector("canvas"), [name, number] = item.querySelectorAll("p");
    this.portrait(canvas, k, 80);
    Object.assign(canvas.style, { borderColor: this.look(k).colour, borderStyle: this.data.right[k] ? "solid" : "dashed" });
    name.textContent = `${rank + 1}. ${this.title(k)}`;
    number.textContent = `distance ${far.toFixed(3)}`;
    item.title = `${this.title(k)}: ${this.says(k)}`;
    item.setAttribute("aria-label", `${name.textContent}, ${number.textContent}`);
    return item;
  }

  jump(target) {
    const item = target.closest("li");
    if (item) this.choose(Number(item.dataset.point));
  }

  key(e) {
    if (e.target.closest("button")) return;
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const acts = { "+": () => this.zoomBy(1.5), "=": () => this.zoomBy(1.5), "-": () => this.zoomBy(1 / 1.5), 0: () => this.showAll() };
    if (ways[e.key]) this.step(ways[e.key]);
    else if (acts[e.key]) acts[e.key]();
    else if ((e.key === "Enter" || e.key === " ") && this.pointed !== null) this.choose(this.pointed);
    else if (e.key === "Escape") this.choose(null);
    else return;
    e.preventDefault();
  }

  // The nearest picture in that direction; a little to the side counts twice.
  step([dx, dy]) {
    const from = this.pointed ?? this.chosen, [x, y] = from === null ? [this.width / 2, this.height / 2] : this.at(from);
    let best = null, least = Infinity;
    for (const k of this.order) {
      const [px, py] = this.at(k), along = (px - x) * dx + (py - y) * dy, aside = Math.abs((px - x) * dy + (py - y) * dx);
      const cost = along + 2 * aside;
      if (k !== from && along > 0.5 && cost < least) [best, least] = [k, cost];
    }
    if (best === null) return;
    this.point(best);
    this.find(".spoken").textContent = `${this.title(best)}, ${this.says(best)}`;
  }

  release() {
    this.released = true;
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    this.stopTheme();
  }
}

function starPath(ctx, x, y, r) {
  ctx.beginPath();
  const corners = [...Array(10).keys()].map((k) => {
    const turn = (k * Math.PI) / 5 - Math.PI / 2, far = k % 2 ? r * 0.45 : r;
    return [x + far * Math.cos(turn), y + far * Math.sin(turn)];
  });
  polygon(ctx, corners);
}

function symbolSvg({ colour, symbol }) {
  const kinds = [
    '<circle cx="8" cy="8" r="5.5"/>', '<path d="M8 1l7 7-7 7-7-7z"/>', '<rect x="3" y="3" width="10" height="10"/>',
    '<path d="M8 2l6.2 11H1.8z"/>', '<path d="M8 14l6.2-11H1.8z"/>',
  ];
  return `<svg viewBox="0 0 16 16" fill="${colour}" aria-hidden="true">${kinds[symbol]}</svg>`;
}

const mount = mounting(".space", Space);
