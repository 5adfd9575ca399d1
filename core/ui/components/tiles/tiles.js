// Pictures in rows that wrap. They all come in one sheet; every tile draws its part of it. Nodes
// are kept from one call to the next, and a new sheet is decoded before anything changes, so that
// nothing flickers and no picture stands under the words of another.

const SIGNS = {
  right: '<svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="9" fill="currentColor"/><path d="M5.5 10.5l3 3 6-7" fill="none" stroke="var(--st-background-color)" stroke-width="2.4"/></svg>',
  wrong: '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 1l9 9-9 9-9-9z" fill="currentColor"/><path d="M7 7l6 6M13 7l-6 6" stroke="var(--st-background-color)" stroke-width="2.2"/></svg>',
};
const SAID = { right: "right", wrong: "wrong", "": "" };

const put = (node, text) => { if (node.textContent !== text) node.textContent = text; };

class Tiles {
  constructor(root) {
    this.root = root;
    this.host = root.querySelector(".sections");
    this.host.replaceChildren();
    this.parts = [];
    this.tiles = [];
    this.at = 0;
    this.turn = 0;
    this.sheet = { address: null, image: null };
    this.stopTheme = onThemeChange(root, () => this.colour());
    this.host.addEventListener("click", (e) => this.pick(this.placeOf(e.target)));
    this.host.addEventListener("keydown", (e) => this.key(e));
    this.host.addEventListener("focusin", (e) => this.move(this.placeOf(e.target), false));
  }

  async receive(component) {
    this.component = component;
    const turn = ++this.turn, data = component.data;
    const image = await this.decoded(data.sheet);
    if (turn !== this.turn || this.released) return;  // a newer call has overtaken this one
    this.data = data;
    this.sheet = { address: data.sheet, image };
    this.colour();
    this.arrange();
    data.tiles.forEach((tile, place) => this.fill(this.tiles[place], tile, place));
    this.move(Math.min(this.at, data.tiles.length - 1), false);
    this.root.dataset.ready = "true";
  }

  async decoded(address) {
    if (address === this.sheet.address || !address) return this.sheet.image;
    const image = new Image();
    image.src = address;
    await image.decode();
    return image;
  }

  colour() {
    const palette = themePalette(this.root), style = this.root.style;
    for (const name of ["right", "wrong", "muted"]) style.setProperty(`--${name}`, palette[name]);
    style.setProperty("--bar", palette.sequential[2]);
  }

  // As many sections, lists and tiles as there are groups and pictures.
  arrange() {
    const d = this.data, style = this.root.style, barred = d.tiles.some((tile) => tile.bars.length);
    style.setProperty("--w", `${d.width}px`);
    style.setProperty("--ratio", `${d.width} / ${d.height}`);
    // One width for the names of all bars, so that bars can be compared from tile to tile.
    const longest = Math.max(0, ...d.tiles.flatMap((tile) => tile.bars.map((bar) => bar.name.length + (bar.true ? 2 : 0))));
    style.setProperty("--name", `${Math.min(longest + 0.5, 9)}ch`);
    style.setProperty("--cell", barred ? `max(${d.width + 12}px, 9.5rem)` : `max(${d.width + 12}px, 4.2rem)`);
    style.setProperty("--most", barred ? `max(${d.width + 12}px, 15rem)` : "none");
    this.root.classList.toggle("barred", barred);
    this.root.classList.toggle("picks", d.selectable);
    this.root.classList.toggle("shrunk", d.tileWidth > d.width);
    this.host.setAttribute("aria-label", d.alt);
    const groups = d.groups.length ? d.groups : [{ title: "", size: d.tiles.length, text: "", share: null }];
    while (this.parts.length > groups.length) this.parts.pop().section.remove();
    while (this.parts.length < groups.length) this.parts.push(this.makePart());
    while (this.tiles.length > d.tiles.length) this.tiles.pop().item.remove();
    while (this.tiles.length < d.tiles.length) this.tiles.push(this.makeTile());
    let place = 0;
    groups.forEach((group, g) => {
      const part = this.parts[g];
      this.title(part, group);
      for (let k = 0; k < group.size; k++, place++) {
        const item = this.tiles[place].item;
        if (part.list.children[k] !== item) part.list.insertBefore(item, part.list.children[k] ?? null);
      }
    });
  }

  makePart() {
    const section = this.host.appendChild(document.createElement("section"));
    section.className = "part";
    section.innerHTML = '<header><h4></h4><div class="rail"><i></i></div><span class="text"></span></header><ul></ul>';
    return { section, list: section.querySelector("ul"), find: (selector) => section.querySelector(selector) };
  }

  title(part, group) {
    part.find("header").hidden = !group.title;
    put(part.find("h4"), group.title);
    put(part.find(".text"), group.text);
    part.find(".rail").hidden = group.share === null;
    part.find(".rail i").style.width = `${100 * (group.share ?? 0)}%`;
    part.list.setAttribute("role", this.data.selectable ? "listbox" : "list");
    part.list.setAttribute("aria-label", group.title || this.data.alt);
  }

  makeTile() {
    const item = document.createElement("li");
    item.innerHTML = '<div class="frame"><canvas role="img"></canvas><span class="sign" hidden></span></div>'
      + '<p class="caption"></p><p class="detail"></p><div class="bars" hidden></div>';
    const find = (selector) => item.querySelector(selector);
    return { item, canvas: find("canvas"), sign: find(".sign"), caption: find(".caption"), detail: find(".detail"), bars: find(".bars") };
  }

  fill(node, tile, place) {
    const d = this.data, { item } = node;
    item.classList.toggle("right", tile.state === "right");
    item.classList.toggle("wrong", tile.state === "wrong");
    item.setAttribute("role", d.selectable ? "option" : "listitem");
    if (d.selectable) item.setAttribute("aria-selected", String(place === d.chosen));
    else item.removeAttribute("aria-selected");
    this.paint(node.canvas, place);
    const said = SAID[tile.state] ? `${tile.alt}; ${SAID[tile.state]}` : tile.alt;
    if (node.canvas.getAttribute("aria-label") !== said) node.canvas.setAttribute("aria-label", said);
    node.sign.hidden = !tile.state;
    if (node.shown !== tile.state) node.sign.innerHTML = SIGNS[tile.state] ?? "";
    node.shown = tile.state;
    put(node.caption, tile.caption);
    put(node.detail, tile.detail);
    node.caption.title = tile.caption.length > 16 ? tile.caption : "";
    node.detail.title = tile.detail.length > 16 ? tile.detail : "";
    node.caption.hidden = !tile.caption;
    node.detail.hidden = !tile.detail;
    this.fillBars(node.bars, tile.bars);
  }

  fillBars(host, bars) {
    host.hidden = !bars.length;
    while (host.children.length > 3 * bars.length) host.lastChild.remove();
    while (host.children.length < 3 * bars.length) {
      host.appendChild(document.createElement("span"));
      host.appendChild(document.createElement("div")).className = "rail";
      host.lastChild.appendChild(document.createElement("i"));
      host.appendChild(document.createElement("b"));
    }
    bars.forEach((bar, b) => {
      const [name, rail, number] = [0, 1, 2].map((k) => host.children[3 * b + k]);
      put(name, bar.true ? `✓ ${bar.name}` : bar.name);
      name.title = bar.true ? `${bar.name} (the true class)` : bar.name;
      name.classList.toggle("true", bar.true);
      rail.firstChild.style.width = `${100 * bar.share}%`;
      put(number, bar.text);
    });
  }

  paint(canvas, place) {
    const { across, tileWidth: w, tileHeight: h } = this.data, image = this.sheet.image;
    if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
    const ctx = canvas.getContext("2d");
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(image, (place % across) * w, Math.floor(place / across) * h, w, h, 0, 0, w, h);
  }

  // ---- choosing -------------------------------------------------------------------------------

  placeOf(target) {
    const item = target.closest("li");
    return this.tiles.findIndex((tile) => tile.item === item);
  }

  // One tile can be reached by Tab; the arrows lead on from there.
  move(place, focus) {
    if (place < 0 || !this.data) return;
    this.at = place;
    this.tiles.forEach((tile, k) => {
      if (this.data.selectable) tile.item.tabIndex = k === place ? 0 : -1;
      else tile.item.removeAttribute("tabindex");
    });
    if (focus) this.tiles[place].item.focus();
  }

  pick(place) {
    if (place < 0 || !this.data.selectable) return;
    this.move(place, true);
    this.tiles.forEach((tile, k) => tile.item.setAttribute("aria-selected", String(k === place)));
    this.data.chosen = place;
    this.component.setTriggerValue("select", place);
  }

  key(event) {
    if (!this.data.selectable) return;
    const last = this.tiles.length - 1, here = this.at;
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: last, ArrowDown: this.below(1), ArrowUp: this.below(-1) }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.move(Math.min(Math.max(to, 0), last), true);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.pick(here);
    }
  }

  // The tile above or below: the nearest one whose row is the next.
  below(step) {
    const boxes = this.tiles.map((tile) => tile.item.getBoundingClientRect()), from = boxes[this.at];
    let row = null, best = this.at;
    for (let k = this.at + step; k >= 0 && k < boxes.length; k += step) {
      const box = boxes[k];
      if ((box.top - from.top) * step < from.height / 4) continue;
      row ??= box.top;
      if (Math.abs(box.top - row) > box.height / 4) break;
      if (best === this.at || Math.abs(box.left - from.left) < Math.abs(boxes[best].left - from.left)) best = k;
    }
    return best;
  }

  release() {
    this.released = true;
    this.stopTheme();
  }
}

const mount = mounting(".tiles", Tiles);
