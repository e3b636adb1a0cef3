/* Timers, which ring when they end. */

import { element, put } from '../js/dom.js';
import { clock } from '../js/times.js';
import { say } from '../js/words.js';
import { ring } from './celebrate.js';
import { JUST_NOW, RECENT, now } from './clock.js';
import { part, room, root, rows, text } from './draw.js';
import { wanted } from './options.js';
import { run } from './overlay.js';
import { clean, instant, list } from './read.js';

function timers() {
  const parent = element('ol', 'timers rows');
  root.append(parent);
  const known = new Map();
  const finished = new Set();
  let tick = 0;
  let first = true;

  const make = () => {
    const [who, left, line] = [text('who'), element('span', 'amount'), element('i')];
    left.setAttribute('role', 'timer');
    return { node: element('li', 'plate', who, left, element('span', 'run', line)), who, left, line };
  };
  const fill = (row, timer) => {
    const left = Math.max(0, timer.ends - now());
    put(row.who, timer.name);
    put(row.left, clock(Math.ceil(left / 1000)));
    part(row.line, Math.max(0, left - 1000) / Math.max(1, timer.ends - timer.set));
    row.node.classList.toggle('over', left === 0);
  };
  const draw = rows(parent, make, fill);

  function go() {
    clearTimeout(tick);
    for (const [key, timer] of known) {
      const over = now() - timer.ends;
      if (over >= 0 && !finished.has(key)) {
        finished.add(key);
        if (over < RECENT) ring('alarm');
      }
      if (over > 8000) known.delete(key);
    }
    const items = [...known.values()].sort((one, other) => one.ends - other.ends);
    draw(items.slice(0, room(parent)));
    if (items.length === 0) return;
    // Again, since the height of the first row shows how many fit.
    if (parent.children.length < items.length) draw(items.slice(0, room(parent)));
    const next = items.map(timer => (timer.ends > now() ? ((timer.ends - now() - 1) % 1000) + 1 : 1000));
    tick = setTimeout(go, Math.max(15, Math.min(...next)));
  }

  return {
    show(data) {
      const listed = new Set();
      for (const item of list(data.timers)) {
        const ends = instant(item.ends);
        if (ends === null || !wanted(item)) continue;
        const key = `${item.id} ${ends}`;
        listed.add(key);
        // A timer that ended before the page was loaded has rung already.
        if (!known.has(key) && now() - ends > (first ? JUST_NOW : RECENT)) finished.add(key);
        if (finished.has(key)) continue;
        const name = clean(item.name) || say('timer-unnamed');
        known.set(key, { id: key, name, ends, set: instant(item.set_at) ?? ends });
      }
      // A timer that is no longer listed has ended if its time has come (within 1.5 s), and was cancelled otherwise.
      for (const [key, timer] of known) if (!listed.has(key) && timer.ends - now() > 1500) known.delete(key);
      if (finished.size > 500) finished.clear();
      first = false;
      go();
    },
  };
}

run(timers);
