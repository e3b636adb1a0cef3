// Tests of the viewers' panel.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  BARE, DESKTOP, LIVE, PHONE, balance, freePort, hasBalance, invited, narrow, openFrame, panelOf, patched, press, rich, serve, shows,
  signedOut, type, withoutCookies,
} from './panel-scene.mjs';
import { hostile, json } from './scene.mjs';
import { accessible, check, sleep, until } from './world.mjs';

const said = page => page.evaluate(() => document.getElementById('said').innerText);
const use = (page, reward) => page.locator(`#use-${reward}`);
const focused = page => page.evaluate(() => document.activeElement.id || document.activeElement.tagName);

/** Counts the tones that the page plays from now on. */
const tones = page => page.evaluate(() => window.tones.length);

export const tests = {
  'a whispered code signs in once, and the link with it signs another tab in once': async ({ browser, start }) => {
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
  },

  'a code from the panel signs in when it is typed in chat, and !unlink signs out': async ({ browser, start }) => {
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
  },

  'one click redeems a reward, and one takes it back': async ({ browser, start }) => {
    const program = await start('--memory');
    const { viewer } = await rich(program, 'Ann', 500);
    const page = await panelOf(browser, program, viewer);
    const place = async () => (await use(page, 'hydrate').boundingBox()).y;
    await page.reload();
    const before = await place();
    await use(page, 'hydrate').click();
    await shows(page, '#said', 'hydrate is yours and waits in the queue.');
    check(await place() === before, 'no button moves from under the pointer');
    await hasBalance(page, 450);
    await program.said('Ann redeemed hydrate.');
    await shows(page, '#queue', 'hydrate · you');
    await shows(page, '#waiting', 'hydrate');
    // The queue has been updated, and the message is still shown.
    await until(page, 'no request', () => document.querySelector('.htmx-request') === null);
    await sleep(1500);
    await press(page, 'Undo', '#said');
    await shows(page, '#said', 'hydrate is taken back: 50 points are yours again.');
    await hasBalance(page, 500);
    await program.said('Ann took hydrate back.');
    await until(page, 'an empty queue', () => document.getElementById('queue').innerText.includes('Nothing is waiting.'));
    await shows(page, '#waiting', 'Nothing of yours is in the queue.');
    await shows(page, '#statement', 'Back from hydrate');

    await use(page, 'hydrate').click();
    await shows(page, '#waiting', 'hydrate');
    await press(page, 'Take back', '#waiting');
    await hasBalance(page, 500);
    await shows(page, '#waiting', 'Nothing of yours is in the queue.');
  },

  'a redeem in chat appears in the open panel': async ({ browser, start }) => {
    const program = await start('--memory');
    const { viewer } = await rich(program, 'Ann', 500);
    const page = await panelOf(browser, program, viewer);
    await page.evaluate(() => { window.same = true; });
    await viewer.says('!song Blue Monday');
    await shows(page, '#queue', 'song · you: “Blue Monday”');
    await hasBalance(page, 400);
    await shows(page, '#waiting', 'Blue Monday');
    await shows(page, '#statement', 'Redeemed song');
    await shows(page, '#card-song', 'again in 4:');
    check(await page.evaluate(() => window.same), 'without being loaded again');
  },

  'a redeem that waits since another day shows its date': async ({ browser, start }) => {
    const program = await start('--memory');
    const { viewer } = await rich(program, 'Ann', 500);
    await viewer.says('!hydrate');
    const at = Date.now() - 3 * 86_400_000;
    const earlier = patched(live => ({ queue: live.queue.map(row => ({ ...row, at })) }));
    const page = await browser.open(`${program.edge}/userpanel`, PHONE, { ...BARE, routes: { [LIVE]: earlier } });
    const day = await page.evaluate(ms => new Date(ms).toLocaleDateString([], { day: 'numeric', month: 'short' }), at);
    await shows(page, '#queue time', day);
  },

  'a missing note is asked for, and no points are taken': async ({ browser, start }) => {
    const program = await start('--memory');
    const { viewer } = await rich(program, 'Ann', 500);
    const page = await panelOf(browser, program, viewer);
    let sent = 0;
    page.on('request', request => { sent += request.method() === 'POST' ? 1 : 0; });
    await use(page, 'song').click();
    check(await page.evaluate(() => document.activeElement.name === 'argument' && !document.activeElement.validity.valid), 'the note is asked for');
    await sleep(500);
    check(sent === 0 && await balance(page) === 500, 'nothing is sent');
    await page.locator('#card-song input[name=argument]').fill('Blue Monday');
    await page.evaluate(() => {
      window.states = [];
      setInterval(() => {
        const state = document.querySelector('#card-song .state').innerText.replace(/[\d:]+/, '').trim();
        if (window.states.at(-1) !== state) window.states.push(state);
      }, 5);
    });
    await use(page, 'song').click();
    await shows(page, '#said', 'song is yours');
    await hasBalance(page, 400);
    await program.said('Ann redeemed song: Blue Monday');
    await shows(page, '#queue', 'Blue Monday');
    await sleep(1000);
    const states = await page.evaluate(() => window.states);
    check(await use(page, 'song').isDisabled() && states.join() === ',again in', `it rests from then on, whatever older documents say: ${states}`);
  },

  'a form that is sent several times counts once': async ({ browser, start }) => {
    const program = await start('--memory');
    const { viewer } = await rich(program, 'Ann', 500);
    const page = await panelOf(browser, program, viewer);
    await use(page, 'hydrate').dblclick();
    await shows(page, '#said', 'hydrate is yours');
    await shows(page, '#queue', 'hydrate');
    await sleep(1000);
    check(await balance(page) === 450, `a double click redeems once: ${await balance(page)}`);
    // A slow double click, whose second click comes after the first response.
    const center = async () => {
      const box = await use(page, 'hydrate').boundingBox();
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    };
    await center();
    await page.mouse.down({ clickCount: 1 });
    await page.mouse.up({ clickCount: 1 });
    await hasBalance(page, 400);
    await center();
    await page.mouse.down({ clickCount: 2 });
    await page.mouse.up({ clickCount: 2 });
    await sleep(1000);
    await page.reload();
    check(await balance(page) === 400, `a slow double click redeems once: ${await balance(page)}`);
    const both = await page.evaluate(() => {
      const body = new URLSearchParams(new FormData(document.querySelector('#card-hydrate form')));
      const send = () => fetch('/userpanel/use/hydrate', { method: 'POST', body, headers: { 'hx-request': 'true' } }).then(response => response.text());
      return Promise.all([send(), send(), send()]);
    });
    check(both.every(response => response.includes('hydrate is yours')), 'a repeated request gets the same response');
    await page.reload();
    await hasBalance(page, 350);
    // Two clicks before the first response.
    await page.evaluate(() => { for (let time = 0; time < 2; time += 1) document.getElementById('use-hydrate').click(); });
    await shows(page, '#said', 'hydrate is yours');
    await use(page, 'hydrate').focus();
    await page.keyboard.down('Enter');
    for (let time = 0; time < 20; time += 1) {
      await page.keyboard.down('Enter');
      await sleep(20);
    }
    await page.keyboard.up('Enter');
    await hasBalance(page, 250);
    await sleep(1000);
    await page.reload();
    await hasBalance(page, 250);
  },

  'votes, goals and flags update for everybody': async ({ browser, start }) => {
    const program = await start('--memory');
    const { viewer, cleo } = await rich(program, 'Ann', 2000);
    const page = await panelOf(browser, program, viewer);
    const other = await browser.open(`${program.edge}/userpanel`, DESKTOP, BARE);
    const reached = one => one.evaluate(() => [...document.querySelectorAll('#card-charity .reached')].map(step => step.innerText.replace(/\s+/g, ' ').trim()));
    const share = one => one.evaluate(() => {
      const bar = document.querySelector('#card-charity .bar svg').getBoundingClientRect();
      return document.querySelector('#card-charity .full').getBoundingClientRect().width / bar.width;
    });
    check((await reached(other)).length === 0 && await share(other) === 0, 'an empty goal');
    // From here on the bar must only grow.
    await page.evaluate(() => {
      window.seen = [];
      setInterval(() => window.seen.push(Number(document.querySelector('#card-charity .bar').getAttribute('aria-valuenow'))), 20);
    });
    await page.locator('#card-charity input[name=argument]').fill('300');
    await use(page, 'charity').click();
    await shows(page, '#said', 'You gave 300 to charity. Thank you!');
    await hasBalance(page, 1700);
    for (const one of [page, other]) {
      await shows(one, '#card-charity', '300 of 1,000');
      check((await reached(one)).join() === '250 karaoke (reached)', `one flag: ${await reached(one)}`);
      await until(one, 'a bar at 30 %', () => {
        const [full, all] = ['.full', 'svg'].map(name => document.querySelector(`#card-charity .bar ${name}`).getBoundingClientRect().width);
        return Math.abs(full / all - 0.3) < 0.02;
      });
    }
    await shows(page, '#card-charity', 'you gave 300');
    await cleo.says('!points');
    await cleo.says('!charity 50');
    await shows(page, '#card-charity', '350 of 1,000 — you gave 300');
    check(await page.evaluate(() => window.seen.every((value, at) => at === 0 || value >= window.seen[at - 1])), 'the bar never falls back');
    await page.locator('#card-charity input[name=argument]').fill('all');
    await use(page, 'charity').click();
    await shows(page, '#said', 'You gave 650 to charity.');
    for (const one of [page, other]) {
      await shows(one, '#card-charity', '1,000 of 1,000');
      await shows(one, '#card-charity', 'reached');
      check((await reached(one)).length === 2, 'all flags');
    }
    check(await use(page, 'charity').isDisabled(), 'a full goal takes no more');
    await use(page, 'red').click();
    await shows(page, '#said', 'Your vote for red counts.');
    for (const one of [page, other]) {
      await shows(one, '#card-red', '1 vote');
      await shows(one, '#card-blue', '0 votes');
    }
    await cleo.says('!blue');
    await until(other, 'half for each', () => ['red', 'blue'].every(name => document.querySelector(`#card-${name} .full`).getAttribute('width') === '500'));
    await hasBalance(page, 1040);
    check(await other.evaluate(() => document.getElementById('balance') === null), 'a stranger has no balance');
  },

  'a cooldown counts down every second, and the reward is available afterwards': async ({ browser, start }) => {
    const program = await start('--memory');
    const { viewer } = await rich(program, 'Ann', 500);
    const over = Date.now() + 12_000;
    const resting = patched(live => ({ rewards: live.rewards.map(reward => (reward.id === 'hydrate' ? {
      ...reward, ready_at: over, state: { text: 'again in', tone: 'warn', usable: false, weight: 2_000_000, until: over, after: reward.state },
    } : reward)) }));
    const page = await panelOf(browser, program, viewer, PHONE, { routes: { [LIVE]: resting } });
    await shows(page, '#card-hydrate', 'again in 0:');
    check(await use(page, 'hydrate').isDisabled(), 'it cannot be used while it rests');
    const seen = await page.evaluate(() => new Promise(done => {
      const values = [];
      setInterval(() => {
        const value = document.querySelector('#card-hydrate .state').innerText;
        if (values.at(-1) !== value) values.push(value);
        if (value === '') done(values);
      }, 20);
    }));
    check(!await use(page, 'hydrate').isDisabled(), 'it can be used again');
    check(Math.abs(Date.now() - over) < 1500, 'when it should');
    const seconds = seen.slice(0, -1).map(value => Number(value.split(':')[1]));
    check(seconds.length > 1 && seconds.every((value, at) => at === 0 || value === seconds[at - 1] - 1) && seconds.at(-1) === 1, `it misses no second: ${seen}`);
  },

  'the page says when the stream is offline or Owncast is away': async ({ browser, start }) => {
    const program = await start('--memory');
    const { viewer } = await rich(program, 'Ann', 500);
    let away = false;
    const page = await panelOf(browser, program, viewer, PHONE, { routes: { [LIVE]: patched(live => ({ away: live.away || away })) } });
    const banner = (name, is) => until(page, `${name}: ${is}`, ([id, shown]) => (document.getElementById(id).getClientRects().length > 0) === shown, [name, is]);
    await Promise.all(['offline', 'away', 'stale'].map(name => banner(name, false)));
    away = true;
    await banner('away', true);
    await use(page, 'hydrate').click();
    await shows(page, '#said', 'hydrate is yours');
    away = false;
    await banner('away', false);
    await program.act('offline');
    await banner('offline', true);
    await use(page, 'hydrate').click();
    await hasBalance(page, 400);
    await program.act('live', { title: 'Once more' });
    await banner('offline', false);
  },

  'the page says when its state is stale, and reconnects to the restarted server': async ({ browser, start }) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ownchatbot-browser-'));
    try {
      const program = await start('--data-dir', folder);
      const { viewer } = await rich(program, 'Ann', 500);
      const page = await panelOf(browser, program, viewer, PHONE, { clock: true });
      await shows(page, '#card-charity', '0 of 1,000');
      await page.evaluate(() => { window.same = true; });
      await program.kill();
      // Chromium may respond from its cache until then. Its cache does not use the page's clock.
      await sleep(4000);
      const pass = async (seconds, holds) => {
        for (let second = 0; second < seconds; second += 1) {
          await page.clock.runFor(1000);
          if (await page.evaluate(holds)) return;
          await sleep(20);
        }
        check(false, `not within ${seconds} s: ${holds}`);
      };
      const stale = () => !document.getElementById('stale').hidden;
      check(!await page.evaluate(stale), 'at first nothing is wrong');
      await pass(40, stale);
      await shows(page, '#stale', 'No updates since');
      await use(page, 'hydrate').click();
      await pass(10, () => document.getElementById('said').innerText.includes('That did not get through.'));
      check(!await use(page, 'hydrate').isDisabled(), 'it can be tried again');

      const [port, simulator] = program.ports;
      const again = await start('--data-dir', folder, '--port', port, '--simulator-port', simulator);
      const bob = await again.viewer('Bob');
      await bob.says('!charity 25');
      await pass(100, () => document.getElementById('stale').hidden);
      await pass(20, () => document.getElementById('card-charity').innerText.includes('25 of 1,000'));
      await use(page, 'hydrate').click();
      await pass(10, () => document.getElementById('said').innerText.includes('hydrate is yours'));
      await hasBalance(page, 450);
      await page.mouse.move(0, 0);
      await pass(40, () => document.getElementById('said').innerText === '');
      check(await page.evaluate(() => window.same), 'without being loaded again');
      page.errors = page.errors.filter(error => !/Failed to load resource|htmx:/.test(error));
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },

  'responses of a proxy are not inserted into the page': async ({ browser, start }) => {
    const program = await start('--memory');
    const { viewer } = await rich(program, 'Ann', 500);
    const page = await panelOf(browser, program, viewer);
    const odd = [
      route => route.fulfill({ status: 502, contentType: 'text/html', body: '<html><h1>Bad gateway</h1>' }),
      route => route.fulfill({ status: 429, contentType: 'application/json', body: '{"message":"slow down"}' }),
      route => route.fulfill({ status: 403, contentType: 'text/html', body: '<h1>Request blocked</h1>' }),
      route => route.abort(),
    ];
    for (const answer of odd) {
      await page.route('**/userpanel/use/*', answer);
      await page.evaluate(() => document.getElementById('said').replaceChildren());
      await use(page, 'hydrate').click();
      await shows(page, '#said', 'That did not get through.');
      check(await use(page, 'hydrate').isEnabled() && await balance(page) === 500, 'the card is still there');
      check(!(await page.evaluate(() => document.body.innerText)).match(/gateway|slow down|blocked/i), 'nothing else is shown');
      await page.unroute('**/userpanel/use/*');
    }
    await use(page, 'hydrate').click();
    await hasBalance(page, 450);
    page.errors = page.errors.filter(error => !/Failed to load resource|htmx:/.test(error));
  },

  'the panel in a cross-site frame stays signed in, although ordinary cookies are blocked': async ({ browser, start }) => {
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
  },

  'the page stores the session itself where cookies are blocked': async ({ browser, start }) => {
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
  },

  'a browser without any storage is signed in until the page is left': async ({ browser, start }) => {
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
  },

  'only Owncast frames the panel': async ({ browser, start }) => {
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
  },

  'hostile names and notes are inert in the panel': async ({ browser, start }) => {
    const program = await start('--memory', '--points-interval', '1s');
    await program.act('live', { title: 'The show' });
    const cleo = await program.moderator('Cleo');
    const zalgo = 'Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034d'.repeat(2).slice(0, 28);
    const names = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '\u202Etxt.exe\u2066', zalgo, 'W'.repeat(30)];
    const viewers = [];
    for (const name of names) {
      const viewer = await program.viewer(name);
      await viewer.says('!points');
      await viewer.hears('you have');
      const told = await program.newest();
      await cleo.says(`!addpoints id:${viewer.id} 1000`);
      await cleo.hears('now has', told);
      viewers.push(viewer);
    }
    const [one, two] = viewers;
    await one.says(`!give id:${two.id} 7`);
    await two.says(`!give id:${one.id} 9`);
    const page = await panelOf(browser, program, one);
    const before = await balance(page);

    // A note that is too long is refused with a message; one of the maximum length is accepted unchanged.
    const field = page.locator('#card-song input[name=argument]');
    await field.evaluate(node => { node.removeAttribute('maxlength'); node.value = 'W'.repeat(2000); });
    await use(page, 'song').click();
    await shows(page, '#argument-song-error', 'Your note has 2000 characters and 200 fit. Nothing was taken.');
    check(await page.evaluate(() => document.activeElement.id === 'argument-song' && document.activeElement.value.length === 2000), 'the note is still in its field');
    const note = `"><img src=x onerror=alert(1)><script>alert(2)</script> :beerparrot: <b>bold</b> &lt;i&gt; \u202E${zalgo}:nobody:`.padEnd(200, 'W');
    check([...note].length === 200, `a note of 200 characters, not ${[...note].length}`);
    await page.locator('#card-song input[name=argument]').fill(note);
    await use(page, 'song').click();
    await shows(page, '#queue', 'song · you: “"><img src=x onerror=alert(1)>');
    check(await balance(page) >= before - 100, 'it was paid for once');
    for (const viewer of viewers.slice(1)) await viewer.says('!hydrate');
    await until(page, 'all wait', wanted => document.querySelectorAll('#queue-rows li').length === wanted, names.length);
    await until(page, 'a full board', wanted => document.querySelectorAll('#board-points li').length >= wanted, names.length);
    await shows(page, '#statement', `From ${names[1]}`);
    await shows(page, '#statement', `To ${names[1]}`);
    await shows(page, '#waiting', '<script>alert(2)</script>');

    // Both the rows of the server and those of the script are checked, for the owner and for other viewers.
    const other = await browser.open(`${program.edge}/userpanel`, PHONE, BARE);
    const plain = await browser.open(`${program.edge}/userpanel`, PHONE, { ...BARE, scripts: false });
    await until(other, 'all wait', wanted => document.querySelectorAll('#queue-rows li').length === wanted, names.length);
    for (const [what, shown] of Object.entries({ page, other, plain })) {
      const text = await shown.evaluate(() => document.getElementById('queue').innerText);
      // The bot removes characters that change the direction of the whole line.
      for (const name of names.slice(1)) check(text.includes(name.replace(/[\u202E\u2066]/g, '')), `${what}: the queue shows ${name}`);
      check(!/[\u202E\u2066]/.test(text), `${what}: no line is turned`);
      check(text.includes('<script>alert(2)</script>') && text.includes('<b>bold</b> &lt;i&gt;') && text.includes(':nobody:'), `${what}: a note as it was written`);
      await inert(shown, what, program);
      await narrow(shown, what);
      const parrots = await shown.evaluate(() => document.querySelectorAll('#queue-rows img.emoji[alt=":beerparrot:"]').length);
      check(parrots === 1, `${what}: one emoji, and not ${parrots}`);
      await until(shown, 'its picture', () => {
        const picture = document.querySelector('#queue-rows img.emoji');
        picture.scrollIntoView();
        return picture.complete && picture.naturalWidth > 0;
      });
    }
    // The history shows redeems that have left the queue.
    await press(page, 'Take back', '#waiting');
    await page.reload();
    await shows(page, '#history', '<b>bold</b> &lt;i&gt;');
    await shows(page, '#history', 'given back');
    await inert(page, 'the history', program);
    await narrow(page, 'the history');
    check(await page.evaluate(() => document.querySelectorAll('#history img.emoji').length === 1), 'an emoji in the history');
    const door = await browser.open((await invited(program, two)).link, PHONE, BARE);
    await shows(door, 'h1', `Hello ${names[1]}`);
    await inert(door, 'the link', program);
    await narrow(door, 'the link');
  },

  'hostile texts of any length do not break the panel': async ({ browser, start }) => {
    const program = await start('--memory');
    for (const seed of [0, 3, 6]) {
      const routes = { [LIVE]: json(() => ({ ...hostile(Date.now(), seed), away: false })) };
      const page = await browser.open(`${program.edge}/userpanel`, PHONE, { ...BARE, routes });
      await until(page, 'three rows', () => document.querySelectorAll('#queue-rows li').length === 3);
      await inert(page, `texts ${seed}`, program);
      await narrow(page, `texts ${seed}`);
    }
  },

  'all of the panel works without scripts': async ({ browser, start }) => {
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
  },

  'the keyboard reaches everything, in order and visibly': async ({ browser, start }) => {
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
  },

  'after an action the focus is where the viewer continues': async ({ browser, start }) => {
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
  },

  'the panel is accessible, narrow or wide, light or dark': async ({ browser, start }) => {
    const program = await start('--memory', '--points-interval', '1s');
    const { viewer, cleo } = await rich(program, 'Ann', 100);
    await cleo.says(`!addpoints id:${viewer.id} 5000`);
    for (let time = 0; time < 25; time += 1) await viewer.says('!red');
    await viewer.says('!charity 300');
    await viewer.says('!song Blue Monday');
    const used = (await invited(program, viewer)).link;
    const gone = await browser.open(used, PHONE, BARE);
    await press(gone, 'Sign in');
    await until(gone, 'a balance', () => document.getElementById('balance') !== null);
    for (const colours of ['light', 'dark']) {
      for (const [size, scale] of [[PHONE, 1], [[180, 390], 2], [DESKTOP, 1]]) {
        const what = `${colours}, ${size[0]} wide`;
        const how = { colours, scale, reduced: true };
        const stranger = await browser.open(`${program.edge}/userpanel`, size, { ...BARE, ...how });
        await stranger.getByText('No whisper?').click();
        await press(stranger, 'Show a code');
        await shows(stranger, '#typing', '!link ');
        await narrow(stranger, `signed out, ${what}`);
        await whole(stranger, `signed out, ${what}`);
        if (size === PHONE) {
          await stranger.setViewportSize({ width: 320, height: 640 });
          await narrow(stranger, `signed out, ${colours}, 320 wide`);
          await whole(stranger, `signed out, ${colours}, 320 wide`);
        }
        await accessible(stranger, `signed out, ${what}`);
        await type(stranger, 'ABCD-EFGH');
        await shows(stranger, '#code-error', 'That code is wrong');
        await accessible(stranger, `a wrong code, ${what}`);

        const page = await panelOf(browser, program, viewer, size, how);
        await page.getByText('Delete my data').click();
        await page.getByRole('link', { name: 'Older' }).click();
        await shows(page, '#statement', 'Welcome');
        await use(page, 'hydrate').click();
        await shows(page, '#said', 'hydrate is yours');
        await shows(page, '#queue', 'hydrate · you');
        await narrow(page, `signed in, ${what}`);
        await whole(page, `signed in, ${what}`);
        await accessible(page, `signed in, ${what}`);
        await press(page, 'Undo', '#said');
        await shows(page, '#said', 'taken back');

        const door = await browser.open((await invited(program, viewer)).link, size, { ...BARE, ...how });
        await narrow(door, `the link, ${what}`);
        await accessible(door, `the link, ${what}`);
        const over = await browser.open(used, size, { ...BARE, ...how });
        await shows(over, 'h1', 'This link has expired');
        await narrow(over, `an expired link, ${what}`);
        await accessible(over, `an expired link, ${what}`);
        // The page for browsers without scripts.
        const plain = await browser.open(`${program.edge}/userpanel`, size, { ...BARE, ...how });
        await Promise.all([plain.waitForNavigation(), plain.evaluate(() => document.querySelector('form[action="/userpanel/code"]').submit())]);
        await shows(plain, 'main', '!link ');
        await narrow(plain, `the code, ${what}`);
        await accessible(plain, `the code, ${what}`);
        const wrong = await browser.tidy();
        check(wrong.length === 0, wrong.join('\n'));
      }
    }
  },

  'nothing in the panel is animated when reduced motion is preferred': async ({ browser, start }) => {
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
  },

  'the panel in the frame is accessible, and copying falls back to selecting': async ({ browser, start }) => {
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
  },

  'a sound is played when one’s own redeem is done, if it is switched on': async ({ browser, start }) => {
    const program = await start('--memory');
    const { viewer } = await rich(program, 'Ann', 500);
    const page = await panelOf(browser, program, viewer);
    // Nobody fulfils here; the part that would tell of it is put into the answer.
    let [line, kind] = ['', ''];
    await page.route('**/userpanel/me?*', async route => {
      const answer = await route.fetch();
      const parts = await answer.text();
      const told = parts.replace(/(<div id="said"[^>]*>)/, `$1${line && `<div class="said good"${kind && ` data-kind="${kind}"`}><p>${line}</p></div>`}`);
      check(line === '' || told !== parts, 'the part is there');
      await route.fulfill({ response: answer, body: told });
    });
    const next = async (text, news, then) => {
      [line, kind] = [text, news];
      const before = await balance(page);
      await viewer.says('!hydrate');
      await hasBalance(page, before - 50);
      if (text) await shows(page, '#said', text);
      await until(page, `${then} tones`, heard => window.tones.length === heard, then);
      await sleep(300);
      check(await tones(page) === then, `${text}: ${await tones(page)} tones, not ${then}`);
    };
    await next('Your hydrate is done.', 'done', 0);
    await page.getByLabel('Play a sound when something of mine is done').check();
    await until(page, 'a first sound', () => window.tones.length === 2);
    await next('Your song is done.', 'done', 4);
    await next('Your song is done.', 'done', 4);
    await next('Your song was refunded: 100 points are back.', 'refunded', 6);
    // It goes by what the notice is marked as, whatever it says.
    await next('Your song is done, says somebody.', '', 6);
    await page.reload();
    check(await page.locator('#sound').isChecked(), 'the choice is kept');
    await page.getByLabel('Play a sound').uncheck();
    await next('Your hydrate is done.', 'done', 0);
    await page.reload();
    check(!await page.locator('#sound').isChecked(), 'and so is that');
  },

  'a viewer downloads the data and deletes it': async ({ browser, start }) => {
    const program = await start('--memory');
    const { viewer } = await rich(program, 'Ann', 500);
    await viewer.says('!song Blue Monday');
    const page = await panelOf(browser, program, viewer);
    const second = await panelOf(browser, program, viewer);
    await hasBalance(page, 400);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
    const data = JSON.parse(fs.readFileSync(await download.path(), 'utf8'));
    check(data.viewer.name === 'Ann' && JSON.stringify(data).includes('Blue Monday'), `one's data: ${JSON.stringify(data)}`);
    check(download.suggestedFilename() === 'my-points.json', download.suggestedFilename());
    check(page.context().pages().length === 1, 'no empty tab is left');

    await page.getByText('Delete my data').click();
    await press(page, 'Delete everything about me');
    check(await page.evaluate(() => document.activeElement.name === 'sure'), 'one has to say so');
    await page.getByLabel('Yes, delete everything').check();
    await press(page, 'Delete everything about me');
    await shows(page, '#said', 'Your data is deleted. If you chat again, you start from zero.');
    await signedOut(page);
    check((await page.context().cookies()).every(cookie => cookie.name !== '__Host-panel'), 'the cookie is gone');
    await second.reload();
    await signedOut(second);
    await until(page, 'an empty queue', () => document.querySelectorAll('#queue-rows li').length === 0);
    const before = await program.newest();
    await viewer.says('!points');
    await viewer.hears('you have 100 points', before);
  },

  'a viewer leaves the boards and returns': async ({ browser, start }) => {
    const program = await start('--memory', '--points-interval', '1s');
    const { viewer } = await rich(program, 'Ann', 100);
    const page = await panelOf(browser, program, viewer);
    const other = await browser.open(`${program.edge}/userpanel`, PHONE, BARE);
    await shows(other, '#board-points', 'Ann');
    await press(page, 'Leave the boards');
    await shows(page, '#said', 'not shown');
    await shows(page, '#you', 'You are not shown on any board.');
    await until(other, 'a board without Ann', () => !document.getElementById('board').innerText.includes('Ann'));
    await press(page, 'Show me on the boards again');
    await shows(page, '#you', 'You are shown on the boards');
    await shows(other, '#board-points', 'Ann');
  },

  'a viewer signs out here, or everywhere': async ({ browser, start }) => {
    const program = await start('--memory');
    const { viewer } = await rich(program, 'Ann', 500);
    const [here, there, third] = [await panelOf(browser, program, viewer), await panelOf(browser, program, viewer), await panelOf(browser, program, viewer)];
    await press(here, 'Here', '#you');
    await shows(here, '#said', 'You are signed out here.');
    await signedOut(here);
    await here.reload();
    await signedOut(here);
    await there.reload();
    await hasBalance(there, 500);
    await press(there, 'Everywhere', '#you');
    await shows(there, '#said', 'You are signed out everywhere.');
    await use(third, 'hydrate').click();
    await shows(third, '#said', 'You are signed out.');
    await third.reload();
    await signedOut(third);
    third.errors = third.errors.filter(error => !error.includes('401'));
  },

  'the first page is smaller than 60 KiB': async ({ browser, start }) => {
    const program = await start('--memory');
    const { viewer } = await rich(program, 'Ann', 500);
    for (const who of ['a stranger', 'Ann']) {
      const page = who === 'Ann' ? await panelOf(browser, program, viewer) : await browser.open('about:blank', PHONE, BARE);
      const devtools = await page.context().newCDPSession(page);
      const [asked, weights] = [new Map(), new Map()];
      devtools.on('Network.requestWillBeSent', ({ requestId, request }) => asked.set(requestId, new URL(request.url).pathname));
      devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => weights.set(asked.get(requestId), encodedDataLength));
      await devtools.send('Network.enable');
      await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
      await page.goto(`${program.edge}/userpanel`, { waitUntil: 'networkidle' });
      const names = [...weights.keys()].map(name => name.split('/').pop());
      for (const name of ['userpanel', 'panel.css', 'panel.js', 'cards.js', 'lists.js', 'live.js', 'mine.js', 'htmx.js', 'live.json']) {
        check(names.includes(name), `${name} is weighed: ${names}`);
      }
      const all = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
      check(all < 60 * 1024, `${who} loads ${all} bytes: ${JSON.stringify([...weights])}`);
    }
  },
};

/** Checks that texts of viewers have added no elements to the page except emoji. */
async function inert(page, what, program) {
  const odd = await page.evaluate(owncast => {
    const found = [...document.querySelectorAll('body script, iframe, object, style, main b:not([class]):not(.steps b), main i')].map(node => node.outerHTML);
    for (const image of document.images) if (image.className !== 'emoji' || !image.src.startsWith(`${owncast}/img/emoji/`)) found.push(image.outerHTML);
    for (const node of document.querySelectorAll('*')) for (const { name } of node.attributes) if (name.startsWith('on') || name === 'style') found.push(node.outerHTML);
    for (const node of document.querySelectorAll('bdi *')) if (node.className !== 'emoji') found.push(node.outerHTML);
    return found;
  }, program.ready.owncast);
  check(odd.length === 0, `${what}: ${odd.join('\n')}`);
}

/** Checks that the text beside a card's button is not broken within words. */
async function whole(page, what) {
  await shows(page, '#card-song', 'again in');
  const torn = await page.evaluate(() => [...document.querySelectorAll('.state')].filter(state => state.getBoundingClientRect().height > 70).map(state => state.id));
  check(torn.length === 0, `${what}: ${torn}`);
}
