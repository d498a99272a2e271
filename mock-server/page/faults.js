// Faults: what is armed, switches, and one of one's own.

import { button, byId, call, here, make, pretty, say, state } from './common.js';

export async function count() {
  const { faults } = await call('GET', here('/faults'));
  const armed = faults.filter(one => !one.spent).length, badge = byId('armed');
  badge.hidden = armed === 0;
  badge.textContent = String(armed);
  return faults;
}

const PROFILES = { offline: 'every connection is reset', 'slow-3g': 'every answer comes seconds late', flaky: 'one in five is answered 503', 'rate-limited': 'everything is answered 429' };

export async function show() {
  const faults = await count(), part = byId('faults');
  const where = state.workspace || 'all workspaces';
  const switches = state.about.profiles.map(name => {
    const on = faults.filter(one => one.profile === name);
    const toggle = async () => {
      if (on.length) for (const one of on) await call('DELETE', `/faults/${one.id}`);
      else await call('POST', here('/faults'), { profile: name });
      say(on.length ? `${name} is off.` : `${name} is on for ${where}.`);
      await show();
    };
    return make('tr', {}, make('td', {}, button(on.length ? 'On' : 'Off', toggle, { 'aria-pressed': String(on.length > 0), class: on.length ? 'main' : '', 'aria-label': name })), make('td', {}, make('strong', {}, name)), make('td', { class: 'muted' }, PROFILES[name] || ''));
  });
  const remove = async one => { await call('DELETE', `/faults/${one.id}`); await show(); };
  const armed = faults.map(one => {
    const { id, workspace, profile, met, spent, times, ...rest } = one;
    return make('tr', {}, make('td', {}, String(id)), make('td', {}, make('code', {}, profile || JSON.stringify(rest))), make('td', {}, workspace || 'all'),
      make('td', { class: spent ? 'muted' : 'refused' }, `met ${met} of ${times || 'any'}${spent ? ', spent' : ''}`), make('td', { class: 'tools' }, button('Remove', () => remove(one))));
  });
  part.replaceChildren(
    make('div', { class: 'card' }, make('h2', {}, `A fault for ${where}`), form()),
    make('div', { class: 'card' }, make('h2', {}, 'Profiles'), make('table', {}, ...switches)),
    make('div', { class: 'card' }, make('div', { class: 'bar' }, make('h2', {}, 'Armed'), button('Remove all', async () => { await call('DELETE', here('/faults')); await show(); })),
      armed.length ? make('div', { class: 'scroll' }, make('table', { id: 'armed-list' }, ...armed)) : make('p', { class: 'muted' }, 'None.')));
}

function form() {
  const field = (label, element) => make('label', {}, label, element);
  const operation = make('select', { id: 'fault-operation' }, make('option', { value: '*' }, 'every operation'), ...state.about.operations.map(one => make('option', { value: one.id }, one.id)));
  const what = make('select', { id: 'fault-what' }, ...['status', 'reset', 'close', 'stall', 'truncate', 'slow', 'delay only'].map(name => make('option', { value: name }, name)));
  const status = make('input', { id: 'fault-status', type: 'number', min: 200, max: 599, value: '503' });
  const times = make('input', { type: 'number', min: 0, value: '1', title: '0: until it is removed' });
  const delay = make('input', { type: 'number', min: 0, placeholder: 'none' });
  const chance = make('input', { type: 'number', min: 0.01, max: 1, step: 0.01, placeholder: 'always' });
  const arm = async () => {
    const fault = { operation: operation.value, times: Number(times.value) };
    if (what.value === 'status') fault.status = Number(status.value);
    else if (what.value !== 'delay only') fault.connection = what.value;
    if (delay.value) fault.delay_ms = Number(delay.value);
    if (chance.value) fault.probability = Number(chance.value);
    const armed = await call('POST', here('/faults'), fault);
    say(`Fault ${armed.id} is armed.`);
    await show();
  };
  what.addEventListener('change', () => { status.disabled = what.value !== 'status'; });
  return make('div', {}, make('div', { class: 'grid' }, field('Operation', operation), field('What', what), field('Status', status), field('Times (0: always)', times), field('Delay, ms', delay), field('Probability', chance)),
    make('div', { class: 'bar' }, button('Arm', arm, { class: 'main', id: 'arm' })), make('details', {}, make('summary', { class: 'muted' }, 'By the API'),
      make('pre', {}, `curl -X POST ${location.origin}/__mock/faults -d '${pretty({ operation: 'create-*', status: 503, times: 2 }).replaceAll(/\s+/g, ' ')}'`)));
}
