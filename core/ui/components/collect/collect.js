// Pictures into classes: by camera while a button is held, from files by choice or by drop. What
// a person does is told in order, one message at a time; what Python answers is what is shown.

const RATE = 125;      // ms from frame to frame: eight a second
const IN_A_MESSAGE = 12;
const AGAIN = 5000;    // ms: a message that was lost is sent once more

class Collect {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.name = Math.random().toString(36).slice(2);
    Object.assign(this, { outbox: [], sent: 0, waiting: 0, cards: new Map(), held: null, pending: new Map() });
    this.camera = new Camera((text) => { this.find(".trouble").textContent = text; });
    this.canvas = document.createElement("canvas");
    this.find(".switch").addEventListener("click", () => this.turn(!this.on));
    this.find(".add").addEventListener("click", () => this.tell({ act: "add" }));
    this.find(".use").addEventListener("click", () => this.tell({ act: "use" }));
    this.observer = new ResizeObserver(() => root.classList.toggle("narrow", root.clientWidth < 620));
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.paint());
    this.release = () => this.letGo();
    window.addEventListener("blur", this.release);
  }

  receive(component) {
    this.component = component;
    const d = (this.data = component.data);
    if (d.heard.startsWith(`${this.name} `) && Number(d.heard.split(" ")[1]) >= this.waiting) {
      this.waiting = 0;
      this.pending.clear();
      for (const act of this.outbox) this.expect(act);
    }
    this.paint();
    this.arrange();
    this.find(".says").textContent = d.says;
    this.find(".use").disabled = !d.ready;
    this.find(".use").textContent = d.used ? "These pictures are in use" : "Use these pictures";
    this.find(".add").disabled = !d.room;
    this.root.dataset.ready = "true";
    this.post();
  }

  paint() {
    const palette = themePalette(this.root);
    for (const name of ["right", "wrong", "muted"]) this.root.style.setProperty(`--${name}`, palette[name]);
  }

  // ---- messages -----------------------------------------------------------------------------

  tell(act) {
    this.outbox.push(act);
    this.expect(act);
    this.post();
  }

  // What has been taken and not yet come back counts, too.
  expect(act) {
    if (act.act !== "pictures") return;
    this.pending.set(act.number, (this.pending.get(act.number) ?? 0) + act.pictures.length);
  }

  post() {
    if (this.waiting || !this.outbox.length || !this.component) return;
    this.sent += 1;
    this.waiting = this.sent;
    const acts = this.outbox.splice(0, this.outbox.findIndex((act) => act.act === "pictures") < 0 ? this.outbox.length : this.firstPictures() + 1);
    const message = JSON.stringify({ from: this.name, number: this.sent, acts });
    this.component.setTriggerValue("tell", message);
    clearTimeout(this.later);
    this.later = setTimeout(() => { if (this.waiting) this.component.setTriggerValue("tell", message); }, AGAIN);
  }

  firstPictures() { return this.outbox.findIndex((act) => act.act === "pictures"); }

  give(number, pictures) {
    for (let k = 0; k < pictures.length; k += IN_A_MESSAGE) {
      this.tell({ act: "pictures", number, pictures: pictures.slice(k, k + IN_A_MESSAGE) });
    }
    this.count(number);
  }

  // ---- classes ------------------------------------------------------------------------------

  arrange() {
    const host = this.find(".classes"), d = this.data;
    for (const [number, card] of this.cards) {
      if (d.classes.some((one) => one.number === number)) continue;
      card.node.remove();
      this.cards.delete(number);
    }
    d.classes.forEach((one, place) => {
      const card = this.cards.get(one.number) ?? this.makeCard(one.number);
      if (host.children[place] !== card.node) host.insertBefore(card.node, host.children[place] ?? null);
      this.fill(card, one);
    });
  }

  makeCard(number) {
    const node = document.createElement("section");
    node.className = "class";
    node.innerHTML = '<header><input class="name" maxlength="40" /><span class="count"></span><button class="remove" title="Remove this class">×</button></header>'
      + '<div class="acts"><button class="hold">Hold to record</button><label class="files">Add files<input type="file" multiple accept="image/*" /></label><button class="clear">Clear</button></div>'
      + '<div class="thumbs"></div>';
    const find = (selector) => node.querySelector(selector);
    const card = { node, find, number };
    find(".name").addEventListener("change", (e) => this.tell({ act: "rename", number, name: e.target.value }));
    find(".name").addEventListener("keydown", (e) => { if (e.key === "Enter") e.target.blur(); });
    find(".remove").addEventListener("click", () => this.tell({ act: "remove", number }));
    find(".clear").addEventListener("click", () => this.tell({ act: "clear", number }));
    find(".files input").addEventListener("change", (e) => {
      this.readFiles(number, [...e.target.files]);
      e.target.value = "";
    });
    this.wireHold(find(".hold"), number);
    this.wireDrop(node, number);
    this.cards.set(number, card);
    return card;
  }

  fill(card, one) {
    const name = card.find(".name");
    if (this.root.getRootNode().activeElement !== name && name.value !== one.name) name.value = one.name;
    name.setAttribute("aria-label", `Name of class ${one.name}`);
    card.find(".hold").setAttribute("aria-label", `Hold to record ${one.name}`);
    card.find(".files input").setAttribute("aria-label", `Files of ${one.name}`);
    card.find(".remove").setAttribute("aria-label", `Remove ${one.name}`);
    card.find(".remove").disabled = this.data.classes.length <= 2;
    card.find(".clear").disabled = !one.count;
    this.count(one.number);
    this.drawThumbs(card, one);
  }

  count(number) {
    const one = this.data.classes.find((each) => each.number === number), card = this.cards.get(number);
    if (!one || !card) return;
    const count = one.count + (this.pending.get(number) ?? 0) + (this.held?.number === number ? this.held.frames.length : 0);
    const span = card.find(".count");
    span.textContent = count === 1 ? "1 picture" : `${count} pictures`;
    span.classList.toggle("few", count < this.data.fewest);
    span.classList.toggle("enough", count >= this.data.fewest);
    span.title = count < this.data.fewest ? `At least ${this.data.fewest} are needed.` : "";
  }

  drawThumbs(card, one) {
    const host = card.find(".thumbs"), stamp = `${one.count} ${one.sheet.length} ${one.sheet.slice(-40)}`;
    if (card.stamp === stamp) return;
    card.stamp = stamp;
    host.replaceChildren(...one.places.map((place, k) => {
      const button = document.createElement("button");
      button.style.backgroundImage = `url(${one.sheet})`;
      button.style.backgroundSize = `${100 * one.places.length}% 100%`;
      button.style.backgroundPosition = `${one.places.length > 1 ? (100 * k) / (one.places.length - 1) : 0}% 0`;
      button.title = "Take this picture away";
      button.setAttribute("aria-label", `Take picture ${place + 1} of ${one.name} away`);
      button.addEventListener("click", () => this.tell({ act: "drop", number: one.number, place }));
      return button;
    }));
    if (one.count > one.places.length) {
      const more = host.appendChild(document.createElement("span"));
      more.className = "more";
      more.textContent = `and ${one.count - one.places.length} before them`;
    }
  }

  // ---- files --------------------------------------------------------------------------------

  wireDrop(node, number) {
    const over = (flag) => (event) => { event.preventDefault(); node.classList.toggle("over", flag); };
    node.addEventListener("dragover", over(true));
    node.addEventListener("dragleave", over(false));
    node.addEventListener("drop", (event) => {
      over(false)(event);
      this.readFiles(number, [...event.dataTransfer.files]);
    });
  }

  async readFiles(number, files) {
    const pictures = [], lost = [];
    for (const file of files) {
      try {
        const image = await createImageBitmap(file);
        pictures.push(this.square(image, image.width, image.height));
        image.close();
      } catch { lost.push(file.name); }
    }
    this.give(number, pictures);
    const more = lost.length > 1 ? ` and ${lost.length - 1} more` : "";
    this.find(".trouble").textContent = lost.length ? `${lost[0]}${more}: the browser cannot read that as a picture.` : "";
  }

  // The middle square as a JPEG.
  square(source, width, height) {
    const side = this.data.side, cut = Math.min(width, height);
    Object.assign(this.canvas, { width: side, height: side });
    const ctx = this.canvas.getContext("2d");
    ctx.imageSmoothingQuality = "high";
    ctx.drawImage(source, (width - cut) / 2, (height - cut) / 2, cut, cut, 0, 0, side, side);
    return this.canvas.toDataURL("image/jpeg", 0.9);
  }

  // ---- the camera ---------------------------------------------------------------------------

  async turn(on) {
    this.on = on;
    const button = this.find(".switch");
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? "Camera off" : "Camera on";
    if (on) {
      this.find(".view").append(this.camera.video);
      await this.camera.start();
      if (!this.camera.running && this.find(".trouble").textContent) this.turn(false);
    } else {
      this.camera.stop();
      this.camera.video.remove();
    }
  }

  wireHold(button, number) {
    const down = (event) => {
      event.preventDefault();
      button.focus({ preventScroll: true });
      this.record(number, button);
    };
    const key = (event) => event.key === " " || event.key === "Enter";
    button.addEventListener("pointerdown", (event) => {
      button.setPointerCapture?.(event.pointerId);
      down(event);
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) button.addEventListener(name, this.release);
    button.addEventListener("keydown", (event) => { if (key(event) && !event.repeat) down(event); });
    button.addEventListener("keyup", (event) => { if (key(event)) this.letGo(); });
    button.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  async record(number, button) {
    if (this.held) return;
    const held = (this.held = { number, button, frames: [] });
    button.classList.add("on");
    if (!this.on) await this.turn(true);
    if (this.held !== held || !this.on) {
      this.letGo();
      return;
    }
    this.find(".view").classList.add("recording");
    this.find(".rec").hidden = false;
    const take = () => {
      if (this.held !== held) return;
      const { video } = this.camera;
      if (this.camera.running) held.frames.push(this.square(video, video.videoWidth, video.videoHeight));
      this.count(number);
      if (held.frames.length >= this.data.burst) this.flush();
      held.timer = setTimeout(take, RATE);
    };
    take();
  }

  // What has been recorded goes on its way while the button is still held.
  flush() {
    const { number, frames } = this.held;
    this.held.frames = [];
    if (frames.length) this.give(number, frames);
  }

  letGo() {
    if (!this.held) return;
    clearTimeout(this.held.timer);
    this.flush();
    this.held.button.classList.remove("on");
    this.held = null;
    this.find(".view").classList.remove("recording");
    this.find(".rec").hidden = true;
  }

  end() {
    this.held = null;
    clearTimeout(this.later);
    this.camera.stop();
    this.observer.disconnect();
    window.removeEventListener("blur", this.release);
    this.stopTheme();
  }
}

const collects = new WeakMap();

function mount(component) {
  const root = component.parentElement.querySelector(".collect");
  let view = collects.get(root);
  if (!view) {
    view = new Collect(root);
    collects.set(root, view);
  }
  view.receive(component);
  return () => { view.end(); collects.delete(root); };
}
