// The answer page on a phone: it answers on the next frame, then sends, and keeps trying where there
// is no connection. Without this file the buttons are plain forms. A GET never answers anything.
(() => {
  'use strict';
  const $ = (selector, root = document) => root.querySelector(selector);
  const page = $('#answer');
  if (!page) return;
  const TRIES_MAX = 40, WAIT_MS = 1000, WAIT_MAX_MS = 15000, LOOK_MS = 15000;
  const loaded = performance.now();
  let sending = null;

  const stopwatch = seconds => {
    const m = Math.floor(seconds / 60), s = String(seconds % 60).padStart(2, '0');
    return m < 60 ? `${m}:${s}` : `${Math.floor(m / 60)}:${String(m % 60).padStart(2, '0')}:${s}`;
  };
  function tick() {
    const passed = Math.floor((performance.now() - loaded) / 1000);
    for (const clock of document.querySelectorAll('live-timer')) {
      const left = +clock.dataset.s + (clock.dataset.mode === 'down' ? -passed : passed);
      $('.clock-v', clock).textContent = stopwatch(Math.max(0, left));
    }
  }
  setInterval(tick, 1000);

  function show(state) {
    page.dataset.state = state;
    for (const text of page.querySelectorAll('[data-when]')) {
      text.hidden = !text.dataset.when.split(' ').includes(state);
    }
  }
  async function send(body, tries = 0) {
    sending = body;
    try {
      const answer = await fetch(location.pathname, {
        method: 'POST', body, keepalive: true, headers: { Accept: 'text/html' },
      });
      const text = await answer.text();
      const next = new DOMParser().parseFromString(text, 'text/html').getElementById('answer');
      if (answer.status >= 500 || !next) throw new Error(String(answer.status));
      sending = null;
      page.replaceWith(document.adoptNode(next));  // what is true now, in the server's own words
      document.title = next.dataset.title || document.title;
    } catch {
      show('queued');
      if (tries < TRIES_MAX) {
        setTimeout(() => sending && send(body, tries + 1), Math.min(WAIT_MS * 2 ** tries, WAIT_MAX_MS));
      }
    }
  }
  page.addEventListener('submit', event => {
    event.preventDefault();
    if (sending) return;
    navigator.vibrate?.(30);
    const form = new FormData(event.target);
    show(form.get('answer') === 'acknowledge' ? 'sent' : 'passing');
    $('.pg-done h2', page)?.focus({ preventScroll: true });
    send(new URLSearchParams(form));
  });
  addEventListener('online', () => sending && send(sending));

  // Somebody else may answer first, or it may end by itself: say so without being asked.
  async function look() {
    if (document.hidden || sending || !page.isConnected) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const next = fresh.getElementById('answer');
      if (next && !sending && page.isConnected && next.dataset.state !== page.dataset.state) {
        page.replaceWith(document.adoptNode(next));
      }
    } catch { /* no connection: the page as it is stays useful, and the buttons keep trying */ }
  }
  setInterval(look, LOOK_MS);
  document.addEventListener('visibilitychange', look);
})();
