/* The viewers' panel. Everything works without this script. It keeps the page up to date, and sends forms without leaving
   the page. */
import { element, put } from '../js/dom.js';
import { VERSION, poll } from '../js/poll.js';
import { moment, timeOfDay } from '../js/times.js';
import { say } from '../js/words.js';
import { countDown, showCards } from './cards.js';
import { showBoards, showQueue } from './lists.js';
import { keepSession, refreshMine, ringIfDone } from './mine.js';

const panel = () => document.getElementById('panel');
const root = document.documentElement;

root.classList.add('js');
if (window.self !== window.top) root.classList.add('frames');
// A sign-in link works once, so that reloading the page must not open it again.
if (location.pathname.startsWith('/userpanel/')) history.replaceState(null, '', '/userpanel');

/** The newest live.json; null until the first has arrived. */
let live = null;

function show() {
  showCards(live);
  if (!live) return;
  const me = document.getElementById('me').dataset.viewer;
  showQueue(live, me);
  showBoards(live, me);
  document.getElementById('offline').hidden = live.live;
  document.getElementById('away').hidden = !live.away;
}

/** Shows times in the visitor's time zone. */
function showTimes(within) {
  for (const time of within.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    time.textContent = moment(at);
    time.title = at.toLocaleString();
  }
}

/** Adds a copy button beside everything that can be copied. Where copying is not allowed, it selects the text. */
function addCopiers(within) {
  for (const text of within.querySelectorAll('[data-copy]:not([data-ready])')) {
    text.dataset.ready = '';
    const button = element('button', 'quiet copier', say('copy'));
    button.type = 'button';
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(text.dataset.copy);
        button.textContent = say('copied');
      } catch {
        if (text.select) text.select();
        else getSelection().selectAllChildren(text);
        button.textContent = say('selected');
      }
    });
    text.after(button);
  }
}

/** Scrolls a link of the navigation into view: on a phone only some of them are visible. */
function scrollIntoView(link) {
  const nav = link.parentElement;
  const [from, to] = [link.offsetLeft - 16, link.offsetLeft + link.offsetWidth + 16 - nav.clientWidth];
  nav.scrollLeft = Math.max(Math.min(nav.scrollLeft, from), to);
}
document.addEventListener('focusin', ({ target }) => { if (target.matches('nav a')) scrollIntoView(target); });

/** Marks the link of the section that is visible. */
let observer = null;
function followScrolling() {
  observer?.disconnect();
  const links = [...document.querySelectorAll('nav a')];
  const mark = id => {
    for (const link of links) {
      if (link.hash !== `#${id}`) link.removeAttribute('aria-current');
      else if (!link.hasAttribute('aria-current')) {
        link.setAttribute('aria-current', 'true');
        scrollIntoView(link);
      }
    }
  };
  const seen = new Set();
  observer = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) isIntersecting ? seen.add(target.id) : seen.delete(target.id);
    const first = links.find(link => seen.has(link.hash.slice(1)));
    if (first) mark(first.hash.slice(1));
  }, { rootMargin: '-120px 0px -50% 0px' });
  for (const link of links) {
    const section = document.querySelector(link.hash);
    if (section) observer.observe(section);
  }
  mark('rewards');
}

function begin(within) {
  showTimes(within);
  addCopiers(within);
  keepSession(panel());
  show();
}

// ---- Forms

/** When the newest form was handled, by the server's clock, rounded up. Older documents do not include its effects. */
let handledAt = 0;
/** The same by the clock of this computer. */
let receivedAt = 0;

document.addEventListener('htmx:afterSwap', ({ target, detail }) => {
  if (detail.requestConfig?.verb !== 'post') return;
  handledAt = Date.parse(detail.xhr.getResponseHeader('date')) + 1000;
  receivedAt = Date.now();
  if (target.dataset?.reward) target.dataset.since = handledAt;
  pollSoon();
});

/** Whether `document_` does not yet include the effects of the newest form. */
const isBehind = document_ => document_.at < handledAt && Date.now() - receivedAt < 10_000;

// Ignores the second click of a double click, and the repeats of a key that is held down.
document.addEventListener('click', event => {
  if (event.detail > 1 && event.target.closest?.('form button')) event.preventDefault();
}, true);
document.addEventListener('keydown', event => {
  if (event.repeat && event.key === 'Enter' && event.target.closest?.('form')) event.preventDefault();
}, true);

/** The ids of the focused element and of those around it: a button that is swapped or disabled loses the focus. */
let focused = [];
document.addEventListener('htmx:beforeRequest', () => {
  focused = [];
  for (let node = document.activeElement; node && node !== document.body; node = node.parentElement) {
    if (node.id === 'panel') focused.push('said');
    if (node.id) focused.push(node.id);
  }
});

/** Returns the focus to the innermost of those elements that still exists. */
function returnFocus() {
  if (document.activeElement !== document.body) return;
  const target = focused.map(id => document.getElementById(id)).find(node => node && !node.disabled && node.getClientRects().length > 0);
  if (!target) return;
  if (target.tabIndex < 0) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

/** How long notices of success stay, in milliseconds, unless they are in use. Notices of failure stay until the next. */
const NOTICE_TIME = 15_000;
let removal = null;
function removeNoticesLater() {
  clearTimeout(removal);
  removal = setTimeout(() => {
    const notices = document.getElementById('said');
    if (notices.matches(':hover, :focus, :focus-within')) removeNoticesLater();
    else for (const line of notices.querySelectorAll('.good')) line.remove();
  }, NOTICE_TIME);
}

/** Shows that a form did not get through. Failures of automatic requests are shown only by the age of the last document. */
function showFailure({ detail }) {
  if (detail.pathInfo.requestPath.match(/^\/userpanel\/(me|code\/wait)/)) return;
  const notice = element('div', 'said bad', element('p', '', say('not-sent')));
  document.getElementById('said').replaceChildren(notice);
  returnFocus();
}
document.addEventListener('htmx:sendError', showFailure);
document.addEventListener('htmx:timeout', showFailure);

// The panel marks its own error responses with hx-reswap, and sends a 422 when a form comes back with a sentence beside a
// field. Any other comes from a proxy, and must not become part of the page.
document.addEventListener('htmx:beforeSwap', event => {
  const { xhr } = event.detail;
  if (xhr.status < 400 || xhr.status === 422 || xhr.getResponseHeader('hx-reswap')) return;
  event.detail.shouldSwap = false;
  showFailure(event);
});

document.addEventListener('htmx:afterSettle', ({ target }) => {
  if (target === document.body || target.id === 'panel') followScrolling();
  begin(document);
  returnFocus();
  ringIfDone();
  if (document.getElementById('said').contains(target)) removeNoticesLater();
});

begin(document);
removeNoticesLater();
followScrolling();

// ---- Staying up to date

/** The age of the last document, in milliseconds, from which the page says that it is out of date. */
const OLD = 30_000;
/** When the last document arrived, and whether a request has failed since. */
let last = new Date();
let failing = false;

function reportAge() {
  const note = document.getElementById('stale');
  note.hidden = !failing || Date.now() - last <= OLD;
  if (!note.hidden) put(note, say('stale', { time: timeOfDay(last) }));
}

const pollSoon = poll(panel().dataset.live, {
  fresh(document_) {
    // A newer server may use another format. Then the page keeps what it shows until it is loaded again.
    if (document_.version !== VERSION) return;
    const before = live;
    live = document_;
    show();
    if (isBehind(live)) pollSoon();
    refreshMine(before, live);
  },
  asked(failures) {
    failing = failures > 0;
    if (!failing) last = new Date();
    reportAge();
  },
  firstRetry: 4_000,
  maxWait: 60_000,
  how: { credentials: 'omit' },
});
// Between two requests too, since the backoff makes them rare.
setInterval(reportAge, 1000);
setInterval(() => { if (!document.hidden) countDown(show); }, 1000);
