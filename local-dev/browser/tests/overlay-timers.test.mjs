// The overlay for timers.

import { accessible, check, fits, tones, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { shows, words } from '../overlay-scene.mjs';
import { SIZES } from '../scene.mjs';

journey('a timer counts down every second and rings once', async ({ browser, start }) => {
  const program = await start('--memory');
  const cleo = await program.moderator('Cleo');
  await program.act('live', { title: 'The show' });
  const page = await browser.open(`${program.edge}/overlay/timers`, SIZES['/overlay/timers']);
  const quiet = await browser.open(`${program.edge}/overlay/timers?sound=off`, SIZES['/overlay/timers']);
  await cleo.says('!timer 5m eggs');
  await cleo.says('!timer 22 tea');
  await Promise.all([shows(page, 'tea'), shows(quiet, 'tea')]);
  await accessible(page, 'timers');
  await fits(page, 'timers');
  const seen = await page.evaluate(() => new Promise(done => {
    const values = [];
    const row = [...document.querySelectorAll('.plate')].find(plate => plate.innerText.includes('tea'));
    new MutationObserver(() => {
      const value = row.querySelector('.amount').innerText;
      if (values.at(-1) !== value) values.push(value);
      if (value === '0:00') done(values);
    }).observe(row, { subtree: true, childList: true, characterData: true });
  }));
  const seconds = seen.map(value => Number(value.split(':')[1]));
  check(seconds.length > 2 && seconds.every((value, index) => index === 0 || value === seconds[index - 1] - 1), `it misses no second: ${seen}`);
  const { at, timers } = await program.live();
  const over = timers.find(timer => timer.name === 'tea')?.ends ?? at;
  check(Math.abs(at - over) < 2000, 'it ends when it should');
  await until(page, 'an alarm', () => window.tones.length > 0);
  const heard = await tones(page);
  await until(page, 'no tea', () => !document.body.innerText.includes('tea'));
  check((await words(page)).includes('eggs'), 'the other one runs on');
  check(await tones(page) === heard && await tones(quiet) === 0, 'it rings once, and not where sound is off');
  await cleo.says('!timer cancel eggs');
  await until(page, 'nothing', () => document.getElementById('overlay').innerText.trim() === '');
  check(await tones(page) === heard, 'a cancelled timer does not ring');
});
