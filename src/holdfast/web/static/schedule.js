// Schedules: choose a shift, walk with the arrows, or drag along a row. All of it only fills the
// override form, which does the same by itself (WCAG 2.5.7).
(() => {
  'use strict';
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  document.addEventListener('click', event => {
    const seg = event.target.closest('[data-start]');
    if (!seg || event.defaultPrevented || event.ctrlKey || event.metaKey || !$('#override')) return;
    event.preventDefault();
    override(seg.dataset.start, seg.dataset.end);
  });
  document.addEventListener('keydown', event => {
    if (!event.key.startsWith('Arrow') || !event.target.closest('.bars .seg')) return;
    event.preventDefault();
    walk(event);
  });
  function override(start, end) {
    const dialog = $('#override');
    if (!dialog) return;
    $('[name=from]', dialog).value = start;
    $('[name=until]', dialog).value = end;
    if (!dialog.open) dialog.showModal();
    $('select', dialog)?.focus();
  }
  function walk(event) {  // arrows move between the shifts of a row, and between rows
    const seg = event.target.closest('.seg'), row = event.target.closest('.bars');
    const segs = $$('a.seg', row), rows = $$('.bars').filter(each => $('a.seg', each));
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by) return segs[segs.indexOf(seg) + by]?.focus();
    const next = rows[rows.indexOf(row) + (event.key === 'ArrowDown' ? 1 : -1)];
    const x = seg.getBoundingClientRect().left;
    const off = each => Math.abs(each.getBoundingClientRect().left - x);
    next && $$('a.seg', next).sort((a, b) => off(a) - off(b))[0].focus();
  }
  const SNAP_MS = 30 * 60000, DRAG_PX = 8;
  const local = ms => new Date(ms).toISOString().slice(0, 16);  // wall time, carried as if UTC
  for (const row of $$('[data-drag]')) {
    // The row says which wall time each of its days begins at, because a day may have 23 or 25 hours.
    const days = JSON.parse(row.dataset.drag).map(([x, w, wall]) => ({ x, w, at: Date.parse(`${wall}Z`) }));
    const at = clientX => {
      const box = row.getBoundingClientRect(), x = (clientX - box.left) / box.width * 100;
      const day = days.findLast(each => each.x <= x) ?? days[0];
      const ms = day.at + (x - day.x) / day.w * 86400000;
      return Math.round(ms / SNAP_MS) * SNAP_MS;
    };
    let from = null, box = null;
    row.addEventListener('pointerdown', event => {
      if (event.pointerType !== 'touch' && event.button === 0) from = event.clientX;
    });
    row.addEventListener('dragstart', event => event.preventDefault());
    addEventListener('pointermove', event => {
      if (from === null || Math.abs(event.clientX - from) < DRAG_PX) return;
      const edge = row.getBoundingClientRect();
      box ??= row.parentElement.appendChild(document.createElement('i'));
      box.className = 'selbox';
      box.style.left = `${Math.min(from, event.clientX) - edge.left}px`;
      box.style.width = `${Math.abs(event.clientX - from)}px`;
    });
    addEventListener('pointerup', event => {
      if (box) {
        const [start, end] = [at(from), at(event.clientX)].sort((a, b) => a - b);
        box.remove(); box = null;
        addEventListener('click', click => { click.preventDefault(); click.stopPropagation(); },
          { capture: true, once: true });
        setTimeout(() => override(local(start), local(Math.max(end, start + SNAP_MS))));
      }
      from = null;
    });
  }
})();
