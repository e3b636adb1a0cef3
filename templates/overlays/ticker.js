/* The ticker: the last redeems, the goals and the first of the board, in turns. */

import { element, put } from '../js/dom.js';
import { grouped, say } from '../js/words.js';
import { watched } from './clock.js';
import { animate, empty, root, text } from './draw.js';
import { options } from './options.js';
import { run } from './overlay.js';
import { clean, instant, list, whole } from './read.js';

function ticker() {
  const line = element('div', 'ticker');
  const nothing = empty(say('ticker-empty'));
  line.hidden = true;
  root.append(line, nothing);
  let recent = [];
  let pages = [];
  let page = 0;
  let written = '';

  const item = (label, name, amount) => {
    const node = element('span', 'item', element('span', 'label', label), text());
    put(node.lastElementChild, name);
    if (amount) {
      node.append(text('amount'));
      put(node.lastElementChild, amount);
    }
    return node;
  };

  /** Splits the items into pages that fit into the line. */
  function paginate(nodes) {
    line.replaceChildren(...nodes);
    const inside = getComputedStyle(line);
    const gap = parseFloat(inside.columnGap) || 0;
    const width = line.clientWidth - parseFloat(inside.paddingLeft) - parseFloat(inside.paddingRight);
    pages = [];
    let used = Infinity;
    for (const node of nodes) {
      const needs = node.offsetWidth + gap;
      if (used + needs - gap > width) {
        pages.push([]);
        used = 0;
      }
      pages[pages.length - 1].push(node);
      used += needs;
    }
  }

  function turn(index) {
    page = pages.length === 0 ? 0 : index % pages.length;
    line.replaceChildren(...(pages[page] ?? []));
  }

  setInterval(() => {
    if (pages.length < 2) return;
    turn(page + 1);
    for (const node of line.children) animate(node, [{ opacity: 0, transform: 'translateY(0.5em)' }, { opacity: 1, transform: 'none' }]);
  }, 1000 * options.seconds);

  return {
    show(data) {
      // Alerts leave the document after a minute; the ticker keeps the last redeems.
      for (const entry of [...list(data.alerts).filter(alert => ['redeem', 'special'].includes(alert.kind)), ...list(data.queue)]) {
        const at = instant(entry.at) ?? 0;
        const known = recent.some(other => other.at === at && other.reward === entry.reward && other.name === entry.name);
        if (!known && typeof entry.reward === 'string') recent.push({ at, name: entry.name, reward: entry.reward });
      }
      recent = recent.sort((one, other) => other.at - one.at).slice(0, options.count || 3);
      const value = options.by === 'watched' ? watched : grouped;
      const share = goal => `${grouped(whole(goal.progress))} / ${grouped(whole(goal.target))}`;
      const place = index => say('ticker-place', { place: index + 1 });
      const first = list(data.board?.[options.by]).slice(0, options.count || 3);
      const items = [
        ...recent.map(entry => [say('ticker-redeem'), clean(entry.name, 40), clean(entry.reward, 40)]),
        ...list(data.goals).map(goal => [say('ticker-goal'), clean(goal.name, 60), share(goal)]),
        ...first.map((entry, index) => [place(index), clean(entry.name, 40), value(whole(entry.value))]),
      ];
      const signature = JSON.stringify([items, innerWidth]);
      if (signature === written) return;
      written = signature;
      line.hidden = items.length === 0;
      nothing.hidden = items.length > 0;
      paginate(items.map(words => item(...words)));
      turn(page);
    },
  };
}

run(ticker);
