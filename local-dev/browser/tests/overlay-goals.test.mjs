// The overlay for goals.

import { accessible, check, fits, polled, tones, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { GOALS, celebrations, rich, shows } from '../overlay-scene.mjs';
import { LIVE, json, scene } from '../scene.mjs';

journey('a goal fills its bar and celebrates each milestone once', async ({ browser, start }) => {
  const program = await start('--memory');
  const { ann } = await rich(program);
  const page = await browser.open(`${program.edge}/goals?name=charity`, GOALS);
  await shows(page, '0 / 1,000');
  const filled = () => page.evaluate(() => document.querySelector('.fill').getBoundingClientRect().width / document.querySelector('.room').getBoundingClientRect().width);
  check(await filled() === 0, 'an empty goal has an empty bar');
  await ann.says('!charity 50');
  await shows(page, '50 / 1,000');
  check(await celebrations(page) === 0, 'nothing is celebrated before a milestone');
  await ann.says('!charity 200');
  await shows(page, '250 / 1,000');
  await until(page, 'a bar at a quarter', () => {
    const [fill, room] = ['.fill', '.room'].map(name => document.querySelector(name).getBoundingClientRect().width);
    return Math.abs(fill / room - 0.25) < 0.01;
  });
  const reached = () => page.evaluate(() => [...document.querySelectorAll('.pill.reached')].map(pill => pill.innerText.trim()));
  check((await reached()).join() === 'karaoke', `karaoke alone is reached, not ${await reached()}`);
  check(await celebrations(page) === 1, 'karaoke is celebrated');
  const heard = await tones(page);
  check(heard > 0, 'karaoke is heard');
  await ann.says('!charity 10');
  await shows(page, '260 / 1,000');
  await polled(page, 2);
  check(await celebrations(page) === 1 && await tones(page) === heard, 'karaoke is celebrated once');
  await until(page, 'no confetti left', () => document.querySelector('.confetti') === null);
  await fits(page, 'goals');
  await accessible(page, 'goals');
  await ann.says('!charity all');
  await shows(page, '1,000 / 1,000');
  check(await celebrations(page) === 2, 'what is passed at once is celebrated once');
  const late = await browser.open(`${program.edge}/goals`, GOALS);
  await shows(late, '1,000 / 1,000');
  await polled(late, 2);
  check(await celebrations(late) === 0, 'nothing old is celebrated');
});

journey('goals rotate, and one that reaches a milestone is shown at once', async ({ browser, start }) => {
  const program = await start('--memory');
  let second = 100;
  const document = () => {
    const { goals, ...rest } = scene(Date.now());
    return { ...rest, goals: [...goals, { ...goals[0], id: 'costume', name: 'costume', progress: second }] };
  };
  const routes = { [LIVE]: json(document) };
  const page = await browser.open(`${program.edge}/goals?seconds=2`, GOALS, { routes });
  for (const name of ['charity', 'costume', 'charity', 'costume']) await until(page, name, wanted => document.querySelector('.name').innerText === wanted, name);
  const slow = await browser.open(`${program.edge}/goals?seconds=3600`, GOALS, { routes });
  await shows(slow, '620 / 1,000');
  second = 300;
  await shows(slow, '300 / 1,000');
  check(await celebrations(slow) === 1, 'it is celebrated');
});

journey('milestones are never clipped and do not overlap', async ({ browser, start }) => {
  const program = await start('--memory');
  const steps = [[1], [1000], [1, 2, 3], [980, 990, 1000], [10, 500, 520, 990], [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]];
  for (const milestones of steps) {
    for (const text of ['karaoke', 'a costume, chosen by chat', 'x']) {
      const document = () => ({ ...scene(Date.now()), goals: [{ ...scene(0).goals[0], milestones: milestones.map(at => ({ at, text: `${text} ${at}` })) }] });
      const page = await browser.open(`${program.edge}/goals`, GOALS, { routes: { [LIVE]: json(document) } });
      await shows(page, '620 / 1,000');
      await fits(page, `milestones ${milestones} ${text}`);
      const clash = await page.evaluate(() => {
        const boxes = [...document.querySelectorAll('.pill')].map(pill => pill.getBoundingClientRect());
        return boxes.some((one, index) => boxes.slice(index + 1).some(other =>
          one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom));
      });
      check(!clash, `milestones ${milestones} ${text} lie over one another`);
      await page.context().close();
      browser.pages.pop();
    }
  }
});
