// The page in a real browser: its five main tasks, and what it must never do. Run by `.ci/run`.
// usage: node page.test.js MOCK_SERVER [FOLDER for screenshots]

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const binary = process.argv[2] || '../../target/debug/mock-server';
const shots = process.argv[3];
const executablePath = process.env.CHROMIUM || ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!executablePath) {
  console.log('skipped: there is no chromium; install it, or name it in CHROMIUM');
  process.exit(0);
}

const server = spawn(binary, ['--port', '0', '--log', 'off'], { stdio: ['ignore', 'pipe', 'inherit'] });
const [line] = await new Promise((ready, failed) => {
  createInterface({ input: server.stdout }).once('line', line => ready([line]));
  server.once('exit', code => failed(new Error(`the server ended with ${code}`)));
});
const api = line.replace('ready ', ''), origin = new URL(api).origin;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
const page = await context.newPage();
page.setDefaultTimeout(5000);
const errors = [];
page.on('pageerror', error => errors.push(String(error)));
page.on('console', message => { if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) errors.push(message.text()); });

const send = (method, path, body, key = 'pivotal_test_demo') => fetch(api + path, {
  method, body: body && JSON.stringify(body), headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
});
const shot = async name => {
  if (!shots) return;
  for (const [kind, colorScheme, viewport] of [['light', 'light', { width: 1280, height: 800 }], ['dark', 'dark', { width: 1280, height: 800 }], ['narrow', 'light', { width: 400, height: 800 }]]) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${shots}/${name}-${kind}.png` });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
};
const tab = name => page.click(`[data-tab=${name}]`);
const rows = '#list li';

const tasks = {
  async 'an empty page says what to do'() {
    await page.goto(origin + '/__mock/');
    await page.waitForSelector('#empty');
    assert.match(await page.textContent('#empty'), /Nothing was sent yet/);
    await shot('requests-0');
  },
  async 'a request comes in live, and why it was refused is told'() {
    await send('POST', '/customers', { slug: 'nameless' });
    await page.waitForSelector(rows);
    await shot('requests-1');
    await page.click(rows);
    assert.match(await page.textContent('#why'), /missing_field \(name\)/);
    await shot('requests-opened');
    await send('GET', '/custmers');
    await page.fill('#search', 'custmers');
    await page.click(rows);
    await page.waitForSelector('#near');
    assert.match(await page.textContent('#near'), /\/api\/v1\/customers/);
    await page.fill('#search', '');
  },
  async 'no text of a request becomes a part of the page, and no key is shown'() {
    const trap = '<img src=x onerror="window.hit=1"><b id=trap>';
    await send('POST', '/customers', { name: trap, slug: 'trap' });
    await send('GET', '/customers?slug=' + encodeURIComponent(trap), null, 'pivotal_test_ws_s3cr3t');
    await page.waitForFunction(() => document.querySelectorAll('#list li').length >= 4);
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.click(`${rows} >> nth=1`);
    await page.waitForFunction(() => document.querySelector('#opened pre')?.textContent.includes('onerror'));
    assert.equal(await page.evaluate(() => window.hit || document.getElementById('trap')), null);
    assert.ok(!(await page.content()).includes('pivotal_test_ws_s3cr3t') && !(await page.content()).includes('pivotal_test_demo'));
    await send('DELETE', '/customers/trap');
  },
  async 'a request is copied as curl'() {
    await page.fill('#search', 'nameless');
    await page.fill('#search', 'create-customer 400');
    await page.click(rows);
    await page.click('text=Copy as curl');
    await page.waitForFunction(() => document.getElementById('status').textContent === 'Copied.');
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /^curl -X POST 'http:\/\/127\.0\.0\.1:\d+\/api\/v1\/customers'/);
    assert.match(text, /"Authorization: Bearer \$KEY"/i);
    assert.match(text, /-d '\{"slug":"nameless"\}'/);
    await page.fill('#search', '');
  },
  async 'a row is changed, deleted and brought back'() {
    await page.selectOption('#workspace', 'demo');
    await tab('data');
    await page.fill('[aria-label="Search rows"]', 'Bright Future Tech');
    await page.click('text=Edit');
    const area = page.locator('[aria-label="Row as JSON"]');
    await area.fill('{"name": 5}');
    await page.click('text=Save');
    await page.waitForFunction(() => /name/.test(document.querySelector('[role=alert]')?.textContent));
    await area.fill('{"name": "Changed here"}');
    await page.click('text=Save');
    await page.waitForFunction(() => document.querySelector('#status').textContent.includes('saved'));
    assert.equal((await (await send('GET', '/customers/128')).json()).name, 'Changed here');
    await page.fill('[aria-label="Search rows"]', 'Changed here');
    await shot('data');
    await page.click('td.tools >> text=Delete');
    await page.click('#yes');
    await page.waitForSelector('text=Restore customer Changed here');
    assert.equal((await send('GET', '/customers/128')).status, 404);
    await page.click('text=Restore customer Changed here');
    await page.waitForFunction(() => document.querySelector('#status').textContent.includes('is back'));
    assert.equal((await send('GET', '/customers/128')).status, 200);
  },
  async 'a fault is armed, and met once'() {
    await tab('faults');
    await page.selectOption('#fault-operation', 'list-customers');
    await page.click('#arm');
    await page.waitForSelector('#armed-list');
    assert.equal(await page.textContent('#armed'), '1');
    await shot('faults');
    assert.deepEqual([(await send('GET', '/customers')).status, (await send('GET', '/customers')).status], [503, 200]);
    await tab('requests');
    await page.fill('#search', 'list-customers 200');
    await page.click(rows);
    await page.selectOption('#next', { label: '429' });
    await page.waitForFunction(() => document.querySelector('#status').textContent.includes('answered with 429'));
    assert.equal((await send('GET', '/customers')).status, 429);
    await page.fill('#search', '');
  },
  async 'an operation is tried with a key'() {
    await tab('operations');
    await page.fill('#key', 'pivotal_test_demo');
    await page.click('details[data-id=get-me] > summary');
    await page.click('details[data-id=get-me] >> text=Send');
    await page.waitForFunction(() => /200/.test(document.querySelector('details[data-id=get-me] .status')?.textContent));
    await shot('operations');
  },
  async 'one workspace is reset, and named before'() {
    await send('DELETE', '/customers/5');
    await send('DELETE', '/customers/1', null, 'pivotal_test_other');
    await tab('workspaces');
    await page.click('[data-reset=demo]');
    assert.match(await page.textContent('#question'), /Reset demo\? Rows, ids, clock/);
    await shot('workspaces');
    await page.click('#yes');
    await page.waitForFunction(() => document.querySelector('#status').textContent.includes('as at the start'));
    assert.equal((await send('GET', '/customers/5')).status, 200);
    assert.equal((await send('GET', '/customers/1', null, 'pivotal_test_other')).status, 404);
  },
  async 'five hundred requests are shown, and keys lead through them'() {
    await tab('requests');
    for (let sent = 0; sent < 500; sent += 50) await Promise.all(Array.from({ length: 50 }, () => send('GET', '/me')));
    await page.waitForFunction(() => document.querySelectorAll('#list li').length === 500);
    await page.locator('#list').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.waitForFunction(() => document.querySelector('#list li[aria-selected=true]') === document.querySelectorAll('#list li')[1]);
    await shot('requests-500');
    await page.keyboard.press('2');
    assert.equal(await page.isVisible('#data'), true);
  },
};

let failed = 0;
for (const [name, task] of Object.entries(tasks)) {
  try { await task(); } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error.stack}`);
    if (shots) await page.screenshot({ path: `${shots}/failed.png` });
  }
}
if (errors.length) { failed += 1; console.log(`the page told errors:\n${errors.join('\n')}`); }
await browser.close();
server.kill('SIGTERM');
console.log(`${Object.keys(tasks).length - Math.min(failed, Object.keys(tasks).length)} of ${Object.keys(tasks).length} tasks done on the page`);
process.exit(failed ? 1 : 0);
