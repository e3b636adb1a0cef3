// The panel with the font size that a reader has set in the browser.

import { accessible, check } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { BARE, invited, narrow, rich, shows, type } from '../panel-scene.mjs';

journey('the panel follows the font size of its reader', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 5000);
  await viewer.says('!charity 300');
  await viewer.says('!song Blue Monday');
  const preferences = { webkit: { webprefs: { default_font_size: 24 } } };
  for (const [size, colours] of [[[375, 780], 'light'], [[1280, 800], 'dark']]) {
    const page = await browser.open(`${program.edge}/userpanel`, size, { ...BARE, preferences, colours, reduced: true });
    const fonts = () => page.evaluate(() => ['body', 'h2', '#sign-in-button', '.state'].map(name => parseFloat(getComputedStyle(document.querySelector(name)).fontSize)));
    check((await fonts()).join() === '24,19.5,24,19.5', `type grows with the reader's: ${await fonts()}`);
    await narrow(page, `signed out, ${size[0]} wide`);
    await type(page, (await invited(program, viewer)).code);
    await shows(page, '#balance', '4,600');
    await shows(page, '#card-charity', '300 of 1,000');
    await narrow(page, `signed in, ${size[0]} wide`);
    await accessible(page, `large type, ${size[0]} wide`);
  }
});
