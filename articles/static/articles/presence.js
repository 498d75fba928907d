// Asks who else is editing while the page is visible, and reports when the editor leaves it.
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
    const data = new FormData();
    data.append('csrfmiddlewaretoken', box().dataset.token);
    data.append('left', '1');
    navigator.sendBeacon(box().getAttribute('hx-post'), data);
  });
})();
