// Takes screenshots of overlays and panel into the folder that is its argument.

import fs from 'node:fs';
import path from 'node:path';

import { sleep } from './checks.mjs';
import { Browser, DARK, LIGHT } from './chromium.mjs';
import { BARE, DESKTOP, PHONE, invited, openFrame, panelOf, press, rich, shows, type } from './panel-scene.mjs';
import { withPrograms } from './program.mjs';
import { LIVE, SIZES, json, scene } from './scene.mjs';

/** Takes screenshots of the panel during a stream. */
async function panelPictures(browser, program, folder) {
  const { viewer: ann, cleo } = await rich(program, 'Ann', 1840);
  const bob = await program.viewer('Bob');
  await bob.says('!hydrate');
  await ann.says('!charity 500');
  await ann.says('!song Blue Monday');
  await cleo.says('!points');
  for (const [viewer, vote] of [[ann, '!red'], [bob, '!red'], [cleo, '!blue']]) await viewer.says(vote);
  await program.until(live => live.waiting === 2 && live.votes.every(vote => vote.count > 0), 'the middle of a stream');
  const picture = (page, name) => page.screenshot({ path: path.join(folder, `${name}.png`), caret: 'initial' });
  const up = page => shows(page, '#card-charity', '500 of 1,000');
  for (const [device, size] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
    for (const colours of ['light', 'dark']) {
      const page = await panelOf(browser, program, ann, size, { colours, reduced: true });
      await page.reload();
      await up(page);
      await shows(page, '#card-song', 'again in');
      await picture(page, `panel-${device}-${colours}`);
    }
  }
  const stranger = await browser.open(`${program.edge}/userpanel`, PHONE, { ...BARE, reduced: true });
  await up(stranger);
  await picture(stranger, 'panel-signed-out');
  const owncast = await browser.open(program.ready.owncast, DESKTOP, { ...BARE, reduced: true });
  const frame = await openFrame(owncast);
  await type(frame, (await invited(program, ann)).code);
  await shows(frame, '#said', 'You are signed in.');
  await press(owncast, 'Close');
  await up(await openFrame(owncast));
  await picture(owncast, 'panel-frame');
  await browser.tidy();
}

async function pictures(browser, program, folder) {
  fs.mkdirSync(folder, { recursive: true });
  await panelPictures(browser, program, folder);
  for (const [address, size] of Object.entries(SIZES)) {
    for (const [name, picture] of Object.entries({ dark: DARK, light: LIGHT })) {
      // Each screenshot has a document of its own, so that its alert has not expired.
      const began = Date.now();
      const document = () => ({ ...scene(began), at: Date.now() });
      const page = await browser.open(program.edge + address, size, { picture, reduced: true, routes: { [LIVE]: json(document) } });
      await page.waitForFunction(() => document.getElementById('overlay').innerText.trim() !== '');
      await sleep(400);
      await page.screenshot({ path: path.join(folder, `overlay-${address.split('/').pop()}-${name}.png`) });
      await browser.tidy();
    }
  }
}

await withPrograms(async start => {
  const browser = await Browser.start();
  try {
    await pictures(browser, await start('--memory'), process.argv[2] ?? 'docs/images');
  } finally {
    await browser.close();
  }
});
