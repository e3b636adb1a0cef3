// The weight of the first page.

import { check } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { BARE, PHONE, panelOf, rich } from '../panel-scene.mjs';

journey('the first page is smaller than 60 KiB', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  for (const who of ['a stranger', 'Ann']) {
    const page = who === 'Ann' ? await panelOf(browser, program, viewer) : await browser.open('about:blank', PHONE, BARE);
    const devtools = await page.context().newCDPSession(page);
    const [asked, weights] = [new Map(), new Map()];
    devtools.on('Network.requestWillBeSent', ({ requestId, request }) => asked.set(requestId, new URL(request.url).pathname));
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => weights.set(asked.get(requestId), encodedDataLength));
    await devtools.send('Network.enable');
    await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
    await page.goto(`${program.edge}/userpanel`, { waitUntil: 'networkidle' });
    const names = [...weights.keys()].map(name => name.split('/').pop());
    for (const name of [
      'userpanel', 'panel.css', 'panel.js', 'cards.js', 'lists.js', 'mine.js', 'dom.js', 'poll.js', 'sound.js', 'times.js', 'words.js',
      'htmx.js', 'live.json',
    ]) {
      check(names.includes(name), `${name} is weighed: ${names}`);
    }
    const all = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
    check(all < 60 * 1024, `${who} loads ${all} bytes: ${JSON.stringify([...weights])}`);
  }
});
