"use strict";

// Show a message when a step fails, since the progress bar would just stop.
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    document.getElementById("stalled").hidden = false;
  });
}

// Disable the button while files are sent, so that they are not sent twice.
for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("input[type=submit]");
    button.value = form.dataset.busy;
    button.disabled = true;
  });
}
