/* Shows the queue and the boards. */
import { element, isolated } from '../js/dom.js';
import { moment } from '../js/times.js';
import { say } from '../js/words.js';

/** The URLs of Owncast's emoji by name; requested once, and only when a text may hold one. */
let emoji = null;
let requested = false;

async function requestEmoji(again) {
  if (requested) return;
  requested = true;
  try {
    const response = await fetch('/userpanel/emoji.json', { credentials: 'omit' });
    if (response.ok) emoji = await response.json();
  } catch { /* the names between colons are shown instead */ }
  if (emoji) again();
}

/** Text with its emoji, as nodes. */
function rich(text, again) {
  const nodes = isolated();
  const mayHold = /:[^\s:]+:/.test(text);
  if (mayHold) requestEmoji(again);
  let rest = text;
  let plain = '';
  while (emoji && rest.includes(':')) {
    const [, before, name, after] = rest.match(/^([^:]*):(?:([^\s:]+)(?=:))?([\s\S]*)$/);
    plain += before;
    if (name !== undefined && Object.hasOwn(emoji, name)) {
      nodes.append(plain, picture(name, emoji[name]));
      plain = '';
      rest = after.slice(1);
    } else {
      plain += `:${name ?? ''}`;
      rest = after;
    }
  }
  nodes.append(plain + rest);
  return nodes;
}

function picture(name, url) {
  const image = element('img', 'emoji');
  image.alt = image.title = `:${name}:`;
  image.src = url;
  return image;
}

function time(ms) {
  const at = new Date(ms);
  const shown = element('time', '', moment(at));
  shown.dateTime = at.toISOString();
  shown.title = at.toLocaleString();
  return shown;
}

/** Replaces the rows of `list` by `rows`, unless they are the same. */
function replaceRows(list, rows, empty) {
  const next = element('ol', '', ...rows);
  if (list.innerHTML !== next.innerHTML) list.replaceChildren(...next.childNodes);
  empty.hidden = rows.length > 0;
}

export function showQueue(live, me) {
  const list = document.getElementById('queue-rows');
  const again = () => showQueue(live, me);
  const rows = live.queue.map((waiting, place) => {
    const own = me !== undefined && waiting.viewer === me;
    const what = element('span', 'what', isolated(waiting.reward), ' · ', own ? say('you') : isolated(waiting.name));
    if (waiting.note !== null) what.append(': “', rich(waiting.note, again), '”');
    return element('li', own ? 'own' : '', element('b', 'place', String(place + 1)), what, time(waiting.at));
  });
  replaceRows(list, rows, document.getElementById('queue-empty'));
}

export function showBoards(live, me) {
  for (const order of ['points', 'watched']) {
    const list = document.getElementById(`board-${order}`);
    const rows = live.board[order].map((entry, place) => element(
      'li', me !== undefined && entry.viewer === me ? 'own' : '',
      element('b', 'place', String(place + 1)),
      element('span', 'what', isolated(entry.name)),
      element('span', '', entry.value_text ?? String(entry.value)),
    ));
    replaceRows(list, rows, list.nextElementSibling);
  }
}
