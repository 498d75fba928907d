"use strict";

// A step that fails must not leave a bar that stands still without a word.
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    document.getElementById("stalled").hidden = false;
  });
}

// Sending takes a while, and a second press would send all of it again.
for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("input[type=submit]");
    button.value = form.dataset.busy;
    button.disabled = true;
  });
}
