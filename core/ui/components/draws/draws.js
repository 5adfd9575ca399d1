// An original, what was drawn from it, and the way of one draw from step to step. All drawn
// pictures come in one sheet, decoded before anything changes: no picture stands above the words
// of another. Boxes and outlines are numbers, drawn over the pictures here.

const SVG = "http://www.w3.org/2000/svg";
const LEAST = 0.02, STEP = 0.01;
const put = (node, text) => { if (node.textContent !== text) node.textContent = text; };
const between = (value, low, high) => Math.min(Math.max(value, low), high);

function element(tag, className, parent) {
  const made = document.createElement(tag);
  made.className = className;
  parent?.appendChild(made);
  return made;
}

// ---- one picture with its words ---------------------------------------------------------------

class Shot {
  constructor(view, list, className) {
    this.view = view;
    this.item = element("li", className, list);
    this.shot = element("div", "shot", this.item);
    this.canvas = element("canvas", "", this.shot);
    this.canvas.setAttribute("role", "img");
    this.svg = this.shot.appendChild(document.createElementNS(SVG, "svg"));
    this.svg.setAttribute("viewBox", "0 0 1 1");
    this.svg.setAttribute("preserveAspectRatio", "none");
    this.svg.setAttribute("aria-hidden", "true");
    this.frames = element("div", "frames", this.shot);
    this.caption = element("p", "caption", this.item);
    this.detail = element("p", "detail", this.item);
    this.shares = element("div", "shares", this.item);
  }

  fill(cell, alt) {
    this.item.classList.toggle("quiet", cell.quiet);
    put(this.caption, cell.caption);
    put(this.detail, cell.detail);
    this.caption.title = cell.caption.length > 40 ? cell.caption : "";
    this.detail.hidden = !cell.detail;
    const said = [alt, cell.caption, cell.detail, ...cell.shares.map((one) => `${one.name} ${one.text}`), this.boxesInWords(cell)].filter(Boolean).join(", ");
    if (this.canvas.getAttribute("aria-label") !== said) this.canvas.setAttribute("aria-label", said);
    this.fillShares(cell.shares);
    this.drawOutlines(cell.outlines);
    this.drawFrames(cell.frames);
  }

  boxesInWords(cell) {
    return cell.frames.length ? `boxes: ${cell.frames.map((box) => box.name + (box.partly ? " in part" : "")).join(", ")}` : "";
  }

  fillShares(shares) {
    this.shares.hidden = !shares.length;
    while (this.shares.children.length > 3 * shares.length) this.shares.lastChild.remove();
    while (this.shares.children.length < 3 * shares.length) {
      element("span", "", this.shares);
      element("b", "", element("div", "rail", this.shares));
      element("span", "number", this.shares);
    }
    shares.forEach((one, k) => {
      const [name, rail, number] = [0, 1, 2].map((j) => this.shares.children[3 * k + j]);
      put(name, one.name);
      rail.firstChild.style.width = `${100 * one.share}%`;
      put(number, one.text);
    });
  }

  drawOutlines(outlines) {
    const told = JSON.stringify(outlines);
    if (this.outlined === told) return;
    this.outlined = told;
    this.svg.replaceChildren(...outlines.map(({ number, rings }) => {
      const path = document.createElementNS(SVG, "path"), colour = this.view.ink(number);
      path.setAttribute("d", rings.map((ring) => {
        let line = "";
        for (let k = 0; k < ring.length; k += 2) line += `${k ? "L" : "M"}${ring[k]} ${ring[k + 1]}`;
        return `${line}Z`;
      }).join(""));
      path.style.fill = colour;
      path.style.stroke = colour;
      return path;
    }));
  }

  drawFrames(boxes) {
    while (this.frames.children.length > boxes.length) this.frames.lastChild.remove();
    while (this.frames.children.length < boxes.length) this.frames.appendChild(this.makeFrame());
    boxes.forEach((box, k) => this.fillFrame(this.frames.children[k], box));
  }

  makeFrame() {
    const frame = element("div", "frame");
    element("span", "", frame);
    return frame;
  }

  fillFrame(frame, box) {
    const colour = this.view.ink(box.number), style = frame.style;
    style.setProperty("--ink", colour);
    style.setProperty("--on", inkOn(hexToRgb(colour)));
    style.left = `${100 * box.left}%`;
    style.top = `${100 * box.top}%`;
    style.width = `${100 * (box.right - box.left)}%`;
    style.height = `${100 * (box.bottom - box.top)}%`;
    frame.classList.toggle("partly", box.partly);
    put(frame.querySelector("span"), box.name);
  }

  paint(image, sheet, place) {
    const { canvas } = this, { width: w, height: h } = sheet;
    if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
    const x = (place % sheet.across) * sheet.right, y = Math.floor(place / sheet.across) * sheet.down;
    canvas.getContext("2d").drawImage(image, x, y, w, h, 0, 0, w, h);
  }
}

// ---- the original, whose boxes can be changed ---------------------------------------------------

class Original extends Shot {
  constructor(view, list) {
    super(view, list, "original");
    this.frames.addEventListener("pointerdown", (e) => this.begin(e));
    this.frames.addEventListener("keydown", (e) => this.key(e));
    this.frames.addEventListener("focusin", (e) => this.choose([...this.frames.children].indexOf(e.target.closest(".frame"))));
  }

  fill(cell, alt) {
    if (this.held) return; // a hand is on it
    this.boxes = cell.frames.map((box) => ({ ...box }));
    this.item.classList.toggle("edits", this.view.data.editable);
    super.fill(cell, alt);
  }

  makeFrame() {
    const frame = super.makeFrame();
    for (const corner of ["nw", "ne", "sw", "se"]) element("i", corner, frame);
    return frame;
  }

  fillFrame(frame, box) {
    super.fillFrame(frame, box);
    const edits = this.view.data.editable;
    for (const corner of frame.querySelectorAll("i")) corner.hidden = !edits;
    if (!edits) { frame.removeAttribute("tabindex"); frame.removeAttribute("aria-label"); return; }
    frame.tabIndex = 0;
    frame.setAttribute("role", "button");
    frame.setAttribute("aria-label", `Box ${box.name}: arrow keys move it, with shift they resize it, Delete takes it away`);
  }

  at(event) {
    const box = this.frames.getBoundingClientRect();
    return [between((event.clientX - box.left) / box.width, 0, 1), between((event.clientY - box.top) / box.height, 0, 1)];
  }

  begin(event) {
    if (!this.view.data.editable || event.button !== 0 || this.held) return;
    event.preventDefault();
    const frame = event.target.closest(".frame"), [x, y] = this.at(event);
    let place = [...this.frames.children].indexOf(frame), corner = event.target.tagName === "I" ? event.target.className : "";
    if (place < 0) {
      if (this.boxes.length >= 12) { this.view.say("12 boxes are the most."); return; }
      place = this.boxes.length;
      corner = "new";
    }
    this.held = { place, corner, x, y, moved: false, before: this.boxes.map((box) => ({ ...box })) };
    this.choose(place);
    this.frames.setPointerCapture(event.pointerId);
    const move = (e) => this.drag(e), stop = (e) => {
      this.frames.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) this.frames.removeEventListener(name, stop);
      this.end(e.type === "pointerup");
    };
    this.frames.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.frames.addEventListener(name, stop);
  }

  drag(event) {
    const { held } = this, [x, y] = this.at(event), dx = x - held.x, dy = y - held.y;
    if (!held.moved && Math.hypot(dx, dy) < 0.008) return;
    held.moved = true;
    if (held.corner === "new") {
      const number = 1 + Math.max(0, ...held.before.map((box) => box.number));
      this.boxes[held.place] = { left: Math.min(x, held.x), right: Math.max(x, held.x), top: Math.min(y, held.y), bottom: Math.max(y, held.y), name: "object", number, partly: false };
    } else {
      this.boxes[held.place] = moved(held.before[held.place], held.corner, dx, dy);
    }
    this.drawFrames(this.boxes);
    this.choose(held.place);
  }

  end(keep) {
    const { held } = this, box = this.boxes[held.place];
    this.held = null;
    const tiny = box && (box.right - box.left < LEAST || box.bottom - box.top < LEAST);
    if (!keep || tiny) this.boxes = held.before;
    this.drawFrames(this.boxes);
    if (held.moved && keep && !tiny) this.send();
  }

  choose(place) {
    this.chosen = place;
    [...this.frames.children].forEach((frame, k) => frame.classList.toggle("chosen", k === place));
  }

  key(event) {
    const place = [...this.frames.children].indexOf(event.target.closest(".frame"));
    if (place < 0 || !this.view.data.editable) return;
    const arrows = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") {
      if (this.boxes.length < 2) { this.view.say("One box must stay."); return; }
      this.boxes.splice(place, 1);
    } else if (arrows) {
      this.boxes[place] = moved(this.boxes[place], event.shiftKey ? "se" : "", ...arrows);
    } else return;
    event.preventDefault();
    this.drawFrames(this.boxes);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.send(), 300);
  }

  send() {
    const whole = (share) => Math.round(1000 * share);
    const boxes = this.boxes.map((box) => [whole(box.left), whole(box.top), whole(box.right), whole(box.bottom), box.name]);
    this.view.component.setTriggerValue("frames", JSON.stringify(boxes));
  }
}

function moved(box, corner, dx, dy) {
  const found = { ...box };
  if (!corner) {
    const x = between(dx, -box.left, 1 - box.right), y = between(dy, -box.top, 1 - box.bottom);
    found.left += x; found.right += x; found.top += y; found.bottom += y;
    return found;
  }
  if (corner.includes("w")) found.left = between(box.left + dx, 0, box.right - LEAST);
  if (corner.includes("e")) found.right = between(box.right + dx, box.left + LEAST, 1);
  if (corner.includes("n")) found.top = between(box.top + dy, 0, box.bottom - LEAST);
  if (corner.includes("s")) found.bottom = between(box.bottom + dy, box.top + LEAST, 1);
  return found;
}

// ---- all of them --------------------------------------------------------------------------------

class Draws {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.grid = this.find(".grid");
    this.trailHost = this.find(".trail");
    this.grid.replaceChildren();
    this.trailHost.replaceChildren();
    this.shots = [];
    this.steps = [];
    this.turn = 0;
    this.sources = new Map();
    this.stopTheme = onThemeChange(root, () => this.colour());
    this.grid.addEventListener("click", (e) => this.follow(e.target));
    this.grid.addEventListener("keydown", (e) => {
      if (e.key !== "Enter" && e.key !== " ") return;
      if (this.follow(e.target)) e.preventDefault();
    });
  }

  async receive(component) {
    this.component = component;
    const turn = ++this.turn, data = this.meanwhile(component.data);
    const [image, first] = await Promise.all([this.decoded("sheet", data.sheet.src), this.decoded("original", data.original?.src)]);
    if (turn !== this.turn || this.released) return; // a newer call has overtaken this one
    this.data = data;
    this.colour();
    this.arrange();
    if (data.original) this.showOriginal(first);
    data.draws.forEach((cell, k) => this.show(this.shots[k], cell, image, k, `Draw ${k + 1}`));
    data.trail.forEach((cell, k) => this.show(this.steps[k], cell, image, data.draws.length + k, k ? `After step ${k}` : "Original"));
    this.root.dataset.ready = "true";
    this.root.dataset.stale = data.stale ? "true" : "false";
  }

  // While draws are awaited those of before stay, dimmed, if they are of the same kind.
  meanwhile(data) {
    const before = this.data;
    const alike = before?.draws.length && before.width === data.width && before.height === data.height && Boolean(before.original) === Boolean(data.original);
    if (!data.stale || data.draws.length || !alike) return data;
    return { ...before, stale: data.stale, original: data.original, editable: data.editable, selectable: false };
  }

  async decoded(name, src) {
    if (!src) return null;
    const known = this.sources.get(name);
    if (known?.src === src) return known.image;
    const image = new Image();
    image.src = src;
    await image.decode();
    this.sources.set(name, { src, image });
    return image;
  }

  colour() {
    const palette = themePalette(this.root), { style } = this.root;
    style.setProperty("--muted", palette.muted);
    style.setProperty("--bar", palette.sequential[2]);
    this.categories = palette.categorical.slice(0, 7);
  }

  ink(number) { return this.categories[(number - 1) % this.categories.length]; }

  arrange() {
    const { data, root } = this, count = data.draws.length;
    root.style.setProperty("--ratio", `${data.width} / ${data.height}`);
    root.style.setProperty("--tall", data.height / data.width);
    root.classList.toggle("stale", Boolean(data.stale));
    root.classList.toggle("smooth", Math.max(data.width, data.height) > 64);
    root.classList.toggle("small", !data.original);
    root.classList.toggle("one", Boolean(data.original) && count < 2);
    this.grid.setAttribute("aria-label", data.alt);
    this.find(".hint").hidden = !data.editable;
    if (data.original && !this.original) {
      this.original = new Original(this, this.grid);
      this.grid.prepend(this.original.item);
    } else if (!data.original && this.original) {
      this.original.item.remove();
      this.original = undefined;
    }
    this.shots = this.many(this.shots, count, this.grid, "drawn");
    this.steps = this.many(this.steps, data.trail.length, this.trailHost, "step");
    this.find(".way").hidden = !data.trail.length;
    put(this.find(".way h4"), data.trailTitle);
    this.shots.forEach((shot, k) => {
      shot.item.classList.toggle("picks", data.selectable);
      shot.item.classList.toggle("chosen", k === data.followed);
      if (data.selectable) Object.assign(shot.shot, { tabIndex: 0, role: "button" });
      else shot.shot.removeAttribute("tabindex");
      shot.shot.setAttribute("aria-pressed", String(k === data.followed));
    });
  }

  many(shots, count, list, className) {
    while (shots.length > count) shots.pop().item.remove();
    while (shots.length < count) shots.push(new Shot(this, list, className));
    return shots;
  }

  showOriginal(image) {
    const { original, data } = this;
    original.fill(data.original, "Original");
    if (image) original.paint(image, { width: image.naturalWidth, height: image.naturalHeight, across: 1, right: 0, down: 0 }, 0);
  }

  show(shot, cell, image, place, alt) {
    shot.fill(cell, alt);
    if (image) shot.paint(image, this.data.sheet, place);
  }

  follow(target) {
    const item = target.closest(".shot") && target.closest("li");
    const place = this.shots.findIndex((shot) => shot.item === item);
    if (place < 0 || !this.data?.selectable) return false;
    this.shots.forEach((shot, k) => shot.item.classList.toggle("chosen", k === place));
    this.component.setTriggerValue("follow", place);
    return true;
  }

  say(text) { this.find(".spoken").textContent = text; }

  release() {
    this.released = true;
    clearTimeout(this.original?.later);
    this.stopTheme();
  }
}

const mount = mounting(".draws", Draws);
