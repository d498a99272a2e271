// Operations: what there is, with a form to try each.

import { button, byId, kind, make, pretty, say, state } from './common.js';

let wanted = null;

export function show() {
  const part = byId('operations');
  const key = make('input', { type: 'password', value: state.key, autocomplete: 'off', placeholder: 'a key, without Bearer', id: 'key', on: { input: event => { state.key = event.target.value; } } });
  const find = make('input', { type: 'search', placeholder: 'Search operations', 'aria-label': 'Search operations', on: { input: () => filter() } });
  const all = state.about.operations.map(operation => box(operation));
  const filter = () => all.forEach(one => { one.hidden = !one.dataset.text.includes(find.value.toLowerCase()); });
  part.replaceChildren(make('div', { class: 'bar' }, find, make('label', {}, 'Key ', key)), make('div', { class: 'card' }, ...all));
  if (wanted) {
    const box = all.find(one => one.dataset.id === wanted.operation);
    if (box) { box.open = true; box.fill(wanted); box.scrollIntoView(); }
    wanted = null;
  }
}

function box(operation) {
  const inputs = new Map();
  const grid = make('div', { class: 'grid' });
  for (const parameter of operation.parameters) {
    const input = parameter.values.length
      ? make('select', {}, make('option', { value: '' }, ''), ...parameter.values.map(value => make('option', { value: String(value) }, String(value))))
      : make('input', { required: parameter.required });
    inputs.set(parameter, input);
    grid.append(make('label', {}, `${parameter.name} (${parameter.in}${parameter.required ? ', required' : ''})`, input));
  }
  const prefer = make('select', { 'aria-label': 'Answer with' }, make('option', { value: '' }, 'the usual answer'), ...operation.examples.map(one => make('option', { value: `code=${one.status}, example=${one.name}` }, `${one.status} ${one.name}`)));
  const body = operation.body === null ? null : make('textarea', { value: pretty(operation.body), spellcheck: false, 'aria-label': 'Body' });
  const answer = make('div', {});
  let path = null;
  const send = async () => {
    let target = path;
    const headers = {}, query = new URLSearchParams();
    if (!target) {
      target = operation.base + operation.path;
      for (const [parameter, input] of inputs) {
        if (parameter.in === 'path') target = target.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
        else if (input.value !== '' && parameter.in === 'query') query.append(parameter.name, input.value);
        else if (input.value !== '' && parameter.in === 'header') headers[parameter.name] = input.value;
      }
      if (query.size) target += `?${query}`;
    }
    if (state.key) headers.Authorization = `Bearer ${state.key}`;
    if (prefer.value) headers.Prefer = prefer.value;
    const request = { method: operation.method, headers };
    if (body && !['GET', 'HEAD'].includes(operation.method)) { request.body = body.value; headers['Content-Type'] = 'application/json'; }
    const started = performance.now();
    try {
      const response = await fetch(target, request);
      const text = await response.text();
      let value = text;
      try { value = JSON.parse(text); } catch { /* shown as it is */ }
      answer.replaceChildren(make('p', {}, make('span', { class: `status ${kind(response.status)}` }, String(response.status)), ` in ${Math.round(performance.now() - started)} ms`), make('pre', {}, pretty(value) || 'no body'));
    } catch { answer.replaceChildren(make('p', { class: 'failed' }, 'No answer came.')); }
  };
  const element = make('details', { class: 'op', 'data-id': operation.id, 'data-text': `${operation.id} ${operation.method} ${operation.path}`.toLowerCase() },
    make('summary', {}, make('strong', {}, operation.method), ' ', make('code', {}, operation.path), ' ', make('span', { class: 'muted' }, operation.id)),
    grid, body, make('div', { class: 'bar' }, button('Send', send, { class: 'main' }), prefer), answer);
  grid.addEventListener('input', () => { path = null; });
  element.fill = one => {
    path = one.target;
    for (const [parameter, input] of inputs) {
      if (parameter.in === 'query' && one.query?.[parameter.name] !== undefined) input.value = one.query[parameter.name];
      if (parameter.in === 'path') {
        const at = (operation.base + operation.path).split('/').indexOf(`{${parameter.name}}`);
        input.value = at < 0 ? '' : decodeURIComponent(one.path.split('/')[at] || '');
      }
    }
    if (body) body.value = pretty(one.body);
    if (state.key || operation.open) send();
    else say('Give a key to send it with: keys are not kept.');
  };
  return element;
}

/** Opens the form of a request that was sent, and sends it again where a key is known. */
export function tryIt(one) {
  if (!one.operation) { say('There is no such operation to send it to.', true); return; }
  wanted = one;
  state.open('operations');
}
