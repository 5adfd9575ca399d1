// An ordered list of settings: rows are added, changed, moved, switched off, and taken back.
//
// What a row can hold is told by a schema. An edit is shown at once and sent as the whole list
// with a number; Python answers with what stands beside each row. Until the answer to the latest
// edit is here, earlier ones are passed over, so that nothing jumps under the fingers.

const TYPING = 250, CLICKING = 40, RETRY = 3000, MOST_STEPS = 100;
const HISTORIES = new Map(); // by the component's key: it outlives a change of view

const ICONS = {
  grip: "M5 3h2v2H5zM9 3h2v2H9zM5 7h2v2H5zM9 7h2v2H9zM5 11h2v2H5zM9 11h2v2H9z",
  up: "M8 4.2 13 9.2 11.8 10.4 8 6.6 4.2 10.4 3 9.2z",
  down: "M8 11.4 3 6.4 4.2 5.2 8 9 11.8 5.2 13 6.4z",
  copy: "M5 1.5h9v10h-2v3H2.5v-10H5zM6.3 2.8v1.7H12v5.7h.7V2.8zM3.8 5.8v7.4h6.9V5.8z",
  remove: "M4 3 8 7l4-4 1 1-4 4 4 4-1 1-4-4-4 4-1-1 4-4-4-4z",
  plus: "M7.2 3h1.6v4.2H13v1.6H8.8V13H7.2V8.8H3V7.2h4.2z",
};

function make(tag, properties = {}, ...children) {
  const { attributes = {}, ...own } = properties;
  const element = Object.assign(document.createElement(tag), own);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = svg.appendChild(document.createElementNS(svg.namespaceURI, "path"));
  path.setAttribute("d", ICONS[name]);
  return svg;
}

function iconButton(name, className) {
  return make("button", { className: `icon ${className}`, type: "button" }, icon(name));
}

// ---- one field ----------------------------------------------------------------------------------

class Field {
  constructor(schema, onValue) {
    Object.assign(this, { schema, onValue });
    this.input = this.makeInput();
    const caption = make("span", { className: "caption", textContent: schema.title });
    const parts = schema.type === "switch" ? [this.input, caption] : [caption, this.input];
    this.label = make("label", { className: `field ${schema.type}`, title: schema.help }, ...parts);
  }

  makeInput() {
    const { type, choices, low, high, step, longest } = this.schema;
    if (type === "choice") {
      const options = choices.map((choice) => make("option", { value: choice, textContent: String(choice).replaceAll("_", " ") }));
      const select = make("select", {}, ...options);
      select.addEventListener("change", () => this.onValue(this.schema, select.value));
      return select;
    }
    if (type === "switch") {
      const box = make("input", { type: "checkbox" });
      box.addEventListener("change", () => this.onValue(this.schema, box.checked));
      return box;
    }
    const typed = type === "text" ? { type: "text", maxLength: longest } : { type: "number", min: low, max: high, step };
    const input = make("input", typed);
    input.addEventListener("input", () => this.type());
    input.addEventListener("focus", () => { this.before = this.value; });
    input.addEventListener("blur", () => this.leave());
    // A wheel over a number that has the focus would change it while the page is scrolled.
    input.addEventListener("wheel", () => input.blur(), { passive: true });
    return input;
  }

  type() {
    const value = this.schema.type === "text" ? this.input.value : this.number();
    const right = value !== null;
    this.mark(right);
    this.onValue(this.schema, value, right ? "" : this.rule());
  }

  number() {
    const { type, low, high } = this.schema, text = this.input.value.trim(), value = Number(text);
    const right = text !== "" && value >= low && value <= high && (type !== "whole" || Number.isInteger(value));
    return right ? value : null;
  }

  rule() {
    const { title, type, low, high } = this.schema;
    return `${title} is a ${type === "whole" ? "whole " : ""}number from ${low} to ${high}.`;
  }

  // What cannot be used gives way to what stood there before, once the field is left.
  leave() {
    if (this.input.getAttribute("aria-invalid") !== "true") return;
    this.mark(true);
    this.input.value = this.before;
    this.onValue(this.schema, this.before, "");
  }

  mark(right) { this.input.setAttribute("aria-invalid", String(!right)); }

  set(value, on) {
    this.value = value;
    if (this.schema.type === "switch") this.input.checked = value;
    else if (this.schema.type === "choice" || this.schema.type === "text") { if (this.input.value !== value) this.input.value = value; }
    else if (this.input.getAttribute("aria-invalid") !== "true" && this.number() !== value) this.input.value = value;
    this.label.classList.toggle("idle", !on);
  }

  reset() { this.mark(true); }
}

// ---- one row ------------------------------------------------------------------------------------

class RowView {
  constructor(view, row, kind) {
    Object.assign(this, { view, id: row.id, kind });
    this.item = make("li", { className: "item" });
    this.grip = iconButton("grip", "grip");
    this.grip.append((this.number = make("span", { className: "number" })));
    this.grip.addEventListener("keydown", (e) => this.key(e));
    this.grip.addEventListener("pointerdown", (e) => view.drag.begin(e, this));
    this.name = make("span", { className: "name" });
    const title = make("div", { className: "title" }, make("b", { textContent: kind.title, title: kind.about }), this.name);
    this.fields = kind.fields.map((schema) => new Field(schema, (...told) => this.typed(...told)));
    this.fieldHost = make("div", { className: "fields" }, ...this.fields.map((field) => field.label));
    this.more = make("button", { className: "more", type: "button" });
    this.more.addEventListener("click", () => { this.unfolded = !this.unfolded; this.fold(); });
    if (kind.fields.some((schema) => schema.rare)) this.fieldHost.append(this.more);
    this.cells = make("div", { className: "cells" });
    this.lines = make("div", { className: "lines" });
    const body = make("div", { className: "body" }, make("div", { className: "main" }, title, this.fieldHost), this.cells, this.lines);
    this.between = iconButton("plus", "between");
    this.between.addEventListener("click", () => view.menu.open(this.between, view.place(this.id) + 1));
    this.item.append(make("div", { className: "card" }, this.grip, body, this.makeActs()), this.between);
  }

  makeActs() {
    const { view, id } = this;
    this.onBox = make("input", { type: "checkbox", attributes: { role: "switch" } });
    this.onBox.addEventListener("change", () => view.change(id, { on: this.onBox.checked }));
    const toggle = make("label", { className: "toggle" }, this.onBox, make("span", { className: "knob" }));
    const acts = [["up", () => view.move(id, -1)], ["down", () => view.move(id, 1)], ["copy", () => view.duplicate(id)], ["remove", () => view.remove(id)]];
    this.acts = {};
    const buttons = acts.map(([name, act]) => {
      const button = (this.acts[name] = iconButton(name, name));
      button.addEventListener("click", () => { if (button.getAttribute("aria-disabled") !== "true") act(); });
      return button;
    });
    return make("div", { className: "acts" }, toggle, ...buttons);
  }

  typed(schema, value, wrong = "") {
    this.wrong = wrong;
    this.fillLines();
    if (value !== null && !wrong) this.view.change(this.id, { [schema.name]: value }, schema.type === "switch" || schema.type === "choice" ? "" : `${this.id}.${schema.name}`);
  }

  key(event) {
    const act = { ArrowUp: () => this.view.move(this.id, -1), ArrowDown: () => this.view.move(this.id, 1), Delete: () => this.view.remove(this.id), Backspace: () => this.view.remove(this.id) }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  draw(row, place, count, beside, waiting) {
    const { view, kind } = this;
    Object.assign(this, { row, beside });
    this.place = place;
    const word = view.data.word, where = `${word} ${place + 1}, ${kind.title}`;
    this.item.classList.toggle("off", !row.on);
    this.item.classList.toggle("waiting", waiting);
    this.number.textContent = String(place + 1);
    this.name.textContent = beside?.name ?? "";
    this.fields.forEach((field) => field.set(row.values[field.schema.name], row.on));
    this.onBox.checked = row.on;
    this.label(this.onBox, `${where}: on`, row.on ? `Switch this ${word} off` : `Switch this ${word} on`);
    this.label(this.grip, `Move ${where}`, "Drag, or press arrow up and down");
    this.label(this.acts.up, `Move ${where} up`, "Move up");
    this.label(this.acts.down, `Move ${where} down`, "Move down");
    this.label(this.acts.copy, `Duplicate ${where}`, "Duplicate");
    this.label(this.acts.remove, `Delete ${where}`, "Delete");
    this.label(this.between, `Add a ${word} after ${where}`, `Add a ${word} here`);
    this.enable(this.acts.up, place > 0);
    this.enable(this.acts.down, place < count - 1);
    this.enable(this.acts.copy, count < view.data.most);
    this.fold();
    fillCells(this.cells, view.data.headings, beside);
    this.fillLines();
    const said = view.data.headings.map((heading, k) => `${heading}: ${beside?.cells[k] || "none"}.`).join(" ");
    this.item.setAttribute("aria-label", `${where} ${beside?.name ?? ""}${row.on ? "" : ", off"}. ${beside?.problem || said}`);
  }

  label(element, spoken, shown) {
    element.setAttribute("aria-label", spoken);
    (element === this.onBox ? element.parentElement : element).title = shown;
  }

  // Not `disabled`: a button that is would lose the focus of whoever has just pressed it.
  enable(button, flag) { button.setAttribute("aria-disabled", String(!flag)); }

  fold() {
    const isShown = (field) => !field.schema.rare || this.unfolded || this.row.values[field.schema.name] !== field.schema.default;
    for (const field of this.fields) field.label.hidden = !isShown(field);
    this.more.textContent = this.unfolded ? "less" : "more";
    this.more.hidden = !this.unfolded && this.fields.every(isShown);
    this.more.setAttribute("aria-expanded", String(Boolean(this.unfolded)));
    this.more.setAttribute("aria-label", `${this.unfolded ? "Fewer" : "More"} settings of ${this.view.data.word} ${this.place + 1}`);
  }

  fillLines() {
    fillLines(this.lines, this.beside, this.view.history.explain, this.wrong);
    this.item.classList.toggle("broken", Boolean(this.beside?.problem));
  }

  focus() { (this.fields.find((field) => !field.label.hidden)?.input ?? this.grip).focus(); }
}

function fillCells(host, headings, beside) {
  while (host.children.length < headings.length) host.append(make("div", { className: "cell" }, make("span", { className: "head" }), make("span", { className: "value" }), make("i", { className: "share" })));
  headings.forEach((heading, k) => {
    const [head, value, share] = host.children[k].children, last = k === headings.length - 1;
    head.textContent = heading;
    value.textContent = beside?.cells[k] ?? "";
    host.children[k].classList.toggle("blank", !value.textContent);
    share.hidden = !last || !(beside?.share > 0);
    share.style.setProperty("--share", `${100 * (beside?.share ?? 0)}%`);
  });
}

// Problems and notes always, details while they are asked for.
function fillLines(host, beside, explain, wrong = "") {
  const lines = [];
  if (explain) for (const detail of beside?.details ?? []) lines.push(["detail", detail]);
  if (beside?.note) lines.push(["note", beside.note]);
  if (beside?.problem) lines.push(["problem", beside.problem]);
  if (wrong) lines.push(["problem", wrong]);
  const told = JSON.stringify(lines);
  if (host.told === told) return;
  host.told = told;
  host.replaceChildren(...lines.map(([className, textContent]) => make("p", { className, textContent })));
}

// ---- moving by hand -----------------------------------------------------------------------------

class Drag {
  constructor(view) { this.view = view; }

  begin(event, row) {
    if (event.button !== 0 || this.row) return;
    Object.assign(this, { row, pointer: event.pointerId, from: row.place, to: row.place, moved: false, startY: this.at(event) });
    row.grip.setPointerCapture(event.pointerId);
    this.listen = { pointermove: (e) => this.drag(e), pointerup: () => this.end(true), pointercancel: () => this.end(false), keydown: (e) => { if (e.key === "Escape") this.end(false); } };
    for (const [name, act] of Object.entries(this.listen)) row.grip.addEventListener(name, act);
  }

  get scroller() { return document.querySelector('[data-testid="stMain"]') ?? document.scrollingElement; }

  at(event) { return event.clientY + this.scroller.scrollTop; }

  drag(event) {
    const shift = this.at(event) - this.startY;
    if (!this.moved && Math.abs(shift) < 5) return;
    if (!this.moved) this.lift();
    if (event.clientY < 70) this.scroller.scrollBy(0, -14);
    if (event.clientY > innerHeight - 70) this.scroller.scrollBy(0, 14);
    this.row.item.style.transform = `translateY(${shift}px)`;
    const middle = this.boxes[this.from].top + this.boxes[this.from].height / 2 + shift;
    this.to = this.boxes.filter((box, k) => k !== this.from && box.top + box.height / 2 < middle).length;
    this.shift();
  }

  lift() {
    this.moved = true;
    this.items = this.view.items();
    const scrolled = this.scroller.scrollTop;
    this.boxes = this.items.map((item) => { const box = item.getBoundingClientRect(); return { top: box.top + scrolled, height: box.height }; });
    this.view.list.classList.add("moving");
    this.row.item.classList.add("dragged");
  }

  shift() {
    const height = this.boxes[this.from].height;
    this.items.forEach((item, k) => {
      if (k === this.from) return;
      const up = k > this.from && k <= this.to, down = k < this.from && k >= this.to;
      item.style.transform = up ? `translateY(${-height}px)` : down ? `translateY(${height}px)` : "";
    });
  }

  end(keep) {
    const { row, from, to, moved } = this;
    for (const [name, act] of Object.entries(this.listen)) row.grip.removeEventListener(name, act);
    this.row = undefined;
    if (!moved) return;
    for (const item of this.items) item.style.transform = "";
    this.view.list.classList.remove("moving");
    row.item.classList.remove("dragged");
    if (keep && to !== from) this.view.move(row.id, to - from);
  }
}

// ---- the menu of kinds --------------------------------------------------------------------------

class Menu {
  constructor(view, host) {
    Object.assign(this, { view, host });
    this.search = host.querySelector("input");
    this.box = host.querySelector(".kinds");
    this.search.addEventListener("input", () => this.fill());
    this.search.addEventListener("keydown", (e) => this.key(e));
    this.outside = (e) => { if (!e.composedPath().includes(host)) this.close(); };
  }

  open(button, place) {
    const { view, host } = this;
    if (view.rows.length >= view.data.most) return view.say(`There can be ${view.data.most} rows at most.`);
    Object.assign(this, { button, place });
    host.hidden = false;
    this.search.value = "";
    this.search.placeholder = `Search ${view.data.kinds.length} kinds`;
    this.search.setAttribute("aria-label", `Kind of the new ${view.data.word}`);
    this.box.setAttribute("aria-label", "Kinds");
    this.fill();
    this.settle();
    this.search.focus();
    setTimeout(() => document.addEventListener("pointerdown", this.outside));
  }

  // Below the button, or above it where there is more room.
  settle() {
    const root = this.view.root.getBoundingClientRect(), at = this.button.getBoundingClientRect();
    const below = innerHeight - at.bottom - 16, above = at.top - 70, up = below < 260 && above > below;
    this.host.style.maxHeight = `${Math.min(Math.max(up ? above : below, 180), 460)}px`;
    const left = Math.min(at.left - root.left, root.width - Math.min(root.width, 416));
    this.host.style.left = `${Math.max(left, 0)}px`;
    this.host.style.top = up ? "auto" : `${at.bottom - root.top + 4}px`;
    this.host.style.bottom = up ? `${root.bottom - at.top + 4}px` : "auto";
  }

  fill() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = this.view.data.kinds.filter(({ title, about }) => words.every((word) => `${title} ${about}`.toLowerCase().includes(word)));
    // Titles that hold the words come first.
    found.sort((a, b) => this.rank(b, words) - this.rank(a, words));
    this.options = found.map((kind, k) => {
      const option = make("div", { className: "option", id: `kind-${kind.kind}`, attributes: { role: "option" } }, make("b", { textContent: kind.title }), make("span", { textContent: kind.about }));
      option.addEventListener("pointermove", () => this.light(k));
      option.addEventListener("click", () => this.choose(kind));
      return option;
    });
    this.found = found;
    this.box.replaceChildren(...this.options);
    if (!found.length) this.box.append(make("p", { className: "none", textContent: `No kind is called ${this.search.value}.` }));
    this.light(0);
  }

  rank(kind, words) { return words.length && words.every((word) => kind.title.toLowerCase().includes(word)) ? 1 : 0; }

  light(k) {
    this.at = k;
    this.options.forEach((option, j) => option.setAttribute("aria-selected", String(j === k)));
    this.options[k]?.scrollIntoView({ block: "nearest" });
    this.search.setAttribute("aria-activedescendant", this.options[k]?.id ?? "");
  }

  key(event) {
    const last = this.options.length - 1;
    const to = { ArrowDown: Math.min(this.at + 1, last), ArrowUp: Math.max(this.at - 1, 0), PageDown: Math.min(this.at + 6, last), PageUp: Math.max(this.at - 6, 0) }[event.key];
    event.stopPropagation();
    if (to !== undefined) { event.preventDefault(); this.light(to); }
    else if (event.key === "Enter") { event.preventDefault(); if (this.found[this.at]) this.choose(this.found[this.at]); }
    else if (event.key === "Escape") { event.preventDefault(); this.close(); this.button.focus(); }
    else if (event.key === "Tab") this.close();
  }

  choose(kind) {
    this.close();
    this.view.insert(kind, this.place);
  }

  close() {
    this.host.hidden = true;
    document.removeEventListener("pointerdown", this.outside);
  }
}

// The first of these rows with that kind, taken out together with those before it.
function takeKind(rows, kind) {
  const at = rows.findIndex((row) => row.kind === kind);
  return at < 0 ? null : rows.splice(0, at + 1)[at];
}

// ---- the list -----------------------------------------------------------------------------------

class Rows {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.list = this.find("ol");
    this.views = new Map();
    this.facts = new Map();
    this.drag = new Drag(this);
    this.menu = new Menu(this, this.find(".menu"));
    this.first = this.makeFixed("first");
    this.last = this.makeFixed("last");
    this.find(".undo").addEventListener("click", () => this.undo());
    this.find(".redo").addEventListener("click", () => this.redo());
    this.find(".append").addEventListener("click", () => this.menu.open(this.find(".append"), this.rows.length));
    this.find(".explain input").addEventListener("change", (e) => { this.history.explain = e.target.checked; this.draw(); });
    root.addEventListener("keydown", (e) => this.key(e));
  }

  makeFixed(className) {
    const title = make("b"), cells = make("div", { className: "cells" }), lines = make("div", { className: "lines" });
    const body = make("div", { className: "body" }, make("div", { className: "main" }, make("div", { className: "title" }, title)), cells, lines);
    const card = make("div", { className: "card" }, make("span", { className: "grip" }), body, make("div", { className: "acts" }));
    const item = make("li", { className: `item fixed ${className}` }, card);
    return { item, title, cells, lines };
  }

  receive({ data, setTriggerValue }) {
    this.tell = setTriggerValue;
    this.data = data;
    this.kinds = new Map(data.kinds.map((kind) => [kind.kind, kind]));
    if (!this.history) this.remember(data);
    const late = data.answers < this.history.edit;
    if (!late) {
      this.history.edit = data.answers;
      clearTimeout(this.again);
      this.adopt(data.rows);
      this.rows.forEach((row, k) => this.facts.set(row.id, data.beside[k]));
      this.waiting = undefined;
      this.sayProblem();
    }
    this.draw();
    this.root.dataset.ready = String(!late);
  }

  told(rows) { return JSON.stringify(rows.map((row) => this.signature(row))); }

  // What was done in this list before another view stood in its place.
  remember(data) {
    if (!HISTORIES.has(data.key)) HISTORIES.set(data.key, { undo: [], redo: [], edit: data.answers, explain: true, next: 1 });
    this.history = HISTORIES.get(data.key);
    this.history.edit = Math.min(this.history.edit, data.answers);
    this.find(".explain input").checked = this.history.explain;
  }

  signature({ kind, on, values }) { return JSON.stringify([kind, on, this.kinds.get(kind).fields.map(({ name }) => values[name])]); }

  // Take over rows that came from elsewhere, and keep those that stay where they are.
  adopt(given) {
    const before = this.history.rows ?? [];
    const rows = given.map(({ kind, on, ...values }) => ({ kind, on, values }));
    const old = before.map((row) => this.signature(row)), now = rows.map((row) => this.signature(row));
    this.rows = before;
    if (this.history.rows && this.told(before) === this.told(rows)) return;
    if (this.history.rows) this.keep();
    let head = 0, tail = 0;
    while (head < Math.min(old.length, now.length) && old[head] === now[head]) head++;
    while (tail < Math.min(old.length, now.length) - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
    const middle = before.slice(head, before.length - tail);
    rows.forEach((row, k) => {
      const kept = k < head ? before[k] : k >= rows.length - tail ? before[before.length - (rows.length - k)] : takeKind(middle, row.kind);
      row.id = kept?.id ?? this.history.next++;
    });
    this.set(rows);
  }

  set(rows) { this.rows = this.history.rows = rows; }

  items() { return this.rows.map(({ id }) => this.views.get(id).item); }

  place(id) { return this.rows.findIndex((row) => row.id === id); }

  // ---- edits ------------------------------------------------------------------------------------

  // One step back for each edit; letters typed into one field without a pause are one.
  keep(typing = "") {
    const { history } = this;
    if (!typing || this.typing !== typing) history.undo.push(this.rows);
    this.typing = typing;
    if (history.undo.length > MOST_STEPS) history.undo.shift();
    history.redo = [];
  }

  edit(rows, changed, typing = "") {
    this.keep(typing);
    this.set(rows);
    this.sent(changed, typing ? TYPING : CLICKING);
  }

  sent(changed, pause) {
    this.waiting = Math.min(this.waiting ?? Infinity, changed);
    this.history.edit += 1;
    this.draw();
    clearTimeout(this.later);
    this.later = setTimeout(() => this.send(), pause);
  }

  send() {
    clearTimeout(this.later);
    this.later = undefined;
    const rows = this.rows.map(({ kind, on, values }) => ({ kind, on, ...values }));
    this.tell("edit", JSON.stringify({ edit: this.history.edit, rows }));
    clearTimeout(this.again);
    this.again = setTimeout(() => this.send(), RETRY);
  }

  change(id, values, typing = "") {
    const at = this.place(id), { on = this.rows[at].on, ...own } = values, row = this.rows[at];
    const changed = { ...row, on, values: { ...row.values, ...own } };
    if (this.signature(changed) === this.signature(row)) return;
    this.edit(this.rows.with(at, changed), at, typing);
  }

  move(id, by) {
    const from = this.place(id), to = Math.min(Math.max(from + by, 0), this.rows.length - 1);
    if (to === from) return;
    const focused = this.focused(), rows = this.rows.toSpliced(from, 1).toSpliced(to, 0, this.rows[from]);
    this.edit(rows, Math.min(from, to));
    focused?.focus();
    this.say(`${this.titleOf(id)} is now ${this.data.word} ${to + 1} of ${rows.length}.`);
  }

  duplicate(id) {
    const at = this.place(id), twin = { ...this.rows[at], id: this.history.next++ };
    this.edit(this.rows.toSpliced(at + 1, 0, twin), at + 1);
    this.views.get(twin.id).acts.copy.focus();
    this.say(`${this.titleOf(twin.id)} duplicated.`);
  }

  remove(id) {
    const at = this.place(id), title = this.titleOf(id), onGrip = this.focused() === this.views.get(id).grip;
    this.edit(this.rows.toSpliced(at, 1), at);
    const next = this.rows[Math.min(at, this.rows.length - 1)], view = next && this.views.get(next.id);
    (view ? (onGrip ? view.grip : view.acts.remove) : this.find(".append")).focus();
    this.say(`${title} deleted. Ctrl Z brings it back.`);
  }

  insert(kind, place) {
    const values = Object.fromEntries(kind.fields.map((field) => [field.name, field.default]));
    const row = { id: this.history.next++, kind: kind.kind, on: true, values };
    this.edit(this.rows.toSpliced(place, 0, row), place);
    this.views.get(row.id).focus();
    this.say(`${kind.title} added as ${this.data.word} ${place + 1}.`);
  }

  undo() { this.back(this.history.undo, this.history.redo, "Undone."); }

  redo() { this.back(this.history.redo, this.history.undo, "Redone."); }

  back(from, to, said) {
    if (!from.length) return;
    to.push(this.rows);
    this.set(from.pop());
    this.typing = "";
    for (const view of this.views.values()) { view.wrong = ""; view.fields.forEach((field) => field.reset()); }
    this.sent(0, CLICKING);
    this.say(said);
  }

  key(event) {
    const held = event.ctrlKey || event.metaKey, letter = event.key.toLowerCase();
    if (!held || event.altKey || this.focused() === this.menu.search) return;
    if (letter === "z") event.shiftKey ? this.redo() : this.undo();
    else if (letter === "y") this.redo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // ---- the picture ------------------------------------------------------------------------------

  focused() { return this.root.getRootNode().activeElement; }

  titleOf(id) { return this.kinds.get(this.rows[this.place(id)].kind).title; }

  draw() {
    const { data, rows, history } = this;
    for (const [id, view] of this.views) if (this.place(id) < 0) { view.item.remove(); this.views.delete(id); }
    rows.forEach((row, k) => {
      if (!this.views.has(row.id)) this.views.set(row.id, new RowView(this, row, this.kinds.get(row.kind)));
      this.views.get(row.id).draw(row, k, rows.length, this.facts.get(row.id), k >= (this.waiting ?? Infinity));
    });
    this.drawFixed(this.first, data.first, false);
    this.drawFixed(this.last, data.last, this.waiting !== undefined);
    this.order();
    this.find(".heads").replaceChildren(...data.headings.map((textContent) => make("span", { textContent })));
    this.find(".append").replaceChildren(icon("plus"), `Add a ${data.word}`);
    this.find(".explain span").textContent = data.details;
    this.find(".explain").hidden = !data.beside.some((one) => one.details.length) && !data.last?.details.length;
    this.find(".count").textContent = rows.length ? `${rows.length} ${data.word}${rows.length === 1 ? "" : "s"}` : data.empty;
    this.find(".undo").setAttribute("aria-disabled", String(!history.undo.length));
    this.find(".redo").setAttribute("aria-disabled", String(!history.redo.length));
    this.find(".append").setAttribute("aria-disabled", String(rows.length >= data.most));
  }

  drawFixed(fixed, given, waiting) {
    fixed.item.hidden = !given;
    if (!given) return;
    fixed.title.textContent = given.title;
    fixed.item.classList.toggle("waiting", waiting);
    fixed.item.classList.toggle("broken", Boolean(given.problem));
    fillCells(fixed.cells, this.data.headings, given);
    fillLines(fixed.lines, given, this.history.explain);
  }

  // Elements are moved only where they must be: a moved one loses the focus.
  order() {
    const wanted = [this.first.item, ...this.items(), this.last.item], focused = this.focused();
    if (wanted.length === this.list.children.length && wanted.every((item, k) => item === this.list.children[k])) return;
    const keep = wanted.findIndex((item) => item.contains(focused));
    if (keep >= 0 && this.list.contains(wanted[keep])) {
      wanted.slice(0, keep).forEach((item) => wanted[keep].before(item));
      wanted.slice(keep + 1).reduce((last, item) => { last.after(item); return item; }, wanted[keep]);
      return;
    }
    wanted.forEach((item, k) => { if (this.list.children[k] !== item) this.list.insertBefore(item, this.list.children[k] ?? null); });
  }

  // A problem that has come or changed since the last answer.
  sayProblem() {
    const at = this.data.beside.findIndex((one) => one.problem);
    const problem = at >= 0 ? `${this.data.word} ${at + 1}: ${this.data.beside[at].problem}` : this.data.last?.problem ?? "";
    if (problem && problem !== this.problem) this.say(problem);
    this.problem = problem;
  }

  say(text) { this.find(".spoken").textContent = text; }

  release() {
    if (this.later !== undefined) this.send();
    clearTimeout(this.again);
    this.menu.close();
  }
}

const mount = mounting(".rows", Rows);
