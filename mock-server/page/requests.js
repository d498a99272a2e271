// Requests: the list, live, and the opened one.

import { base, button, byId, call, copy, headers, here, kind, make, pretty, say, state } from './common.js';
import { tryIt } from './operations.js';

const MOST = 500;
let all = [];
let opened = null;
let reading = null;

export function show() { draw(); }

export async function start() {
  byId('search').addEventListener('input', draw);
  byId('kind').addEventListener('change', draw);
  byId('clear').addEventListener('click', async () => {
    await call('DELETE', here('/requests'));
    close();
    await reload();
  });
  byId('list').addEventListener('click', event => {
    const row = event.target.closest('li');
    if (row) open(Number(row.dataset.id));
  });
  await reload();
}

export async function reload() {
  byId('har').href = here(base + '/requests/har');
  const { requests, dropped } = await call('GET', here(`/requests?bodies=false&limit=${MOST}`));
  all = requests;
  byId('count').dataset.dropped = dropped;
  draw();
  listen(requests.length ? requests[requests.length - 1].id : 0);
}

/** Reads the stream of events with fetch, which can send the control token. */
async function listen(after) {
  reading?.abort();
  const mine = reading = new AbortController();
  for (;;) {
    try {
      const response = await fetch(here(`${base}/requests/stream?bodies=false&after=${after}`), { headers: headers(), signal: mine.signal });
      if (!response.ok) throw new Error('refused');
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      if (byId('status').textContent === 'The server is gone.') say('The server is back.');
      let text = '';
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        text += value;
        const events = text.split('\n\n');
        text = events.pop();
        for (const event of events) {
          const line = event.split('\n').find(line => line.startsWith('data: '));
          if (!line) continue;
          const request = JSON.parse(line.slice(6));
          after = request.id;
          if (!all.some(one => one.id === request.id)) all.push({ ...request, fresh: true });
        }
        if (events.length) later();
      }
    } catch { /* said below */ }
    if (mine.signal.aborted) return;
    say('The server is gone.', true);
    await new Promise(done => setTimeout(done, 1000));
    after = 0;
    try { const { requests } = await (await fetch(here(`${base}/requests?bodies=false&limit=${MOST}`), { headers: headers() })).json(); all = requests; after = requests.at(-1)?.id || 0; draw(); } catch { /* still gone */ }
  }
}

let waiting = false;
function later() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; all = all.slice(-MOST); draw(); });
}

function matching() {
  const words = byId('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = byId('kind').value;
  return all.filter(one => {
    const text = `${one.method} ${one.target} ${one.operation || ''} ${one.status} ${one.reason || ''} ${one.rule} ${one.workspace || ''}`.toLowerCase();
    return words.every(word => text.includes(word)) && (!wanted || (wanted === 'forced' ? one.forced : String(one.status)[0] === wanted));
  }).reverse();
}

function draw() {
  const shown = matching(), list = byId('list');
  const dropped = Number(byId('count').dataset.dropped || 0);
  byId('count').textContent = all.length ? `${shown.length} of ${all.length} requests${dropped ? `, ${dropped} older ones are not kept` : ''}` : '';
  // A burst is not worth a light for each.
  const calm = shown.filter(one => one.fresh).length > 20;
  list.replaceChildren(...shown.map(one => row(calm ? Object.assign(one, { fresh: false }) : one)));
  byId('empty')?.remove();
  if (!shown.length) {
    list.after(make('div', { class: 'empty', id: 'empty' }, all.length ? 'No request is like that.' : 'Nothing was sent yet. ',
      all.length ? '' : make('code', {}, `curl ${location.origin}${state.about?.base || ''}/…`)));
  }
}

function row(one) {
  const item = make('li', { class: one.fresh ? 'new' : '', 'data-id': one.id, role: 'option', 'aria-selected': String(one.id === opened) },
    make('span', { class: `status ${kind(one.status)}` }, String(one.status)), make('span', {}, one.method),
    make('code', { title: one.target }, one.target), make('span', { class: 'muted took' }, `${(one.micros / 1000).toFixed(1)} ms`));
  if (one.reason && (one.status >= 400 || one.forced)) item.append(make('span', { class: 'why' }, one.reason));
  one.fresh = false;
  return item;
}

export function close() { opened = null; byId('opened').replaceChildren(); draw(); }

export async function open(id) {
  // What is shown of another request would be taken for this one until its answer is here.
  if (opened !== id) byId('opened').replaceChildren();
  opened = id;
  for (const item of byId('list').children) item.setAttribute('aria-selected', String(Number(item.dataset.id) === id));
  const one = await call('GET', `/requests/${id}`);
  if (opened === id) byId('opened').replaceChildren(...detail(one));
}

function detail(one) {
  const table = values => make('table', {}, ...Object.entries(values || {}).map(([name, value]) => make('tr', {}, make('td', {}, make('code', {}, name)), make('td', {}, make('code', {}, value)))));
  const parts = [
    make('div', { class: 'bar' }, button('Back', close, { class: 'back' }), make('span', { class: `status ${kind(one.status)}` }, String(one.status)), make('strong', {}, one.method), make('code', {}, one.target)),
    make('p', { class: 'muted' }, `${one.operation || 'no operation'} · ${one.workspace || 'no workspace'} · ${one.rule === 'refused' ? 'refused' : `answered by ${one.rule}`} · ${(one.micros / 1000).toFixed(1)} ms · ${one.at}`),
  ];
  if (one.reason) parts.push(make('div', { class: 'note', id: 'why' }, one.status >= 400 ? `Why: ${one.reason}` : one.reason));
  if (one.ignored?.length) parts.push(make('div', { class: 'note' }, `Ignored: ${one.ignored.join(', ')}`));
  if (one.near?.length) parts.push(make('div', { class: 'note', id: 'near' }, `Did you mean ${one.near.join(' or ')}?`));
  parts.push(make('div', { class: 'bar' }, button('Copy as curl', () => copy(curl(one))), button('Replay', () => tryIt(one)), nextTime(one)));
  if (one.truncated) parts.push(make('div', { class: 'note' }, `Only the beginning of a body is kept (request ${one.body_size} bytes, answer ${one.answer_size} bytes).`));
  parts.push(make('h3', {}, 'Answer'), make('pre', {}, pretty(one.answer) || 'no body'), make('h3', {}, 'Request body'), make('pre', {}, pretty(one.body) || 'no body'),
    make('details', {}, make('summary', {}, 'Request headers'), table(one.headers)), make('details', {}, make('summary', {}, 'Answer headers'), table(one.answer_headers)));
  return parts;
}

/** Answers the next request of this kind with something else. */
function nextTime(one) {
  const operation = state.about.operations.find(known => known.id === one.operation);
  const pick = make('select', { id: 'next', 'aria-label': 'Answer this next time with' }, make('option', { value: '' }, 'next time answer with…'));
  const faults = [['503', { status: 503 }], ['500', { status: 500 }], ['429', { status: 429, headers: { 'Retry-After': '30' } }], ['2 s later', { delay_ms: 2000 }], ['a reset connection', { connection: 'reset' }]];
  for (const example of operation?.examples || []) faults.push([`${example.status} ${example.name}`, { status: example.status, example: example.name }]);
  faults.forEach(([name], index) => pick.append(make('option', { value: String(index) }, name)));
  pick.addEventListener('change', async () => {
    if (pick.value === '') return;
    const [name, fault] = faults[Number(pick.value)];
    const whom = operation ? { operation: operation.id } : { method: one.method, path: one.path.slice((state.about.base || '').length) || '/' };
    await call('POST', here('/faults', one.workspace || ''), { ...whom, ...fault });
    pick.value = '';
    say(`The next ${operation?.id || one.path} is answered with ${name}.`);
    const { count } = await import('./faults.js');
    await count();
  });
  return pick;
}

const quote = text => `'${text.replaceAll("'", "'\\''")}'`;

export function curl(one) {
  const left = ['host', 'content-length', 'connection', 'accept-encoding', 'user-agent'];
  const parts = [`curl -X ${one.method} ${quote(location.origin + one.target)}`];
  for (const [name, value] of Object.entries(one.headers || {})) {
    if (!left.includes(name) && !name.startsWith('sec-')) parts.push(`-H ${quote(`${name}: ${value.replace('…', '$KEY')}`)}`);
  }
  if (one.body !== null) parts.push(`-d ${quote(typeof one.body === 'string' ? one.body : JSON.stringify(one.body))}`);
  return parts.join(' \\\n  ').replaceAll(/'authorization: ([A-Za-z]+) \$KEY'/gi, '"Authorization: $1 $KEY"');
}

export function key(event) {
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (step) {
    const shown = matching(), at = shown.findIndex(one => one.id === opened);
    const next = shown[at < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, at + step))];
    if (next) {
      open(next.id).catch(() => {});
      byId('list').querySelector(`[data-id="${next.id}"]`)?.scrollIntoView({ block: 'nearest' });
    }
    event.preventDefault();
  } else if (event.key === '/') { byId('search').focus(); event.preventDefault(); } else if (event.key === 'Escape') close();
}
