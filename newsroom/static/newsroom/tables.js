// Tells each cell of a table the label of its column, which the cell shows where rows are cards (tables.css).
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll(":is(.results, .scrolls, .mentions, .tabular) table")) {
    const labels = [...table.querySelectorAll("thead th")].map((head) => (head.querySelector(".text") ?? head).textContent.trim());
    for (const cell of table.querySelectorAll("tbody tr > *")) {
      if (cell.colSpan > 1) continue;
      const label = labels[cell.cellIndex];
      if (label && !cell.matches(".action-checkbox, .original")) cell.dataset.label = label;
      if (["", "-", "—"].includes(cell.textContent.trim()) && !cell.querySelector("input, select, textarea, img")) cell.classList.add("nothing");
    }
  }
});
