/* The change page of an article: decides names by clicks and keys, adds names by selecting words, and marks lines on
   the printed page. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const root = document.querySelector(".article");
  if (!root) return;
  const base = root.dataset.base;
  // From the first link of the page to the text: the next stop is its first line.
  document.querySelector("a.skip-to-content-link")?.setAttribute("href", "#text");
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // --- Names ---
  const show = (mark) => {
    all("mark.name.at").forEach((one) => one.classList.remove("at"));
    if (!mark) return point($(".line"));
    mark.classList.add("at");
    mark.scrollIntoView({ block: "nearest" });
    point(mark.closest(".line"));
  };
  // On a narrow screen the panel is a sheet at the bottom, which is open or closed.
  const openPanel = (isOpen) => {
    root.classList.toggle("open-panel", isOpen);
    $("#panel .fold").setAttribute("aria-expanded", isOpen);
  };
  root.addEventListener("click", (event) => event.target.closest("#panel .fold") && openPanel(!root.classList.contains("open-panel")));
  // The highlight moves at once, so that the next key starts from there while the panel is still loading. Of several
  // keys, only the panel of the last one is requested. (htmx's own queue would swap it into the replaced panel.)
  let wanted = null;
  let isOpening = false;
  const open = async (mark) => {
    openPanel(true);
    show(mark);
    wanted = mark.dataset.name;
    if (isOpening) return;
    isOpening = true;
    try {
      while (wanted) {
        const name = wanted;
        wanted = null;
        await htmx.ajax("GET", `${base}name/${name}/`, { target: "#panel", swap: "outerHTML" });
      }
    } finally {
      isOpening = false;
    }
  };
  const inPanel = () => $("#panel h2")?.dataset.name;
  const follow = () => wanted || show(inPanel() && $(`mark.name[data-name="${inPanel()}"]`));
  const isPanelOutdated = () => all("mark.name.at").some((mark) => mark.dataset.name !== inPanel());
  const step = (by) => {
    const doubts = all("mark.name.doubt");
    if (!doubts.length) return;
    const at = doubts.findIndex((mark) => mark.classList.contains("at"));
    open(doubts[at < 0 ? 0 : (at + by + doubts.length) % doubts.length]);
  };
  root.addEventListener("click", (event) => {
    const mark = event.target.closest("mark.name");
    if (mark && String(getSelection()) === "") open(mark);
  });

  // --- The current line, in the text and on the printed page ---
  const point = (line) => {
    all(".line.at, .printed-page mark.at").forEach((one) => one.classList.remove("at"));
    if (!line?.dataset.number) return;
    line.classList.add("at");
    const printed = all(`.printed-page mark[data-number="${line.dataset.number}"]`);
    printed.forEach((mark) => mark.classList.add("at"));
    const box = $(".printed-page pre");
    if (box && printed.length && !box.matches(":hover")) box.scrollTop += printed[0].getBoundingClientRect().top - box.getBoundingClientRect().top - 40;
  };
  root.addEventListener("mouseover", (event) => {
    const line = event.target.closest(".line");
    if (line && !line.classList.contains("at")) point(line);
  });

  // --- Keys ---
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const editor = event.target.closest?.("#text form");
    if (editor && event.key === "Enter" && (event.ctrlKey || event.metaKey)) return editor.requestSubmit();
    if (editor && event.key === "Escape" && !event.target.closest(".select2-container")) return cancel(editor);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const mark = event.target.closest?.("mark.name");
    if (mark && event.key === "Enter") return open(mark);
    if (event.key === "Escape") return bubble.setAttribute("hidden", "");
    if (event.target.closest?.("input, textarea, select, .select2-container, [contenteditable]")) return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      return step(event.key === "j" ? 1 : -1);
    }
    const tool = $(`.line.at [data-line-key="${event.key}"]`) ?? $(`.line [data-line-key="${event.key}"]`);
    if (tool) {
      event.preventDefault();
      return tool.click();
    }
    const target = all("[data-key]", root).find((one) => one.dataset.key === event.key && !one.disabled);
    if (!target) return;
    event.preventDefault();
    // Decide only the highlighted name, never the one of a panel that is not replaced yet.
    if (target.closest("#panel") && isPanelOutdated()) return;
    if (target.tagName === "DETAILS") {
      target.open = !target.open;
      $("input:not([type=hidden]), select", target)?.focus();
    } else target.click();
  });

  // --- Adding a name by selecting words within one line ---
  const bubble = document.createElement("div");
  bubble.id = "add-name";
  bubble.hidden = true;
  document.body.append(bubble);
  const codePoints = (text) => Array.from(text).length;
  const selected = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const owner = (node) => (node.nodeType === 1 ? node : node.parentElement).closest("#text p[data-part]");
    const line = owner(range.startContainer);
    if (!line || line !== owner(range.endContainer)) return null;
    const before = range.cloneRange();
    before.selectNodeContents(line);
    before.setEnd(range.startContainer, range.startOffset);
    const start = Number(line.dataset.start) + codePoints(before.toString());
    return { part: line.dataset.part, start, end: start + codePoints(range.toString()), box: range.getBoundingClientRect() };
  };
  document.addEventListener("selectionchange", () => {
    const span = $("[data-add-names]", root) && selected();
    bubble.hidden = !span;
    if (!span) return;
    bubble.style.left = `${Math.max(8, span.box.left + scrollX)}px`;
    bubble.style.top = `${span.box.bottom + scrollY + 6}px`;
    bubble.replaceChildren(
      ...all("[data-add-names] [data-kind]", root).map((offer) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button";
        button.textContent = offer.textContent;
        button.addEventListener("mousedown", (event) => event.preventDefault());
        button.addEventListener("click", () => {
          const { part, start, end } = span;
          const query = new URLSearchParams({ named: offer.dataset.kind, part, start, end });
          bubble.hidden = true;
          openPanel(true);
          htmx.ajax("GET", `${base}name/?${query}`, { target: "#panel", swap: "outerHTML" });
        });
        return button;
      }),
    );
  });

  // --- The editor of a line ---
  const lines = new WeakMap(); // what was there before the editor
  document.addEventListener("htmx:beforeSwap", (event) => {
    const line = event.detail.target;
    if (line.matches(".line") && !$("form.block", line)) lines.set(line, line.innerHTML);
  });
  const cancel = (editor) => {
    const line = editor.closest(".line");
    if (editors().includes(line) && !confirm(root.dataset.lose)) return;
    if (editor.matches(".block") && lines.has(line)) {
      line.innerHTML = lines.get(line);
      htmx.process(line);
    } else editor.remove();
    point(line);
  };
  root.addEventListener("click", (event) => {
    const link = event.target.closest("#text form a.cancel");
    if (!link) return;
    event.preventDefault();
    cancel(link.closest("form"));
  });
  // After the swap is settled: before that, htmx does not know the form yet, and the browser would send it itself.
  document.addEventListener("htmx:afterSettle", (event) => event.detail.target.closest("#text") && $("textarea, input:not([type=hidden])", event.detail.target)?.focus());

  // --- The search for another record begins with the name ---
  const search = (details) => {
    const $$ = window.django?.jQuery;
    const name = $("#panel h2")?.dataset.surface;
    if (!$$ || !name || !details.open || details.dataset.key !== "l") return;
    $$("select", details).select2("open");
    $$(".select2-container--open .select2-search__field").val(name).trigger("input");
  };
  root.addEventListener("toggle", (event) => search(event.target), true);

  // --- After htmx replaced a part of the page ---
  const settle = () => {
    const $$ = window.django?.jQuery;
    $$?.("#panel .admin-autocomplete").not(".select2-hidden-accessible").djangoAdminSelect2?.();
    openPanel(root.classList.contains("open-panel"));
    follow();
  };
  // The list of who else is here is replaced every few seconds: it must not move the current line.
  const isOfText = (event) => event.detail.target.closest("#panel, #text");
  document.addEventListener("htmx:afterSwap", (event) => isOfText(event) && follow());
  document.addEventListener("htmx:afterSettle", (event) => isOfText(event) && settle());
  // "On the whole page" is sent with every form of the panel.
  document.addEventListener("htmx:configRequest", (event) => {
    const box = $("#panel .everywhere");
    if (box?.checked && event.detail.elt.matches?.("#panel form")) event.detail.parameters.everywhere = "on";
  });

  // --- Text that is typed and not saved survives ---
  const isChanged = (field) => (field.type === "checkbox" ? field.checked !== field.defaultChecked : field.tagName === "SELECT" ? [...field.options].some((one) => one.selected !== one.defaultSelected) : field.value !== field.defaultValue);
  const editors = () => all("#text .line").filter((line) => all("form:not(.sent) :is(textarea, select, input:not([type=hidden]))", line).some(isChanged));
  root.addEventListener("submit", (event) => event.target.method === "post" && !event.target.matches("[hx-post]") && event.target.classList.add("sent"));
  // Deciding a name replaces the whole text: an editor that is open stays in its line.
  let left = [];
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.detail.target.id === "text") left = editors();
  });
  document.addEventListener("htmx:oobAfterSwap", () => {
    left.forEach((line) => $(`#text .line[data-number="${line.dataset.number}"]`)?.replaceWith(line));
    left = [];
  });
  const form = $("#article_form");
  let dirty = false;
  form?.addEventListener("input", () => (dirty = true));
  form?.addEventListener("submit", () => (dirty = false));
  addEventListener("beforeunload", (event) => (dirty || editors().length) && event.preventDefault());
  settle();
});
