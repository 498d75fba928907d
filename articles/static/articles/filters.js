/* Applies a filter as soon as it is chosen from a list; dates, which are typed, need the button. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form.filters")) {
    /* Leave empty fields out of the address, so that it is short enough to share. */
    form.addEventListener("submit", () => {
      for (const field of form.elements) {
        field.disabled = field.disabled || field.value === "";
      }
    });
    /* Select2 reports its changes through jQuery only. */
    django.jQuery(form).on("change", "select", () => form.requestSubmit());
  }
  /* The browser's back button shows the form with its fields still disabled. */
  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form.filters :disabled")) {
      field.disabled = false;
    }
  });
});
