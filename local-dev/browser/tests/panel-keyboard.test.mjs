// The panel by keyboard.

import { check, sleep } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { BARE, PHONE, focused, hasBalance, panelOf, rich, shows, signedOut, use } from '../panel-scene.mjs';

journey('the keyboard reaches everything, in order and visibly', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  await viewer.says('!hydrate');
  const stranger = await browser.open(`${program.edge}/userpanel`, PHONE, BARE);
  const page = await panelOf(browser, program, viewer, PHONE, { reduced: true });
  for (const [what, one] of Object.entries({ stranger, page })) {
    // The page is reloaded, so that the focus is at its start.
    await one.reload();
    const all = await one.evaluate(() => {
      const nodes = [...document.querySelectorAll('a[href], button, input, summary, textarea, select')]
        .filter(node => !node.disabled && node.type !== 'hidden' && node.checkVisibility());
      nodes.forEach((node, place) => { node.dataset.place = place; });
      return nodes.length;
    });
    const reached = [];
    for (let step = 0; step < all; step += 1) {
      await one.keyboard.press('Tab');
      const at = await one.evaluate(() => {
        const node = document.activeElement;
        const [box, look] = [node.getBoundingClientRect(), getComputedStyle(node)];
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        const top = document.elementFromPoint(x, y);
        return {
          place: Number(node.dataset.place), name: node.outerHTML.slice(0, 120),
          outlined: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2,
          seen: node.contains(top) || top?.contains(node), x, y,
        };
      });
      check(at.outlined, `${what}: one sees that this has the focus, ${step + 1} of ${all}: ${at.name}`);
      check(at.seen, `${what}: nothing lies over ${at.name} at ${at.x}, ${at.y}`);
      reached.push(at.place);
    }
    check(reached.every((place, step) => place === step), `${what}: all in the order of the page: ${reached}`);
  }

  await page.reload();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  check(await focused(page) === 'use-confetti', `the first key leads to the rewards, not ${await focused(page)}`);
});

journey('after an action the focus is where the viewer continues', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  const page = await panelOf(browser, program, viewer);
  const rests = async (id, what) => {
    await sleep(300);
    check(await focused(page) === id, `${what}: the focus is at ${await focused(page)} and not at ${id}`);
  };
  await use(page, 'hydrate').focus();
  await page.keyboard.press('Enter');
  await shows(page, '#said', 'hydrate is yours');
  await rests('use-hydrate', 'redeemed');
  await shows(page, '#queue', 'hydrate');
  await rests('use-hydrate', 'after news');
  await page.keyboard.press('Space');
  await hasBalance(page, 400);
  await rests('use-hydrate', 'redeemed again');

  await page.locator('#said button').focus();
  await page.keyboard.press('Enter');
  await hasBalance(page, 450);
  await rests('said', 'taken back at once');
  await page.locator('#waiting button').focus();
  await page.keyboard.press('Enter');
  await hasBalance(page, 500);
  await rests('waiting', 'taken back later');

  await page.locator('#card-song input[name=argument]').focus();
  await page.keyboard.type('Blue Monday');
  await page.keyboard.press('Enter');
  await hasBalance(page, 400);
  await rests('card-song', 'a reward that rests now');
  await page.locator('#card-charity input[name=argument]').focus();
  await page.keyboard.type('10');
  await page.keyboard.press('Enter');
  await hasBalance(page, 390);
  const given = await focused(page);
  check(['card-charity', 'use-charity', 'INPUT'].includes(given), `given: ${given}`);

  // An update does not remove text that is being typed.
  await page.locator('#card-charity input[name=argument]').fill('12');
  await viewer.says('!hydrate');
  await shows(page, '#waiting', 'hydrate');
  await hasBalance(page, 340);
  check(await page.locator('#card-charity input[name=argument]').inputValue() === '12', 'what was written is still there');

  await page.locator('#you').getByRole('button', { name: 'Leave the boards' }).focus();
  await page.keyboard.press('Enter');
  await shows(page, '#you', 'You are not shown on any board.');
  await page.locator('#you').getByRole('button', { name: 'Here', exact: true }).focus();
  await page.keyboard.press('Enter');
  await signedOut(page);
  await rests('said', 'signed out');
});
