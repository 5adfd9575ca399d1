// Optimisers on their way down a surface: contours with paths, losses, and the arithmetic of a
// step. Every number comes from Python; here they are only looked up, shown and lit.

const PACES = [[], [9, 4], [2, 3], [9, 3, 2, 3], [14, 4], [5, 2], [2, 6]];

const SIGNS = { beta1: "β₁", beta2: "β₂", beta: "β", rho: "ρ", lambda: "λ", epsilon: "ε", alpha: "α", "sqrt(": "√(" };

// Formulas as people write them.
const pretty = (text) => text
  .replace(/beta1|beta2|beta|rho|lambda|epsilon|alpha|sqrt\(/g, (word) => SIGNS[word])
  .replace(/^(\w)\^$/, "$1\u0302")
  .replace(/\^(\w)/g, "<sup>$1</sup>");

class Descent {
  constructor(root, component) {
    this.root = root;
    this.component = component;
    this.find = (selector) => root.querySelector(selector);
    this.step = 1;
    this.land = new Land(this.find(".map .host"), this);
    this.losses = new Losses(this.find(".chart"), this);
    this.player = new Player(this.find(".walk"), { noun: "step", go: (step) => this.go(step) });
    this.log = true;
    this.find(".log").addEventListener("click", () => { this.log = !this.log; this.refresh(); });
    this.find(".tables").addEventListener("toggle", () => this.fillTables());
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
    this.stopTheme = onThemeChange(root, () => this.refresh());
  }

  receive(component) {
    const first = !this.data, before = this.data;
    this.component = component;
    this.data = component.data;
    this.data.racers.forEach((racer, n) => {
      racer.steps = racer.columns.gradient?.length ?? 0;
      racer.number = n;
      racer.dash = PACES[n % PACES.length];
    });
    this.last = Math.max(...this.data.racers.map((racer) => racer.steps), 1);
    if (first || before.step !== this.data.step || before.lane !== this.data.lane) {
      this.step = this.data.step;
      this.lane = this.data.lane;
    }
    if (!this.data.racers.some((racer) => racer.lane === this.lane)) this.lane = this.data.racers[0].lane;
    this.step = Math.min(this.step, this.last);
    this.pointed = null;
    this.answered();
    this.refresh();
    if (this.data.focus && (first || !before.focus)) this.land.top.focus({ preventScroll: true });
    this.root.dataset.ready = "true";
    this.resting = restThen(this.resting, this.data.settle);
  }

  // ---- what is chosen ---------------------------------------------------------------------

  get shownRacer() { return this.data.racers.find((racer) => racer.lane === this.lane); }

  get racer() { return this.pointed?.racer ?? this.shownRacer; }

  get playing() { return this.player.playing; }

  colour(racer) { return this.palette.lines[racer.number % this.palette.lines.length]; }

  font(ctx, weight = 400) { ctx.font = `${weight} ${textPixels()}px ${getComputedStyle(this.root).fontFamily}`; }

  point(what) {
    if (this.data.conceal) return;
    if (!what && !this.pointed) return;
    if (what && this.playing) this.player.pause();
    if (what && !this.pointed) this.kept = this.step;
    this.step = what ? what.step : this.kept ?? this.step;
    this.pointed = what;
    this.light();
  }

  pin(racer, step) {
    if (this.data.conceal) return;
    this.pointed = null;
    [this.step, this.kept, this.lane] = [step, step, racer.lane];
    this.component.setStateValue("pin", `${racer.lane.toLowerCase()};${step}`);
    this.light();
    this.speak();
  }

  show(racer) {
    this.pointed = null;
    this.lane = racer.lane;
    this.component.setStateValue("pin", `${racer.lane.toLowerCase()};${this.step}`);
    this.light();
    this.speak();
  }

  // While the flag is dragged, the next place is sent when the last one is answered.
  moveStart(place, last) {
    const text = place.map((v, axis) => this.rounded(v, axis)).join(",");
    if (last) {
      this.wanted = null;
      this.component.setTriggerValue("start", `${text};end`);
      return;
    }
    this.wanted = text;
    if (!this.waiting) this.sendStart();
  }

  sendStart() {
    this.waiting = setTimeout(() => this.answered(), 700);
    this.component.setTriggerValue("start", `${this.wanted};drag`);
    this.wanted = null;
  }

  answered() {
    clearTimeout(this.waiting);
    this.waiting = null;
    if (this.wanted && this.land.dragging) this.sendStart();
  }

  // As many decimals as one pixel is worth.
  rounded(value, axis) {
    const digits = Math.min(Math.max(2 - Math.floor(Math.log10(extent(this.data, axis))), 0), 4);
    return String(Number(value.toFixed(digits)));
  }

  go(step) {
    this.pointed = null;
    this.step = step;
    this.light();
    if (!this.playing) this.speak();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.data.conceal) return;
    const turn = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (turn) {
      event.preventDefault();
      const count = this.data.racers.length;
      this.show(this.data.racers[(this.shownRacer.number + turn + count) % count]);
    } else if (event.key === "Enter") this.pin(this.shownRacer, this.step);
    else if (this.player.by(event.key)) event.preventDefault();
  }

  // ---- drawing ----------------------------------------------------------------------------

  refresh() {
    if (!this.data) return;
    this.palette = themePalette(this.root);
    this.find(".map h4").textContent = this.data.title;
    this.find(".side h4").textContent = this.log ? "Loss above the lowest" : "Loss";
    this.find(".log").setAttribute("aria-pressed", String(this.log));
    this.land.top.setAttribute("aria-label", this.data.alt);
    this.fillRacers();
    this.fillTables();
    this.laidOut = "";
    this.arrange();
  }

  arrange() {
    const width = this.root.clientWidth;
    if (!this.data || !width || this.laidOut === `${width}`) return;
    this.laidOut = `${width}`;
    const narrow = width < 600;
    this.root.classList.toggle("narrow", narrow);
    const largest = narrow ? 330 : this.data.large ? Math.max(window.innerHeight * 0.5, 330) : 400;
    this.land.layout(narrow ? width : width * 0.6, largest);
    const side = narrow ? width : width - this.land.width - 18;
    const rows = this.find(".racers").offsetHeight;
    const rest = narrow ? 210 : Math.min(Math.max(this.land.height - rows - 36, 170), 330);
    this.losses.layout(side, rest, this.log);
    this.light();
  }

  fillRacers() {
    const host = this.find(".racers");
    host.classList.toggle("many", this.data.racers.length > 3);
    if (host.children.length !== this.data.racers.length) {
      host.innerHTML = "";
      this.data.racers.forEach((_, n) => {
        const button = host.appendChild(document.createElement("button"));
        button.innerHTML = '<canvas aria-hidden="true"></canvas><span class="who"></span><span class="loss"></span><span class="how"></span>';
        button.addEventListener("click", () => this.show(this.data.racers[n]));
      });
    }
    this.data.racers.forEach((racer, n) => {
      const button = host.children[n], ctx = sizeCanvas(button.firstChild, 34, 16);
      button.style.setProperty("--line", this.colour(racer));
      ctx.strokeStyle = this.colour(racer);
      ctx.lineWidth = 2;
      ctx.setLineDash(racer.dash);
      ctx.beginPath();
      ctx.moveTo(0, 8);
      ctx.lineTo(34, 8);
      ctx.stroke();
      ctx.setLineDash([]);
      this.font(ctx, 600);
      ctx.save();
      ctx.translate(17, 8);
      ctx.scale(0.82, 0.82);
      this.land.badge(ctx, racer, [0, 0]);
      ctx.restore();
      button.querySelector(".who").textContent = `${racer.name}, ${figures(racer.rate)}`;
      button.querySelector(".how").textContent = this.data.conceal ? "" : racer.how;
    });
  }

  light() {
    if (!this.data || !this.land.w) return;
    if (this.playing !== this.wasPlaying) { this.wasPlaying = this.playing; this.land.paint(); }
    this.land.light();
    this.losses.light();
    this.data.racers.forEach((racer, n) => {
      const button = this.find(".racers").children[n];
      button.setAttribute("aria-pressed", String(racer === this.racer));
      const loss = racer.losses[Math.min(this.step, racer.steps)];
      button.querySelector(".loss").textContent = this.data.conceal ? "?" : figures(loss);
    });
    const count = this.data.conceal ? "step ?" : `${this.step} of ${this.last}`;
    this.player.show({ first: 1, last: this.data.conceal ? 1 : this.last, step: this.step, text: count });
    this.describe();
  }

  // ---- arithmetic -------------------------------------------------------------------------

  number(racer, name, step, axis) {
    const before = name.endsWith("-"), bare = before ? name.slice(0, -1) : name;
    if (bare === "t") return step;
    if (bare === "rate") return racer.rates[step - 1];
    if (bare === "w") return racer.path[before ? step - 1 : step][axis];
    if (before && step === 1) return racer.begin[bare];
    return racer.columns[bare][before ? step - 2 : step - 1][axis];
  }

  spelled(racer, row, step, axis) {
    return row.numbers
      .replace(/\{(\w+-?)\}/g, (_, name) => (name === "t" ? step : this.bracketed(this.number(racer, name, step, axis))))
      .replace(/\*\*2\b/g, "²")
      .replace(/\*\*(\d+)/g, "<sup>$1</sup>")
      .replace(/sqrt\(/g, "√(")
      .replace(/\S+/g, "<span>$&</span>"); // lines break between the parts, not at a minus
  }

  bracketed(value) { return value < 0 ? `(${figures(value)})` : figures(value); }

  describe() {
    const racer = this.racer, d = this.data, step = Math.min(this.step, racer.steps);
    const body = this.find(".work tbody");
    this.root.style.setProperty("--line", this.colour(racer));
    this.find(".remark").textContent = d.conceal ? "" : racer.sentence;
    if (step < 1) {
      this.find(".where").textContent = `${racer.lane} ${racer.name} could not make a single step.`;
      body.innerHTML = "";
      return;
    }
    const k = d.conceal ? 1 : step, from = racer.path[k - 1];
    let where = `step ${k} of ${racer.lane} ${racer.name}, from ${d.axes[0]} = ${figures(from[0])}, ${d.axes[1]} = ${figures(from[1])}`;
    where += `, loss ${figures(racer.losses[k - 1])}` + (d.conceal ? "" : ` to ${figures(racer.losses[k])}`);
    if (d.batches) where += `; examples ${d.batches[k - 1].join(", ")}`;
    this.find(".where").textContent = where;
    const head = `<tr class="head"><th></th><th scope="col">${d.axes[0]}</th><th scope="col">${d.axes[1]}</th></tr>`;
    const rows = d.conceal ? racer.rows.slice(0, 1) : racer.rows;
    body.innerHTML = head + rows.map((row) => this.rowOf(racer, row, k)).join("");
  }

  rowOf(racer, row, step) {
    const cell = (axis) => {
      const result = `<b>${figures(this.number(racer, row.name, step, axis))}</b>`;
      return row.numbers ? `${this.spelled(racer, row, step, axis)} = ${result}` : result;
    };
    const symbol = pretty(row.symbol);
    const formula = row.formula ? `<span class="formula">${symbol} = ${pretty(row.formula)}</span>` : "";
    const name = `<th scope="row" class="name"><i>${symbol}</i> <small>${row.words}</small>${formula}</th>`;
    if (row.scalar) return `<tr>${name}<td colspan="2">${cell(0)}</td></tr>`;
    const axes = this.data.axes;
    return `<tr>${name}<td data-axis="${axes[0]}">${cell(0)}</td><td data-axis="${axes[1]}">${cell(1)}</td></tr>`;
  }

  speak() {
    const racer = this.racer, step = Math.min(this.step, racer.steps), [x, y] = racer.path[step];
    this.find(".spoken").textContent = `step ${step} of ${racer.lane} ${racer.name}: ${this.data.axes[0]} ${figures(x)}, ${this.data.axes[1]} ${figures(y)}, loss ${figures(racer.losses[step])}`;
  }

  fillTables() {
    const details = this.find(".tables");
    if (!details.open || !this.data || this.data.conceal) return;
    const host = details.querySelector("div");
    host.innerHTML = "";
    for (const racer of this.data.racers) host.appendChild(this.tableOf(racer));
  }

  tableOf(racer) {
    const table = document.createElement("table");
    table.createCaption().textContent = `${racer.lane} ${racer.name}, ${figures(racer.rate)}`;
    const head = table.createTHead().insertRow();
    for (const name of ["step", ...this.data.axes, "loss"]) {
      const cell = head.appendChild(document.createElement("th"));
      cell.scope = "col";
      cell.textContent = name;
    }
    const body = table.createTBody();
    racer.path.forEach(([x, y], k) => {
      const row = body.insertRow();
      const name = row.appendChild(document.createElement("th"));
      name.scope = "row";
      name.textContent = String(k);
      for (const value of [x, y, racer.losses[k]]) row.insertCell().textContent = figures(value);
    });
    return table;
  }

  release() {
    this.player.pause();
    clearTimeout(this.resting);
    clearTimeout(this.waiting);
    this.observer.disconnect();
    this.stopTheme();
  }
}

const mount = mounting(".descent", Descent);
