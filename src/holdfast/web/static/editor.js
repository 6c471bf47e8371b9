// Editors of lists (rotations, steps, rules): a small button redraws the form in place. Without this
// file the same button sends the form and the page comes back with the change in it.
(() => {
  'use strict';
  const LEAVING = ['save', 'delete'];
  document.addEventListener('submit', async event => {
    const form = event.target, button = event.submitter;
    if (!('editor' in form.dataset) || button?.name !== 'do' || LEAVING.includes(button.value)) return;
    event.preventDefault();
    form.setAttribute('aria-busy', 'true');
    const body = new URLSearchParams(new FormData(form, button));
    try {
      const answer = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const next = page.getElementById(form.id);
      if (!next) throw new Error(String(answer.status));
      form.replaceWith(document.adoptNode(next));
      focus(next, button);
    } catch {
      form.removeAttribute('aria-busy');
      form.submit();
    }
  });
  function focus(form, button) {  // stay where the hand is: on what was added, or on the same button
    const same = form.querySelector(`[name=do][value="${CSS.escape(button.value)}"]`);
    const added = button.value.startsWith('add-') && same?.closest('fieldset, .field, section');
    const controls = added ? [...added.querySelectorAll('select, input:not([type=hidden])')] : [];
    (controls.at(-1) ?? same ?? form.querySelector('[name=do][value=save]'))?.focus();
  }
})();
