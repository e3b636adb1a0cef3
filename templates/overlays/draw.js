/* What the overlays draw with: texts, bars, numbers that count, and rows that move. */

import { element, isolated, put } from '../js/dom.js';
import { grouped } from '../js/words.js';
import { options, still } from './options.js';

export const root = document.getElementById('overlay');

/** An element for a text of a viewer or of the streamer. */
export const text = (classes = '') => isolated('', `said ${classes}`.trim());

/** Fills a bar to `share`, from 0 to 1. */
export function part(node, share) {
  const value = `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`;
  if (node.style.getPropertyValue('--part') !== value) node.style.setProperty('--part', value);
  node.classList.toggle('some', share > 0);
}

export function animate(node, frames, timing) {
  if (!still()) node.animate(frames, { easing: 'cubic-bezier(0.2, 0.75, 0.25, 1)', duration: 450, ...timing });
}

const counting = new WeakMap();

/** Animates a number from the value that it shows to `value`. */
export function count(node, value, format = grouped) {
  const run = counting.get(node);
  if (run?.to === value) return;
  const from = run?.shown ?? value;
  const next = { to: value, shown: from };
  counting.set(node, next);
  if (from === value || still()) {
    next.shown = value;
    put(node, format(value));
    return;
  }
  const began = performance.now();
  const step = time => {
    if (counting.get(node) !== next) return;
    const done = still() ? 1 : Math.min(1, Math.max(0, (time - began) / 900));
    next.shown = done === 1 ? value : Math.round(from + (value - from) * (1 - (1 - done) ** 3));
    put(node, format(next.shown));
    if (done < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

/** Keeps one element for each item, and animates them to their new positions. */
export function rows(parent, make, fill) {
  const shown = new Map();
  let filled = false;
  return items => {
    const before = new Map([...shown.values()].map(row => [row.node, row.node.getBoundingClientRect().top]));
    const keep = new Set();
    items.forEach((item, index) => {
      const id = String(item.id ?? item.viewer ?? index);
      if (keep.has(id)) return;
      if (!shown.has(id)) shown.set(id, make());
      const row = shown.get(id);
      fill(row, item, index);
      if (parent.children[keep.size] !== row.node) parent.insertBefore(row.node, parent.children[keep.size] ?? null);
      keep.add(id);
    });
    for (const [id, row] of shown) {
      if (keep.has(id)) continue;
      row.node.remove();
      shown.delete(id);
    }
    const from = options.side === 'right' ? 24 : -24;
    for (const row of filled && !still() ? shown.values() : []) {
      const moved = before.get(row.node) - row.node.getBoundingClientRect().top;
      if (Number.isNaN(moved)) animate(row.node, [{ opacity: 0, transform: `translateX(${from}px)` }, { opacity: 1, transform: 'none' }]);
      else if (moved !== 0) animate(row.node, [{ transform: `translateY(${moved}px)` }, { transform: 'none' }]);
    }
    filled = true;
    return shown;
  };
}

/** The number of rows that fit into the source. */
export function room(parent) {
  if (options.count) return options.count;
  const row = parent.firstElementChild;
  if (!row) return 1;
  const gap = parseFloat(getComputedStyle(parent).rowGap) || 0;
  const inside = getComputedStyle(root);
  const others = [...root.children].filter(node => node.contains(parent)).map(node => node.offsetHeight - parent.offsetHeight);
  const height = root.clientHeight - parseFloat(inside.paddingTop) - parseFloat(inside.paddingBottom) - (others[0] ?? 0);
  return Math.min(50, Math.max(1, Math.floor((height + gap + 1) / (row.offsetHeight + gap))));
}

/** A sentence that stands where there is nothing to show. */
export function empty(sentence) {
  const node = element('p', 'empty', sentence);
  node.hidden = true;
  return node;
}
