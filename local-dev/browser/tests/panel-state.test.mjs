// What the panel says about the stream and about its own state.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { check, sleep, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { PHONE, balance, hasBalance, panelOf, patched, rich, shows, use } from '../panel-scene.mjs';
import { LIVE } from '../scene.mjs';

journey('the page says when the stream is offline or Owncast is away', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  let away = false;
  const page = await panelOf(browser, program, viewer, PHONE, { routes: { [LIVE]: patched(live => ({ away: live.away || away })) } });
  const banner = (name, is) => until(page, `${name}: ${is}`, ([id, shown]) => (document.getElementById(id).getClientRects().length > 0) === shown, [name, is]);
  await Promise.all(['offline', 'away', 'stale'].map(name => banner(name, false)));
  away = true;
  await banner('away', true);
  await use(page, 'hydrate').click();
  await shows(page, '#said', 'hydrate is yours');
  away = false;
  await banner('away', false);
  await program.act('offline');
  await banner('offline', true);
  await use(page, 'hydrate').click();
  await hasBalance(page, 400);
  await program.act('live', { title: 'Once more' });
  await banner('offline', false);
});

journey('the page says when its state is stale, and reconnects to the restarted server', async ({ browser, start }) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ownchatbot-browser-'));
  try {
    const program = await start('--data-dir', folder);
    const { viewer } = await rich(program, 'Ann', 500);
    const page = await panelOf(browser, program, viewer, PHONE, { clock: true });
    await shows(page, '#card-charity', '0 of 1,000');
    await page.evaluate(() => { window.same = true; });
    await program.kill();
    // Chromium may respond from its cache until then. Its cache does not use the page's clock.
    await sleep(4000);
    const pass = async (seconds, holds) => {
      for (let second = 0; second < seconds; second += 1) {
        await page.clock.runFor(1000);
        if (await page.evaluate(holds)) return;
        await sleep(20);
      }
      check(false, `not within ${seconds} s: ${holds}`);
    };
    const stale = () => !document.getElementById('stale').hidden;
    check(!await page.evaluate(stale), 'at first nothing is wrong');
    await pass(40, stale);
    await shows(page, '#stale', 'No updates since');
    await use(page, 'hydrate').click();
    await pass(10, () => document.getElementById('said').innerText.includes('That did not get through.'));
    check(!await use(page, 'hydrate').isDisabled(), 'it can be tried again');

    const [port, simulator] = program.ports;
    const again = await start('--data-dir', folder, '--port', port, '--simulator-port', simulator);
    const bob = await again.viewer('Bob');
    await bob.says('!charity 25');
    // The page's clock runs faster than the program.
    await again.until(live => live.goals[0].progress === 25, 'what Bob gave');
    await pass(100, () => document.getElementById('stale').hidden);
    await pass(20, () => document.getElementById('card-charity').innerText.includes('25 of 1,000'));
    await use(page, 'hydrate').click();
    await pass(10, () => document.getElementById('said').innerText.includes('hydrate is yours'));
    await hasBalance(page, 450);
    await page.mouse.move(0, 0);
    await pass(40, () => document.getElementById('said').innerText === '');
    check(await page.evaluate(() => window.same), 'without being loaded again');
    page.errors = page.errors.filter(error => !/Failed to load resource|htmx:/.test(error));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

journey('responses of a proxy are not inserted into the page', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  const page = await panelOf(browser, program, viewer);
  const odd = [
    route => route.fulfill({ status: 502, contentType: 'text/html', body: '<html><h1>Bad gateway</h1>' }),
    route => route.fulfill({ status: 429, contentType: 'application/json', body: '{"message":"slow down"}' }),
    route => route.fulfill({ status: 403, contentType: 'text/html', body: '<h1>Request blocked</h1>' }),
    route => route.abort(),
  ];
  for (const answer of odd) {
    await page.route('**/userpanel/use/*', answer);
    await page.evaluate(() => document.getElementById('said').replaceChildren());
    await use(page, 'hydrate').click();
    await shows(page, '#said', 'That did not get through.');
    check(await use(page, 'hydrate').isEnabled() && await balance(page) === 500, 'the card is still there');
    check(!(await page.evaluate(() => document.body.innerText)).match(/gateway|slow down|blocked/i), 'nothing else is shown');
    await page.unroute('**/userpanel/use/*');
  }
  await use(page, 'hydrate').click();
  await hasBalance(page, 450);
  page.errors = page.errors.filter(error => !/Failed to load resource|htmx:/.test(error));
});
