// A box under the pointer, and what becomes of it when it or one of its edges is dragged.

const GRAB = { mouse: 8, touch: 22, pen: 14 };
const CURSORS = { l: "ew-resize", r: "ew-resize", t: "ns-resize", b: "ns-resize", lt: "nwse-resize", rb: "nwse-resize", rt: "nesw-resize", lb: "nesw-resize", move: "move" };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// "l", "rt", ... for an edge or a corner, "move" for the inside, "" for elsewhere. `near` is how
// far off an edge still counts.
function partUnder([x1, y1, x2, y2], [x, y], near, finger) {
  if (x < x1 - near || x > x2 + near || y < y1 - near || y > y2 + near) return "";
  const across = Math.abs(x - x1) <= near ? "l" : Math.abs(x - x2) <= near ? "r" : "";
  const down = Math.abs(y - y1) <= near ? "t" : Math.abs(y - y2) <= near ? "b" : "";
  // In the middle of a small box it is moved, not resized.
  const small = finger && x > x1 && x < x2 && y > y1 && y < y2 && Math.min(x2 - x1, y2 - y1) < 2.5 * near;
  if ((across || down) && !(small && !(across && down))) return across + down;
  return "move";
}

const twoDecimals = (value) => Math.round(value * 100) / 100;

// A box moved by (dx, dy), or with an edge moved; it stays on the board, and one step wide.
function draggedBox(box, part, [dx, dy], { snap, board, plus = 0 }) {
  const next = [...box], most = board.map((side) => side - plus), least = plus ? 0 : snap;
  const round = (value) => twoDecimals(Math.round(value / snap) * snap);
  if (part === "move") {
    for (const [axis, by] of [[0, dx], [1, dy]]) {
      const first = Math.min(Math.max(round(box[axis] + by), 0), most[axis] - (box[axis + 2] - box[axis]));
      next[axis + 2] = twoDecimals(first + box[axis + 2] - box[axis]);
      next[axis] = twoDecimals(first);
    }
    return next;
  }
  if (part.includes("l")) next[0] = Math.min(Math.max(round(box[0] + dx), 0), next[2] - least);
  if (part.includes("r")) next[2] = Math.max(Math.min(round(box[2] + dx), most[0]), next[0] + least);
  if (part.includes("t")) next[1] = Math.min(Math.max(round(box[1] + dy), 0), next[3] - least);
  if (part.includes("b")) next[3] = Math.max(Math.min(round(box[3] + dy), most[1]), next[1] + least);
  return next.map(twoDecimals);
}
