// Grids as real tables, for those who read rather than point.

function numberTable(values, rows, columns, caption, conceal) {
  const table = document.createElement("table");
  table.createCaption().textContent = caption;
  const head = table.createTHead().insertRow();
  head.appendChild(document.createElement("th"));
  for (let c = 0; c < columns; c++) {
    const cell = head.appendChild(document.createElement("th"));
    cell.scope = "col";
    cell.textContent = String(c);
  }
  const body = table.createTBody();
  for (let r = 0; r < rows; r++) {
    const row = body.insertRow();
    const name = row.appendChild(document.createElement("th"));
    name.scope = "row";
    name.textContent = String(r);
    for (let c = 0; c < columns; c++) row.insertCell().textContent = conceal ? "?" : shown(values[r * columns + c]);
  }
  return table;
}
