// Goals, votes and cooldowns in the panel.

import { check, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { BARE, DESKTOP, PHONE, hasBalance, panelOf, patched, rich, shows, use } from '../panel-scene.mjs';
import { LIVE } from '../scene.mjs';

journey('votes, goals and flags update for everybody', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer, cleo } = await rich(program, 'Ann', 2000);
  const page = await panelOf(browser, program, viewer);
  const other = await browser.open(`${program.edge}/userpanel`, DESKTOP, BARE);
  const reached = one => one.evaluate(() => [...document.querySelectorAll('#card-charity .reached')].map(step => step.innerText.replace(/\s+/g, ' ').trim()));
  const share = one => one.evaluate(() => {
    const bar = document.querySelector('#card-charity .bar svg').getBoundingClientRect();
    return document.querySelector('#card-charity .full').getBoundingClientRect().width / bar.width;
  });
  check((await reached(other)).length === 0 && await share(other) === 0, 'an empty goal');
  // From here on the bar must only grow.
  await page.evaluate(() => {
    window.seen = [];
    setInterval(() => window.seen.push(Number(document.querySelector('#card-charity .bar').getAttribute('aria-valuenow'))), 20);
  });
  await page.locator('#card-charity input[name=argument]').fill('300');
  await use(page, 'charity').click();
  await shows(page, '#said', 'You gave 300 points to charity. Thank you!');
  await hasBalance(page, 1700);
  for (const one of [page, other]) {
    await shows(one, '#card-charity', '300 of 1,000');
    check((await reached(one)).join() === '250 karaoke (reached)', `one flag: ${await reached(one)}`);
    await until(one, 'a bar at 30 %', () => {
      const [full, all] = ['.full', 'svg'].map(name => document.querySelector(`#card-charity .bar ${name}`).getBoundingClientRect().width);
      return Math.abs(full / all - 0.3) < 0.02;
    });
  }
  await shows(page, '#card-charity', 'you gave 300');
  await cleo.says('!points');
  await cleo.says('!charity 50');
  await shows(page, '#card-charity', '350 of 1,000 — you gave 300');
  check(await page.evaluate(() => window.seen.every((value, at) => at === 0 || value >= window.seen[at - 1])), 'the bar never falls back');
  await page.locator('#card-charity input[name=argument]').fill('all');
  await use(page, 'charity').click();
  await shows(page, '#said', 'You gave 650 points to charity.');
  for (const one of [page, other]) {
    await shows(one, '#card-charity', '1,000 of 1,000');
    await shows(one, '#card-charity', 'reached');
    check((await reached(one)).length === 2, 'all flags');
  }
  check(await use(page, 'charity').isDisabled(), 'a full goal takes no more');
  await use(page, 'red').click();
  await shows(page, '#said', 'Your vote for red counts.');
  for (const one of [page, other]) {
    await shows(one, '#card-red', '1 vote');
    await shows(one, '#card-blue', '0 votes');
  }
  await cleo.says('!blue');
  await until(other, 'half for each', () => ['red', 'blue'].every(name => document.querySelector(`#card-${name} .full`).getAttribute('width') === '500'));
  await hasBalance(page, 1040);
  check(await other.evaluate(() => document.getElementById('balance') === null), 'a stranger has no balance');
});

journey('a cooldown counts down every second, and the reward is available afterwards', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  const over = Date.now() + 12_000;
  const resting = patched(live => ({ rewards: live.rewards.map(reward => (reward.id === 'hydrate' ? {
    ...reward, ready_at: over, state: { text: 'again in', tone: 'warn', usable: false, weight: 2_000_000, until: over, after: reward.state },
  } : reward)) }));
  const page = await panelOf(browser, program, viewer, PHONE, { routes: { [LIVE]: resting } });
  await shows(page, '#card-hydrate', 'again in 0:');
  check(await use(page, 'hydrate').isDisabled(), 'it cannot be used while it rests');
  const seen = await page.evaluate(() => new Promise(done => {
    const values = [];
    setInterval(() => {
      const value = document.querySelector('#card-hydrate .state').innerText;
      if (values.at(-1) !== value) values.push(value);
      if (value === '') done(values);
    }, 20);
  }));
  check(!await use(page, 'hydrate').isDisabled(), 'it can be used again');
  check(Math.abs(Date.now() - over) < 1500, 'when it should');
  const seconds = seen.slice(0, -1).map(value => Number(value.split(':')[1]));
  check(seconds.length > 1 && seconds.every((value, at) => at === 0 || value === seconds[at - 1] - 1) && seconds.at(-1) === 1, `it misses no second: ${seen}`);
});
