// What the pages do by themselves: clocks, live regions, palette, keys. No build step, no eval, no
// sentence: every word comes from the page (#script-words). Every page works without this file.
(() => {
  'use strict';
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = JSON.parse($('#script-words').textContent);
  const say = (key, values = {}) =>
    words[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');

  let toastTimer;
  const toast = (text, ms = 4000) => {
    $('#toast').textContent = text;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => { $('#toast').textContent = ''; }, ms);
  };

  /* ---- clocks: seconds counted by the server, so a wrong clock on the device does no harm ---- */
  const stopwatch = seconds => {
    const whole = Math.abs(Math.trunc(seconds)), h = Math.floor(whole / 3600);
    const m = Math.floor(whole % 3600 / 60), s = String(whole % 60).padStart(2, '0');
    const sign = seconds < 0 && whole ? '−' : '';
    return sign + (h ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`);
  };
  const clocks = new Set();
  customElements.define('live-timer', class extends HTMLElement {
    static observedAttributes = ['data-s'];
    connectedCallback() { clocks.add(this); this.tick(); }
    disconnectedCallback() { clocks.delete(this); }
    attributeChangedCallback() { this.from = performance.now(); if (this.isConnected) this.tick(); }
    tick() {
      const passed = Math.floor((performance.now() - this.from) / 1000);
      const down = this.dataset.mode === 'down';
      let left = +this.dataset.s + (down ? -passed : passed);
      if (down) {
        this.classList.toggle('soon', left >= 0 && left < 300);
        this.classList.toggle('late', left < 0);
      }
      if (this.dataset.floor) left = Math.max(+this.dataset.floor, left);
      const text = stopwatch(left), out = $('.clock-v', this);
      if (out && out.textContent !== text) out.textContent = text;
    }
  });
  const loaded = performance.now();
  const ages = () => {
    for (const element of $$('time[data-ago]')) {
      element.since ??= performance.now();
      const s = +element.dataset.ago + Math.floor((performance.now() - element.since) / 1000);
      const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
      const text = s < 60 ? say('seconds_ago', { n: s })
        : s < 3600 ? say('minutes_ago', { n: m })
          : say(m ? 'hours_minutes_ago' : 'hours_ago', { h, m });
      if (element.textContent !== text) element.textContent = text;
    }
  };
  ages();
  setInterval(() => { clocks.forEach(clock => clock.tick()); ages(); }, 1000);

  /* ---- live regions. Hints say what changed; the page itself is asked for the new state, once
     for all its regions. Nothing moves under a reader: what would move rows waits for a click. ---- */
  // A room answers with its live regions alone, so it can be asked sooner and more often.
  const room = $('[data-fresh]');
  const SILENCE_MS = 35000, SPACING_MS = room ? 150 : 1000, GATHER_MS = room ? 5 : 120, OWN_MS = 250;
  const wanted = new Set(), held = new Map();
  const texts = new Map($$('[data-live]').map(region => [region.id, region.outerHTML]));
  let timer = null, last = -SPACING_MS, busy = false, own = false;

  function mine(name) {  // what the reader did shows at once, also under the pointer
    own = true;
    setTimeout(() => { if (own) refresh([name]); }, OWN_MS);  // where no hint has come by then
  }
  function refresh(names) {
    names.forEach(name => wanted.add(name));
    if (timer || busy || document.hidden) return;
    timer = setTimeout(fetchRegions, Math.max(GATHER_MS, last + SPACING_MS - performance.now()));
  }

  async function fetchRegions() {
    timer = null; busy = true; last = performance.now();
    let wait = SPACING_MS;
    const names = [...wanted]; wanted.clear();
    const regions = $$('[data-live]').filter(region =>
      region.id && names.some(name => name === '*' || region.dataset.live.split(' ').includes(name)));
    const isOwn = own; own = false;
    const within = regions.filter(region => room?.contains(region));
    const around = names.join() === 'incidents' && room ? [] : regions.filter(each => !within.includes(each));
    try {
      if (within.length) await load(within, room.dataset.fresh + location.search, isOwn);
      if (around.length) await load(around, location.href, isOwn);
    } catch { names.forEach(name => wanted.add(name)); setState('lost'); wait *= 5; }
    busy = false;
    if (wanted.size && !document.hidden) {
      timer = setTimeout(fetchRegions, wait);
    }
  }

  async function load(regions, address, isOwn) {
    const answer = await fetch(address, { headers: { 'HX-Request': 'true' } });
    if (answer.redirected && new URL(answer.url).pathname !== new URL(address, location.href).pathname) {
      return setState('lost', say('signed_out'));
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const region of regions) {
      const next = fresh.getElementById(region.id);
      if (!next || texts.get(region.id) === next.outerHTML) continue;
      const moved = changedRows(region, next);
      if (isTyping(region) || (moved && !isOwn && isRead(region))) hold(region, next, moved || 1);
      else await put(region, next);
    }
  }

  const rowIds = region => $$('[data-row]', region).map(row => row.id);
  function changedRows(region, next) {
    const now = rowIds(region), then = rowIds(next);
    if (now.join() === then.join()) return 0;
    const added = then.filter(id => !now.includes(id)).length;
    return added + now.filter(id => !then.includes(id)).length || 1;
  }
  const isTyping = region => region.contains(document.activeElement)
    && document.activeElement.matches('input:not([type=hidden]), textarea, select');
  const isRead = region => 'hold' in region.dataset
    && (region.matches(':hover') || region.contains(document.activeElement));

  function hold(region, next, count) {
    held.set(region.id, next);
    let pill = $(`[data-pill="${region.id}"]`);
    if (!pill) {
      pill = Object.assign(document.createElement('button'), { type: 'button', className: 'newpill' });
      pill.dataset.pill = region.id;
      region.before(pill);
      $('#announce').textContent = say('announce', { count });
    }
    pill.textContent = say(count === 1 ? 'new_one' : 'new_many', { count });
  }
  function release(id) {
    const region = document.getElementById(id), next = held.get(id);
    $(`[data-pill="${id}"]`)?.remove();
    if (region && next) put(region, next);
  }
  async function put(region, next) {
    held.delete(region.id);
    texts.set(region.id, next.outerHTML);
    $(`[data-pill="${region.id}"]`)?.remove();
    if (!window.htmx) return region.replaceWith(document.adoptNode(next));
    await htmx.swap({
      text: next.outerHTML, sourceElement: region, target: region, swap: 'outerMorph',
    });
    $$('time[data-ago]', document.getElementById(region.id) ?? document).forEach(element => {
      element.since = performance.now();
    });
  }

  /* ---- the live dot ---- */
  let silence;
  const setState = (state, text) => $$('live-dot').forEach(dot => {
    if (dot.dataset.state === state && !text) return;
    const time = new Date(Date.now() - (performance.now() - Math.max(last, loaded)));
    const clock = time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    dot.dataset.state = state;
    dot.textContent = text ?? (state === 'ok' ? say('live') : say('lost', { time: clock }));
  });
  const heard = () => {
    setState('ok');
    clearTimeout(silence);
    silence = setTimeout(() => setState('lost'), SILENCE_MS);
  };
  // Not in the page itself: htmx may look at the page before its extension has arrived. So when both
  // have happened, whichever came last, the stream is opened: once.
  let ready = 0;
  const connect = () => {
    const stream = $('#stream');
    if (!window.htmx) return setState('lost');
    if (++ready !== 2) return;
    stream.setAttribute('hx-sse:connect', stream.dataset.stream);
    htmx.process(stream);
  };
  document.addEventListener('DOMContentLoaded', connect);
  document.addEventListener('htmx:after:process', event => {
    if (event.target === document.body) connect();
  });
  let connections = 0;
  document.addEventListener('htmx:sse:after:connection', () => {
    heard();
    if (connections++) refresh(['*']);  // what was said while we were away
  });
  document.addEventListener('htmx:sse:after:message', event => {
    heard();
    const name = event.detail.message.event;
    if (!name || name === 'beat') return;
    refresh([name === 'refresh' ? '*' : name]);
    document.body.dispatchEvent(new CustomEvent(`live:${name}`));
  });
  document.addEventListener('htmx:sse:error', () => setState('lost'));
  addEventListener('offline', () => setState('lost'));
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) clearTimeout(silence);
    else if (wanted.size) refresh([]);
  });
  addEventListener('pageshow', event => { if (event.persisted) refresh(['*']); });

  /* ---- quiet forms: answer on the next frame, then prove it ---- */
  document.addEventListener('submit', async event => {
    const form = event.target;
    if (!('quiet' in form.dataset) || event.defaultPrevented) return;
    event.preventDefault();
    const button = event.submitter ?? $('button', form);
    if (button.getAttribute('aria-busy') === 'true') return;
    button.setAttribute('aria-busy', 'true');
    form.closest('[data-row]')?.setAttribute('data-answered', '');
    toast(form.dataset.quiet);
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.action, {
        method: 'POST', body, redirect: 'manual', keepalive: true,
        headers: { Accept: 'application/problem+json, text/html' },
      });
      if (answer.ok || answer.type === 'opaqueredirect') {
        return refresh((form.dataset.refresh || '*').split(' '));
      }
      const isProblem = (answer.headers.get('Content-Type') || '').includes('problem+json');
      const problem = isProblem ? await answer.json() : null;
      toast(problem ? [problem.detail, problem.remedy].filter(Boolean).join(' ') : say('failed'), 8000);
    } catch {
      toast(say('offline'), 8000);
    } finally {
      button.removeAttribute('aria-busy');
    }
    form.closest('[data-row]')?.removeAttribute('data-answered');
  });

  /* ---- palette ---- */
  customElements.define('cmd-palette', class extends HTMLElement {
    connectedCallback() {
      this.dialog = $('dialog', this); this.input = $('input', this); this.list = $('ul', this);
      this.all = JSON.parse($('script', this).textContent);
      this.input.addEventListener('input', () => this.draw());
      this.input.addEventListener('keydown', event => this.key(event));
      const option = event => event.target.closest('[role=option]');
      this.list.addEventListener('pointermove', event => {
        if (option(event)) this.select(+option(event).dataset.i, false);
      });
      this.list.addEventListener('click', event => {
        if (option(event)) this.run(this.rows[+option(event).dataset.i], event.ctrlKey);
      });
      this.dialog.addEventListener('click', event => {
        if (event.target === this.dialog) this.dialog.close();
      });
      (window.requestIdleCallback || setTimeout)(() => this.draw());  // so that it opens at once
    }
    open() {
      this.input.value = '';
      this.draw();
      if (!this.dialog.open) this.dialog.showModal();
      this.input.focus();
    }
    score(row, wantedText) {  // every letter in order; starts of words and runs count for more
      const text = `${row.text} ${row.group} ${row.extra || ''}`.toLowerCase();
      let at = -1, score = 0, run = 0;
      for (const letter of wantedText) {
        if (letter === ' ') { run = 0; continue; }
        const next = text.indexOf(letter, at + 1);
        if (next < 0) return -1;
        run = next === at + 1 ? run + 1 : 0;
        score += 1 + run * 3 + (next === 0 || text[next - 1] === ' ' ? 5 : 0) - (next - at - 1) * 0.12;
        at = next;
      }
      return score + (text.includes(wantedText) ? 20 : 0) - text.length * 0.02;
    }
    draw() {
      const text = this.input.value.trim().toLowerCase();
      this.rows = this.all.map(row => [text ? this.score(row, text) : 0, row])
        .filter(([score]) => score >= 0).sort((a, b) => b[0] - a[0]).map(([, row]) => row)
        .slice(0, text ? 10 : 40);
      const items = []; let group = null;
      this.rows.forEach((row, i) => {
        if (!text && row.group !== group) items.push(this.heading(group = row.group));
        items.push(this.option(row, i, text));
      });
      if (!items.length) items.push(this.heading(say('nothing_found')));
      this.list.replaceChildren(...items);
      this.select(0);
    }
    heading(text) {
      return Object.assign(document.createElement('li'),
        { className: 'g', role: 'presentation', textContent: text });
    }
    option(row, i, text) {
      const item = Object.assign(document.createElement('li'), { role: 'option', id: `po${i}` });
      item.dataset.i = i;
      const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
      svg.setAttribute('class', 'i'); svg.setAttribute('aria-hidden', 'true');
      use.setAttribute('href', `${document.body.dataset.icons}#${row.icon}`);
      svg.append(use);
      const label = Object.assign(document.createElement('span'),
        { className: 'grow', textContent: row.text });
      item.append(svg, label);
      if (text) item.append(Object.assign(document.createElement('small'), { textContent: row.group }));
      (row.keys || '').split(' ').filter(Boolean).forEach(key =>
        item.append(Object.assign(document.createElement('kbd'), { textContent: key })));
      return item;
    }
    select(i, scroll = true) {
      const count = this.rows.length;
      this.input.removeAttribute('aria-activedescendant');
      if (!count) return;
      this.i = (i + count) % count;
      $$('[role=option]', this.list).forEach(item =>
        item.setAttribute('aria-selected', String(+item.dataset.i === this.i)));
      this.input.setAttribute('aria-activedescendant', `po${this.i}`);
      if (scroll) $(`#po${this.i}`, this.list).scrollIntoView({ block: 'nearest' });
    }
    key(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) { event.preventDefault(); this.select(this.i + step); }
      if (event.key !== 'Enter') return;
      event.preventDefault();
      const row = this.rows[this.i];
      if (row) this.run(row, event.ctrlKey || event.metaKey);
    }
    run(row, inTab) {
      const [kind, what] = row.does.split(/:(.*)/);
      this.dialog.close();
      if (kind === 'do') perform(what);
      else if (inTab) open(what);
      else location.href = what;
    }
  });

  /* ---- what buttons and keys do ---- */
  const THEMES = ['dark', 'light', 'night'], isLight = matchMedia('(prefers-color-scheme: light)');
  function theme(name) {
    const root = document.documentElement;
    const shown = root.dataset.theme || (isLight.matches ? 'light' : 'dark');
    const next = name === 'next' ? THEMES[(THEMES.indexOf(shown) + 1) % 3] : name;
    if (next === 'system') delete root.dataset.theme; else root.dataset.theme = next;
    const age = next === 'system' ? 0 : 31536000;
    document.cookie = `theme=${next};path=/;max-age=${age};samesite=lax`;
  }
  const DO = {
    palette: () => $('cmd-palette').open(),
    help: () => $('#help').showModal(),
    theme,
    open: selector => {
      const dialog = $(selector);
      if (!dialog.open) dialog.showModal();
      if (!$('[data-stay]', dialog)) ($('input:checked', dialog) ?? $('form :is(input:not([type=hidden]), select, textarea)', dialog))?.focus();
    },
    close: () => $('dialog[open]')?.close(),
  };
  function perform(text) {
    const [name, ...rest] = text.split(' ');
    DO[name]?.(rest.join(' '));
  }
  async function copy(button) {
    try {
      await navigator.clipboard.writeText($('pre', button.parentElement).textContent);
      toast(say('copied'));
    } catch {
      getSelection().selectAllChildren($('pre', button.parentElement));
      toast(say('copy_by_hand'), 8000);
    }
  }
  document.addEventListener('click', event => {
    $$('details.menu[open]').forEach(menu => { if (!menu.contains(event.target)) menu.open = false; });
    const button = event.target.closest('button, a');
    if (!button) return;
    if (button.dataset.do) { event.preventDefault(); perform(button.dataset.do); }
    if ('copy' in button.dataset) copy(button);
    if (button.dataset.pill) release(button.dataset.pill);
  });
  document.addEventListener('change', event => {
    if ('auto' in (event.target.form?.dataset ?? {})) event.target.form.requestSubmit();
  });

  const GO = {
    'g n': '/', 'g a': '/alerts', 'g s': '/schedules', 'g v': '/services', 'g p': '/people',
    'g t': '/settings', 'g m': '/me', 'g i': '/incidents',
  };
  const KEYS = {
    '?': () => DO.help(), j: () => step(1), k: () => step(-1), '/': () => $('[data-search]')?.focus(),
    a: () => act('a'), r: () => act('r'),
    c: () => { if (!press('c')) location.href = '/incidents/declare'; },
  };
  const press = key => {
    const button = $(`main [data-key="${CSS.escape(key)}"]:not([data-row] *)`);
    button?.click();
    return button;
  };
  function step(by) {
    const rows = $$('[data-row]');
    const at = rows.findIndex(row => row.contains(document.activeElement));
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    next && ($('[data-main]', next) ?? next).focus();
  }
  function act(key) {  // in a list only on the row that has the focus: never on one not looked at
    const rows = $$('[data-row]').filter(row => $(`[data-key="${key}"]`, row));
    const row = rows.find(each => each.contains(document.activeElement));
    const button = row ? $(`[data-key="${key}"]`, row) : $(`main [data-key="${key}"]:not([data-row] *)`);
    if (button) button.click(); else if (rows.length) ($('[data-main]', rows[0]) ?? rows[0]).focus();
  }
  let before = '';
  document.addEventListener('keydown', event => {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === 'k') { event.preventDefault(); return DO.palette(); }
    if (command && event.key === 'Enter') return event.target.form?.requestSubmit();
    if (event.key === 'Escape') $$('details.menu[open]').forEach(menu => { menu.open = false; });
    if (command || event.altKey || document.body.dataset.singleKeys === 'off') return;
    if (event.target.closest('input, textarea, select, dialog, [contenteditable]')) return;
    const key = event.key.toLowerCase(), both = before + key;
    before = key === 'g' && both !== 'g g' ? 'g ' : '';
    if (GO[both]) { event.preventDefault(); location.href = GO[both]; }
    else if (!both.includes(' ') && KEYS[key]) { event.preventDefault(); KEYS[key](); }
    else if (!both.includes(' ') && key.length === 1 && press(key)) event.preventDefault();
  });

  window.holdfast = { mine, toast, say };
  const pill = $('.filters [aria-current]');  // in sight within its row; the page itself stays
  pill?.parentElement.scrollTo({ left: pill.offsetLeft - pill.parentElement.offsetLeft - 60 });
  if (location.hash.length > 1 && document.getElementById(location.hash.slice(1))?.showModal) {
    DO.open(location.hash);
  }
})();
