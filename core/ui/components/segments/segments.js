// A picture and what one or two methods make of it: parts are switched, a box is drawn. Every
// mask and every number comes from Python.

const LEAST = 0.05;
// Share of the picture that a box has at least, on each side.

class Segments {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.panels = [];
    this.asking = new Asking((again) => this.component.setTriggerValue("again", again));
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.paint());
  }

  receive(component) {
    this.component = component;
    this.data = component.data;
    this.measure();
    this.drawPanels();
    this.paint();
    const between = this.find(".between");
    between.hidden = !this.data.between;
    between.textContent = this.data.between;
    this.speak();
    this.asking.ask(this.data);
    if (this.data.focus && !this.focused) this.find("li button")?.focus({ preventScroll: true });
    this.focused = this.data.focus;
    this.root.dataset.ready = "true";
    this.root.dataset.waiting = String(Boolean(this.data.poll));
    this.resting = restThen(this.resting, this.data.settle);
  }

  // ---- pictures -----------------------------------------------------------------------------

  measure() {
    this.root.classList.toggle("narrow", this.root.clientWidth < 620);
  }

  paint() {
    if (!this.data) return;
    const p = themePalette(this.root), set = (name, value) => this.root.style.setProperty(name, value);
    set("--bar", p.lines[0]);
    set("--muted", p.muted);
    set("--wrong", p.wrong);
  }

  drawPanels() {
    const host = this.find(".panels"), panels = this.data.panels;
    host.style.setProperty("--panels", panels.length);
    host.classList.toggle("two", panels.length > 1);
    while (this.panels.length < panels.length) this.panels.push(this.makePanel(host, this.panels.length));
    while (this.panels.length > panels.length) this.panels.pop().section.remove();
    panels.forEach((data, k) => this.fill(this.panels[k], data));
  }

  makePanel(host, place) {
    const section = host.appendChild(document.createElement("section"));
    section.className = "panel";
    section.innerHTML = '<h4><span></span><small></small></h4><div class="view"><img alt="" draggable="false"><div class="box" hidden></div></div><div class="side"><p class="summary"></p><div class="details"></div><ol></ol><p class="rest"></p><div class="says"><span></span><progress max="1"></progress><br><button>Try again</button></div></div>';
    const panel = { section, place, find: (selector) => section.querySelector(selector), rows: [], data: null };
    panel.find(".says button").addEventListener("click", () => this.component.setTriggerValue("retry", panel.data.method));
    this.makeBox(panel);
    return panel;
  }

  fill(panel, data) {
    const d = this.data, image = panel.find("img");
    panel.data = data;
    panel.section.classList.toggle("late", data.late);
    panel.find("h4 span").textContent = data.title;
    panel.find("h4 small").textContent = data.note;
    if (image.src !== data.src) image.src = data.src;
    image.alt = data.alt;
    image.style.aspectRatio = `${d.width} / ${d.height}`;
    panel.find(".summary").textContent = data.summary;
    panel.find(".details").replaceChildren(...data.details.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
    panel.find(".rest").textContent = data.rest;
    panel.find(".rest").hidden = !data.rest;
    panel.find(".says").hidden = !data.says;
    panel.find(".says").classList.toggle("failed", data.failed);
    panel.find(".says span").textContent = data.says;
    panel.find(".says button").hidden = panel.find(".says br").hidden = !data.failed;
    panel.find("progress").hidden = data.progress === null;
    panel.find("progress").value = data.progress ?? 0;
    panel.find(".view").classList.toggle("draws", Boolean(data.box));
    panel.find(".view").classList.toggle("picks", !data.box && data.parts.length > 0);
    if (!panel.start) this.placeBox(panel, data.box);
    this.fillRows(panel, data.parts);
  }

  fillRows(panel, parts) {
    const list = panel.find("ol");
    while (panel.rows.length < parts.length) panel.rows.push(this.makeRow(list, panel, panel.rows.length));
    while (panel.rows.length > parts.length) panel.rows.pop().remove();
    parts.forEach((part, k) => {
      const button = panel.rows[k].firstChild, swatch = button.querySelector("i");
      button.querySelector("span").textContent = part.name;
      button.querySelector("b").textContent = part.text;
      swatch.style.background = css(part.colour);
      swatch.style.color = inkOn(part.colour);
      swatch.textContent = part.inside ? "\u2713" : "";
      button.setAttribute("aria-pressed", String(part.inside));
      button.title = part.inside ? "Belongs to the object; press to take it out" : "Press to make it part of the object";
    });
  }

  makeRow(list, panel, place) {
    const item = list.appendChild(document.createElement("li"));
    item.innerHTML = '<button type="button"><i aria-hidden="true"></i><span></span><b></b></button>';
    item.firstChild.addEventListener("click", () => {
      const parts = panel.data.parts, chosen = new Set(panel.data.inside);
      const number = parts[place].number;
      if (chosen.has(number)) chosen.delete(number); else chosen.add(number);
      this.component.setTriggerValue("parts", `${panel.place};${[...chosen].sort((a, b) => a - b).join(", ")};${Date.now()}`);
    });
    return item;
  }

  // ---- the box ------------------------------------------------------------------------------

  placeBox(panel, box) {
    const element = panel.find(".box");
    element.hidden = !box;
    if (!box) return;
    const [left, top, right, bottom] = box.map((share) => 100 * share);
    Object.assign(element.style, { left: `${left}%`, top: `${top}%`, width: `${right - left}%`, height: `${bottom - top}%` });
  }

  makeBox(panel) {
    const view = panel.find(".view");
    const where = (e) => {
      const frame = view.getBoundingClientRect(), share = (v) => Math.min(Math.max(v, 0), 1);
      return [share((e.clientX - frame.left) / frame.width), share((e.clientY - frame.top) / frame.height)];
    };
    const between = ([x, y], [u, v]) => [Math.min(x, u), Math.min(y, v), Math.max(x, u), Math.max(y, v)];
    view.addEventListener("pointerdown", (e) => {
      if (e.button !== 0) return;
      if (!panel.data.box) {
        if (panel.data.parts.length) this.component.setTriggerValue("pick", `${panel.place};${where(e).map((share) => share.toFixed(4)).join(",")};${Date.now()}`);
        return;
      }
      view.setPointerCapture(e.pointerId);
      panel.start = where(e);
      panel.drawn = null;
      e.preventDefault();
    });
    view.addEventListener("pointermove", (e) => {
      if (!panel.start) return;
      panel.drawn = between(panel.start, where(e));
      this.placeBox(panel, panel.drawn);
    });
    const end = () => {
      const box = panel.drawn;
      panel.start = panel.drawn = null;
      const large = box && box[2] - box[0] >= LEAST && box[3] - box[1] >= LEAST;
      if (large) this.component.setTriggerValue("box", `${box.map((share) => Math.round(100 * share)).join(",")};${Date.now()}`);
      else this.placeBox(panel, panel.data.box);
    };
    view.addEventListener("pointerup", end);
    view.addEventListener("pointercancel", end);
  }

  speak() {
    const said = this.data.panels.map((panel) => panel.alt).join(" ");
    if (this.find(".spoken").textContent !== said && !this.data.poll) this.find(".spoken").textContent = said;
  }

  release() {
    this.asking.release();
    this.observer.disconnect();
    this.stopTheme();
  }
}

const mount = mounting(".segments", Segments);
