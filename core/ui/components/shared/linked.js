// What stages of linked grids share: cells by place, and room shared fairly.

const sameCell = (a, b) => (!a && !b) || Boolean(
  a && b && ["grid", "plane", "row", "column"].every((k) => a[k] === b[k]));

const everyCell = (stack) => stack.planes.flatMap((_, p) =>
  Array.from({ length: stack.rows * stack.columns }, (_, i) => [p, Math.floor(i / stack.columns), i % stack.columns]));

// One step with an arrow key from cell to cell, on to the next plane at the lower edge.
function neighbour(stack, { plane, row, column }, key) {
  const [down, right] = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[key];
  let [p, r, c] = [plane, row + down, column + right];
  if (r >= stack.rows && p + 1 < stack.planes.length) { p += 1; r = 0; }
  if (r < 0 && p > 0) { p -= 1; r = stack.rows - 1; }
  const clamp = (v, n) => Math.min(Math.max(v, 0), n - 1);
  return { plane: p, row: clamp(r, stack.rows), column: clamp(c, stack.columns) };
}

// The largest cells with which all stacks stand side by side, each with as many planes in a row
// as the height needs; a pixel is then as large in each of them.
function fitTogether(stacks, width, height, largest) {
  const needed = (stack, size) => {
    for (let across = 1; across <= stack.planes.length; across++) {
      const frame = stack.frame(across);
      if (frame.height + frame.down * stack.rows * size + 2 <= height) {
        return { across, width: across * stack.columns * size + frame.width + 2 };
      }
    }
    return null;
  };
  for (let size = largest; size > 3; size -= size > 14 ? 1 : 0.5) {
    const fits = stacks.map((stack) => needed(stack, size));
    if (fits.every(Boolean) && fits.reduce((sum, fit) => sum + fit.width, 0) <= width) {
      return { size, across: fits.map((fit) => fit.across) };
    }
  }
  return { size: 3, across: stacks.map((stack) => Math.ceil(Math.sqrt(stack.planes.length))) };
}
