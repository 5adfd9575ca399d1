// Buttons, a scrubber and a speed that walk through numbered steps, by hand or by themselves.

const PLAYER_SPEEDS = [1600, 900, 450, 180, 60];

class Player {
  // go(step): called with the step wanted; the owner answers with show(). noun: what a step is.
  constructor(bar, { noun, go }) {
    Object.assign(this, { bar, go, step: 0, first: 0, last: 0, timer: null });
    bar.classList.add("player");
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", `Walk through: one ${noun} after the other`);
    bar.innerHTML = `<button class="first" title="First ${noun} (Home)" aria-label="First ${noun}">|◀</button>`
      + '<button class="back" title="Step back (arrow left)" aria-label="Step back">◀</button>'
      + '<button class="play" title="Play or pause (space)" aria-label="Play">▶</button>'
      + '<button class="forward" title="Step forward (arrow right)" aria-label="Step forward">▶|</button>'
      + `<input class="scrubber" type="range" aria-label="${noun}" />`
      + '<output class="count"></output>'
      + '<label class="speed">Speed <input type="range" min="0" max="4" step="1" value="2" aria-label="Speed" /></label>';
    this.find = (selector) => bar.querySelector(selector);
    const on = (selector, event, act) => this.find(selector).addEventListener(event, act);
    on(".first", "click", () => this.by("Home"));
    on(".back", "click", () => this.by("ArrowLeft"));
    on(".forward", "click", () => this.by("ArrowRight"));
    on(".play", "click", () => this.toggle());
    on(".scrubber", "input", (e) => { this.pause(); this.go(Number(e.target.value)); });
    on(".scrubber", "keydown", (e) => { if (e.key === " ") { e.preventDefault(); this.toggle(); } });
    on(".speed input", "input", () => { if (this.timer) { this.pause(); this.play(); } });
  }

  get playing() { return Boolean(this.timer); }

  // What the bar says.
  show({ first, last, step, text }) {
    Object.assign(this, { first, last, step });
    const scrubber = this.find(".scrubber");
    scrubber.min = String(first);
    scrubber.max = String(last);
    scrubber.value = String(step);
    scrubber.setAttribute("aria-valuetext", text);
    this.find(".count").textContent = text;
  }

  // A key of the keyboard; true where it meant something here.
  by(key) {
    if (key === " ") { this.toggle(); return true; }
    const to = { ArrowRight: this.step + 1, ArrowLeft: this.step - 1, Home: this.first, End: this.last }[key];
    if (to === undefined) return false;
    this.pause();
    this.go(this.around(to));
    return true;
  }

  around(step) {
    const count = this.last - this.first + 1;
    return this.first + ((((step - this.first) % count) + count) % count);
  }

  toggle() { this.timer ? this.pause() : this.play(); }

  play() {
    const button = this.find(".play");
    button.textContent = "❚❚";
    button.setAttribute("aria-label", "Pause");
    if (this.step >= this.last) this.go(this.first);
    const speed = PLAYER_SPEEDS[Number(this.find(".speed input").value)];
    this.timer = setInterval(() => (this.step >= this.last ? this.pause() : this.go(this.step + 1)), speed);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    const button = this.find(".play");
    button.textContent = "▶";
    button.setAttribute("aria-label", "Play");
  }
}
