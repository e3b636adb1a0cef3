// The overlay for votes.

import { accessible, check, fits, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { rich, shows, words } from '../overlay-scene.mjs';
import { SIZES } from '../scene.mjs';

journey('votes update', async ({ browser, start }) => {
  const program = await start('--memory');
  const { ann, cleo } = await rich(program);
  const page = await browser.open(`${program.edge}/votes`, SIZES['/votes']);
  await shows(page, 'red');
  await ann.says('!red');
  await until(page, 'all for red', () => /red\s+1\s*100 %/.test(document.body.innerText));
  await cleo.says('!points');
  await cleo.says('!blue');
  await until(page, 'half for each', () => document.body.innerText.match(/1\s*50 %/g)?.length === 2);
  await fits(page, 'votes');
  await accessible(page, 'votes');
  const one = await browser.open(`${program.edge}/votes?name=RED`, SIZES['/votes']);
  await shows(one, 'red');
  check(!(await words(one)).includes('blue'), 'the vote that was asked for stands alone');
});
