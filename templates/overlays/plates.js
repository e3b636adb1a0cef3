/* A list with a head. It draws the rows that fit into the source. */

import { element, put } from '../js/dom.js';
import { empty, room, root, rows } from './draw.js';

/**
 * The view of a list with the class `kind`. `make` and `fill` are those of its rows; `read` returns the items of a document, and
 * the text `aside` for the head.
 */
export function plates(kind, { title, nothing, make, fill, read }) {
  const note = element('span', 'soft');
  const head = element('div', 'head', element('span', '', title), note);
  const parent = element('ol', 'rows');
  const instead = empty(nothing);
  root.append(element('div', kind, head, parent), instead);
  const draw = rows(parent, make, fill);
  return {
    show(data) {
      const { items, aside } = read(data);
      instead.hidden = items.length > 0;
      head.hidden = items.length === 0;
      put(note, aside);
      draw(items.slice(0, room(parent)));
      // Again, since the height of the first row shows how many fit.
      draw(items.slice(0, room(parent)));
    },
  };
}
