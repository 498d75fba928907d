// Names the controls that Django and Select2 leave without a name, for those who hear the page.
"use strict";
(() => {
  const nameChoices = () => {
    for (const box of document.querySelectorAll(".select2-selection")) {
      const select = box.closest(".select2-container").previousElementSibling;
      const name = select?.labels?.[0]?.textContent.trim() || select?.getAttribute("aria-label");
      if (!name) continue;
      // What is chosen stays the content of the box.
      box.removeAttribute("aria-labelledby");
      box.setAttribute("aria-label", name.replace(/:$/, ""));
      const shown = box.querySelector(".select2-selection__rendered");
      shown.removeAttribute("role");
      shown.removeAttribute("aria-readonly");
    }
  };
  const nameAll = () => {
    const find = document.querySelector("#changelist-search [type=submit]");
    if (find) document.querySelector("#changelist-search label img").alt = find.value;
    // An icon has a name, but no role.
    for (const icon of document.querySelectorAll("span.help-tooltip[aria-label]")) icon.setAttribute("role", "img");
    for (const field of document.querySelectorAll("input, select, textarea")) {
      const isNamed = field.type === "hidden" || field.getAttribute("aria-label") || [...(field.labels ?? [])].some((label) => label.textContent.trim());
      if (isNamed) continue;
      const label = field.closest("[data-label]")?.dataset.label || field.closest(".form-row")?.querySelector("label, legend")?.textContent || document.querySelector(`label[for="${field.id}"] img`)?.alt;
      if (label) field.setAttribute("aria-label", label.trim().replace(/:$/, ""));
    }
    for (const head of document.querySelectorAll(".tabular thead th")) {
      if (head.textContent.trim()) continue;
      const cell = document.createElement("td");
      cell.className = head.className;
      head.replaceWith(cell);
    }
  };
  addEventListener("load", () => {
    nameAll();
    // After Select2, which jQuery starts.
    window.django?.jQuery?.(nameChoices);
  });
  document.addEventListener("htmx:afterSettle", nameChoices);
})();
