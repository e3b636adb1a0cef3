/* What belongs to whoever is signed in: the session where there are no cookies, news of one's own, and their sound. */

const STORED = 'ownchatbot-panel';
const SOUND = 'ownchatbot-sound';
const EACH_MINUTE = 60_000;

/** Storage that may be forbidden inside a frame. */
const store = {
  get(name, where = sessionStorageOrNone()) { try { return where?.getItem(name) ?? null; } catch { return null; } },
  set(name, value, where = sessionStorageOrNone()) {
    try {
      if (value === null) where?.removeItem(name);
      else where?.setItem(name, value);
    } catch { /* then it lasts as long as the page */ }
  },
};

function sessionStorageOrNone() { try { return window.sessionStorage; } catch { return null; } }
function localStorageOrNone() { try { return window.localStorage; } catch { return null; } }

/** The session that this page keeps itself, where the browser keeps no cookie for it. */
let session = store.get(STORED);
let tried = false;

const signedIn = () => document.getElementById('me')?.dataset.viewer !== undefined;

/** Takes over the session that the page brings, and brings back the one that is kept. */
export function keepSession(panel) {
  const brought = panel?.dataset.session;
  if (brought) {
    session = brought;
    tried = true;
    store.set(STORED, session);
    delete panel.dataset.session;
    // Links and downloads cannot bring it along, as in a frame.
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

/** Whether the parts that come now were asked for by the page itself. */
let unasked = false;
document.addEventListener('htmx:beforeSwap', ({ detail }) => { unasked = detail.requestConfig.verb === 'get'; });

// News of one's own swap away neither what is in use nor what was said last.
document.addEventListener('htmx:oobBeforeSwap', event => {
  const { target, fragment } = event.detail;
  const used = target.id === 'you' && (target.contains(document.activeElement) || target.querySelector('details[open], #data:not(:empty)'));
  const silent = target.id === 'said' && fragment.textContent.trim() === '';
  if (unasked && (used || silent)) event.preventDefault();
});

let asked = Date.now();
let asking = false;

const waiting = () => [...document.querySelectorAll('[data-redemption]')].map(row => row.dataset.redemption);
const rowsOf = (live, me) => JSON.stringify(live?.queue.filter(row => row.viewer === me).map(row => row.id) ?? []);

/** Asks for one's own parts again when one's own row has moved, and once a minute. */
export async function refreshMine(before, live) {
  if (!signedIn() || asking) return;
  const me = document.getElementById('me').dataset.viewer;
  const moved = before !== null && rowsOf(before, me) !== rowsOf(live, me);
  if (!moved && Date.now() - asked < EACH_MINUTE) return;
  asking = true;
  asked = Date.now();
  const known = new URLSearchParams({ known: waiting().join(' ') });
  try {
    await htmx.ajax('GET', `/userpanel/me?${known}`, { source: '#me', target: '#said', swap: 'none' });
  } finally {
    asking = false;
  }
}

// ---- Sound

let soundOn = store.get(SOUND, localStorageOrNone()) === 'on';
let audio = null;

document.addEventListener('change', ({ target }) => {
  if (target.id !== 'sound') return;
  soundOn = target.checked;
  store.set(SOUND, soundOn ? 'on' : null, localStorageOrNone());
  if (soundOn) ring();
});

/** Two soft tones. */
function ring() {
  try {
    audio ??= new AudioContext();
    for (const [place, frequency] of [660, 880].entries()) {
      const start = audio.currentTime + place * 0.14;
      const [tone, volume] = [audio.createOscillator(), audio.createGain()];
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.0001, start);
      volume.gain.exponentialRampToValueAtTime(0.15, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.4);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + 0.45);
    }
  } catch { /* silence is no reason to stop */ }
}

let rung = '';

/** Rings when the page tells of something new that became of a redemption of one's own. */
export function ringIfDone() {
  const news = [...document.querySelectorAll('#said [data-kind]')].map(notice => notice.textContent.trim()).join('\n');
  if (soundOn && news && news !== rung) ring();
  rung = news;
}
