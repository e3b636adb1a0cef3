// Opens the viewers' panel and signs viewers in.

import http from 'node:http';
import { check, until } from './checks.mjs';

export const PHONE = [360, 780];
export const DESKTOP = [1000, 760];

/** Options for pages of the panel: without a background, because their policy refuses inline styles. */
export const BARE = { picture: null };

/** Waits until the element at `selector` in a page or frame shows `words`. */
export const shows = (page, selector, words) => until(
  page, `${words} in ${selector}`,
  ([within, wanted]) => [...document.querySelectorAll(within)].some(node => node.innerText.includes(wanted)), [selector, words],
);

export const balance = page => page.evaluate(() => Number(document.getElementById('balance').innerText.replaceAll(',', '')));
export const hasBalance = (page, points) => until(
  page, `a balance of ${points}`, wanted => document.getElementById('balance')?.innerText.replaceAll(',', '') === String(wanted), points,
);
export const signedOut = page => until(page, 'the card to sign in', () => document.getElementById('sign-in') !== null);
/** The button that uses a reward. */
export const use = (page, reward) => page.locator(`#use-${reward}`);
export const focused = page => page.evaluate(() => document.activeElement.id || document.activeElement.tagName);
export const press = (page, name, within = 'body') => page.locator(within).getByRole('button', { name, exact: true }).click();

/** Starts a stream with a viewer who has this many points. */
export async function rich(program, name = 'Ann', points = 5000) {
  await program.act('live', { title: 'The show' });
  const [viewer, cleo] = [await program.viewer(name), await program.moderator('Cleo')];
  await viewer.says('!points');
  await viewer.hears('you have 100');
  if (points > 100) {
    await cleo.says(`!addpoints id:${viewer.id} ${points - 100}`);
    await cleo.hears(`now has ${points.toLocaleString('en')}.`);
  }
  return { viewer, cleo };
}

/** The link and the code that the bot whispers to a viewer who asks for the panel. */
export async function invited(program, viewer) {
  const before = await program.newest();
  await viewer.says('!panel');
  const { text, parts } = await viewer.hears('code', before);
  const link = parts.find(part => part.href)?.href;
  return { code: text.match(/\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/)[0], link };
}

/** Types a code into the panel. */
export async function type(page, code) {
  await page.getByLabel('Code', { exact: true }).fill(code);
  await press(page, 'Sign in');
}

/** Opens the panel and signs `viewer` in. */
export async function panelOf(browser, program, viewer, size = PHONE, how = {}) {
  const page = await browser.open(`${program.edge}/userpanel`, size, { ...BARE, ...how });
  await type(page, (await invited(program, viewer)).code);
  await until(page, 'a balance', () => document.getElementById('balance') !== null);
  return page;
}

/** A route that changes live.json. */
export const patched = change => async route => {
  try {
    const answer = await route.fetch();
    const document = await answer.json();
    await route.fulfill({ json: { ...document, ...change(document) } });
  } catch {
    await route.abort().catch(() => {});
  }
};

/** Starts a server on this computer. `answer` is a request listener of Node.js. */
export async function serve(answer) {
  const server = http.createServer(answer);
  // A connection that is closed while idle could be closed just when the browser uses it again.
  server.keepAliveTimeout = 0;
  await new Promise(done => { server.listen(0, '127.0.0.1', done); });
  const end = () => {
    server.closeAllConnections();
    return new Promise(done => { server.close(done); });
  };
  return { port: server.address().port, end };
}

/** A free port. */
export async function freePort() {
  const { port, end } = await serve(() => {});
  await end();
  return port;
}

/** A proxy for the program at `edge()` that removes cookies in both directions. */
export function withoutCookies(edge) {
  return serve((asked, answered) => {
    const { cookie, ...headers } = asked.headers;
    const passed = http.request(new URL(asked.url, edge()), { method: asked.method, headers, agent: false }, answer => {
      const { 'set-cookie': refused, ...told } = answer.headers;
      answered.writeHead(answer.statusCode, told);
      answer.pipe(answered);
    });
    passed.on('error', () => answered.destroy());
    asked.pipe(passed);
  });
}

/** Checks that the page is not wider than the window. */
export async function narrow(page, what) {
  const [width, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  if (width <= room) return;
  const widest = await page.evaluate(() => [...document.querySelectorAll('main *, header *')]
    .filter(node => node.getBoundingClientRect().right > innerWidth + 0.5 && !node.closest('nav'))
    .map(node => `${node.tagName}.${node.className}#${node.id}`).slice(0, 8));
  check(false, `${what} is ${width} wide and there is room for ${room}: ${widest}`);
}

/** The frame of the panel inside the simulator's page. */
export async function openFrame(page) {
  await press(page, 'Points and rewards');
  const element = await page.waitForSelector('#action-frame iframe');
  const frame = await element.contentFrame();
  await frame.waitForSelector('#panel', { timeout: 40_000 });
  return frame;
}

/** Checks that texts of viewers have added no elements to the page except emoji. */
export async function inert(page, what, program) {
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
export async function whole(page, what) {
  await shows(page, '#card-song', 'again in');
  const torn = await page.evaluate(() => [...document.querySelectorAll('.state')].filter(state => state.getBoundingClientRect().height > 70).map(state => state.id));
  check(torn.length === 0, `${what}: ${torn}`);
}
