/* The leaderboard. */

import { element, put } from '../js/dom.js';
import { grouped, say } from '../js/words.js';
import { watched } from './clock.js';
import { count, text } from './draw.js';
import { options } from './options.js';
import { run } from './overlay.js';
import { plates } from './plates.js';
import { clean, list, whole } from './read.js';

function leaderboard() {
  const format = options.by === 'watched' ? watched : grouped;
  const make = () => {
    const [place, who, value] = [element('span', 'place'), text('who'), element('span', 'amount')];
    return { node: element('li', 'plate', place, who, value), place, who, value };
  };
  const fill = (row, entry, index) => {
    put(row.place, String(index + 1));
    put(row.who, clean(entry.name));
    count(row.value, whole(entry.value), format);
    row.node.classList.toggle('first', index === 0);
  };
  const read = data => ({
    items: list(data.board?.[options.by]),
    aside: options.by === 'watched' ? say('board-watched') : clean(data.points, 30),
  });
  return plates('leaderboard', { title: say('board-title'), nothing: say('board-empty'), make, fill, read });
}

run(leaderboard);
