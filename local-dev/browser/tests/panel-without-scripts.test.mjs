// The panel in a browser without scripts.

import { check } from '../checks.mjs';
import { journey } from '../journey.mjs';
import { BARE, PHONE, invited, press, rich } from '../panel-scene.mjs';

journey('all of the panel works without scripts', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 500);
  for (let time = 0; time < 25; time += 1) await viewer.says('!red');
  await program.until(live => live.votes.find(vote => vote.id === 'red').count === 25, '25 votes');
  const page = await browser.open(`${program.edge}/userpanel`, PHONE, { ...BARE, scripts: false });
  const text = (selector = 'body') => page.locator(selector).innerText();
  const through = async (name, within = 'body') => {
    await Promise.all([page.waitForNavigation(), press(page, name, within)]);
  };
  await page.getByLabel('Code', { exact: true }).fill('ABCD-EFGH');
  await through('Sign in');
  check((await text('#code-error')).includes('That code is wrong'), 'a wrong code');
  check(await page.getByLabel('Code', { exact: true }).inputValue() === 'ABCD-EFGH', 'the code is still in its field');
  await page.getByLabel('Code', { exact: true }).fill((await invited(program, viewer)).code);
  await through('Sign in');
  check(await text('#balance') === '250', 'signed in');
  check(new URL(page.url()).pathname === '/userpanel', 'by a page that can be loaded again');

  await through('Redeem', '#card-hydrate');
  check((await text('#said')).includes('hydrate is yours and waits in the queue.') && await text('#balance') === '200', 'redeemed');
  await page.reload();
  check(await text('#balance') === '200', 'to load it again redeems nothing');
  check((await text('#queue')).includes('hydrate · you'), 'it is in the queue');
  await through('Take back', '#waiting');
  check((await text('#said')).includes('hydrate is taken back: 50 points are yours again.') && await text('#balance') === '250', 'taken back');
  await page.locator('#card-song input[name=argument]').fill('Blue Monday');
  await through('Redeem', '#card-song');
  check((await text('#queue')).includes('song · you: “Blue Monday”'), 'a note');
  check((await text('#card-song')).includes('again in'), 'it rests');
  await page.locator('#card-charity input[name=argument]').fill('10%');
  await through('Contribute', '#card-charity');
  check((await text('#card-charity')).includes('15 of 1,000 — you gave 15'), 'given');
  await through('Leave the boards', '#you');
  check((await text('#you')).includes('You are not shown on any board.'), 'off the boards');

  check((await text('#statement')).includes('Gave to charity'), 'the statement');
  await Promise.all([page.waitForNavigation(), page.getByRole('link', { name: 'Older' }).click()]);
  check((await text()).includes('Voted for red') && (await text()).includes('Welcome'), 'older lines');
  await Promise.all([page.waitForNavigation(), page.getByRole('link', { name: 'Back to the panel' }).click()]);
  await through('Here', '#you');
  check((await text('#said')).includes('You are signed out here.') && await page.locator('#sign-in').count() === 1, 'signed out');

  await page.getByText('No whisper?').click();
  await through('Show a code');
  const command = (await text()).match(/!link \S+/)[0];
  await viewer.says(command);
  await viewer.hears('a panel is signed in as you now');
  await through('I have written it');
  check(await text('#balance') === '135', 'signed in by chat');
  await page.locator('summary', { hasText: 'Delete my data' }).click();
  await page.getByLabel('Yes, delete everything').check();
  await through('Delete everything about me');
  check((await text('#said')).includes('Your data is deleted.') && await page.locator('#sign-in').count() === 1, 'deleted');
});
