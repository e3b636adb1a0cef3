// Texts of viewers in the panel.

import { check, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { BARE, PHONE, balance, inert, invited, narrow, panelOf, press, shows, use, whole } from '../panel-scene.mjs';
import { LIVE, hostile, json } from '../scene.mjs';

journey('hostile names and notes are inert in the panel', async ({ browser, start }) => {
  const program = await start('--memory', '--points-interval', '1s');
  await program.act('live', { title: 'The show' });
  const cleo = await program.moderator('Cleo');
  const zalgo = 'Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034d'.repeat(2).slice(0, 28);
  const names = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '\u202Etxt.exe\u2066', zalgo, 'W'.repeat(30)];
  const viewers = [];
  for (const name of names) {
    const viewer = await program.viewer(name);
    await viewer.says('!points');
    await viewer.hears('you have');
    const told = await program.newest();
    await cleo.says(`!addpoints id:${viewer.id} 1000`);
    await cleo.hears('now has', told);
    viewers.push(viewer);
  }
  const [one, two] = viewers;
  await one.says(`!give id:${two.id} 7`);
  await two.says(`!give id:${one.id} 9`);
  const page = await panelOf(browser, program, one);
  const before = await balance(page);

  // A note that is too long is refused with a message; one of the maximum length is accepted unchanged.
  const field = page.locator('#card-song input[name=argument]');
  await field.evaluate(node => { node.removeAttribute('maxlength'); node.value = 'W'.repeat(2000); });
  await use(page, 'song').click();
  await shows(page, '#argument-song-error', 'Your note has 2,000 characters and 200 fit. Nothing was taken.');
  check(await page.evaluate(() => document.activeElement.matches('#card-song input') && document.activeElement.value.length === 2000), 'the note is still in its field');
  const note = `"><img src=x onerror=alert(1)><script>alert(2)</script> :beerparrot: <b>bold</b> &lt;i&gt; \u202E${zalgo}:nobody:`.padEnd(200, 'W');
  check([...note].length === 200, `a note of 200 characters, not ${[...note].length}`);
  await page.locator('#card-song input[name=argument]').fill(note);
  await use(page, 'song').click();
  await shows(page, '#queue', 'song · you: “"><img src=x onerror=alert(1)>');
  check(await balance(page) >= before - 100, 'it was paid for once');
  for (const viewer of viewers.slice(1)) await viewer.says('!hydrate');
  await until(page, 'all wait', wanted => document.querySelectorAll('#queue-rows li').length === wanted, names.length);
  await until(page, 'a full board', wanted => document.querySelectorAll('#board-points li').length >= wanted, names.length);
  await shows(page, '#statement', `From ${names[1]}`);
  await shows(page, '#statement', `To ${names[1]}`);
  await shows(page, '#waiting', '<script>alert(2)</script>');

  // Both the rows of the server and those of the script are checked, for the owner and for other viewers.
  const other = await browser.open(`${program.edge}/userpanel`, PHONE, BARE);
  const plain = await browser.open(`${program.edge}/userpanel`, PHONE, { ...BARE, scripts: false });
  await until(other, 'all wait', wanted => document.querySelectorAll('#queue-rows li').length === wanted, names.length);
  for (const [what, shown] of Object.entries({ page, other, plain })) {
    const text = await shown.evaluate(() => document.getElementById('queue').innerText);
    // The bot removes characters that change the direction of the whole line.
    for (const name of names.slice(1)) check(text.includes(name.replace(/[\u202E\u2066]/g, '')), `${what}: the queue shows ${name}`);
    check(!/[\u202E\u2066]/.test(text), `${what}: no line is turned`);
    check(text.includes('<script>alert(2)</script>') && text.includes('<b>bold</b> &lt;i&gt;') && text.includes(':nobody:'), `${what}: a note as it was written`);
    await inert(shown, what, program);
    await narrow(shown, what);
    const parrots = await shown.evaluate(() => document.querySelectorAll('#queue-rows img.emoji[alt=":beerparrot:"]').length);
    check(parrots === 1, `${what}: one emoji, and not ${parrots}`);
    await until(shown, 'its picture', () => {
      const picture = document.querySelector('#queue-rows img.emoji');
      picture.scrollIntoView();
      return picture.complete && picture.naturalWidth > 0;
    });
  }
  // The history shows redeems that have left the queue.
  await press(page, 'Take back', '#waiting');
  await shows(page, '#said', 'taken back');
  await page.reload();
  await shows(page, '#history', '<b>bold</b> &lt;i&gt;');
  await shows(page, '#history', 'given back');
  await inert(page, 'the history', program);
  await narrow(page, 'the history');
  check(await page.evaluate(() => document.querySelectorAll('#history img.emoji').length === 1), 'an emoji in the history');
  const door = await browser.open((await invited(program, two)).link, PHONE, BARE);
  await shows(door, 'h1', `Hello ${names[1]}`);
  await inert(door, 'the link', program);
  await narrow(door, 'the link');
});

journey('hostile texts of any length do not break the panel', async ({ browser, start }) => {
  const program = await start('--memory');
  for (const seed of [0, 3, 6]) {
    const routes = { [LIVE]: json(() => ({ ...hostile(Date.now(), seed), away: false })) };
    const page = await browser.open(`${program.edge}/userpanel`, PHONE, { ...BARE, routes });
    await until(page, 'three rows', () => document.querySelectorAll('#queue-rows li').length === 3);
    await inert(page, `texts ${seed}`, program);
    await narrow(page, `texts ${seed}`);
  }
});
