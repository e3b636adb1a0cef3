/* The queue. */

import { element, put } from '../js/dom.js';
import { say } from '../js/words.js';
import { text } from './draw.js';
import { run } from './overlay.js';
import { plates } from './plates.js';
import { clean, list } from './read.js';

function queue() {
  const make = () => {
    const [place, who, what] = [element('span', 'place'), text('who'), text('what')];
    const node = element('li', 'plate', place, element('span', 'text', who, what));
    return { node, place, who, what };
  };
  const fill = (row, entry, index) => {
    put(row.place, String(index + 1));
    put(row.who, clean(entry.name));
    const note = clean(entry.note);
    put(row.what, note === '' ? clean(entry.reward) : `${clean(entry.reward, 60)} · ${note}`);
    row.node.classList.toggle('first', index === 0);
  };
  const read = data => ({ items: list(data.queue), aside: clean(data.waiting_text, 60) });
  return plates('queue', { title: say('queue-title'), nothing: say('queue-empty'), make, fill, read });
}

run(queue);
