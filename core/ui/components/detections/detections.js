// Pictures with boxes over them. Where the boxes are and what they say comes from Python; where a
// tab has room is found here, since only the browser knows how wide its letters are.

const GAP = 2;
// Pixels of the screen between two tabs.
const RINGS = 14;
// How many steps away from its box a tab looks for room.

const overlaps = (a, b) => a.x < b.x + b.w + GAP && b.x < a.x + a.w + GAP && a.y < b.y + b.h + GAP && b.y < a.y + a.h + GAP;

// Places for a tab of w x h at the box (in pixels of the screen), the best first: on top of it,
// inside, below, then along its sides.
function* placesAt({ left, top, right, bottom }, w, h) {
  for (const y of [top - h, top, bottom, bottom - h]) {
    yield { x: left, y };
    yield { x: right - w, y };
  }
  for (let y = top + h; y + 2 * h <= bottom; y += h + GAP + 1) {
    yield { x: left, y };
    yield { x: right - w, y };
    yield { x: right, y };
    yield { x: left - w, y };
  }
  yield { x: right, y: top };
  yield { x: left - w, y: top };
}

// Ever farther around the box.
function* placesAround({ left, top, right, bottom }, w, h) {
  for (let ring = 1; ring <= RINGS; ring++) {
    const dy = ring * (h + GAP + 1), dx = ring * 0.35 * w;
    for (const y of [top - h - dy, bottom + dy]) for (const x of [left, (left + right - w) / 2, right - w]) yield { x, y };
    for (const y of [top, (top + bottom - h) / 2, bottom - h]) for (const x of [left - w - dx, right + dx]) yield { x, y };
    yield { x: left - dx, y: top - h - dy };
    yield { x: right + dx - w, y: bottom + dy };
  }
}

// A place inside of the frame that no other tab takes; null if there is none.
function roomFor(box, w, h, taken, frame) {
  const tried = (places, clamp) => {
    for (const { x, y } of places) {
      const place = { x: clamp ? Math.min(Math.max(x, 0), frame.w - w) : x, y, w, h };
      if (place.x < 0 || place.y < 0 || place.x + w > frame.w || place.y + h > frame.h) continue;
      if (!taken.some((other) => overlaps(place, other))) return place;
    }
    return null;
  };
  if (w > frame.w || h > frame.h) return null;
  return tried(placesAt(box, w, h), true) ?? tried(placesAround(box, w, h), true);
}

class Detections {
  constructor(root) {
    this.root = root;
    this.host = root.querySelector(".pictures");
    this.spoken = root.querySelector(".spoken");
    this.views = [];
    this.asking = new Asking((again) => this.component.setTriggerValue("again", again));
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.paint());
    this.arrived = () => this.views.forEach((view) => view.show());
    globalThis.addEventListener("receptive:pictures", this.arrived);
  }

  receive(component) {
    this.component = component;
    this.data = component.data;
    const { pictures, pick, small } = this.data;
    this.root.classList.toggle("many", pictures.length > 1);
    this.root.classList.toggle("small", pictures.length > 1 && Boolean(small));
    this.root.classList.toggle("alone", pictures.length === 1);
    this.root.classList.toggle("picks", pick);
    while (this.views.length < pictures.length) this.views.push(new BoxedPicture(this, this.views.length));
    while (this.views.length > pictures.length) this.views.pop().section.remove();
    this.paint();
    this.root.classList.toggle("narrow", this.root.clientWidth < 620);
    this.views.forEach((view, k) => view.fill(pictures[k]));
    this.speak();
    if (this.data.stamp !== undefined) this.asking.ask(this.data);
    if (this.data.focus && !this.focused) this.views[0]?.frame.focus({ preventScroll: true });
    this.focused = this.data.focus;
    this.root.dataset.waiting = String(Boolean(this.data.poll));
    this.root.dataset.ready = "true";
    this.resting = restThen(this.resting, this.data.settle);
  }

  measure() {
    if (!this.data || this.root.clientWidth === this.width) return;
    this.width = this.root.clientWidth;
    this.root.classList.toggle("narrow", this.width < 620);
    this.views.forEach((view) => view.draw());
  }

  paint() {
    const p = themePalette(this.root), set = (name, value) => this.root.style.setProperty(name, value);
    set("--bar", p.lines[0]);
    set("--muted", p.muted);
    set("--wrong", p.wrong);
  }

  speak() {
    const said = this.data.pictures.map((p) => [p.alt, p.summary, p.says].filter(Boolean).join(" ")).join(" ");
    if (!this.data.poll && this.said !== said) this.spoken.textContent = this.said = said;
  }

  pick(place, box, x, y) {
    if (this.data.pick) this.component.setTriggerValue("pick", `${place};${x.toFixed(2)},${y.toFixed(2)};${box?.id ?? ""};${Date.now()}`);
  }

  release() {
    this.asking.release();
    globalThis.removeEventListener("receptive:pictures", this.arrived);
    this.observer.disconnect();
    this.stopTheme();
    clearTimeout(this.resting);
  }
}

class BoxedPicture {
  constructor(owner, place) {
    this.owner = owner;
    this.place = place;
    this.hot = null;
    this.section = owner.host.appendChild(document.createElement("section"));
    this.section.innerHTML = '<h4><span></span><small></small></h4><div class="view" tabindex="0" role="img"><img alt="" draggable="false"><svg preserveAspectRatio="none" aria-hidden="true"></svg><div class="tabs" aria-hidden="true"></div><div class="tip" hidden></div></div><div class="side"><p class="summary"></p><ul></ul><p class="without" hidden></p><div class="says"><span></span><progress max="1"></progress><br><button type="button">Try again</button></div></div>';
    this.find = (selector) => this.section.querySelector(selector);
    this.frame = this.find(".view");
    this.tip = this.find(".tip");
    this.find(".says button").addEventListener("click", () => owner.component.setTriggerValue("retry", `${place};${Date.now()}`));
    const on = (name, act) => this.frame.addEventListener(name, act);
    on("pointermove", (e) => this.point(this.at(e)));
    on("pointerleave", () => this.heat(null));
    on("pointerdown", (e) => { if (e.button === 0 && e.pointerType !== "mouse") this.point(this.at(e)); });
    on("click", (e) => {
      const [x, y] = this.at(e);
      this.point([x, y]);
      owner.pick(place, this.under(x, y), x, y);
    });
    on("keydown", (e) => this.key(e));
    on("blur", () => this.heat(null));
  }

  fill(data) {
    const told = data.summary || data.says || data.rows?.length;
    this.data = data;
    this.section.classList.toggle("late", Boolean(data.says) && !data.failed);
    this.section.classList.toggle("told", Boolean(told));
    this.find("h4 span").textContent = data.title;
    this.find("h4 small").textContent = data.note ?? "";
    this.show();
    this.find("img").style.aspectRatio = `${data.width} / ${data.height}`;
    this.section.style.setProperty("--ratio", data.width / data.height);
    this.frame.setAttribute("aria-label", `${data.alt || data.title}. ${data.boxes.length} boxes; the arrow keys go from one to the next.`);
    this.find(".summary").textContent = data.summary ?? "";
    this.find(".summary").hidden = !data.summary;
    this.fillRows(data.rows ?? []);
    this.find(".says").hidden = !data.says;
    this.find(".says").classList.toggle("failed", Boolean(data.failed));
    this.find(".says span").textContent = data.says ?? "";
    this.find(".says button").hidden = this.find(".says br").hidden = !data.failed;
    this.find("progress").hidden = typeof data.progress !== "number";
    this.find("progress").value = data.progress ?? 0;
    this.draw();
  }

  // The picture itself, which may have come under a name of its own, or is still to come.
  show() {
    const { url } = this.data, address = url.startsWith("data:") ? url : globalThis.receptive.pictures?.[url];
    if (!address || this.shown === url) return;
    this.find("img").src = address;
    this.shown = url;
  }

  fillRows(rows) {
    const list = this.find("ul");
    list.hidden = !rows.length;
    list.replaceChildren(...rows.map(({ name, text, colour }) => {
      const item = document.createElement("li");
      item.innerHTML = '<i aria-hidden="true"></i><span></span><b></b>';
      item.style.setProperty("--c", colour);
      item.children[1].textContent = name;
      item.children[2].textContent = text;
      return item;
    }));
  }

  // ---- boxes and tabs -----------------------------------------------------------------------

  draw() {
    if (!this.data) return;
    const { width, height, boxes } = this.data, svg = this.find("svg");
    const hot = this.hot?.id;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const parts = [this.gridLines()];
    // The least important first, so that the others lie on top.
    for (let k = boxes.length - 1; k >= 0; k--) parts.push(this.outline(boxes[k], k));
    svg.innerHTML = parts.join("");
    this.nodes = [...svg.querySelectorAll("g[data-k]")].reduce((known, node) => { known[node.dataset.k] = node; return known; }, []);
    this.drawTabs(svg);
    this.hot = null;
    this.heat(hot === undefined ? null : boxes.find((box) => box.id === hot) ?? null);
  }

  outline(box, k) {
    const [left, top, right, bottom] = box.box, colour = /^#[0-9a-f]{6}$/i.test(box.colour) ? box.colour : "#E69F00";
    const rect = (kind) => `<rect class="${kind}" x="${left}" y="${top}" width="${Math.max(right - left, 0)}" height="${Math.max(bottom - top, 0)}"/>`;
    return `<g data-k="${k}" class="${box.faint ? "faint" : ""}" style="--c:${colour}">${box.faint ? "" : rect("case")}${rect(box.dash ? "line dash" : "line")}</g>`;
  }

  gridLines() {
    const { width, height } = this.data, [rows, columns] = this.owner.data.grid ?? [1, 1];
    const between = (count, length) => Array.from({ length: count - 1 }, (_, k) => ((k + 1) * length) / count);
    const across = [...between(columns, width), ...(this.data.lines?.[0] ?? [])];
    const down = [...between(rows, height), ...(this.data.lines?.[1] ?? [])];
    return ["gridcase", "gridline"].flatMap((kind) => [
      ...down.map((y) => `<path class="${kind}" d="M0 ${y}H${width}"/>`),
      ...across.map((x) => `<path class="${kind}" d="M${x} 0V${height}"/>`),
    ]).join("");
  }

  drawTabs(svg) {
    const host = this.find(".tabs"), { boxes, width, height } = this.data;
    const wanted = boxes.map((box, k) => [box, k]).filter(([box]) => !box.faint && (box.label || box.score !== null));
    const tabs = wanted.map(([box]) => this.makeTab(box));
    host.replaceChildren(...tabs);
    const frame = { w: this.frame.clientWidth, h: this.frame.clientHeight };
    if (!frame.w) return;
    // All are measured before the first is moved.
    const sizes = tabs.map((tab) => [tab.offsetWidth, tab.offsetHeight]);
    const sx = frame.w / width, sy = frame.h / height, taken = [];
    let without = 0;
    this.tabs = [];
    wanted.forEach(([box, k], n) => {
      const [left, top, right, bottom] = box.box;
      const seen = { left: Math.max(left * sx, 0), top: Math.max(top * sy, 0), right: Math.min(right * sx, frame.w), bottom: Math.min(bottom * sy, frame.h) };
      const place = roomFor(seen, ...sizes[n], taken, frame);
      if (!place) {
        tabs[n].remove();
        without += 1;
        return;
      }
      taken.push(place);
      tabs[n].style.transform = `translate(${place.x}px, ${place.y}px)`;
      this.tabs[k] = tabs[n];
      this.tether(svg, box, seen, place, sx, sy);
    });
    const line = this.find(".without");
    line.hidden = !without;
    line.textContent = `${without} of ${wanted.length} boxes have no room for a name; the pointer and the arrow keys tell it.`;
  }

  makeTab(box) {
    const tab = document.createElement("span");
    tab.className = box.dash ? "tab dash" : "tab";
    tab.style.setProperty("--c", box.colour);
    tab.style.setProperty("--ink", inkOn(hexToRgb(box.colour)));
    tab.append(Object.assign(document.createElement("b"), { textContent: box.label }));
    if (box.score !== null && box.score !== undefined) tab.append(` ${box.score.toFixed(2)}`);
    return tab;
  }

  // A line from a tab that had to move away to its box.
  tether(svg, box, seen, place, sx, sy) {
    const touches = place.x <= seen.right + 1 && place.x + place.w >= seen.left - 1 && place.y <= seen.bottom + 1 && place.y + place.h >= seen.top - 1;
    if (touches) return;
    const clamp = (v, low, high) => Math.min(Math.max(v, low), high);
    const x = place.x + place.w / 2, y = place.y + place.h / 2;
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("class", "tether");
    path.style.setProperty("--c", box.colour);
    path.setAttribute("d", `M${x / sx} ${y / sy}L${clamp(x, seen.left, seen.right) / sx} ${clamp(y, seen.top, seen.bottom) / sy}`);
    svg.append(path);
  }

  // ---- pointing -----------------------------------------------------------------------------

  at(e) {
    const frame = this.frame.getBoundingClientRect();
    return [((e.clientX - frame.left) / frame.width) * this.data.width, ((e.clientY - frame.top) / frame.height) * this.data.height];
  }

  // The smallest box at a point: a larger one around it can be pointed at elsewhere.
  under(x, y) {
    let best = null, least = Infinity;
    for (const box of this.data.boxes) {
      const [left, top, right, bottom] = box.box, area = (right - left) * (bottom - top) * (box.faint ? 1e6 : 1);
      if (x >= left && x <= right && y >= top && y <= bottom && area < least) [best, least] = [box, area];
    }
    return best;
  }

  point([x, y]) {
    this.heat(this.under(x, y), [x, y]);
  }

  heat(box, point) {
    const boxes = this.data?.boxes ?? [];
    if (box !== this.hot) {
      for (const change of [this.hot, box]) {
        const k = boxes.indexOf(change);
        this.nodes?.[k]?.classList.toggle("hot", change === box);
        this.tabs?.[k]?.classList.toggle("hot", change === box);
      }
      this.hot = box;
      this.tip.hidden = !box;
      if (box) {
        const said = [box.label, box.score === null ? "" : box.score.toFixed(3)].filter(Boolean).join(" ");
        this.tip.style.setProperty("--c", box.colour);
        this.tip.textContent = [said, box.note].filter(Boolean).join("\n");
        this.tip.hidden = !this.tip.textContent;
      }
    }
    if (box && !this.tip.hidden) this.placeTip(box, point);
  }

  placeTip(box, point) {
    const w = this.frame.clientWidth, h = this.frame.clientHeight, sx = w / this.data.width, sy = h / this.data.height;
    const [x, y] = point ? [point[0] * sx, point[1] * sy] : [((box.box[0] + box.box[2]) / 2) * sx, ((box.box[1] + box.box[3]) / 2) * sy];
    const tw = this.tip.offsetWidth, th = this.tip.offsetHeight;
    const left = x + 14 + tw > w ? Math.max(x - 14 - tw, 0) : x + 14;
    const top = y + 14 + th > h ? Math.max(y - 14 - th, 0) : y + 14;
    this.tip.style.transform = `translate(${left}px, ${top}px)`;
  }

  key(e) {
    const boxes = this.data.boxes, at = boxes.indexOf(this.hot);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (e.key === "Escape") this.heat(null);
    else if ((e.key === "Enter" || e.key === " ") && this.hot) {
      const [left, top, right, bottom] = this.hot.box;
      this.owner.pick(this.place, this.hot, (left + right) / 2, (top + bottom) / 2);
    } else if (step && boxes.length) {
      const next = at < 0 ? (step > 0 ? 0 : boxes.length - 1) : (at + step + boxes.length) % boxes.length;
      this.heat(boxes[next]);
      this.owner.spoken.textContent = this.tip.textContent;
    } else return;
    e.preventDefault();
  }
}

const mount = mounting(".detections", Detections);
