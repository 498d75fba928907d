// Keys of a page's review: each button or link with data-key is pressed by its key, while nothing is being typed. The
// lines of the page are walked with j and k, and the buttons of `.line-actions` are about the line that was chosen.
"use strict";
(() => {
  const actions = document.querySelector(".line-actions");
  const visible = () => [...document.querySelectorAll(".story .line[data-number]")].filter((line) => line.checkVisibility());
  const chosen = () => document.querySelector(".line.chosen");
  const choose = (line) => {
    if (!line) return;
    chosen()?.classList.remove("chosen");
    line.classList.add("chosen");
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
    const story = line.closest(".story");
    actions.elements.article.value = story.dataset.article;
    actions.elements.version.value = story.dataset.version;
    actions.elements.number.value = line.dataset.number;
  };
  const step = (by) => {
    const lines = visible();
    choose(lines[Math.min(Math.max(lines.indexOf(chosen()) + by, 0), lines.length - 1)]);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && !"jk".includes(event.key)) return;
    if (event.target.closest("input, select, textarea, [contenteditable], .select2-container")) return;
    if (actions && event.key === "j") step(1);
    else if (actions && event.key === "k") step(-1);
    else document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
  });
  if (!actions) return;
  document.addEventListener("click", (event) => choose(event.target.closest(".story .line[data-number]")));
  const story = location.hash && document.querySelector(`${location.hash}.story`);
  if (story) choose(story.querySelector(".line"));
})();
