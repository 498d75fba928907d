// Who else is editing: asked only while the page is looked at, and told when it is left.
(() => {
  'use strict';

  const box = () => document.getElementById('presence');

  document.addEventListener('htmx:beforeRequest', (event) => {
    if (event.target === box() && document.hidden) event.preventDefault();
  });

  document.addEventListener('visibilitychange', () => {
    if (box() && !document.hidden) htmx.trigger(box(), 'back');
  });

  window.addEventListener('pagehide', () => {
    if (!box()) return;
    const told = new FormData();
    told.append('csrfmiddlewaretoken', box().dataset.token);
    told.append('left', '1');
    navigator.sendBeacon(box().getAttribute('hx-post'), told);
  });
})();
