// How overlays stay up to date.

import { check, polled, sleep, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { GOALS, noteCards, shows, words } from '../overlay-scene.mjs';
import { LIVE, SIZES, json, scene } from '../scene.mjs';

journey('a hidden page does not poll, and updates at once when it is visible again', async ({ browser, start }) => {
  const program = await start('--memory');
  let asked = 0;
  const routes = { [LIVE]: route => { asked += 1; return json(() => ({ ...scene(Date.now()), next_poll_ms: 1 }))(route); } };
  const page = await browser.open(`${program.edge}/goals`, GOALS, { routes });
  await shows(page, '620 / 1,000');
  const hide = hidden => page.evaluate(value => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await hide(true);
  await sleep(500);
  const before = asked;
  await sleep(3500);
  check(asked === before, 'it asks nothing while hidden');
  await hide(false);
  await sleep(500);
  check(asked === before + 1, 'it asks at once');
  const now = asked;
  await sleep(3000);
  check(asked - now >= 2 && asked - now <= 4, `not more than once a second, whatever the document says: ${asked - now} times in 3 s`);
});

journey('no invalid response breaks a page', async ({ browser, start }) => {
  const program = await start('--memory');
  let how = null;
  let hung = 0;
  const changed = progress => () => ({ ...scene(Date.now()), goals: [{ ...scene(0).goals[0], progress }] });
  const routes = { [LIVE]: route => how(route) };
  how = json(changed(620));
  const page = await browser.open(`${program.edge}/goals`, GOALS, { routes, clock: true });
  await page.clock.runFor(1000);
  await shows(page, '620 / 1,000');
  await page.evaluate(() => { window.same = true; });
  const pass = async seconds => {
    for (let second = 0; second < seconds; second += 1) {
      await page.clock.runFor(1000);
      await sleep(15);
    }
  };
  const odd = [
    route => route.fulfill({ status: 500, body: 'no' }),
    route => route.fulfill({ status: 404, body: 'no' }),
    route => route.fulfill({ contentType: 'text/html', body: '<html>' }),
    route => route.abort(),
    json(() => null),
    json(() => []),
    json(() => ({ ...scene(Date.now()), at: 'soon', next_poll_ms: -5, goals: [null, 7, { id: {}, name: 3, progress: 'x', target: null, milestones: 'none' }, ...scene(0).goals] })),
    // An old document from a cache.
    json(() => ({ ...changed(10)(), at: Date.now() - 30_000 })),
    () => { hung += 1; },
  ];
  for (const [index, answer] of odd.entries()) {
    how = answer;
    await pass(34);
    check(await page.evaluate(() => window.same), `answer ${index}: the page stays`);
    check((await words(page)).trim() !== '', `answer ${index}: it is not blank`);
    how = json(changed(700 + index));
    await pass(42);
    await shows(page, `${700 + index} / 1,000`);
  }
  check(hung > 0, 'a request has hung');
  page.errors = page.errors.filter(error => !error.includes('Failed to load resource'));
});

journey('times follow the clock of the server, and old alerts are not shown', async ({ browser, start }) => {
  const program = await start('--memory');
  const clock = () => Date.now() + 3_600_000;
  let alerts = [{ id: 'before', at: clock() - 30_000, kind: 'follow', name: 'Before' }];
  const began = clock();
  const document = () => ({ ...scene(clock()), alerts, timers: [{ id: 'tea', name: 'Tea', set_at: began, ends: began + 100_000 }] });
  const routes = { [LIVE]: json(document) };
  const timers = await browser.open(`${program.edge}/overlay/timers`, SIZES['/overlay/timers'], { routes });
  await until(timers, 'the time that is left', () => /1:3\d/.test(document.body.innerText));
  const page = await browser.open(`${program.edge}/overlay/alerts?duration=1`, SIZES['/overlay/alerts'], { routes });
  await noteCards(page);
  await polled(page, 2);
  alerts = [
    ...alerts,
    { id: 'old', at: clock() - 70_000, kind: 'follow', name: 'Old' },
    { id: 'new', at: clock() - 40_000, kind: 'follow', name: 'New' },
    { id: 'unknown', at: clock(), kind: 'constructor', name: 'Unknown' },
  ];
  await until(page, 'the new ones', () => window.cards.length >= 2);
  await polled(page, 2);
  const cards = (await page.evaluate(() => window.cards)).join();
  check(cards.includes('New') && cards.includes('Unknown') && !cards.includes('Old') && !cards.includes('Before'), `shown: ${cards}`);
});
