/* The viewers' panel. Everything works without; this keeps it up to date and sends forms without leaving the page. */
import { countDown, showCards } from './cards.js';
import { watch } from './live.js';
import { showBoards, showQueue } from './lists.js';
import { keepSession, refreshMine, ringIfDone } from './mine.js';

const panel = () => document.getElementById('panel');
const root = document.documentElement;

root.classList.add('js');
if (window.self !== window.top) root.classList.add('frames');

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
    const today = at.toDateString() === new Date().toDateString();
    const day = today ? {} : { day: 'numeric', month: 'short' };
    time.textContent = at.toLocaleString([], { ...day, hour: '2-digit', minute: '2-digit' });
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

/** Marks the part of the page that is being looked at. */
let looking = null;
function followScrolling() {
  looking?.disconnect();
  const links = [...document.querySelectorAll('nav a')];
  const mark = id => {
    for (const link of links) {
      if (link.hash === `#${id}`) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
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

document.addEventListener('htmx:afterSettle', ({ target }) => {
  if (target === document.body || target.id === 'panel') followScrolling();
  begin(document);
  ringIfDone();
});

begin(document);
followScrolling();
watch(panel().dataset.live, {
  fresh(document_) {
    const before = live;
    live = document_;
    show();
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
