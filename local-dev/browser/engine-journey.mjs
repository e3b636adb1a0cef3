// The journey that browsers other than Chromium make: the panel in the frame of another site, and two overlays.

import { PATIENCE, check, sleep } from './checks.mjs';
import { freePort, invited, rich } from './panel-scene.mjs';

/** Waits until the element at `selector` shows `words`, in whatever case, in the frame that the engine has entered. */
async function shows(engine, selector, words) {
  const end = Date.now() + PATIENCE;
  let text = null;
  const shown = () => text?.toLowerCase().includes(words.toLowerCase());
  while (!shown()) {
    check(Date.now() < end, `never shown in ${selector}: ${words}\n${text}`);
    // While a page is being replaced there may be nothing to run this in.
    text = await engine.evaluate(within => document.querySelector(within)?.innerText ?? null, selector).catch(() => null);
    if (!shown()) await sleep(100);
  }
}

/** Clicks the button with this name inside of `within`. */
async function press(engine, name, within = 'body') {
  await engine.evaluate((words, root) => {
    document.querySelector('[data-pressed]')?.removeAttribute('data-pressed');
    const buttons = [...document.querySelector(root).querySelectorAll('button')];
    buttons.find(button => button.innerText.trim() === words)?.setAttribute('data-pressed', '');
  }, name, within);
  await engine.click('[data-pressed]');
}

async function openPanel(engine) {
  await press(engine, 'Points and rewards');
  await engine.enter('#action-frame iframe');
}

export async function panelInFrame(engine, start) {
  const port = await freePort();
  const program = await start('--memory', '--port', String(port), '--public-url', `http://localhost:${port}`);
  const { viewer } = await rich(program, 'Ann', 500);
  await engine.open(program.ready.owncast);
  await openPanel(engine);
  await shows(engine, '#sign-in', 'Sign in');
  check(await engine.evaluate(() => location.hostname) === 'localhost', 'the frame is of another site');
  await engine.type('#code', (await invited(program, viewer)).code);
  await press(engine, 'Sign in', '#sign-in');
  await shows(engine, '#said', 'You are signed in.');
  await shows(engine, '#balance', '500');
  await engine.click('#use-hydrate');
  await shows(engine, '#said', 'hydrate is yours and waits in the queue.');
  await shows(engine, '#balance', '450');
  await shows(engine, '#queue', 'hydrate · you');
  await program.said('Ann redeemed hydrate.');
  await press(engine, 'Undo', '#said');
  await shows(engine, '#said', 'hydrate is taken back: 50 points are yours again.');
  await shows(engine, '#balance', '500');
  // A redeem in chat appears, too, and the session lasts when the frame is opened again.
  await viewer.says('!song Blue Monday');
  await shows(engine, '#queue', 'song · you: “Blue Monday”');
  await shows(engine, '#card-song', 'again in');
  await engine.enter();
  await press(engine, 'Close');
  await openPanel(engine);
  await shows(engine, '#balance', '400');

  await engine.open(`${program.edge}/goals?name=charity`);
  await shows(engine, '#overlay', '0 / 1,000');
  await viewer.says('!charity 250');
  await shows(engine, '#overlay', '250 / 1,000');
  await shows(engine, '.pill.reached', 'karaoke');
  await engine.open(`${program.edge}/overlay/queue`);
  await shows(engine, '#overlay', 'song · Blue Monday');
  await viewer.says('!hydrate');
  await shows(engine, '#overlay', 'hydrate');
  await shows(engine, '#overlay .head .soft', '2 waiting');
  check(engine.errors.length === 0, engine.errors.join('\n'));
}
