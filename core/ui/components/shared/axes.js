// Scales, ticks and numbers of charts.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

// A number for a person: four significant digits, thousands separated.
function tidy(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return value.toExponential(2).replace("e+", "e").replace("-", "−").replace("e-", "e−");
  const digits = Number.isInteger(value) ? 0 : Math.max(0, Math.min(6, 3 - Math.floor(Math.log10(size || 1))));
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");
}

function powerOfTen(exponent) {
  if (exponent >= -3 && exponent <= 3) return exponent < 0 ? (10 ** exponent).toFixed(-exponent) : String(10 ** exponent);
  const digits = [...String(Math.abs(exponent))].map((d) => SUPERSCRIPTS[d]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

// Distance between ticks: 1, 2 or 5 times a power of ten.
function tickStep(room, most) {
  const rough = room / Math.max(most, 1), power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
}

// A scale from low..high to from..to (pixels), with its ticks. `snug` ends where the values end;
// otherwise it ends at the next tick, so that it changes seldom while values come in.
function linearScale(low, high, from, to, most, snug) {
  if (!(high > low)) {
    const pad = Math.abs(low) * 0.1 || 0.5;
    [low, high] = [low - pad, high + pad];
  }
  const step = tickStep(high - low, most);
  const first = Math.floor(low / step + 1e-9), last = Math.ceil(high / step - 1e-9);
  if (!snug) [low, high] = [first * step, last * step];
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = [];
  for (let k = first; k <= last; k++) {
    const value = k * step;
    if (value >= low - step * 1e-6 && value <= high + step * 1e-6) ticks.push({ value, text: tickText(value, digits, step) });
  }
  const at = (value) => from + ((value - low) / (high - low)) * (to - from);
  return { low, high, at, ticks, value: (px) => low + ((px - from) / (to - from)) * (high - low) };
}

function tickText(value, digits, step) {
  if (step >= 1e6 || (step < 1e-4 && value !== 0)) return value.toExponential(step >= 1e6 ? 1 : 0).replace("e+", "e").replace("-", "−");
  return (Math.abs(value) < step / 2 ? 0 : value).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");
}

// The same for a logarithmic scale; within two decades 2 and 5 are ticks too.
function logScale(low, high, from, to, most, snug) {
  if (!(high > low)) [low, high] = [low / 3, low * 3];
  let [a, b] = [Math.log10(low), Math.log10(high)];
  const decades = b - a, factors = decades <= 0.6 ? [1, 1.5, 2, 3, 4, 5, 6, 8] : decades <= 2.2 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / Math.max(most, 1)));
  const marks = [];
  for (let power = Math.floor(a) - every; power <= Math.ceil(b) + every; power++) {
    if (factors.length === 1 && power % every) continue;
    for (const factor of factors) marks.push({ value: factor * 10 ** power, text: factor === 1 ? powerOfTen(power) : tidyTick(factor, power) });
  }
  if (!snug && factors.length === 1) [a, b] = [Math.floor(a + 1e-9), Math.ceil(b - 1e-9)];
  else if (!snug) {
    const under = marks.filter((m) => m.value <= low * 1.0001).pop(), over = marks.find((m) => m.value >= high * 0.9999);
    if (under) a = Math.log10(under.value);
    if (over) b = Math.log10(over.value);
  }
  const at = (value) => from + ((Math.log10(value) - a) / (b - a)) * (to - from);
  const ticks = marks.filter((m) => Math.log10(m.value) >= a - 1e-9 && Math.log10(m.value) <= b + 1e-9);
  return { low: 10 ** a, high: 10 ** b, at, ticks, value: (px) => 10 ** (a + ((px - from) / (to - from)) * (b - a)) };
}

function tidyTick(factor, power) {
  const value = factor * 10 ** power;
  return power >= -3 && power <= 3 ? String(Number(value.toPrecision(2))) : value.toExponential(factor % 1 ? 1 : 0).replace("e+", "e").replace("-", "−");
}

// Give a canvas a size in CSS pixels; setting it anew would empty it, so only if it changed.
function sizeCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1, w = Math.round(width * ratio), h = Math.round(height * ratio);
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  return ctx;
}

// Pixels of text on a screen of this size: 12 on a desk, more on a projector.
const textPixels = () => (parseFloat(getComputedStyle(document.documentElement).fontSize) || 16) * 0.75;

const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

// A symbol round (x, y): circle, diamond, square, triangle, upside down.
function symbolPath(ctx, kind, x, y, r) {
  ctx.beginPath();
  if (kind % 5 === 0) ctx.arc(x, y, r, 0, 2 * Math.PI);
  else if (kind % 5 === 1) polygon(ctx, [[x, y - r * 1.3], [x + r * 1.3, y], [x, y + r * 1.3], [x - r * 1.3, y]]);
  else if (kind % 5 === 2) ctx.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else {
    const up = kind % 5 === 3 ? 1 : -1;
    polygon(ctx, [[x, y - 1.2 * r * up], [x + 1.1 * r, y + 0.8 * r * up], [x - 1.1 * r, y + 0.8 * r * up]]);
  }
}

function polygon(ctx, corners) {
  corners.forEach(([x, y], k) => (k ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  ctx.closePath();
}
