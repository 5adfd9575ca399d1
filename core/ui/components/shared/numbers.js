// Numbers as text: at most three decimals on the screen.

function shown(value) {
  if (!Number.isFinite(value)) return "?";
  const rounded = Math.round(value * 1000) / 1000;
  return String(Object.is(rounded, -0) ? 0 : rounded);
}

const bracketed = (value) => (value < 0 ? `(${shown(value)})` : shown(value));
