/* Votes: in pages, where not all of them fit. */

import { element, put } from '../js/dom.js';
import { say } from '../js/words.js';
import { timeLeft } from './clock.js';
import { count, empty, part, room, root, rows, text } from './draw.js';
import { options, wanted } from './options.js';
import { run } from './overlay.js';
import { clean, instant, list, whole } from './read.js';

function votes() {
  const parent = element('div', 'votes');
  const nothing = empty(say('votes-empty'));
  root.append(parent, nothing);
  let all = [];
  let page = 0;
  let turned = Date.now();

  const make = () => {
    const [name, left, counted, share, fill] = [text('name'), element('span', 'soft'), element('span'), element('span', 'share'), element('i', 'fill')];
    const bar = element('div', 'bar', element('div', 'room', fill));
    bar.setAttribute('role', 'progressbar');
    bar.setAttribute('aria-valuemin', '0');
    bar.setAttribute('aria-valuemax', '100');
    const node = element('section', 'row', element('div', 'line', name, left, element('span', 'amount', counted, share)), bar);
    return { node, name, left, number: counted, share, fill, bar };
  };
  const fill = (row, vote) => {
    put(row.name, clean(vote.name));
    put(row.left, vote.open === false ? say('vote-closed') : timeLeft(instant(vote.ends)));
    count(row.number, whole(vote.count));
    put(row.share, say('percent', { percent: vote.percent }));
    part(row.fill, vote.percent / 100);
    row.bar.setAttribute('aria-label', clean(vote.name));
    row.bar.setAttribute('aria-valuenow', String(vote.percent));
  };
  const draw = rows(parent, make, fill);

  function paint() {
    const perPage = room(parent);
    const pages = Math.max(1, Math.ceil(all.length / perPage));
    page %= pages;
    draw(all.slice(page * perPage, (page + 1) * perPage));
    return pages;
  }

  setInterval(() => {
    if (Date.now() - turned >= 1000 * options.seconds) {
      turned = Date.now();
      page += 1;
    }
    if (all.length > 0) paint();
  }, 1000);

  return {
    show(data) {
      const every = list(data.votes);
      const total = every.reduce((sum, vote) => sum + whole(vote.count), 0);
      all = every.filter(wanted).map(vote => ({ ...vote, percent: total === 0 ? 0 : Math.round((100 * whole(vote.count)) / total) }));
      nothing.hidden = all.length > 0;
      paint();
      // Again, since the height of the first row shows how many fit.
      paint();
    },
  };
}

run(votes);
