// What all parts of the page share: elements without markup from texts, calls, questions.

export const base = '/__mock';
export const state = { workspace: sessionStorage.getItem('workspace') || '', key: '', token: sessionStorage.getItem('token') || '', about: null };

/** An element; every text is put in as text, never as markup. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === 'class') element.className = value;
    else if (key === 'on') for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
    else if (key in element && key !== 'list') element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

export const byId = id => document.getElementById(id);

export function say(text, bad = false) {
  const status = byId('status');
  status.textContent = text;
  status.className = bad ? 'bad' : '';
  clearTimeout(say.timer);
  if (!bad) say.timer = setTimeout(() => { status.textContent = ''; }, 5000);
}

/** `path` with the chosen workspace. */
export function here(path, workspace = state.workspace) {
  if (!workspace) return path;
  return path + (path.includes('?') ? '&' : '?') + 'workspace=' + encodeURIComponent(workspace);
}

export function headers(more = {}) {
  return state.token ? { 'Mock-Control-Token': state.token, ...more } : more;
}

/** Calls the control API; what is refused is said, and thrown. */
export async function call(method, path, body) {
  const request = { method, headers: headers({ 'Content-Type': 'application/json' }) };
  if (body !== undefined) request.body = JSON.stringify(body);
  let response;
  try { response = await fetch(base + path, request); } catch { say('The server is gone.', true); throw new Error('gone'); }
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  if (response.status === 401 && answer?.error?.code === 'token_required') {
    const token = prompt('This server asks for its control token:');
    if (token) { state.token = token; sessionStorage.setItem('token', token); return call(method, path, body); }
  }
  const error = new Error(answer?.error?.message || `The server answered ${response.status}.`);
  error.problems = answer?.error?.problems || [];
  say(error.message, true);
  throw error;
}

/** Asks once; true for yes. */
export function ask(question, action) {
  byId('question').textContent = question;
  byId('yes').textContent = action;
  const dialog = byId('ask');
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise(done => dialog.addEventListener('close', () => done(dialog.returnValue === 'yes'), { once: true }));
}

export const kind = status => status < 400 ? 'good' : status < 500 ? 'refused' : 'failed';
export const pretty = value => value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 2);
export const button = (text, run, more = {}) => make('button', { type: 'button', ...more, on: { click: run } }, text);

export async function copy(text) {
  try { await navigator.clipboard.writeText(text); } catch {
    const area = make('textarea', { value: text });
    document.body.append(area); area.select(); document.execCommand('copy'); area.remove();
  }
  say('Copied.');
}
