// Overlays while the server restarts, and after an upgrade.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { PATIENCE, check, sleep, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { GOALS, noteCards, rich, shows, words } from '../overlay-scene.mjs';
import { LIVE, SIZES, json, scene } from '../scene.mjs';

journey('overlays reconnect after the program was killed and restarted', async ({ browser, start }) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ownchatbot-browser-'));
  try {
    const program = await start('--data-dir', folder);
    const { ann } = await rich(program);
    const page = await browser.open(`${program.edge}/goals`, GOALS);
    const alerts = await browser.open(`${program.edge}/overlay/alerts?duration=1`, SIZES['/overlay/alerts']);
    for (const one of [page, alerts]) await one.evaluate(() => { window.same = true; });
    await noteCards(alerts);
    await ann.says('!charity 100');
    await ann.says('!hydrate');
    await shows(page, '100 / 1,000');
    await until(alerts, 'the redeem', () => window.cards.join().includes('hydrate'));
    await noteCards(alerts);
    await program.kill();
    await page.waitForEvent('requestfailed', { timeout: PATIENCE });
    check((await words(page)).includes('100 / 1,000'), 'it keeps showing what was last known');
    const [port, simulator] = program.ports;
    const again = await start('--data-dir', folder, '--port', port, '--simulator-port', simulator);
    const bo = await again.viewer('Bo');
    await bo.says('!charity 25');
    await shows(page, '125 / 1,000');
    for (const one of [page, alerts]) {
      check(await one.evaluate(() => window.same === true), 'without being loaded again');
      // Chromium reports failed requests on the console.
      one.errors = one.errors.filter(error => !error.includes('Failed to load resource'));
    }
    check(!(await alerts.evaluate(() => window.cards)).join().includes('hydrate'), 'nothing is shown a second time');
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

journey('a new version reloads the page once it is available', async ({ browser, start }) => {
  const program = await start('--memory');
  let version = 1;
  let there = false;
  let loads = 0;
  const routes = {
    [LIVE]: json(() => ({ ...scene(Date.now()), version, goals: version === 1 ? scene(0).goals : 'no list any more' })),
    '**/goals': route => {
      loads += 1;
      return loads === 1 || there ? route.continue() : route.fulfill({ status: 404, body: 'gone' });
    },
  };
  const page = await browser.open(`${program.edge}/goals`, GOALS, { routes, clock: true });
  await page.clock.runFor(1000);
  await shows(page, '620 / 1,000');
  await page.evaluate(() => { window.same = true; });
  version = 2;
  await page.clock.runFor(30_000);
  check(loads === 1, 'a young page is not replaced');
  const pass = async seconds => {
    for (let second = 0; second < seconds; second += 1) {
      await page.clock.runFor(1000);
      await sleep(15);
    }
  };
  await pass(60);
  check(loads === 2, `it looks for the new page once a minute, not ${loads - 1} times`);
  check((await words(page)).includes('620 / 1,000') && await page.evaluate(() => window.same), 'it shows the last state while there is none');
  there = true;
  version = 1.5;
  await pass(70);
  await until(page, 'the new page', () => window.same === undefined);
  page.errors = page.errors.filter(error => !error.includes('Failed to load resource'));
});
