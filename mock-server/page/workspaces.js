// Workspaces: reset, snapshots, clocks, and the end of private ones.

import { ask, button, byId, call, here, make, say, state } from './common.js';

export async function show() {
  const all = await state.pickWorkspaces(), part = byId('workspaces');
  const cards = await Promise.all(all.filter(one => one.rows !== undefined).map(card));
  part.replaceChildren(make('div', { class: 'bar' }, button('Reset all…', () => reset('', 'all workspaces'), { class: 'danger' })), ...cards);
}

async function reset(name, said) {
  if (!await ask(`Reset ${said}? Rows, ids, clock, idempotency keys, rate windows and faults become what they were at the start. Requests stay.`, `Reset ${said}`)) return;
  const done = await call('POST', here('/reset', name), {});
  say(`${done.reset}: ${done.restored.join(', ')} are as at the start.`);
  const { count } = await import('./faults.js');
  await count();
  await show();
}

async function card(one) {
  const { snapshots } = await call('GET', here('/snapshots', one.name));
  const name = make('input', { placeholder: 'name', 'aria-label': `Name of a snapshot of ${one.name}`, value: 'one' });
  const instant = make('input', { value: one.now, 'aria-label': `Time of ${one.name}`, size: 24 });
  const then = (text, run) => async () => { await run(); say(text); await show(); };
  const clock = body => call('PUT', here('/clock', one.name), body);
  const path = snapshot => `/snapshots/${encodeURIComponent(snapshot)}`;
  const tools = [button('Reset…', () => reset(one.name, one.name), { class: 'danger', 'data-reset': one.name })];
  if (one.private) tools.push(button('Delete…', async () => {
    if (!await ask(`Delete ${one.name}? Its rows, snapshots, faults and requests go.`, `Delete ${one.name}`)) return;
    await call('DELETE', `/workspaces/${encodeURIComponent(one.name)}`);
    await show();
  }));
  return make('div', { class: 'card' }, make('div', { class: 'bar' }, make('strong', {}, one.name), make('span', { class: 'muted' }, `${one.rows} rows${one.private ? `, a private copy of ${one.origin}` : ''}`), ...tools),
    make('div', { class: 'bar' }, make('span', { class: 'muted' }, `Clock${one.frozen ? ' (stands still)' : ''}`), instant, button('Stop here', then('The clock stands still.', () => clock({ now: instant.value }))),
      button('+1 hour', then('An hour passed.', () => clock({ advance: 'PT1H' }))), button('+1 day', then('A day passed.', () => clock({ advance: 'P1D' }))), button('Real time', then('The clock goes on.', () => clock({ now: 'real' })))),
    make('div', { class: 'bar' }, make('span', { class: 'muted' }, 'Snapshots'), name, button('Take', then('The snapshot is kept.', () => call('POST', here(path(name.value), one.name))))),
    snapshots.length ? make('table', {}, ...snapshots.map(snapshot => make('tr', {}, make('td', {}, snapshot.name), make('td', { class: 'muted' }, `${snapshot.rows} rows, ${snapshot.at}`),
      make('td', { class: 'tools' }, button('Restore', then(`${snapshot.name} is back.`, () => call('POST', here(`${path(snapshot.name)}/restore`, one.name)))), ' ',
        button('Delete', then(`${snapshot.name} is gone.`, () => call('DELETE', here(path(snapshot.name), one.name)))))))) : null);
}
