// The panel with reduced motion, and in its frame for assistive technology.

import { accessible, check, sleep, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import {
  BARE, DESKTOP, PHONE, hasBalance, invited, narrow, openFrame, panelOf, press, rich, shows, type,
  use,
} from '../panel-scene.mjs';

journey('nothing in the panel is animated when reduced motion is preferred', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  const page = await panelOf(browser, program, viewer, PHONE, { reduced: true });
  await page.evaluate(() => {
    window.moved = [];
    const look = () => {
      for (const animation of document.getAnimations()) window.moved.push(animation.effect?.target?.className ?? 'something');
      requestAnimationFrame(look);
    };
    look();
  });
  await page.locator('#card-charity input[name=argument]').fill('300');
  await use(page, 'charity').click();
  await shows(page, '#card-charity', '300 of 1,000');
  await viewer.says('!charity 100');
  await shows(page, '#card-charity', '400 of 1,000');
  await sleep(500);
  const moved = await page.evaluate(() => window.moved);
  check(moved.length === 0, `${moved} moves`);
});

journey('the panel in the frame is accessible, and copying falls back to selecting', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  const page = await browser.open(program.ready.owncast, DESKTOP, BARE);
  const frame = await openFrame(page);
  await press(frame, 'Copy', '#sign-in');
  await until(frame, 'the command, copied or selected', () => {
    const said = document.querySelector('#sign-in .copier').innerText;
    return said === 'Copied' || (said === 'Selected: now copy it' && getSelection().toString() === '!panel');
  });
  await type(frame, (await invited(program, viewer)).code);
  await hasBalance(frame, 500);
  check(await frame.getByRole('link', { name: 'Download' }).count() === 0, 'there is nothing to download in a frame');
  await press(frame, 'Show', '#you');
  await until(frame, 'the data', () => JSON.parse(document.querySelector('#data textarea')?.value ?? 'null')?.viewer.name === 'Ann');
  await press(frame, 'Copy', '#data');
  await until(frame, 'the data, copied or selected', () => {
    const [text, said] = [document.querySelector('#data textarea'), document.querySelector('#data .copier').innerText];
    return said === 'Copied' || (said === 'Selected: now copy it' && text.selectionEnd - text.selectionStart === text.value.length);
  });
  // The data stays while the page is updated.
  await viewer.says('!hydrate');
  await shows(frame, '#queue', 'hydrate · you');
  await hasBalance(frame, 450);
  check(await frame.locator('#data textarea').count() === 1, 'the data are still there');
  await accessible(page, 'the page that frames it');
  await accessible(frame, 'the panel in its frame');
  await narrow(frame, 'the panel in its frame');
  // Chromium reports on the console that the frame may not copy.
  page.errors = page.errors.filter(error => !error.includes('Clipboard API has been blocked'));
});
