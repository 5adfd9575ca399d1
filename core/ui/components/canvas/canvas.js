// A canvas to draw a digit on, or anything: the picture is sent shortly after each stroke.

const PAUSE = 150;

class Canvas {
  constructor(root, data) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.strokes = new Strokes(data.height, data.width);
    this.board = new Board(this.find(".host"), this.strokes, {
      label: `${data.prompt}. Arrow keys move the pen, space puts it down and lifts it, B brush, E eraser, control Z undoes, delete clears.`,
      changed: () => this.changed(),
    });
    this.sent = "";
    this.find(".size input").value = data.brush;
    this.setWidth(data.brush);
    this.wire();
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root.parentElement);
    this.stopTheme = onThemeChange(root, () => this.board.draw());
  }

  wire() {
    const on = (selector, act) => this.find(selector).addEventListener("click", act);
    on(".brush", () => this.setEraser(false));
    on(".eraser", () => this.setEraser(true));
    on(".undo", () => this.undo());
    on(".redo", () => this.redo());
    on(".clear", () => this.clear());
    this.find(".size input").addEventListener("input", (e) => this.setWidth(Number(e.target.value)));
    this.root.addEventListener("keydown", (e) => this.key(e));
  }

  receive(component) {
    const d = (this.data = component.data);
    this.component = component;
    const bright = d.ink === "white";
    this.board.paper = bright ? "#000" : "#fff";
    this.board.ink = bright ? "#fff" : "#000";
    this.root.style.setProperty("--prompt", bright ? "#B8C0C8" : "#55606E");
    this.find(".prompt").textContent = d.prompt;
    this.arrange(true);
    // What comes back is often older than what has been drawn meanwhile.
    if (d.version !== this.version) this.load(d.picture);
    this.version = d.version;
    this.show();
    this.root.dataset.ready = "true";
  }

  arrange(force) {
    const room = this.root.parentElement.clientWidth;
    if (!room || !this.data || (!force && room === this.room)) return;
    this.room = room;
    this.board.layout(Math.max(Math.min(room - 2, this.data.shown), 120));
    this.root.style.width = `${this.board.width + 2}px`;
  }

  // Python puts a picture on the canvas, or back onto it: the drawing goes on from there.
  load(text) {
    this.sent = text;
    clearTimeout(this.later);
    if (!text) {
      if (!this.strokes.empty) this.strokes.add({ kind: "clear" });
      return;
    }
    const image = new Image();
    image.onload = () => {
      if (this.sent !== text) return;
      this.strokes.add({ kind: "picture", image: inkOf(image) });
      this.show();
    };
    image.src = text;
  }

  // ---- tools --------------------------------------------------------------------------------

  setEraser(flag) {
    this.board.erase = flag;
    this.find(".eraser").setAttribute("aria-pressed", String(flag));
    this.find(".brush").setAttribute("aria-pressed", String(!flag));
    this.board.ring(this.board.hand, true);
  }

  setWidth(width) {
    this.board.brush = Math.min(Math.max(width, 4), 64);
    this.find(".size input").value = this.board.brush;
    this.board.ring(this.board.hand, true);
  }

  undo() { if (this.strokes.undo()) this.changed("Undone."); }

  redo() { if (this.strokes.redo()) this.changed("Done again."); }

  clear() {
    if (this.strokes.empty) return;
    this.strokes.add({ kind: "clear" });
    this.changed("Cleared.");
  }

  key(event) {
    const held = event.ctrlKey || event.metaKey, letter = event.key.toLowerCase();
    if (this.board.pointer !== undefined) return;
    if (held && letter === "z") event.shiftKey ? this.redo() : this.undo();
    else if (held && letter === "y") this.redo();
    else if (held || event.altKey) return;
    else if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else if (letter === "e" || letter === "b") this.setEraser(letter === "e");
    else if (event.key === "[" || event.key === "]") this.setWidth(this.board.brush + (event.key === "]" ? 4 : -4));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // ---- what has been drawn --------------------------------------------------------------------

  changed(said = "") {
    this.show();
    this.find(".spoken").textContent = said;
    clearTimeout(this.later);
    this.later = setTimeout(() => this.send(), PAUSE);
  }

  send() {
    const text = this.strokes.empty ? "" : this.strokes.toPNG();
    if (text === this.sent) return;
    this.sent = text;
    this.component.setStateValue("drawing", text);
  }

  show() {
    this.board.draw();
    const blank = this.strokes.empty;
    this.find(".prompt").hidden = !blank;
    this.enable(".clear", !blank);
    this.enable(".undo", this.strokes.done.length > 0);
    this.enable(".redo", this.strokes.undone.length > 0);
  }

  // Not `disabled`: a button that is would swallow the keys of whoever has just pressed it.
  enable(selector, flag) { this.find(selector).setAttribute("aria-disabled", String(!flag)); }

  release() {
    clearTimeout(this.later);
    this.observer.disconnect();
    this.stopTheme();
  }
}

const views = new WeakMap();

function mount(component) {
  const root = component.parentElement.querySelector(".canvas");
  let view = views.get(root);
  if (!view) {
    view = new Canvas(root, component.data);
    views.set(root, view);
  }
  view.receive(component);
  return () => { view.release(); views.delete(root); };
}
