// Keys of a page's review: each button or link with data-key is pressed by its key, while nothing is being typed.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, select, textarea, [contenteditable], .select2-container")) return;
  document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
});
