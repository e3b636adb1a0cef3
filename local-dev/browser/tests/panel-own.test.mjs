// The viewer's own settings and data.

import fs from 'node:fs';

import { check, sleep, tones, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { BARE, PHONE, balance, hasBalance, panelOf, press, rich, shows, signedOut, use } from '../panel-scene.mjs';

journey('a sound is played when one’s own redeem is done, if it is switched on', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  const page = await panelOf(browser, program, viewer);
  // Nobody fulfils here; the part that would tell of it is put into the answer.
  let [line, kind] = ['', ''];
  await page.route('**/userpanel/me?*', async route => {
    const answer = await route.fetch();
    const parts = await answer.text();
    const told = parts.replace(/(<div id="said"[^>]*>)/, `$1${line && `<div class="said good"${kind && ` data-kind="${kind}"`}><p>${line}</p></div>`}`);
    check(line === '' || told !== parts, 'the part is there');
    await route.fulfill({ response: answer, body: told });
  });
  const next = async (text, news, then) => {
    [line, kind] = [text, news];
    const before = await balance(page);
    await viewer.says('!hydrate');
    await hasBalance(page, before - 50);
    if (text) await shows(page, '#said', text);
    await until(page, `${then} tones`, heard => window.tones.length === heard, then);
    await sleep(300);
    check(await tones(page) === then, `${text}: ${await tones(page)} tones, not ${then}`);
  };
  await next('Your hydrate is done.', 'done', 0);
  await page.getByLabel('Play a sound when something of mine is done').check();
  await until(page, 'a first sound', () => window.tones.length === 2);
  await next('Your song is done.', 'done', 4);
  await next('Your song is done.', 'done', 4);
  await next('Your song was refunded: 100 points are back.', 'refunded', 6);
  // It goes by what the notice is marked as, whatever it says.
  await next('Your song is done, says somebody.', '', 6);
  await page.reload();
  check(await page.locator('#sound').isChecked(), 'the choice is kept');
  await page.getByLabel('Play a sound').uncheck();
  await next('Your hydrate is done.', 'done', 0);
  await page.reload();
  check(!await page.locator('#sound').isChecked(), 'and so is that');
});

journey('a viewer downloads the data and deletes it', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  await viewer.says('!song Blue Monday');
  const page = await panelOf(browser, program, viewer);
  const second = await panelOf(browser, program, viewer);
  await hasBalance(page, 400);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
  const data = JSON.parse(fs.readFileSync(await download.path(), 'utf8'));
  check(data.viewer.name === 'Ann' && JSON.stringify(data).includes('Blue Monday'), `one's data: ${JSON.stringify(data)}`);
  check(download.suggestedFilename() === 'my-points.json', download.suggestedFilename());
  check(page.context().pages().length === 1, 'no empty tab is left');

  await page.getByText('Delete my data').click();
  await press(page, 'Delete everything about me');
  check(await page.evaluate(() => document.activeElement.name === 'sure'), 'one has to say so');
  await page.getByLabel('Yes, delete everything').check();
  await press(page, 'Delete everything about me');
  await shows(page, '#said', 'Your data is deleted. If you chat again, you start from zero.');
  await signedOut(page);
  check((await page.context().cookies()).every(cookie => cookie.name !== '__Host-panel'), 'the cookie is gone');
  await second.reload();
  await signedOut(second);
  await until(page, 'an empty queue', () => document.querySelectorAll('#queue-rows li').length === 0);
  const before = await program.newest();
  await viewer.says('!points');
  await viewer.hears('you have 100 points', before);
});

journey('a viewer leaves the boards and returns', async ({ browser, start }) => {
  const program = await start('--memory', '--points-interval', '1s');
  const { viewer } = await rich(program, 'Ann', 100);
  const page = await panelOf(browser, program, viewer);
  const other = await browser.open(`${program.edge}/userpanel`, PHONE, BARE);
  await shows(other, '#board-points', 'Ann');
  await press(page, 'Leave the boards');
  await shows(page, '#said', 'not shown');
  await shows(page, '#you', 'You are not shown on any board.');
  await until(other, 'a board without Ann', () => !document.getElementById('board').innerText.includes('Ann'));
  await press(page, 'Show me on the boards again');
  await shows(page, '#you', 'You are shown on the boards');
  await shows(other, '#board-points', 'Ann');
});

journey('a viewer signs out here, or everywhere', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  const [here, there, third] = [await panelOf(browser, program, viewer), await panelOf(browser, program, viewer), await panelOf(browser, program, viewer)];
  await press(here, 'Here', '#you');
  await shows(here, '#said', 'You are signed out here.');
  await signedOut(here);
  await here.reload();
  await signedOut(here);
  await there.reload();
  await hasBalance(there, 500);
  await press(there, 'Everywhere', '#you');
  await shows(there, '#said', 'You are signed out everywhere.');
  await use(third, 'hydrate').click();
  await shows(third, '#said', 'You are signed out.');
  await third.reload();
  await signedOut(third);
  third.errors = third.errors.filter(error => !error.includes('401'));
});
