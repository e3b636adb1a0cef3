// Texts of viewers in overlays.

import { check, fits, sleep, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { shows } from '../overlay-scene.mjs';
import { LIVE, SIZES, hostile, json } from '../scene.mjs';

journey('hostile names in chat are inert', async ({ browser, start }) => {
  const program = await start('--memory');
  const cleo = await program.moderator('Cleo');
  await program.act('live', { title: 'The show' });
  const names = ['<img src=x onerror=alert(1)>', '<script>alert(2)</script>', '\u202Etxt.exe', 'Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a'];
  const pages = await Promise.all(['/overlay/queue', '/overlay/ticker', '/overlay/alerts?duration=2']
    .map(address => browser.open(program.edge + address, SIZES[address.split('?')[0]])));
  for (const name of names) {
    const viewer = await program.viewer(name);
    await viewer.says(name === names[0] ? '!points' : '!hydrate');
    if (name === names[0]) {
      await cleo.says(`!addpoints id:${viewer.id} 500`);
      await viewer.says(`!song "><script>alert(3)</script>\u202E${'W'.repeat(140)}`);
    }
  }
  await program.until(document => document.waiting === names.length, 'all redeems wait');
  await shows(pages[0], 'onerror');
  await until(pages[2], 'an alert', () => document.querySelector('.alert') !== null);
  await sleep(3000);
  for (const page of pages) {
    await fits(page, page.url());
    check(await page.evaluate(() => document.querySelector('#overlay script, #overlay img') === null), 'no markup comes of a name');
  }
});

journey('hostile texts of any length do not break the layout', async ({ browser, start }) => {
  const program = await start('--memory');
  for (const [address, size] of Object.entries(SIZES)) {
    await Promise.all([0, 3, 6].map(async seed => {
      const page = await browser.open(program.edge + address, size, { routes: { [LIVE]: json(() => hostile(Date.now(), seed)) } });
      await until(page, 'something', () => document.getElementById('overlay').innerText.trim() !== '');
      await sleep(1300);
      await fits(page, `${address}, texts ${seed}`);
      check(await page.evaluate(() => document.title !== 'run' && document.querySelector('#overlay script, #overlay img') === null), 'no markup comes of a text');
    }));
    const wrong = await browser.tidy();
    check(wrong.length === 0, wrong.join('\n'));
  }
});
