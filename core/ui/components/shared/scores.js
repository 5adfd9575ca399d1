// Counted pixels with their patterns, and the measures made of them, line by line.

const KINDS = ["TP", "FP", "FN", "TN"];
const TILE = 12;
const SWATCH = 24;

// What a measure is, from `core.vision.metrics.formulas`: terms above and below the line.
const sumOf = (terms, counts) => terms.reduce((total, [factor, kind]) => total + factor * counts[kind], 0);

function valueOf(measure, counts) {
  const below = sumOf(measure.bottom, counts);
  return below ? sumOf(measure.top, counts) / below : 1;
}

// Letters, numbers, result: lines break between them.
function lineOf(measure, counts) {
  const filled = (terms) => {
    const words = terms.map(([factor, kind]) => (factor === 1 ? `${counts[kind]}` : `${factor}*${counts[kind]}`));
    return words.length === 1 ? words[0] : `(${words.join(" + ")})`;
  };
  return [measure.formula, `= ${filled(measure.top)} / ${filled(measure.bottom)}`, `= ${valueOf(measure, counts).toFixed(3)}`];
}

// Which pixels are of which kind, as places in KINDS, and how many there are of each. Without a
// truth what is painted counts as TP, the rest as TN.
function countKinds(mask, truth) {
  const kinds = new Uint8Array(mask.length), counts = [0, 0, 0, 0];
  for (let k = 0; k < mask.length; k++) {
    const kind = truth ? (mask[k] ? (truth[k] ? 0 : 1) : truth[k] ? 2 : 3) : mask[k] ? 0 : 3;
    kinds[k] = kind;
    counts[kind] += 1;
  }
  return { kinds, counts: Object.fromEntries(KINDS.map((kind, place) => [kind, counts[place]])) };
}

// Plain for hits and for what is painted, stripes for too much, dots for what is missed.
function pattern(target, kind, colour) {
  const ratio = window.devicePixelRatio || 1, tile = document.createElement("canvas"), ctx = tile.getContext("2d");
  tile.width = tile.height = Math.round(TILE * ratio);
  ctx.scale(tile.width / TILE, tile.height / TILE);
  if (colour) {
    ctx.fillStyle = css(colour);
    ctx.fillRect(0, 0, TILE, TILE);
  }
  if (kind === "FP") {
    ctx.strokeStyle = "rgba(0, 0, 0, 0.75)";
    ctx.lineWidth = 2;
    ctx.beginPath();
    for (const x of [-TILE, 0, TILE]) { ctx.moveTo(x, TILE); ctx.lineTo(x + TILE, 0); }
    ctx.stroke();
  } else if (kind === "FN") {
    ctx.fillStyle = "#fff";
    for (const [x, y] of [[3, 3], [9, 9]]) { ctx.beginPath(); ctx.arc(x, y, 1.7, 0, 2 * Math.PI); ctx.fill(); }
  }
  const made = target.createPattern(tile, "repeat");
  made.setTransform(new DOMMatrix().scale(1 / ratio));
  return made;
}

// As many items as wanted; new ones are made of `html`.
function fitItems(list, count, html) {
  while (list.children.length > count) list.lastChild.remove();
  while (list.children.length < count) list.appendChild(document.createElement("li")).innerHTML = html;
  return [...list.children];
}

// entries: [{ kind, text, says, look, colour }].
function fillLegend(list, entries) {
  const items = fitItems(list, entries.length, "<canvas></canvas><b></b><small></small>");
  entries.forEach(({ kind, text, says, look, colour }, place) => {
    items[place].querySelector("b").textContent = text;
    if (items[place].dataset.look === look && items[place].dataset.kind === kind) return;
    const ctx = sizeCanvas(items[place].querySelector("canvas"), SWATCH, SWATCH);
    Object.assign(items[place].dataset, { kind, look });
    ctx.fillStyle = pattern(ctx, look, colour);
    ctx.fillRect(0, 0, SWATCH, SWATCH);
    items[place].querySelector("small").textContent = says;
  });
}

function fillLine(code, parts) {
  code.replaceChildren(...parts.flatMap((text, place) => {
    const span = Object.assign(document.createElement("span"), { textContent: text });
    return place ? [" ", span] : [span];
  }));
}

// rows: [{ slug, title, value, line }]; a value that is not known is null, a line is in parts.
function fillMeasures(list, rows, unknown) {
  const items = fitItems(list, rows.length, '<span></span><b></b><div class="bar" aria-hidden="true"><i></i></div><code></code>');
  rows.forEach(({ slug, title, value, line }, place) => {
    const find = (selector) => items[place].querySelector(selector);
    items[place].dataset.measure = slug;
    find("span").textContent = title;
    find("b").textContent = value === null ? unknown : value.toFixed(3);
    find("i").style.width = `${100 * (value ?? 0)}%`;
    fillLine(find("code"), line);
  });
}
