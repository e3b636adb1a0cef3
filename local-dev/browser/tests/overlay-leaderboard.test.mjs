// The leaderboard.

import { accessible, fits, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { shows } from '../overlay-scene.mjs';
import { SIZES } from '../scene.mjs';

journey('the leaderboard updates after ticks', async ({ browser, start }) => {
  const program = await start('--memory', '--points-interval', '1s');
  await program.viewer('Ann');
  await program.act('live', { title: 'The show' });
  const page = await browser.open(`${program.edge}/overlay/leaderboard`, SIZES['/overlay/leaderboard']);
  const watched = await browser.open(`${program.edge}/overlay/leaderboard?by=watched`, SIZES['/overlay/leaderboard']);
  await shows(page, 'Ann');
  const value = () => page.evaluate(() => Number(document.querySelector('.amount').innerText.replaceAll(',', '')));
  const before = await value();
  await until(page, 'more points', least => Number(document.querySelector('.amount').innerText.replaceAll(',', '')) > least, before);
  await until(watched, 'the time watched', () => /Ann\s+0 min/.test(document.body.innerText));
  await fits(page, 'leaderboard');
  await accessible(page, 'leaderboard');
});
