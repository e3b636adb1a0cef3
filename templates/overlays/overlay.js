/* Keeps an overlay up to date. Its content is the document /overlay/live.json; its style is set by the page's query string and
   CSS. The file of each overlay imports this one, and calls `run`. */

import { VERSION, poll, request } from '../js/poll.js';
import { RECENT, learnTime, now } from './clock.js';
import { root } from './draw.js';
import { instant } from './read.js';
import { style } from './style.js';

const HOW = { cache: 'no-cache' };
/** The pause between two attempts to load the page again, in milliseconds. */
const RENEWAL = 60_000;

let view = null;
let latest = null;
/** The version of the first document. */
let loaded = null;
let renewed = 0;

function show(data, recent) {
  try {
    view.show(data, recent);
  } catch (error) {
    // An error in one document must not stop the following ones.
    console.warn('overlay:', error);
  }
}

/** Reloads the page, but only if all of its files can be loaded, and at most once a minute. */
async function renew() {
  if (performance.now() - renewed < RENEWAL) return;
  renewed = performance.now();
  try {
    const load = url => request(url, response => response.text(), HOW);
    const parsed = new DOMParser().parseFromString(await load(location.href), 'text/html');
    if (!parsed.getElementById('overlay')) return;
    const parts = [...parsed.querySelectorAll('script[src], link[rel="stylesheet"], link[rel="modulepreload"]')];
    await Promise.all(parts.map(node => load(new URL(node.getAttribute('src') ?? node.getAttribute('href'), location.href))));
    location.reload();
  } catch {
    // The next try is in a minute.
  }
}

function take(data, response) {
  if (!data || typeof data !== 'object' || Array.isArray(data)) throw new Error('not a document');
  learnTime(instant(data.at), response);
  const version = String(data.version);
  loaded ??= version;
  const known = Math.trunc(Number(data.version)) === VERSION;
  if (!known || version !== loaded) renew();
  // A document of an unknown version is shown only if there was no other before.
  if (!known && latest) return;
  const at = instant(data.at) ?? latest?.at ?? now();
  // Caches may send an older document. One that is much older means that the server's clock was set back.
  if (latest && at < latest.at && latest.at - at < RECENT) return;
  const recent = latest !== null && at - latest.at < RECENT;
  latest = { at, data };
  show(data, recent);
}

/**
 * Runs the overlay that `make` draws: it returns an object whose `show` is called with each document, and with whether the one
 * before is less than a minute old.
 */
export function run(make) {
  if (!root) return;
  style();
  view = make();
  const redraw = () => { if (latest) show(latest.data, false); };
  addEventListener('resize', redraw);
  document.fonts?.ready.then(redraw);
  poll(document.body.dataset.live || '/overlay/live.json', { fresh: take, how: HOW });
}
