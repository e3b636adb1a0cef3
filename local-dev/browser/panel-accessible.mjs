// The accessibility of the panel's pages, with axe, in one of the two colour schemes.

import { accessible, check, until } from './checks.mjs';
import {
  BARE, DESKTOP, PHONE, invited, narrow, panelOf, press, rich, shows, type, use, whole,
} from './panel-scene.mjs';

/** Opens all pages of the panel in `colours`, `light` or `dark`, narrow and wide. */
export async function accessibleIn(colours, { browser, start }) {
  const program = await start('--memory', '--points-interval', '1s');
  const { viewer, cleo } = await rich(program, 'Ann', 100);
  await cleo.says(`!addpoints id:${viewer.id} 5000`);
  for (let time = 0; time < 25; time += 1) await viewer.says('!red');
  await viewer.says('!charity 300');
  await viewer.says('!song Blue Monday');
  const used = (await invited(program, viewer)).link;
  const gone = await browser.open(used, PHONE, BARE);
  await press(gone, 'Sign in');
  await until(gone, 'a balance', () => document.getElementById('balance') !== null);
  for (const [size, scale] of [[PHONE, 1], [[180, 390], 2], [DESKTOP, 1]]) {
    const what = `${colours}, ${size[0]} wide`;
    const how = { colours, scale, reduced: true };
    const stranger = await browser.open(`${program.edge}/userpanel`, size, { ...BARE, ...how });
    await stranger.getByText('No whisper?').click();
    await press(stranger, 'Show a code');
    await shows(stranger, '#typing', '!link ');
    await narrow(stranger, `signed out, ${what}`);
    await whole(stranger, `signed out, ${what}`);
    if (size === PHONE) {
      await stranger.setViewportSize({ width: 320, height: 640 });
      await narrow(stranger, `signed out, ${colours}, 320 wide`);
      await whole(stranger, `signed out, ${colours}, 320 wide`);
    }
    await accessible(stranger, `signed out, ${what}`);
    await type(stranger, 'ABCD-EFGH');
    await shows(stranger, '#code-error', 'That code is wrong');
    await accessible(stranger, `a wrong code, ${what}`);

    const page = await panelOf(browser, program, viewer, size, how);
    await page.getByText('Delete my data').click();
    await page.getByRole('link', { name: 'Older' }).click();
    await shows(page, '#statement', 'Welcome');
    await use(page, 'hydrate').click();
    await shows(page, '#said', 'hydrate is yours');
    await shows(page, '#queue', 'hydrate · you');
    await narrow(page, `signed in, ${what}`);
    await whole(page, `signed in, ${what}`);
    await accessible(page, `signed in, ${what}`);
    await press(page, 'Undo', '#said');
    await shows(page, '#said', 'taken back');

    const door = await browser.open((await invited(program, viewer)).link, size, { ...BARE, ...how });
    await narrow(door, `the link, ${what}`);
    await accessible(door, `the link, ${what}`);
    const over = await browser.open(used, size, { ...BARE, ...how });
    await shows(over, 'h1', 'This link has expired');
    await narrow(over, `an expired link, ${what}`);
    await accessible(over, `an expired link, ${what}`);
    // The page for browsers without scripts.
    const plain = await browser.open(`${program.edge}/userpanel`, size, { ...BARE, ...how });
    await Promise.all([plain.waitForNavigation(), plain.evaluate(() => document.querySelector('form[action="/userpanel/code"]').submit())]);
    await shows(plain, 'main', '!link ');
    await narrow(plain, `the code, ${what}`);
    await accessible(plain, `the code, ${what}`);
    const wrong = await browser.tidy();
    check(wrong.length === 0, wrong.join('\n'));
  }
}
