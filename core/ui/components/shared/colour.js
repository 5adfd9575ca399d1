// Colours of values, and text that stays readable on them.
// PALETTE is put in front of this file by core/ui/components/source.py.

function hexToRgb(hex) {
  const n = parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

function ramp(stops) {
  const rgb = stops.map(hexToRgb);
  return (t) => {
    const x = Math.min(Math.max(t, 0), 1) * (rgb.length - 1);
    const i = Math.min(Math.floor(x), rgb.length - 2);
    return rgb[i].map((v, c) => Math.round(v + (rgb[i + 1][c] - v) * (x - i)));
  };
}

function luminance([r, g, b]) {
  const linear = [r, g, b].map((v) => {
    const s = v / 255;
    return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

const css = ([r, g, b]) => `rgb(${r},${g},${b})`;
const inkOn = (rgb) => (luminance(rgb) > 0.179 ? "#000" : "#fff");

// Signed values get the diverging map, centred on 0; others the sequential one.
function colourScale(values, palette) {
  let low = Infinity, high = -Infinity;
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (low < 0) {
    const reach = Math.max(-low, high) || 1, map = ramp(palette.diverging);
    return (v) => map(0.5 + v / (2 * reach));
  }
  const map = ramp(palette.sequential), room = high - Math.min(low, 0) || 1;
  return (v) => map((v - Math.min(low, 0)) / room);
}

// The theme's palette, told apart by the brightness of the page behind the component.
function themePalette(element) {
  const probe = getComputedStyle(element).getPropertyValue("--st-background-color").trim();
  const dark = /^#[0-9a-f]{6}$/i.test(probe) && luminance(hexToRgb(probe)) < 0.18;
  return dark ? PALETTE.dark : PALETTE.light;
}

// A theme switch changes variables without calling the component: a transition tells.
function onThemeChange(root, act) {
  const probe = root.querySelector(".theme-probe");
  probe.addEventListener("transitionend", act);
  return () => probe.removeEventListener("transitionend", act);
}
