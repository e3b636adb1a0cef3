// Redeeming in the panel.

import { check, sleep, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { BARE, PHONE, balance, hasBalance, panelOf, patched, press, rich, shows, use } from '../panel-scene.mjs';
import { LIVE } from '../scene.mjs';

journey('one click redeems a reward, and one takes it back', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  const page = await panelOf(browser, program, viewer);
  const place = async () => (await use(page, 'hydrate').boundingBox()).y;
  await page.reload();
  const before = await place();
  await use(page, 'hydrate').click();
  await shows(page, '#said', 'hydrate is yours and waits in the queue.');
  check(await place() === before, 'no button moves from under the pointer');
  await hasBalance(page, 450);
  await program.said('Ann redeemed hydrate.');
  await shows(page, '#queue', 'hydrate · you');
  await shows(page, '#waiting', 'hydrate');
  // The queue has been updated, and the message is still shown.
  await until(page, 'no request', () => document.querySelector('.htmx-request') === null);
  await sleep(1500);
  await press(page, 'Undo', '#said');
  await shows(page, '#said', 'hydrate is taken back: 50 points are yours again.');
  await hasBalance(page, 500);
  await program.said('Ann took hydrate back.');
  await until(page, 'an empty queue', () => document.getElementById('queue').innerText.includes('Nothing is waiting.'));
  await shows(page, '#waiting', 'Nothing of yours is in the queue.');
  await shows(page, '#statement', 'Back from hydrate');

  await use(page, 'hydrate').click();
  await shows(page, '#waiting', 'hydrate');
  await press(page, 'Take back', '#waiting');
  await hasBalance(page, 500);
  await shows(page, '#waiting', 'Nothing of yours is in the queue.');
});

journey('a redeem in chat appears in the open panel', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  const page = await panelOf(browser, program, viewer);
  await page.evaluate(() => { window.same = true; });
  await viewer.says('!song Blue Monday');
  await shows(page, '#queue', 'song · you: “Blue Monday”');
  await hasBalance(page, 400);
  await shows(page, '#waiting', 'Blue Monday');
  await shows(page, '#statement', 'Redeemed song');
  await shows(page, '#card-song', 'again in 4:');
  check(await page.evaluate(() => window.same), 'without being loaded again');
});

journey('a redeem that waits since another day shows its date', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  await viewer.says('!hydrate');
  const at = Date.now() - 3 * 86_400_000;
  const earlier = patched(live => ({ queue: live.queue.map(row => ({ ...row, at })) }));
  const page = await browser.open(`${program.edge}/userpanel`, PHONE, { ...BARE, routes: { [LIVE]: earlier } });
  const day = await page.evaluate(ms => new Date(ms).toLocaleDateString([], { day: 'numeric', month: 'short' }), at);
  await shows(page, '#queue time', day);
});

journey('a missing note is asked for, and no points are taken', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  const page = await panelOf(browser, program, viewer);
  let sent = 0;
  page.on('request', request => { sent += request.method() === 'POST' ? 1 : 0; });
  await use(page, 'song').click();
  check(await page.evaluate(() => document.activeElement.name === 'argument' && !document.activeElement.validity.valid), 'the note is asked for');
  await sleep(500);
  check(sent === 0 && await balance(page) === 500, 'nothing is sent');
  await page.locator('#card-song input[name=argument]').fill('Blue Monday');
  await page.evaluate(() => {
    window.states = [];
    setInterval(() => {
      const state = document.querySelector('#card-song .state').innerText.replace(/[\d:]+/, '').trim();
      if (window.states.at(-1) !== state) window.states.push(state);
    }, 5);
  });
  await use(page, 'song').click();
  await shows(page, '#said', 'song is yours');
  await hasBalance(page, 400);
  await program.said('Ann redeemed song: Blue Monday');
  await shows(page, '#queue', 'Blue Monday');
  await sleep(1000);
  const states = await page.evaluate(() => window.states);
  check(await use(page, 'song').isDisabled() && states.join() === ',again in', `it rests from then on, whatever older documents say: ${states}`);
});

journey('a form that is sent several times counts once', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  const page = await panelOf(browser, program, viewer);
  await use(page, 'hydrate').dblclick();
  await shows(page, '#said', 'hydrate is yours');
  await shows(page, '#queue', 'hydrate');
  await sleep(1000);
  check(await balance(page) === 450, `a double click redeems once: ${await balance(page)}`);
  // A slow double click, whose second click comes after the first response.
  const center = async () => {
    const box = await use(page, 'hydrate').boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  };
  await center();
  await page.mouse.down({ clickCount: 1 });
  await page.mouse.up({ clickCount: 1 });
  await hasBalance(page, 400);
  await center();
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
  await sleep(1000);
  await page.reload();
  check(await balance(page) === 400, `a slow double click redeems once: ${await balance(page)}`);
  const both = await page.evaluate(() => {
    const body = new URLSearchParams(new FormData(document.querySelector('#card-hydrate form')));
    const send = () => fetch('/userpanel/use/hydrate', { method: 'POST', body, headers: { 'hx-request': 'true' } }).then(response => response.text());
    return Promise.all([send(), send(), send()]);
  });
  check(both.every(response => response.includes('hydrate is yours')), 'a repeated request gets the same response');
  await page.reload();
  await hasBalance(page, 350);
  // Two clicks before the first response.
  await page.evaluate(() => { for (let time = 0; time < 2; time += 1) document.getElementById('use-hydrate').click(); });
  await shows(page, '#said', 'hydrate is yours');
  await use(page, 'hydrate').focus();
  await page.keyboard.down('Enter');
  for (let time = 0; time < 20; time += 1) {
    await page.keyboard.down('Enter');
    await sleep(20);
  }
  await page.keyboard.up('Enter');
  await hasBalance(page, 250);
  await sleep(1000);
  await page.reload();
  await hasBalance(page, 250);
});
