/* The parts of the signed-in viewer: the session where there are no cookies, updates of their own parts, and the sound. */
import { play } from '../js/sound.js';

const STORED = 'ownchatbot-panel';
const SOUND = 'ownchatbot-sound';
const REFRESH_INTERVAL = 60_000;

/** Storage, which a browser may forbid inside a frame. */
const store = {
  get(name, where = sessionStorageOrNone()) { try { return where?.getItem(name) ?? null; } catch { return null; } },
  set(name, value, where = sessionStorageOrNone()) {
    try {
      if (value === null) where?.removeItem(name);
      else where?.setItem(name, value);
    } catch { /* then it is kept until the page is closed */ }
  },
};

function sessionStorageOrNone() { try { return window.sessionStorage; } catch { return null; } }
function localStorageOrNone() { try { return window.localStorage; } catch { return null; } }

/** The session that this page keeps, where the browser keeps no cookies. */
let session = store.get(STORED);
let tried = false;

const signedIn = () => document.getElementById('me')?.dataset.viewer !== undefined;

/** Keeps the session that the page brings. When the page has none, loads it again with the kept session, once. */
export function keepSession(panel) {
  const brought = panel?.dataset.session;
  if (brought) {
    session = brought;
    tried = true;
    store.set(STORED, session);
    delete panel.dataset.session;
    // Links and downloads cannot send the session, as inside a frame.
    document.documentElement.classList.add('frames');
  } else if (session && !signedIn() && tried) {
    session = null;
    store.set(STORED, null);
  } else if (session && !signedIn() && !tried) {
    tried = true;
    htmx.ajax('GET', '/userpanel', { target: 'body', swap: 'innerHTML' });
  }
  const sound = document.getElementById('sound');
  if (sound) sound.checked = soundOn;
}

document.addEventListener('htmx:configRequest', ({ detail }) => {
  if (session) detail.headers['x-panel-session'] = session;
});

/** Whether the parts that are swapped in now were requested by the page itself, not by a form. */
let automatic = false;
document.addEventListener('htmx:beforeSwap', ({ detail }) => {
  automatic = detail.requestConfig.verb === 'get';
  // The viewer has signed out while the request was under way.
  if (detail.pathInfo.requestPath.startsWith('/userpanel/me') && !signedIn()) detail.shouldSwap = false;
});

// Automatic updates replace neither a part that is in use nor the last notices.
document.addEventListener('htmx:oobBeforeSwap', event => {
  const { target, fragment } = event.detail;
  const used = target.id === 'you' && (target.contains(document.activeElement) || target.querySelector('details[open], #data:not(:empty)'));
  const silent = target.id === 'said' && fragment.textContent.trim() === '';
  if (automatic && (used || silent)) event.preventDefault();
});

let requestedAt = Date.now();
let requesting = false;

const waiting = () => [...document.querySelectorAll('[data-redemption]')].map(row => row.dataset.redemption);
const rowsOf = (live, me) => JSON.stringify(live?.queue.filter(row => row.viewer === me).map(row => row.id) ?? []);

/** Requests the personal parts again when the viewer's rows in the queue have changed, and once a minute. */
export async function refreshMine(before, live) {
  if (!signedIn() || requesting) return;
  const me = document.getElementById('me').dataset.viewer;
  const moved = before !== null && rowsOf(before, me) !== rowsOf(live, me);
  if (!moved && Date.now() - requestedAt < REFRESH_INTERVAL) return;
  requesting = true;
  requestedAt = Date.now();
  const known = new URLSearchParams({ known: waiting().join(' ') });
  try {
    await htmx.ajax('GET', `/userpanel/me?${known}`, { source: '#me', target: '#said', swap: 'none' });
  } finally {
    requesting = false;
  }
}

// ---- Sound

let soundOn = store.get(SOUND, localStorageOrNone()) === 'on';

document.addEventListener('change', ({ target }) => {
  if (target.id !== 'sound') return;
  soundOn = target.checked;
  store.set(SOUND, soundOn ? 'on' : null, localStorageOrNone());
  if (soundOn) ring();
});

/** Plays two soft tones. */
const ring = () => play([[0, 660, 0.4], [0.14, 880, 0.4]], { peak: 0.15, shape: 'sine' });

let rung = '';

/** Plays the sound when there is a new notice of how one of the viewer's redemptions ended. */
export function ringIfDone() {
  const news = [...document.querySelectorAll('#said [data-kind]')].map(notice => notice.textContent.trim()).join('\n');
  if (soundOn && news && news !== rung) ring();
  rung = news;
}
