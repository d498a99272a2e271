// Data: the rows of each resource, to be changed, deleted, added, and brought back.

import { ask, button, byId, call, here, make, pretty, say, state } from './common.js';

const MOST = 200;
let resource = '';
let gone = [];
let search = '';

async function chosen() {
  if (state.workspace) return state.workspace;
  const all = await state.pickWorkspaces();
  return all[0]?.name || '';
}

export async function show() {
  const part = byId('data'), workspace = await chosen();
  if (!state.about.resources.length) {
    part.replaceChildren(make('div', { class: 'empty' }, 'This description says of no operation what rows it keeps, so that there are none.'));
    return;
  }
  resource ||= state.about.resources[0].name;
  const rows = await call('GET', here('/state', workspace));
  const pick = make('select', { id: 'resource', 'aria-label': 'Resource', on: { change: event => { resource = event.target.value; show(); } } },
    ...state.about.resources.map(one => make('option', { value: one.name }, `${one.name} (${rows[one.name]?.length ?? 0})`)));
  pick.value = resource;
  const find = make('input', { type: 'search', value: search, placeholder: 'Search rows', 'aria-label': 'Search rows', on: { input: event => { search = event.target.value; draw(); } } });
  const table = make('div', { class: 'scroll' });
  const id = state.about.resources.find(one => one.name === resource).id;
  const draw = () => {
    const found = (rows[resource] || []).filter(row => JSON.stringify(row).toLowerCase().includes(search.toLowerCase())).reverse();
    table.replaceChildren(found.length ? tableOf(found, id, workspace) : make('div', { class: 'empty' }, `No ${resource} here.`));
    if (found.length > MOST) table.append(make('p', { class: 'muted' }, `The ${MOST} newest of ${found.length}; search for others.`));
  };
  const undo = gone.filter(one => one.workspace === workspace).map(one => button(`Restore ${one.resource} ${one.name}`, () => restore(one, workspace)));
  part.replaceChildren(make('div', { class: 'bar' }, make('span', { class: 'muted' }, workspace), pick, find, button('Add', () => edit({}, null, workspace, id)),
    button('Copy all as JSON', async () => { const { copy } = await import('./common.js'); copy(pretty(rows)); }), ...undo), make('div', { id: 'editor' }), table);
  draw();
}

function tableOf(rows, id, workspace) {
  // A column that says the same everywhere says nothing.
  const varies = name => rows.length < 2 || rows.some(row => JSON.stringify(row[name]) !== JSON.stringify(rows[0][name]));
  const columns = Object.keys(rows[0]).filter(name => name !== id && varies(name)).slice(0, 7);
  const text = value => value === null ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return make('table', {}, make('thead', {}, make('tr', {}, ...[id, ...columns].map(name => make('th', {}, name)), make('th', {}))),
    make('tbody', {}, ...rows.slice(0, MOST).map(row => make('tr', { 'data-id': row[id] },
      ...[id, ...columns].map(name => make('td', { class: 'cell', title: text(row[name]) }, text(row[name]))),
      make('td', { class: 'tools' }, button('Edit', () => edit(row, String(row[id]), workspace, id)), ' ', button('Delete', () => remove(row, String(row[id]), workspace), { class: 'danger' }))))));
}

function edit(row, id, workspace) {
  const area = make('textarea', { value: pretty(row), spellcheck: false, 'aria-label': 'Row as JSON', rows: 14 });
  const wrong = make('p', { class: 'failed', role: 'alert' });
  const save = async () => {
    let value;
    try { value = JSON.parse(area.value); } catch (error) { wrong.textContent = `This is no JSON: ${error.message}`; return; }
    const path = `/state/${encodeURIComponent(resource)}`;
    try {
      if (id) await call('PUT', here(`${path}/${encodeURIComponent(id)}`, workspace), value);
      else await call('POST', here(path, workspace), value);
    } catch (error) {
      wrong.textContent = error.problems?.map(one => `${one.where || ''} ${one.what}. ${one.help || ''}`).join('\n') || error.message;
      return;
    }
    say(`The ${resource} is saved.`);
    await show();
  };
  byId('editor').replaceChildren(make('div', { class: 'card' }, make('strong', {}, id ? `${resource} ${id}` : `A new ${resource}: what is left out is made`), area, wrong,
    make('div', { class: 'bar' }, button('Save', save, { class: 'main' }), button('Cancel', () => byId('editor').replaceChildren()))));
  area.focus();
}

async function remove(row, id, workspace) {
  if (!await ask(`Delete ${resource} ${id} of ${workspace}?`, 'Delete')) return;
  await call('DELETE', here(`/state/${encodeURIComponent(resource)}/${encodeURIComponent(id)}`, workspace));
  gone = [{ workspace, resource, id, row, name: row.name || row.title || id }, ...gone].slice(0, 5);
  say(`The ${resource} is deleted.`);
  await show();
}

async function restore(one, workspace) {
  await call('PUT', here(`/state/${encodeURIComponent(one.resource)}/${encodeURIComponent(one.id)}`, workspace), one.row);
  gone = gone.filter(other => other !== one);
  say(`The ${one.resource} is back.`);
  await show();
}
