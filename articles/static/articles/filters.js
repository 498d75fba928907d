/* A filter that is chosen from a list is applied at once; dates, which are typed digit by digit, by the button. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form.filters")) {
    /* An address without what is empty can be read, and sent to a colleague. */
    form.addEventListener("submit", () => {
      for (const field of form.elements) {
        field.disabled = field.disabled || field.value === "";
      }
    });
    /* Select2 tells of its changes through jQuery only. */
    django.jQuery(form).on("change", "select", () => form.requestSubmit());
  }
  /* Coming back by the browser's button, the form is as it was left: with fields that do not answer. */
  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form.filters :disabled")) {
      field.disabled = false;
    }
  });
});
