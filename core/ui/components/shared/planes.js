// A stack of planes (channels of a picture, weights of a filter) drawn as grids on two canvases:
// one for the cells, which changes with the data, one for the highlights, which follows the pointer.

const LINE = 1;

class Planes {
  constructor(host, { label, onPoint, onPick, onEdit, onKey }) {
    this.host = host;
    host.classList.add("planes");
    host.innerHTML = "";
    this.base = host.appendChild(document.createElement("canvas"));
    this.top = host.appendChild(document.createElement("canvas"));
    this.top.className = "top";
    this.top.tabIndex = 0;
    this.top.setAttribute("role", "application");
    this.top.setAttribute("aria-label", label);
    this.top.addEventListener("pointermove", (e) => onPoint(this.cellAt(e)));
    this.top.addEventListener("pointerleave", () => onPoint(null));
    this.top.addEventListener("click", (e) => onPick(this.cellAt(e), e));
    this.top.addEventListener("dblclick", (e) => onEdit && onEdit(this.cellAt(e)));
    this.top.addEventListener("keydown", (e) => onKey && onKey(e));
  }

  // planes: [{values, title}], rows, columns: of each; mark(r, c, plane): "", or some of "pad",
  // "unreached", "taken".
  // scale: value -> [r, g, b]; otherwise one that spans scaleOver or the values. A plane's texts
  // replace its numbers, its colours ([r, g, b] each) the scale.
  update({ planes, rows, columns, mark, conceal, palette, scaleOver, scale }) {
    Object.assign(this, { planes, rows, columns, mark, conceal, palette });
    this.scale = scale ?? colourScale(scaleOver ?? planes.flatMap((p) => p.values), palette);
    this.titled = planes.length > 1 || Boolean(planes[0]?.title);
  }

  // Pixels needed beside the cells for n planes in `across` columns.
  frame(across) {
    const down = Math.ceil(this.planes.length / across);
    return { down, width: (across - 1) * 14, height: (down - 1) * 8 + down * (this.titled ? 18 : 0) };
  }

  layout(size, across) {
    this.size = size;
    this.across = across;
    const { down, width, height } = this.frame(across);
    this.width = Math.ceil(across * this.columns * size + width + 2 * LINE);
    this.height = Math.ceil(down * this.rows * size + height + 2 * LINE);
    const ratio = window.devicePixelRatio || 1;
    for (const canvas of [this.base, this.top]) {
      canvas.width = this.width * ratio;
      canvas.height = this.height * ratio;
      canvas.style.width = `${this.width}px`;
      canvas.style.height = `${this.height}px`;
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.host.style.width = `${this.width}px`;
    this.host.style.height = `${this.height}px`;
    this.paint();
  }

  origin(plane) {
    const column = plane % this.across, row = Math.floor(plane / this.across);
    const title = this.titled ? 18 : 0;
    return {
      x: LINE + column * (this.columns * this.size + 14),
      y: LINE + row * (this.rows * this.size + 8 + title) + title,
    };
  }

  cellAt(event) {
    const box = this.top.getBoundingClientRect();
    const px = event.clientX - box.left, py = event.clientY - box.top;
    for (let plane = 0; plane < this.planes.length; plane++) {
      const { x, y } = this.origin(plane);
      const column = Math.floor((px - x) / this.size), row = Math.floor((py - y) / this.size);
      if (row >= 0 && row < this.rows && column >= 0 && column < this.columns) {
        return { plane, row, column };
      }
    }
    return null;
  }

  value({ plane, row, column }) {
    return this.planes[plane].values[row * this.columns + column];
  }

  // The page's place of a cell, for an input box over it.
  boxOf({ plane, row, column }) {
    const { x, y } = this.origin(plane);
    return { left: x + column * this.size, top: y + row * this.size, size: this.size };
  }

  textSize() {
    let longest = 1;
    for (const { values, texts } of this.planes) {
      for (const v of texts ?? values.map(shown)) longest = Math.max(longest, v.length);
    }
    return Math.min(this.size * 0.5, (this.size * 1.42) / Math.max(longest, 1.6), 22);
  }

  paint() {
    const ctx = this.base.getContext("2d");
    ctx.clearRect(0, 0, this.width, this.height);
    const font = this.textSize();
    this.planes.forEach((plane, p) => this.paintPlane(ctx, plane, p, font));
  }

  paintPlane(ctx, { values, title, texts, colours }, p, font) {
    const { x, y } = this.origin(p), s = this.size, grid = s >= 5 ? LINE : 0;
    if (title) {
      ctx.font = `600 12px ${FONT}`;
      ctx.fillStyle = this.palette.text;
      ctx.textAlign = "left";
      ctx.textBaseline = "alphabetic";
      ctx.fillText(title, x, y - 5);
    }
    ctx.fillStyle = this.palette.grid;
    ctx.fillRect(x - LINE, y - LINE, this.columns * s + LINE, this.rows * s + LINE);
    ctx.font = `${font}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (let r = 0; r < this.rows; r++) {
      for (let c = 0; c < this.columns; c++) {
        const at = r * this.columns + c, left = x + c * s, up = y + r * s;
        const rgb = this.conceal ? hexToRgb(this.palette.muted) : colours?.[at] ?? this.scale(values[at]);
        ctx.fillStyle = css(rgb);
        ctx.fillRect(left, up, s - grid, s - grid);
        const kind = this.mark ? this.mark(r, c, p) : "";
        if (kind.includes("pad")) this.paintPadding(ctx, left, up, s - grid);
        if (font >= 6.5) {
          ctx.fillStyle = inkOn(rgb);
          const text = this.conceal ? "?" : texts?.[at] ?? shown(values[at]);
          ctx.fillText(text, left + s / 2, up + s / 2 + 0.5);
        }
        if (kind.includes("unreached")) this.paintUnreached(ctx, left, up, s - grid);
        if (kind.includes("taken")) this.paintTaken(ctx, left, up, s - grid);
      }
    }
  }

  // Padding is told by a dashed frame, not by colour alone.
  paintPadding(ctx, left, up, s) {
    ctx.save();
    ctx.strokeStyle = this.palette.hatch;
    ctx.setLineDash([Math.max(s / 8, 2), Math.max(s / 8, 2)]);
    ctx.lineWidth = s > 14 ? 1.5 : 1;
    ctx.strokeRect(left + 1.5, up + 1.5, s - 3, s - 3);
    ctx.restore();
  }

  paintUnreached(ctx, left, up, s) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, up, s, s);
    ctx.clip();
    ctx.fillStyle = `${this.palette.background}99`;
    ctx.fillRect(left, up, s, s);
    ctx.strokeStyle = this.palette.hatch;
    ctx.lineWidth = 1;
    ctx.beginPath();
    const step = Math.max(s / 4, 3);
    for (let d = -s; d < s; d += step) {
      ctx.moveTo(left + d, up + s);
      ctx.lineTo(left + d + s, up);
    }
    ctx.stroke();
    ctx.restore();
  }

  // What a window took has a folded corner.
  paintTaken(ctx, left, up, s) {
    const fold = Math.max(s * 0.3, 2.5);
    ctx.beginPath();
    ctx.moveTo(left, up);
    ctx.lineTo(left + fold, up);
    ctx.lineTo(left, up + fold);
    ctx.closePath();
    ctx.fillStyle = this.palette.output;
    ctx.fill();
    ctx.strokeStyle = this.palette.background;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(left + fold, up);
    ctx.lineTo(left, up + fold);
    ctx.stroke();
  }

  note(ctx, text, left, up, colour) {
    const s = this.size, font = Math.min(s * 0.27, (s * 0.9) / text.length);
    ctx.font = `600 ${font}px ${FONT}`;
    const width = ctx.measureText(text).width + 4, height = font + 3;
    ctx.fillStyle = colour;
    ctx.fillRect(left + s - 1 - width, up + s - 1 - height, width, height);
    ctx.fillStyle = inkOn(hexToRgb(colour));
    ctx.textAlign = "right";
    ctx.textBaseline = "alphabetic";
    ctx.fillText(text, left + s - 3, up + s - 3.5);
  }

  // lights: [{cells: [[plane, row, column]...], colour, fill, weight, notes}]; notes are written
  // small into the cells' lower right corners.
  highlight(lights) {
    const ctx = this.top.getContext("2d");
    ctx.clearRect(0, 0, this.width, this.height);
    const s = this.size;
    for (const { cells, colour, fill, weight, notes } of lights) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = weight ?? Math.min(Math.max(s / 9, 1.5), 4);
      const half = ctx.lineWidth / 2;
      cells.forEach(([plane, row, column], i) => {
        const { x, y } = this.origin(plane);
        const left = x + column * s, up = y + row * s;
        if (fill) {
          ctx.globalAlpha = 0.28;
          ctx.fillStyle = colour;
          ctx.fillRect(left, up, s - LINE, s - LINE);
          ctx.globalAlpha = 1;
        }
        ctx.strokeRect(left + half - 0.5, up + half - 0.5, s - 2 * half, s - 2 * half);
        if (notes && s >= 30) this.note(ctx, notes[i], left, up, colour);
      });
    }
  }
}

const FONT = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";

// The largest cells with which some number of planes side by side fits into a box.
function bestFit(stack, width, height, largest) {
  let best = { size: 0, across: 1 };
  for (let across = 1; across <= stack.planes.length; across++) {
    const frame = stack.frame(across);
    const size = Math.min(
      (width - frame.width - 2) / (across * stack.columns),
      (height - frame.height - 2) / (frame.down * stack.rows),
      largest,
    );
    if (size > best.size + 0.01) best = { size, across };
  }
  best.size = best.size > 12 ? Math.floor(best.size) : Math.max(Math.floor(best.size * 2) / 2, 2);
  return best;
}

// What a person types as a number: with a point or a comma, or a fraction.
function readNumber(text) {
  const [top, bottom, ...rest] = text.trim().replace(",", ".").split("/").map((part) => part.trim());
  if (rest.length || top === "" || bottom === "") return NaN;
  return Number(top) / (bottom === undefined ? 1 : Number(bottom));
}

// An input box over a cell; Enter keeps the number, Escape leaves it. `typed` is what the person
// has begun to write; keys of `moves` keep the number too, and are told on.
function editCell(stack, cell, onNumber, { typed, moves, onMove } = {}) {
  const { left, top, size } = stack.boxOf(cell);
  const box = document.createElement("input");
  box.className = "cell-editor";
  box.type = "text";
  box.inputMode = "decimal";
  box.value = typed ?? shown(stack.value(cell));
  const width = Math.max(size, 52), height = Math.max(size, 28);
  Object.assign(box.style, {
    left: `${Math.max(0, Math.min(left + size / 2 - width / 2, stack.width - width))}px`,
    top: `${top + size / 2 - height / 2}px`,
    width: `${width}px`,
    height: `${height}px`,
  });
  box.setAttribute("aria-label", `New value of row ${cell.row}, column ${cell.column}`);
  let done = false;
  const close = (keep) => {
    if (done) return;
    const value = readNumber(box.value);
    if (keep && (!Number.isFinite(value) || Math.abs(value) > 1e6)) {
      box.classList.add("wrong");
      box.title = "Write a number between -1000000 and 1000000.";
      return;
    }
    done = true;
    box.remove();
    stack.top.focus();
    if (keep) onNumber(value);
  };
  box.addEventListener("keydown", (e) => {
    e.stopPropagation();
    if (e.key === "Enter") close(true);
    if (e.key === "Escape") close(false);
    if (moves?.includes(e.key)) {
      e.preventDefault();
      close(true);
      if (done) onMove(e);
    }
  });
  box.addEventListener("blur", () => close(box.value !== shown(stack.value(cell)) && !box.classList.contains("wrong")));
  stack.host.appendChild(box);
  box.focus();
  if (typed === undefined) box.select();
}
