// The incident room: forms answer in place, keys and tabs lead to its parts, and what is typed for
// others is checked while it is typed. Without this file every form is a plain one.
(() => {
  'use strict';
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const room = $('[data-fresh]'), CHECK_MS = 350;
  if (!room) return;

  /* ---- parts of the room, on a phone ---- */
  function show(pane) {
    room.dataset.pane = pane;
    for (const button of $$('.panes button')) {
      if (button.dataset.show === pane) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
  }
  function pick(kind) {
    show('timeline');
    const select = $('[data-kind]');
    select.value = kind;
    hint(select);
    $('#add-t').focus();
  }
  function hint(select) {
    $('#add-t').placeholder = select.selectedOptions[0].dataset.hint;
  }
  document.addEventListener('click', event => {
    const button = event.target.closest('button');
    if (!button || !room.contains(button)) return;
    if (button.dataset.show) show(button.dataset.show);
    if (button.dataset.pick) pick(button.dataset.pick);
    if (button.dataset.focus) {
      const field = $(button.dataset.focus);
      field.focus();
      field.scrollIntoView({ block: 'center' });
    }
  });
  document.addEventListener('change', event => {
    if (event.target.matches('[data-kind]')) hint(event.target);
    if (event.target.matches('[name=kind][type=radio]')) {
      const field = $('[data-check]'), texts = $$('[data-text]').map(each => each.dataset.text);
      if (texts.includes(field.value)) field.value = event.target.dataset.text;  // nobody has typed yet
    }
    if (event.target.form && $('[data-check]', event.target.form)) look();
  });

  /* ---- forms: the answer stands where it was asked for ---- */
  document.addEventListener('submit', async event => {
    const form = event.target;
    if (!('send' in form.dataset) || event.defaultPrevented) return;
    event.preventDefault();
    const button = event.submitter ?? $('button:not([type=button])', form);
    if (button.getAttribute('aria-busy') === 'true') return;
    button.setAttribute('aria-busy', 'true');
    const body = new URLSearchParams(new FormData(form, event.submitter));
    try {
      const answer = await fetch(form.action, {
        method: 'POST', body, keepalive: true, headers: { 'HX-Request': 'true', Accept: 'text/html' },
      });
      if (answer.ok && (answer.headers.get('Content-Type') || '').includes('json')) {
        done(form, await answer.json());
      } else {
        refused(form, new DOMParser().parseFromString(await answer.text(), 'text/html'));
      }
    } catch {
      holdfast.toast(holdfast.say('offline'), 8000);
    } finally {
      button.removeAttribute('aria-busy');
    }
  });
  function done(form, said) {
    if (said.go) { location.href = said.go; return; }
    form.reset();
    $('.refusal', form)?.remove();
    if (!form.closest('[data-stay]')) form.closest('dialog')?.close();
    holdfast.toast(said.said);
    holdfast.mine('incidents');
    const kind = $('[data-kind]', form);
    if (kind) { hint(kind); $('#add-t').focus(); }
    if ($('[data-check]', form)) look();
  }
  function refused(form, page) {  // what was typed stays; what refused it stands above it
    const notice = page.querySelector(`#${CSS.escape(form.id)} .refusal`);
    $('.refusal', form)?.remove();
    if (!notice) {
      const text = $('.notice, h1', page)?.textContent.trim();
      holdfast.toast(text || holdfast.say('failed'), 8000);
      return;
    }
    form.prepend(document.adoptNode(notice));
    notice.focus();
    notice.scrollIntoView({ block: 'nearest' });
  }

  /* ---- the text of an update is looked at while it is typed ---- */
  let waiting, asked = 0;
  async function look() {
    const field = $('[data-check]'), mine = ++asked;
    if (!field) return;
    const answer = await fetch(field.dataset.check, {
      method: 'POST', body: new URLSearchParams(new FormData(field.form)), headers: { 'HX-Request': 'true' },
    }).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = page.getElementById('lint');
    if (next) $('#lint').replaceWith(document.adoptNode(next));
  }
  document.addEventListener('input', event => {
    if (!event.target.matches('[data-check]')) return;
    clearTimeout(waiting);
    waiting = setTimeout(look, CHECK_MS);
  });

  // A form that came back by itself stands open on the page: now it opens over it.
  $$('dialog[open]', room).forEach(dialog => { dialog.close(); dialog.showModal(); });
  $('.refusal')?.scrollIntoView({ block: 'nearest' });
})();
