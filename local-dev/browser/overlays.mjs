// Tests of the overlays.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SIZES, hostile, json, scene } from './scene.mjs';
import { accessible, check, fits, sleep, until, words } from './world.mjs';

const GOALS = SIZES['/goals'];
const LIVE = '**/overlay/live.json';

const shows = (page, text) => until(page, text, wanted => document.getElementById('overlay').innerText.includes(wanted), text);
const celebrations = page => page.evaluate(() => Number(document.body.dataset.celebrations ?? 0));
const tones = page => page.evaluate(() => window.tones.length);

/** Records every alert from now on. */
const noteCards = page => page.evaluate(() => {
  window.cards = [];
  new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(node => window.cards.push(node.innerText))))
    .observe(document.getElementById('overlay'), { childList: true });
});

/** Starts a stream, in which pages poll more often, with a moderator and with Ann, who has 5,000 points. */
async function rich(program) {
  await program.act('live', { title: 'The show' });
  const ann = await program.viewer('Ann');
  const cleo = await program.moderator('Cleo');
  await ann.says('!points');
  await cleo.says('!addpoints Ann 5000');
  return { ann, cleo };
}

export const tests = {
  'a goal fills its bar and celebrates each milestone once': async ({ browser, start }) => {
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
    await sleep(4500);
    check(await celebrations(page) === 1 && await tones(page) === heard, 'karaoke is celebrated once');
    await until(page, 'no confetti left', () => document.querySelector('.confetti') === null);
    await fits(page, 'goals');
    await accessible(page, 'goals');
    await ann.says('!charity all');
    await shows(page, '1,000 / 1,000');
    check(await celebrations(page) === 2, 'what is passed at once is celebrated once');
    const late = await browser.open(`${program.edge}/goals`, GOALS);
    await shows(late, '1,000 / 1,000');
    await sleep(2500);
    check(await celebrations(late) === 0, 'nothing old is celebrated');
  },

  'votes update': async ({ browser, start }) => {
    const program = await start('--memory');
    const { ann, cleo } = await rich(program);
    const page = await browser.open(`${program.edge}/votes`, SIZES['/votes']);
    await shows(page, 'red');
    await ann.says('!red');
    await until(page, 'all for red', () => /red\s+1\s*100 %/.test(document.body.innerText));
    await cleo.says('!points');
    await cleo.says('!blue');
    await until(page, 'half for each', () => document.body.innerText.match(/1\s*50 %/g)?.length === 2);
    await fits(page, 'votes');
    await accessible(page, 'votes');
    const one = await browser.open(`${program.edge}/votes?name=RED`, SIZES['/votes']);
    await shows(one, 'red');
    check(!(await words(one)).includes('blue'), 'the vote that was asked for stands alone');
  },

  'the queue, alerts and ticker show a redeem': async ({ browser, start }) => {
    const program = await start('--memory');
    const { ann } = await rich(program);
    const [queue, alerts, follows, ticker] = await Promise.all([
      '/overlay/queue', '/overlay/alerts?duration=2', '/overlay/alerts?kinds=follow&duration=2', '/overlay/ticker',
    ].map(address => browser.open(program.edge + address, SIZES[address.split('?')[0]])));
    await Promise.all([noteCards(alerts), noteCards(follows)]);
    await shows(queue, 'Nothing waiting');
    await ann.says('!song Blue');
    await Promise.all([shows(queue, 'song · Blue'), shows(alerts, 'redeemed'), shows(ticker, 'song')]);
    await accessible(alerts, 'alerts');
    await fits(alerts, 'alerts');
    check(await tones(alerts) > 0, 'an alert is heard');
    check((await words(queue)).includes('Ann') && (await words(queue)).toLowerCase().includes('1 waiting'), 'the queue says who');
    await ann.says('!hydrate');
    await shows(queue, 'hydrate');
    await program.act('follow', { handle: '@bo@social.example' });
    await shows(follows, 'bo');
    await until(alerts, 'three alerts', () => window.cards.length === 3);
    await sleep(5000);
    const cards = await alerts.evaluate(() => window.cards);
    check(cards.length === 3 && new Set(cards).size === 3, `each alert is shown once: ${cards}`);
    check((await follows.evaluate(() => window.cards)).length === 1, 'other kinds are left out');
    check((await words(alerts)).trim() === '', 'alerts end');
    for (const [page, name] of [[queue, 'queue'], [ticker, 'ticker']]) {
      await fits(page, name);
      await accessible(page, name);
    }
  },

  'a timer counts down every second and rings once': async ({ browser, start }) => {
    const program = await start('--memory');
    const cleo = await program.moderator('Cleo');
    await program.act('live', { title: 'The show' });
    const page = await browser.open(`${program.edge}/overlay/timers`, SIZES['/overlay/timers']);
    const quiet = await browser.open(`${program.edge}/overlay/timers?sound=off`, SIZES['/overlay/timers']);
    await cleo.says('!timer 5m eggs');
    await cleo.says('!timer 22 tea');
    await Promise.all([shows(page, 'tea'), shows(quiet, 'tea')]);
    await accessible(page, 'timers');
    await fits(page, 'timers');
    const seen = await page.evaluate(() => new Promise(done => {
      const values = [];
      const row = [...document.querySelectorAll('.plate')].find(plate => plate.innerText.includes('tea'));
      new MutationObserver(() => {
        const value = row.querySelector('.amount').innerText;
        if (values.at(-1) !== value) values.push(value);
        if (value === '0:00') done(values);
      }).observe(row, { subtree: true, childList: true, characterData: true });
    }));
    const seconds = seen.map(value => Number(value.split(':')[1]));
    check(seconds.length > 2 && seconds.every((value, index) => index === 0 || value === seconds[index - 1] - 1), `it misses no second: ${seen}`);
    const { at, timers } = await program.live();
    const over = timers.find(timer => timer.name === 'tea')?.ends ?? at;
    check(Math.abs(at - over) < 2000, 'it ends when it should');
    await until(page, 'an alarm', () => window.tones.length > 0);
    const heard = await tones(page);
    await until(page, 'no tea', () => !document.body.innerText.includes('tea'));
    check((await words(page)).includes('eggs'), 'the other one runs on');
    check(await tones(page) === heard && await tones(quiet) === 0, 'it rings once, and not where sound is off');
    await cleo.says('!timer cancel eggs');
    await until(page, 'nothing', () => document.getElementById('overlay').innerText.trim() === '');
    check(await tones(page) === heard, 'a cancelled timer does not ring');
  },

  'the leaderboard updates after ticks': async ({ browser, start }) => {
    const program = await start('--memory', '--points-interval', '1s');
    await program.viewer('Ann');
    await program.act('live', { title: 'The show' });
    const page = await browser.open(`${program.edge}/overlay/leaderboard`, SIZES['/overlay/leaderboard']);
    const watched = await browser.open(`${program.edge}/overlay/leaderboard?by=watched`, SIZES['/overlay/leaderboard']);
    await shows(page, 'Ann');
    const value = () => page.evaluate(() => Number(document.querySelector('.amount').innerText.replaceAll(',', '')));
    const before = await value();
    await until(page, 'more points', least => Number(document.querySelector('.amount').innerText.replaceAll(',', '')) > least, before);
    await until(watched, 'the time watched', () => /Ann\s+0 min/.test(document.body.innerText));
    await fits(page, 'leaderboard');
    await accessible(page, 'leaderboard');
  },

  'overlays reconnect after the program was killed and restarted': async ({ browser, start }) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ownchatbot-browser-'));
    try {
      const program = await start('--data-dir', folder);
      const { ann } = await rich(program);
      const page = await browser.open(`${program.edge}/goals`, GOALS);
      const alerts = await browser.open(`${program.edge}/overlay/alerts?duration=1`, SIZES['/overlay/alerts']);
      for (const one of [page, alerts]) await one.evaluate(() => { window.same = true; });
      await noteCards(alerts);
      await ann.says('!charity 100');
      await ann.says('!hydrate');
      await shows(page, '100 / 1,000');
      await until(alerts, 'the redeem', () => window.cards.join().includes('hydrate'));
      await noteCards(alerts);
      await program.kill();
      await sleep(5000);
      check((await words(page)).includes('100 / 1,000'), 'it keeps showing what was last known');
      const [port, simulator] = program.ports;
      const again = await start('--data-dir', folder, '--port', port, '--simulator-port', simulator);
      const bo = await again.viewer('Bo');
      await bo.says('!charity 25');
      await shows(page, '125 / 1,000');
      for (const one of [page, alerts]) {
        check(await one.evaluate(() => window.same === true), 'without being loaded again');
        // Chromium reports failed requests on the console.
        one.errors = one.errors.filter(error => !error.includes('Failed to load resource'));
      }
      check(!(await alerts.evaluate(() => window.cards)).join().includes('hydrate'), 'nothing is shown a second time');
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },

  'hostile names in chat are inert': async ({ browser, start }) => {
    const program = await start('--memory');
    const cleo = await program.moderator('Cleo');
    await program.act('live', { title: 'The show' });
    const names = ['<img src=x onerror=alert(1)>', '<script>alert(2)</script>', '\u202Etxt.exe', 'Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a'];
    const pages = await Promise.all(['/overlay/queue', '/overlay/ticker', '/overlay/alerts?duration=2']
      .map(address => browser.open(program.edge + address, SIZES[address.split('?')[0]])));
    for (const name of names) {
      const viewer = await program.viewer(name);
      await viewer.says(name === names[0] ? '!points' : '!hydrate');
      if (name === names[0]) {
        await cleo.says(`!addpoints id:${viewer.id} 500`);
        await viewer.says(`!song "><script>alert(3)</script>\u202E${'W'.repeat(140)}`);
      }
    }
    await program.until(document => document.waiting === names.length, 'all redeems wait');
    await shows(pages[0], 'onerror');
    await until(pages[2], 'an alert', () => document.querySelector('.alert') !== null);
    await sleep(3000);
    for (const page of pages) {
      await fits(page, page.url());
      check(await page.evaluate(() => document.querySelector('#overlay script, #overlay img') === null), 'no markup comes of a name');
    }
  },

  'hostile texts of any length do not break the layout': async ({ browser, start }) => {
    const program = await start('--memory');
    for (const [address, size] of Object.entries(SIZES)) {
      await Promise.all([0, 3, 6].map(async seed => {
        const page = await browser.open(program.edge + address, size, { routes: { [LIVE]: json(() => hostile(Date.now(), seed)) } });
        await until(page, 'something', () => document.getElementById('overlay').innerText.trim() !== '');
        await sleep(1300);
        await fits(page, `${address}, texts ${seed}`);
        check(await page.evaluate(() => document.title !== 'run' && document.querySelector('#overlay script, #overlay img') === null), 'no markup comes of a text');
      }));
      const wrong = await browser.tidy();
      check(wrong.length === 0, wrong.join('\n'));
    }
  },

  'milestones are never clipped and do not overlap': async ({ browser, start }) => {
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
  },

  'parameters set the style, and the CSS of OBS overrides them': async ({ browser, start }) => {
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
  },

  'reduced motion and animation=off stop every animation': async ({ browser, start }) => {
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
  },

  'a hidden page does not poll, and updates at once when it is visible again': async ({ browser, start }) => {
    const program = await start('--memory');
    let asked = 0;
    const routes = { [LIVE]: route => { asked += 1; return json(() => ({ ...scene(Date.now()), next_poll_ms: 1 }))(route); } };
    const page = await browser.open(`${program.edge}/goals`, GOALS, { routes });
    await shows(page, '620 / 1,000');
    const hide = hidden => page.evaluate(value => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
    await hide(true);
    await sleep(500);
    const before = asked;
    await sleep(3500);
    check(asked === before, 'it asks nothing while hidden');
    await hide(false);
    await sleep(500);
    check(asked === before + 1, 'it asks at once');
    const now = asked;
    await sleep(3000);
    check(asked - now >= 2 && asked - now <= 4, `not more than once a second, whatever the document says: ${asked - now} times in 3 s`);
  },

  'goals rotate, and one that reaches a milestone is shown at once': async ({ browser, start }) => {
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
  },

  'no invalid response breaks a page': async ({ browser, start }) => {
    const program = await start('--memory');
    let how = null;
    let hung = 0;
    const changed = progress => () => ({ ...scene(Date.now()), goals: [{ ...scene(0).goals[0], progress }] });
    const routes = { [LIVE]: route => how(route) };
    how = json(changed(620));
    const page = await browser.open(`${program.edge}/goals`, GOALS, { routes, clock: true });
    await page.clock.runFor(1000);
    await shows(page, '620 / 1,000');
    await page.evaluate(() => { window.same = true; });
    const pass = async seconds => {
      for (let second = 0; second < seconds; second += 1) {
        await page.clock.runFor(1000);
        await sleep(15);
      }
    };
    const odd = [
      route => route.fulfill({ status: 500, body: 'no' }),
      route => route.fulfill({ status: 404, body: 'no' }),
      route => route.fulfill({ contentType: 'text/html', body: '<html>' }),
      route => route.abort(),
      json(() => null),
      json(() => []),
      json(() => ({ ...scene(Date.now()), at: 'soon', next_poll_ms: -5, goals: [null, 7, { id: {}, name: 3, progress: 'x', target: null, milestones: 'none' }, ...scene(0).goals] })),
      // An old document from a cache.
      json(() => ({ ...changed(10)(), at: Date.now() - 30_000 })),
      () => { hung += 1; },
    ];
    for (const [index, answer] of odd.entries()) {
      how = answer;
      await pass(34);
      check(await page.evaluate(() => window.same), `answer ${index}: the page stays`);
      check((await words(page)).trim() !== '', `answer ${index}: it is not blank`);
      how = json(changed(700 + index));
      await pass(42);
      await shows(page, `${700 + index} / 1,000`);
    }
    check(hung > 0, 'a request has hung');
    page.errors = page.errors.filter(error => !error.includes('Failed to load resource'));
  },

  'times follow the clock of the server, and old alerts are not shown': async ({ browser, start }) => {
    const program = await start('--memory');
    const clock = () => Date.now() + 3_600_000;
    let alerts = [{ id: 'before', at: clock() - 30_000, kind: 'follow', name: 'Before' }];
    const began = clock();
    const document = () => ({ ...scene(clock()), alerts, timers: [{ id: 'tea', name: 'Tea', set_at: began, ends: began + 100_000 }] });
    const routes = { [LIVE]: json(document) };
    const timers = await browser.open(`${program.edge}/overlay/timers`, SIZES['/overlay/timers'], { routes });
    await until(timers, 'the time that is left', () => /1:3\d/.test(document.body.innerText));
    const page = await browser.open(`${program.edge}/overlay/alerts?duration=1`, SIZES['/overlay/alerts'], { routes });
    await noteCards(page);
    await sleep(2500);
    alerts = [
      ...alerts,
      { id: 'old', at: clock() - 70_000, kind: 'follow', name: 'Old' },
      { id: 'new', at: clock() - 40_000, kind: 'follow', name: 'New' },
      { id: 'unknown', at: clock(), kind: 'constructor', name: 'Unknown' },
    ];
    await until(page, 'the new ones', () => window.cards.length >= 2);
    await sleep(3000);
    const cards = (await page.evaluate(() => window.cards)).join();
    check(cards.includes('New') && cards.includes('Unknown') && !cards.includes('Old') && !cards.includes('Before'), `shown: ${cards}`);
  },

  'a new version reloads the page once it is available': async ({ browser, start }) => {
    const program = await start('--memory');
    let version = 1;
    let there = false;
    let loads = 0;
    const routes = {
      [LIVE]: json(() => ({ ...scene(Date.now()), version, goals: version === 1 ? scene(0).goals : 'no list any more' })),
      '**/goals': route => {
        loads += 1;
        return loads === 1 || there ? route.continue() : route.fulfill({ status: 404, body: 'gone' });
      },
    };
    const page = await browser.open(`${program.edge}/goals`, GOALS, { routes, clock: true });
    await page.clock.runFor(1000);
    await shows(page, '620 / 1,000');
    await page.evaluate(() => { window.same = true; });
    version = 2;
    await page.clock.runFor(30_000);
    check(loads === 1, 'a young page is not replaced');
    const pass = async seconds => {
      for (let second = 0; second < seconds; second += 1) {
        await page.clock.runFor(1000);
        await sleep(15);
      }
    };
    await pass(60);
    check(loads === 2, `it looks for the new page once a minute, not ${loads - 1} times`);
    check((await words(page)).includes('620 / 1,000') && await page.evaluate(() => window.same), 'it shows the last state while there is none');
    there = true;
    version = 1.5;
    await pass(70);
    await until(page, 'the new page', () => window.same === undefined);
    page.errors = page.errors.filter(error => !error.includes('Failed to load resource'));
  },
};
