// What a redeem shows: the queue, alerts and the ticker.

import { accessible, check, fits, polled, tones, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { noteCards, rich, shows, words } from '../overlay-scene.mjs';
import { SIZES } from '../scene.mjs';

journey('the queue, alerts and ticker show a redeem', async ({ browser, start }) => {
  const program = await start('--memory');
  const { ann } = await rich(program);
  const [queue, alerts, follows, ticker] = await Promise.all([
    '/overlay/queue', '/overlay/alerts?duration=2', '/overlay/alerts?kinds=follow&duration=2', '/overlay/ticker',
  ].map(address => browser.open(program.edge + address, SIZES[address.split('?')[0]])));
  await Promise.all([noteCards(alerts), noteCards(follows)]);
  await shows(queue, 'Nothing waiting');
  await ann.says('!song Blue');
  await Promise.all([shows(queue, 'song · Blue'), shows(alerts, 'redeemed'), shows(ticker, 'song')]);
  await accessible(alerts, 'alerts');
  await fits(alerts, 'alerts');
  check(await tones(alerts) > 0, 'an alert is heard');
  check((await words(queue)).includes('Ann') && (await words(queue)).toLowerCase().includes('1 waiting'), 'the queue says who');
  await ann.says('!hydrate');
  await shows(queue, 'hydrate');
  await program.act('follow', { handle: '@bo@social.example' });
  await shows(follows, 'bo');
  await until(alerts, 'three alerts', () => window.cards.length === 3);
  await polled(alerts, 2);
  await until(alerts, 'the end of all alerts', () => document.getElementById('overlay').innerText.trim() === '');
  const cards = await alerts.evaluate(() => window.cards);
  check(cards.length === 3 && new Set(cards).size === 3, `each alert is shown once: ${cards}`);
  check((await follows.evaluate(() => window.cards)).length === 1, 'other kinds are left out');
  for (const [page, name] of [[queue, 'queue'], [ticker, 'ticker']]) {
    await fits(page, name);
    await accessible(page, name);
  }
});
