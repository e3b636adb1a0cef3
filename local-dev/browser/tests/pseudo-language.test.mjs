// Pages in the pseudo-language: every text is longer, as in another language, and stands in brackets.

import { accessible, check, fits } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { GOALS, shows as overlayShows } from '../overlay-scene.mjs';
import { BARE, narrow, shows } from '../panel-scene.mjs';

journey('longer texts fit, and what scripts write comes from the files of texts', async ({ browser, start }) => {
  const program = await start('--memory', '--pseudo-language');
  await program.act('live', { title: 'The show' });
  const viewer = await program.viewer('Ann');
  await viewer.says('!points');
  for (const [size, colours] of [[[375, 780], 'light'], [[1280, 800], 'dark']]) {
    const page = await browser.open(`${program.edge}/userpanel`, size, { ...BARE, colours, reduced: true });
    await narrow(page, `signed out, ${size[0]} wide`);
    check((await page.locator('.copier').first().innerText()).startsWith('['), 'a button that a script has made');
    await page.locator('#sign-in summary').click();
    await page.locator('#sign-in details button').click();
    const command = await page.locator('#typing [data-copy]').getAttribute('data-copy');
    await viewer.says(command);
    await shows(page, '#balance', '100');
    await narrow(page, `signed in, ${size[0]} wide`);
    await accessible(page, `longer texts, ${size[0]} wide`);
  }
  const goals = await browser.open(`${program.edge}/goals?name=none`, GOALS);
  await overlayShows(goals, '[Nöö gööààl');
  await fits(goals, 'goals');
});
