// A step that fails must not leave a bar that stands still without a word.
"use strict";
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    document.getElementById("stalled").hidden = false;
  });
}
