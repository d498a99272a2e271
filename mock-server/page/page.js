// The page: tabs, the chosen workspace, keys.

import { byId, call, make, say, state } from './common.js';
import * as requests from './requests.js';
import * as data from './data.js';
import * as faults from './faults.js';
import * as operations from './operations.js';
import * as workspaces from './workspaces.js';

const parts = { requests, data, faults, operations, workspaces };
const names = Object.keys(parts);

export function show(name) {
  if (!parts[name]) name = 'requests';
  for (const tab of document.querySelectorAll('[role=tab]')) tab.setAttribute('aria-selected', String(tab.dataset.tab === name));
  for (const part of names) byId(part).hidden = part !== name;
  history.replaceState(null, '', '#' + name);
  parts[name].show()?.catch?.(() => {});
}

async function pickWorkspaces() {
  const { workspaces: all } = await call('GET', '/workspaces');
  const pick = byId('workspace');
  if (state.workspace && !all.some(one => one.name === state.workspace)) all.push({ name: state.workspace });
  pick.replaceChildren(make('option', { value: '' }, 'all'), ...all.map(one => make('option', { value: one.name }, one.name)));
  pick.value = state.workspace;
  return all;
}
state.pickWorkspaces = pickWorkspaces;
state.open = show;

document.querySelector('nav').addEventListener('click', event => {
  const tab = event.target.closest('[role=tab]');
  if (tab) show(tab.dataset.tab);
});
byId('workspace').addEventListener('focus', () => pickWorkspaces().catch(() => {}));
byId('workspace').addEventListener('change', event => {
  state.workspace = event.target.value;
  sessionStorage.setItem('workspace', state.workspace);
  requests.reload().catch(() => {});
  faults.count().catch(() => {});
  show(location.hash.slice(1));
});
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || byId('ask').open) return;
  if (event.target.closest?.('input, textarea, select')) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  if (/^[1-5]$/.test(event.key)) show(names[Number(event.key) - 1]);
  else if (!byId('requests').hidden) requests.key(event);
});

try {
  state.about = await call('GET', '/operations');
  byId('title').textContent = `${state.about.title} · mock`;
  document.title = `${state.about.title} · mock server`;
  await pickWorkspaces();
  await requests.start();
  faults.count().catch(() => {});
  show(location.hash.slice(1));
} catch (error) {
  say(error.message, true);
}
