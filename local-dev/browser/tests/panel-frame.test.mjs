// The panel inside the frame of another site.

import { check, sleep, until } from '../checks.mjs';
import { journey } from '../journey.mjs';
import {
  BARE, DESKTOP, PHONE, freePort, hasBalance, invited, openFrame, press, rich, serve, shows, signedOut, type, use,
  withoutCookies,
} from '../panel-scene.mjs';

journey('the panel in a cross-site frame stays signed in, although ordinary cookies are blocked', async ({ browser, start }) => {
  // First a check of the browser: an ordinary cookie is blocked in a cross-site frame.
  const others = await serve((asked, answered) => {
    answered.setHeader('content-type', 'text/html');
    answered.setHeader('set-cookie', 'other=1; SameSite=None; Secure; Path=/');
    const inside = `<p>cookies: ${asked.headers.cookie ?? 'none'}</p>`;
    answered.end(asked.url === '/inside' ? inside : `<iframe src="http://localhost:${others.port}/inside"></iframe>`);
  });
  try {
    const page = await browser.open(`http://127.0.0.1:${others.port}/`, PHONE, BARE);
    await page.reload();
    const inside = page.frames()[1];
    await shows(inside, 'p', 'cookies: none');
    await inside.goto(inside.url());
    await shows(inside, 'p', 'cookies: none');
  } finally {
    await others.end();
  }
  const port = await freePort();
  const program = await start('--memory', '--port', String(port), '--public-url', `http://localhost:${port}`);
  const { viewer } = await rich(program, 'Ann', 500);
  const page = await browser.open(program.ready.owncast, DESKTOP, BARE);
  const frame = await openFrame(page);
  check(new URL(frame.url()).hostname !== new URL(page.url()).hostname, 'two sites');
  await type(frame, (await invited(program, viewer)).code);
  await hasBalance(frame, 500);
  await use(frame, 'hydrate').click();
  await hasBalance(frame, 450);
  await shows(frame, '#queue', 'hydrate · you');
  check(await frame.evaluate(() => document.getElementById('panel').dataset.session === undefined), 'its script knows no session');
  const kept = (await page.context().cookies()).find(cookie => cookie.name === '__Host-panel');
  check(kept?.httpOnly && kept.partitionKey !== undefined, `a cookie for this frame: ${JSON.stringify(kept)}`);
  await press(page, 'Close');
  const again = await openFrame(page);
  await hasBalance(again, 450);
  await press(again, 'Take back', '#waiting');
  await hasBalance(again, 500);
  // The session of the frame does not sign in other tabs.
  const tab = await browser.open(`${program.edge}/userpanel`, PHONE, { ...BARE, beside: page });
  await signedOut(tab);
  await press(again, 'Here', '#you');
  await signedOut(again);
  await shows(again, '#said', 'You are signed out here.');
});

journey('the page stores the session itself where cookies are blocked', async ({ browser, start }) => {
  const port = await freePort();
  const proxy = await withoutCookies(() => `http://127.0.0.1:${port}`);
  try {
    const program = await start('--memory', '--port', String(port), '--public-url', `http://localhost:${proxy.port}`);
    const { viewer } = await rich(program, 'Ann', 500);
    // Like a browser that allows storage in frames.
    const preferences = { profile: { cookie_controls_mode: 0 } };
    const page = await browser.open(program.ready.owncast, DESKTOP, { ...BARE, preferences });
    const frame = await openFrame(page);
    await type(frame, (await invited(program, viewer)).code);
    await hasBalance(frame, 500);
    await shows(frame, '#said', 'You are signed in.');
    await use(frame, 'hydrate').click();
    await hasBalance(frame, 450);
    await press(frame, 'Undo', '#said');
    await hasBalance(frame, 500);
    check((await page.context().cookies()).length === 0, 'there are no cookies');
    await press(page, 'Close');
    const again = await openFrame(page);
    await hasBalance(again, 500);
    await use(again, 'hydrate').click();
    await hasBalance(again, 450);
    await press(again, 'Here', '#you');
    await signedOut(again);
    await shows(again, '#said', 'You are signed out here.');
    await press(page, 'Close');
    await signedOut(await openFrame(page));

    // A link signs its tab in, and the tab stays signed in after a reload.
    const tab = await browser.open((await invited(program, viewer)).link, PHONE, BARE);
    await press(tab, 'Sign in');
    await hasBalance(tab, 450);
    await tab.reload();
    await hasBalance(tab, 450);
    await press(tab, 'Show', '#you');
    await until(tab, 'one’s data', () => JSON.parse(document.querySelector('#data textarea')?.value ?? 'null')?.viewer.name === 'Ann');
  } finally {
    await proxy.end();
  }
});

journey('a browser without any storage is signed in until the page is left', async ({ browser, start }) => {
  const port = await freePort();
  const program = await start('--memory', '--port', String(port), '--public-url', `http://localhost:${port}`);
  const { viewer } = await rich(program, 'Ann', 500);
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  const page = await browser.open(program.ready.owncast, DESKTOP, { ...BARE, preferences });
  const frame = await openFrame(page);
  await type(frame, (await invited(program, viewer)).code);
  await hasBalance(frame, 500);
  await use(frame, 'hydrate').click();
  await hasBalance(frame, 450);
  await press(frame, 'Undo', '#said');
  await hasBalance(frame, 500);
  await frame.locator('#sound').check();
  await press(frame, 'Here', '#you');
  await signedOut(frame);
  await sleep(700);
  await shows(frame, '#said', 'You are signed out here.');
  await type(frame, (await invited(program, viewer)).code);
  await hasBalance(frame, 500);
  await press(page, 'Close');
  await signedOut(await openFrame(page));
});

journey('only Owncast frames the panel', async ({ browser, start }) => {
  const program = await start('--memory');
  const { viewer } = await rich(program, 'Ann', 100);
  const { link } = await invited(program, viewer);
  for (const address of [`${program.edge}/userpanel`, link]) {
    const thief = await serve((asked, answered) => {
      answered.setHeader('content-type', 'text/html');
      answered.end(`<iframe src="${address}"></iframe>`);
    });
    try {
      const page = await browser.open(`http://127.0.0.1:${thief.port}/`, PHONE, BARE);
      const end = Date.now() + 20_000;
      while (!page.errors.some(error => error.includes('frame-ancestors')) && Date.now() < end) await sleep(50);
      check(page.errors.some(error => error.includes('frame-ancestors')), `${address} cannot be framed`);
      check(await page.frames()[1].evaluate(() => document.getElementById('panel') === null), 'nothing of it is there');
      page.errors = page.errors.filter(error => !error.includes('frame-ancestors'));
    } finally {
      await thief.end();
    }
  }
  const own = await browser.open(program.ready.owncast, DESKTOP, BARE);
  await signedOut(await openFrame(own));
});
