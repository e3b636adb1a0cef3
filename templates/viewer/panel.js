/* The viewers' panel. Everything works without; this keeps it up to date and sends forms without leaving the page. */
import { countDown, showCards } from './cards.js';
import { watch } from './live.js';
import { moment, showBoards, showQueue } from './lists.js';
import { keepSession, refreshMine, ringIfDone } from './mine.js';

const panel = () => document.getElementById('panel');
const root = document.documentElement;

root.classList.add('js');
if (window.self !== window.top) root.classList.add('frames');
// A link that was used up is nothing to load again.
if (location.pathname.startsWith('/userpanel/')) history.replaceState(null, '', '/userpanel');

/** The newest document of what everybody sees; the page itself until there is one. */
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

/** Times as this visitor's clock shows them. */
function showTimes(within) {
  for (const time of within.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    time.textContent = moment(at);
    time.title = at.toLocaleString();
  }
}

/** A button beside everything that is to be copied. Where copying is not allowed, the text is selected. */
function addCopiers(within) {
  for (const text of within.querySelectorAll('[data-copy]:not([data-ready])')) {
    text.dataset.ready = '';
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet copier';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(text.dataset.copy);
        button.textContent = 'Copied';
      } catch {
        if (text.select) text.select();
        else getSelection().selectAllChildren(text);
        button.textContent = 'Selected: now copy it';
      }
    });
    text.after(button);
  }
}

/** Brings a link to a part of the page wholly into sight: on a phone only some of them are. */
function bringToSight(link) {
  const nav = link.parentElement;
  const [from, to] = [link.offsetLeft - 16, link.offsetLeft + link.offsetWidth + 16 - nav.clientWidth];
  nav.scrollLeft = Math.max(Math.min(nav.scrollLeft, from), to);
}
document.addEventListener('focusin', ({ target }) => { if (target.matches('nav a')) bringToSight(target); });

/** Marks the part of the page that is being looked at. */
let looking = null;
function followScrolling() {
  looking?.disconnect();
  const links = [...document.querySelectorAll('nav a')];
  const mark = id => {
    for (const link of links) {
      if (link.hash !== `#${id}`) link.removeAttribute('aria-current');
      else if (!link.hasAttribute('aria-current')) {
        link.setAttribute('aria-current', 'true');
        bringToSight(link);
      }
    }
  };
  const seen = new Set();
  looking = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) isIntersecting ? seen.add(target.id) : seen.delete(target.id);
    const first = links.find(link => seen.has(link.hash.slice(1)));
    if (first) mark(first.hash.slice(1));
  }, { rootMargin: '-120px 0px -50% 0px' });
  for (const link of links) {
    const section = document.querySelector(link.hash);
    if (section) looking.observe(section);
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

/** When the newest form was answered, by the server's clock, rounded up: documents that are older do not know of it. */
let answered = 0;
/** And by the clock of this computer. */
let sent = 0;

document.addEventListener('htmx:afterSwap', ({ target, detail }) => {
  if (detail.requestConfig?.verb !== 'post') return;
  answered = Date.parse(detail.xhr.getResponseHeader('date')) + 1000;
  sent = Date.now();
  if (target.dataset?.reward) target.dataset.since = answered;
  askSoon();
});

/** Whether `document_` does not know yet of what was just done here. */
const isBehind = document_ => document_.at < answered && Date.now() - sent < 10_000;

// The second click of a double click, or of a key that is held down, is none.
document.addEventListener('click', event => {
  if (event.detail > 1 && event.target.closest?.('form button')) event.preventDefault();
}, true);
document.addEventListener('keydown', event => {
  if (event.repeat && event.key === 'Enter' && event.target.closest?.('form')) event.preventDefault();
}, true);

/** What has the focus, and all around it: a button that is swapped, or disabled meanwhile, loses it. */
let focused = [];
document.addEventListener('htmx:beforeRequest', () => {
  focused = [];
  for (let node = document.activeElement; node && node !== document.body; node = node.parentElement) {
    if (node.id === 'panel') focused.push('said');
    if (node.id) focused.push(node.id);
  }
});

/** Gives the focus to the innermost of what had it that is still there. */
function returnFocus() {
  if (document.activeElement !== document.body) return;
  const there = focused.map(id => document.getElementById(id)).find(node => node && !node.disabled && node.getClientRects().length > 0);
  if (!there) return;
  if (there.tabIndex < 0) there.tabIndex = -1;
  there.focus({ preventScroll: true });
}

/** So long good news stay, unless they are in use; what went wrong stays until the next. */
const STAY = 15_000;
let leaving = null;
function letGo() {
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    const said = document.getElementById('said');
    if (said.matches(':hover, :focus, :focus-within')) letGo();
    else for (const line of said.querySelectorAll('.good')) line.remove();
  }, STAY);
}

/** What was sent by hand and did not get through is told; what the page asks by itself is told by the age of its news. */
function tellFailure({ detail }) {
  if (detail.pathInfo.requestPath.match(/^\/userpanel\/(me|code\/wait)/)) return;
  const [said, line] = [document.createElement('div'), document.createElement('p')];
  said.className = 'said bad';
  line.textContent = 'That did not get through. Try again in a moment: nothing is taken twice.';
  said.append(line);
  document.getElementById('said').replaceChildren(said);
  returnFocus();
}
document.addEventListener('htmx:sendError', tellFailure);
document.addEventListener('htmx:timeout', tellFailure);

// The panel itself says with every refusal where it belongs; any other is of something between, and no part of the page.
document.addEventListener('htmx:beforeSwap', event => {
  const { xhr } = event.detail;
  if (xhr.status < 400 || xhr.getResponseHeader('hx-reswap')) return;
  event.detail.shouldSwap = false;
  tellFailure(event);
});

document.addEventListener('htmx:afterSettle', ({ target }) => {
  if (target === document.body || target.id === 'panel') followScrolling();
  begin(document);
  returnFocus();
  ringIfDone();
  if (document.getElementById('said').contains(target)) letGo();
});

begin(document);
letGo();
followScrolling();
const askSoon = watch(panel().dataset.live, {
  fresh(document_) {
    const before = live;
    live = document_;
    show();
    if (isBehind(live)) askSoon();
    refreshMine(before, live);
  },
  stale(since) {
    const note = document.getElementById('stale');
    note.hidden = !since;
    if (since) {
      const at = since.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
      note.textContent = `No news since ${at}. Trying again; what you click still counts once it gets through.`;
    }
  },
});
setInterval(() => { if (!document.hidden) countDown(show); }, 1000);
