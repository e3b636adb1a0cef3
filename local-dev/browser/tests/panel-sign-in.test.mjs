// Signing in by a code, by a link and by chat.

import { check } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { BARE, PHONE, hasBalance, invited, press, shows, signedOut, type, use } from '../panel-scene.mjs';

journey('a whispered code signs in once, and the link with it signs another tab in once', async ({ browser, start }) => {
  const program = await start('--memory');
  const ann = await program.viewer('Ann');
  const { code, link } = await invited(program, ann);
  const page = await browser.open(`${program.edge}/userpanel`, PHONE, BARE);
  await type(page, ` ${code.toLowerCase().replace('-', ' ')} `);
  await hasBalance(page, 100);
  await shows(page, '#said', 'You are signed in.');
  await page.reload();
  await hasBalance(page, 100);

  const tab = await browser.open(link, PHONE, BARE);
  await shows(tab, 'h1', 'Hello Ann');
  await tab.reload();
  await shows(tab, 'h1', 'Hello Ann');
  const kept = async () => (await tab.context().cookies()).some(cookie => cookie.name === '__Host-panel');
  check(!await kept(), 'to look behind the link signs nobody in');
  await press(tab, 'Sign in');
  await hasBalance(tab, 100);
  check(await kept(), 'the button signs in');
  check(!tab.url().includes('/enter/'), 'the link does not stay in the address');

  const late = await browser.open(link, PHONE, BARE);
  await shows(late, 'h1', 'This link has expired');
  const stranger = await browser.open(`${program.edge}/userpanel`, PHONE, BARE);
  await type(stranger, code);
  await shows(stranger, '#code-error', 'That code is wrong, too old, or was used.');
  await signedOut(stranger);
});

journey('a code from the panel signs in when it is typed in chat, and !unlink signs out', async ({ browser, start }) => {
  const program = await start('--memory');
  const bob = await program.viewer('Bob');
  await bob.says('!points');
  const page = await browser.open(`${program.edge}/userpanel`, PHONE, BARE);
  await page.getByText('No whisper?').click();
  await press(page, 'Show a code');
  await shows(page, '#typing', '!link ');
  const command = await page.locator('#typing [data-copy]').getAttribute('data-copy');
  await bob.says('!link ABCD-EFGH');
  await bob.hears('that code is invalid or has expired');
  await bob.says(command);
  await hasBalance(page, 100);
  await shows(page, '#said', 'You are signed in.');
  await bob.hears('If that was not you, write !unlink');
  await bob.says('!unlink');
  await bob.hears('every panel of yours is signed out');
  await use(page, 'hydrate').click();
  await shows(page, '#said', 'You are signed out.');
  await page.reload();
  await signedOut(page);
  await bob.says('!points');
  check((await program.state()).lines.every(line => !line.text.includes('50 points')), 'nothing was spent');
  page.errors = page.errors.filter(error => !error.includes('401'));
});
