// What a network says of the camera: each answer is followed by the next frame.

const BETWEEN = 120;   // ms: what else the page draws comes in between
const LOST = 4000;     // ms: after this a frame without an answer is given up

class Lens {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.camera = new Camera((text) => { this.find(".trouble").textContent = text; });
    this.find(".switch").addEventListener("click", () => this.turn(!this.on));
    this.observer = new ResizeObserver(() => root.classList.toggle("narrow", root.clientWidth < 480));
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.paint());
    this.frames = 0;
  }

  receive(component) {
    this.component = component;
    const d = (this.data = component.data);
    this.paint();
    this.find("h4").textContent = d.title;
    this.find(".says").textContent = d.says;
    const list = this.find("ol");
    while (list.children.length > d.bars.length) list.lastChild.remove();
    while (list.children.length < d.bars.length) {
      const item = list.appendChild(document.createElement("li"));
      item.innerHTML = '<span></span><b></b><div class="rail"><i></i></div>';
    }
    d.bars.forEach((bar, k) => {
      const item = list.children[k];
      item.classList.toggle("first", bar.first);
      item.querySelector("span").textContent = bar.name;
      item.querySelector("b").textContent = bar.text;
      item.querySelector("i").style.width = `${100 * bar.share}%`;
    });
    this.root.dataset.ready = "true";
    this.root.dataset.answers = String(d.answers);
    if (this.on) this.soon(BETWEEN);
  }

  paint() {
    const palette = themePalette(this.root), style = this.root.style;
    style.setProperty("--muted", palette.muted);
    style.setProperty("--bar", palette.sequential[2]);
    style.setProperty("--best", palette.lines[0]);
  }

  async turn(on) {
    this.on = on;
    const button = this.find(".switch");
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? "Camera off" : "Camera on";
    clearTimeout(this.next);
    if (!on) {
      this.camera.stop();
      this.camera.video.remove();
      return;
    }
    this.find(".view").append(this.camera.video);
    await this.camera.start();
    if (this.on) this.soon(0);
  }

  soon(pause) {
    clearTimeout(this.next);
    this.next = setTimeout(() => this.send(), pause);
  }

  send() {
    if (!this.on) return;
    if (this.camera.running && !document.hidden) {
      this.frames += 1;
      this.component.setTriggerValue("frame", `${this.frames} ${this.camera.grab(this.data.side)}`);
      this.soon(LOST);
    } else this.soon(200);
  }

  end() {
    this.on = false;
    clearTimeout(this.next);
    this.camera.stop();
    this.observer.disconnect();
    this.stopTheme();
  }
}

const lenses = new WeakMap();

function mount(component) {
  const root = component.parentElement.querySelector(".lens");
  let view = lenses.get(root);
  if (!view) {
    view = new Lens(root);
    lenses.set(root, view);
  }
  view.receive(component);
  return () => { view.end(); lenses.delete(root); };
}
