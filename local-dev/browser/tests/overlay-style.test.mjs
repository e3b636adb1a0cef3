// Style and animations of overlays.

import { check, fits, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { GOALS, celebrations, shows } from '../overlay-scene.mjs';
import { LIVE, SIZES, json, scene } from '../scene.mjs';

journey('parameters set the style, and the CSS of OBS overrides them', async ({ browser, start }) => {
  const program = await start('--memory');
  const routes = { [LIVE]: json(() => scene(Date.now())) };
  const read = page => page.evaluate(() => {
    const look = getComputedStyle(document.documentElement);
    return { accent: look.getPropertyValue('--ocb-accent').trim(), size: getComputedStyle(document.body).fontSize, font: getComputedStyle(document.body).fontFamily };
  });
  const good = await browser.open(`${program.edge}/goals?accent=ff0000&size=20&font=Comic Neue&corner=top-left&side=right`, GOALS, { routes });
  await shows(good, '620 / 1,000');
  const styled = await read(good);
  check(styled.accent === '#ff0000' && styled.size === '20px' && styled.font.startsWith('"Comic Neue"'), `parameters are taken: ${JSON.stringify(styled)}`);
  check(await good.evaluate(() => document.querySelector('.goal').getBoundingClientRect().top < 40), 'it stands at the top');
  await fits(good, 'goals, styled');

  const bad = await browser.open(`${program.edge}/goals?accent=url(x)&size=9999&font=};*{}&corner=moon&seconds=-1&volume=NaN&by=x&count=1e9`, GOALS, { routes });
  await shows(bad, '620 / 1,000');
  const plain = await read(bad);
  check(plain.accent === '#7b5cff' && plain.size === '26px', `nonsense is ignored: ${JSON.stringify(plain)}`);

  // OBS adds its custom CSS in this way, after the page has loaded.
  await good.evaluate(() => {
    const style = document.createElement('style');
    style.appendChild(document.createTextNode('body { background-color: rgba(0, 0, 0, 0); margin: 0px auto; overflow: hidden; } :root { --ocb-accent: rgb(0, 128, 0); --ocb-size: 18px }'));
    document.querySelector('head').appendChild(style);
  });
  await until(good, 'the style of OBS', () => getComputedStyle(document.body).fontSize === '18px');
  check((await read(good)).accent === 'rgb(0, 128, 0)', 'the box of OBS wins');
  // The page's policy has no inline styles, so it refuses the element and reports that.
  const ours = text => !/style-src|inline style/i.test(text);
  good.errors = good.errors.filter(ours);
  await good.evaluate(() => { window.refused = window.refused.filter(what => !what.startsWith('style-src')); });
});

journey('reduced motion and animation=off stop every animation', async ({ browser, start }) => {
  const program = await start('--memory');
  for (const how of [{ reduced: true, query: '' }, { reduced: false, query: '?animation=off' }]) {
    await Promise.all(Object.entries(SIZES).map(async ([address, size]) => {
      let progress = 210;
      const document = () => {
        progress += 20;
        const now = Date.now();
        const turned = scene(now);
        turned.goals[0].progress = Math.min(progress, 300);
        turned.board.points[1].value += 1000 * progress;
        turned.alerts[0].id = String(progress);
        return turned;
      };
      const page = await browser.open(program.edge + address + how.query, size, { reduced: how.reduced, routes: { [LIVE]: json(document) } });
      await until(page, 'something', () => document.getElementById('overlay').innerText.trim() !== '');
      const moved = await page.evaluate(async () => {
        const found = new Set();
        const end = performance.now() + 2500;
        while (performance.now() < end) {
          document.getAnimations().forEach(animation => found.add(animation.effect?.target?.className ?? 'something'));
          if (document.querySelector('.confetti')) found.add('confetti');
          await new Promise(requestAnimationFrame);
        }
        return [...found];
      });
      check(moved.length === 0, `${address}${how.query}: ${moved} moves`);
      if (address === '/goals') check(await celebrations(page) > 0, 'a milestone is reached all the same');
    }));
    const wrong = await browser.tidy();
    check(wrong.length === 0, wrong.join('\n'));
  }
});
