// Numbers as text: at most three decimals on the screen.

function shown(value) {
  if (!Number.isFinite(value)) return "?";
  const rounded = Math.round(value * 1000) / 1000;
  return String(Object.is(rounded, -0) ? 0 : rounded);
}

const bracketed = (value) => (value < 0 ? `(${shown(value)})` : shown(value));

// Four significant digits, for numbers of any size.
function figures(value) {
  if (value === null || !Number.isFinite(value)) return "?";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e-4 && size < 1e6) return String(Number(value.toPrecision(4)));
  return String(value.toExponential(3)).replace(/\.?0+e/, "e").replace("e+", "e");
}
