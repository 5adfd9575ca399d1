// A picture before one or two networks: what they look at, and what they say. The patch is
// dragged; every number comes from Python.

class Sight {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.panels = [];
    this.asking = new Asking((again) => this.component.setTriggerValue("again", again));
    this.patch = this.find(".patch");
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.paint());
    this.makeHandle();
  }

  receive(component) {
    const first = !this.data;
    this.component = component;
    this.data = component.data;
    this.answered();
    this.measure();
    this.drawPicture();
    this.drawPanels();
    this.paint();
    this.light(this.at ?? [0, 0]);
    this.speak();
    this.asking.ask(this.data);
    if (this.data.focus && (first || !this.focused)) this.find("li")?.focus({ preventScroll: true });
    this.focused = this.data.focus;
    this.root.dataset.ready = "true";
    this.root.dataset.waiting = String(Boolean(this.data.poll));
    this.resting = restThen(this.resting, this.data.settle);
  }

  // ---- the picture --------------------------------------------------------------------------

  measure() {
    this.root.classList.toggle("narrow", this.root.clientWidth < 620);
  }

  paint() {
    if (!this.data) return;
    const p = themePalette(this.root), set = (name, value) => this.root.style.setProperty(name, value);
    set("--bar", p.lines[0]);
    set("--muted", p.muted);
    set("--wrong", p.wrong);
    for (const bar of this.root.querySelectorAll("li u")) bar.style.background = bar.dataset.number === "" ? p.muted : p.lines[bar.dataset.number % p.lines.length];
    set("--rail", `color-mix(in srgb, ${p.text} 13%, ${p.background})`);
  }

  drawPicture() {
    const d = this.data, image = this.find("img"), percent = (v) => `${v * 100}%`;
    this.find(".seen h4").textContent = d.title;
    this.find(".under").textContent = d.under;
    if (image.src !== d.src) image.src = d.src;
    image.alt = d.alt;
    image.style.aspectRatio = `${d.width} / ${d.height}`;
    const place = (element, box) => {
      element.hidden = !box;
      if (box) ["left", "top", "width", "height"].forEach((side, k) => (element.style[side] = percent(box[k])));
    };
    place(this.find(".crop"), d.crop);
    if (!this.dragging) place(this.patch, d.patch);
    this.patch.setAttribute("aria-label", "Patch: drag it, or use the arrow keys");
    this.patch.setAttribute("aria-valuenow", String(Math.round(100 * d.at[0])));
    this.patch.setAttribute("aria-valuetext", `${Math.round(100 * d.at[0])} % across, ${Math.round(100 * d.at[1])} % down`);
  }

  makeHandle() {
    const patch = this.patch, view = this.find(".view");
    const where = (e) => {
      const box = view.getBoundingClientRect(), [gx, gy] = this.dragging.grip;
      const share = (v) => Math.round(100 * Math.min(Math.max(v, 0), 1)) / 100;
      return [share((e.clientX - gx - box.left) / box.width), share((e.clientY - gy - box.top) / box.height)];
    };
    patch.addEventListener("pointerdown", (e) => {
      if (e.button !== 0) return;
      const box = patch.getBoundingClientRect();
      patch.setPointerCapture(e.pointerId);
      this.dragging = { grip: [e.clientX - box.left - box.width / 2, e.clientY - box.top - box.height / 2] };
      patch.focus({ preventScroll: true });
      e.preventDefault();
    });
    patch.addEventListener("pointermove", (e) => {
      if (!this.dragging) return;
      const at = where(e);
      if (String(at) === String(this.dragging.at)) return;
      this.dragging.at = at;
      this.slide(at);
      this.wanted = at;
      if (!this.pending) this.send();
    });
    const end = () => {
      const at = this.dragging?.at;
      this.dragging = this.wanted = null;
      if (at) this.component.setTriggerValue("patch", `${at[0]},${at[1]};end`);
    };
    patch.addEventListener("pointerup", end);
    patch.addEventListener("pointercancel", end);
    patch.addEventListener("keydown", (e) => {
      const step = e.shiftKey ? 0.1 : 0.02;
      const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[e.key];
      if (!move) return;
      e.preventDefault();
      const at = this.data.at.map((v, k) => Math.round(100 * Math.min(Math.max(v + move[k], 0), 1)) / 100);
      this.component.setTriggerValue("patch", `${at[0]},${at[1]};end`);
    });
  }

  // The patch follows the pointer at once, and stays inside as Python keeps it.
  slide([x, y]) {
    const [, , w, h] = this.data.patch, inside = (v, size) => Math.min(Math.max(v - size / 2, 0), 1 - size);
    this.patch.style.left = `${100 * inside(x, w)}%`;
    this.patch.style.top = `${100 * inside(y, h)}%`;
  }

  // While it is dragged, the next place is sent when the last one is answered.
  send() {
    this.pending = setTimeout(() => this.answered(), 700);
    this.component.setTriggerValue("patch", `${this.wanted[0]},${this.wanted[1]};drag`);
    this.wanted = null;
  }

  answered() {
    clearTimeout(this.pending);
    this.pending = null;
    if (this.wanted && this.dragging) this.send();
  }

  // ---- what the networks say ----------------------------------------------------------------

  drawPanels() {
    const host = this.find(".panels"), panels = this.data.panels;
    host.style.setProperty("--panels", panels.length);
    while (this.panels.length < panels.length) this.panels.push(this.makePanel(host));
    while (this.panels.length > panels.length) this.panels.pop().section.remove();
    panels.forEach((data, k) => this.fill(this.panels[k], data, k));
  }

  makePanel(host) {
    const section = host.appendChild(document.createElement("section"));
    section.className = "panel";
    section.innerHTML = '<h4><span></span><small></small></h4><ol></ol><p class="rest"></p><div class="says"><span></span><progress max="1"></progress><br><button>Try again</button></div><div class="bones" aria-hidden="true"><span style="width:86%"></span><span style="width:42%"></span><span style="width:30%"></span><span style="width:18%"></span><span style="width:11%"></span></div>';
    const panel = { section, find: (selector) => section.querySelector(selector), rows: [], network: "" };
    panel.find("button").addEventListener("click", () => this.component.setTriggerValue("retry", panel.network));
    return panel;
  }

  fill(panel, data, number) {
    // What was said before stays, dimmed, until the answer to the new question is there.
    const late = !data.rows.length && !data.failed && panel.network === data.network && panel.rows.length > 0 && !data.hide;
    panel.section.classList.toggle("late", late);
    panel.section.classList.toggle("tight", data.rows.length > 8);
    panel.find("h4 span").textContent = data.title;
    panel.find("h4 small").textContent = data.note;
    if (!late) this.fillRows(panel, data.rows, number);
    panel.network = data.network;
    panel.find("ol").setAttribute("aria-label", data.alt);
    panel.find(".rest").textContent = late ? "" : data.rest;
    panel.find(".says").hidden = late || !data.says;
    panel.find(".says").classList.toggle("failed", data.failed);
    panel.find(".says span").textContent = data.says;
    panel.find(".says button").hidden = panel.find(".says br").hidden = !data.failed;
    panel.find("progress").hidden = data.progress === null;
    panel.find("progress").value = data.progress ?? 0;
    panel.find(".bones").hidden = late || data.rows.length > 0 || data.failed;
  }

  fillRows(panel, rows, number) {
    const list = panel.find("ol");
    while (panel.rows.length < rows.length) panel.rows.push(this.makeRow(list, number, panel.rows.length));
    while (panel.rows.length > rows.length) panel.rows.pop().remove();
    rows.forEach((row, k) => {
      const item = panel.rows[k], find = (selector) => item.querySelector(selector);
      find(".name i").textContent = k + 1;
      find(".name span").textContent = row.name;
      find(".name").title = row.name;
      find("b").textContent = row.text;
      find("u").style.width = `${100 * row.share}%`;
      find("u").dataset.number = row.number ?? "";
      find("s").hidden = row.before === null;
      if (row.before !== null) find("s").style.left = `${100 * row.before}%`;
      item.setAttribute("aria-label", `${k + 1}. ${row.name}, ${row.text}`);
    });
  }

  makeRow(list, number, place) {
    const item = list.appendChild(document.createElement("li"));
    item.tabIndex = place || number ? -1 : 0;
    item.innerHTML = '<span class="name"><i></i><span></span></span><b></b><span class="rail"><u></u><s></s></span>';
    item.addEventListener("pointerenter", () => this.light([number, place]));
    item.addEventListener("focus", () => this.light([number, place]));
    item.addEventListener("keydown", (e) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
      if (!step) return;
      e.preventDefault();
      const rows = this.panels[number].rows, to = rows[Math.min(Math.max(place + step, 0), rows.length - 1)];
      to.tabIndex = 0;
      to.focus();
    });
    return item;
  }

  light([number, place]) {
    const panels = this.data.panels, rows = panels[number]?.rows ?? [];
    const row = rows[Math.min(place, rows.length - 1)];
    this.at = [number, place];
    this.panels.forEach((panel, n) => panel.rows.forEach((item, k) => item.classList.toggle("pointed", Boolean(row) && n === number && k === Math.min(place, rows.length - 1))));
    if (!row && this.panels.some((panel) => panel.section.classList.contains("late"))) return;
    this.find(".arithmetic").hidden = !row;
    this.find(".where").textContent = row ? row.where : "";
    this.find(".terms").textContent = row ? row.terms : "";
  }

  speak() {
    const said = this.data.panels.map((panel) => panel.alt).join(" ");
    if (this.find(".spoken").textContent !== said && !this.data.poll) this.find(".spoken").textContent = said;
  }

  release() {
    this.asking.release();
    clearTimeout(this.pending);
    this.observer.disconnect();
    this.stopTheme();
  }
}

const mount = mounting(".sight", Sight);
