/* The words that scripts write. They come with the page, in the JSON of its element `messages`: each id has a text, in
   which {name} stands for a value. */

const messages = new Map(Object.entries(JSON.parse(document.getElementById('messages')?.textContent || '{}')));
const text = id => messages.get(id) ?? id;

/** The text with this id, with `values` in the place of their names. */
export function say(id, values = {}) {
  return text(id).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The text with this id in pieces: each has either `text` or the `name` of a value, which the caller draws. */
export function pieces(id) {
  const parts = text(id).split(/\{(\w+)\}/);
  return parts.map((part, place) => (place % 2 === 0 ? { text: part.trim() } : { name: part })).filter(part => part.text !== '');
}

const numbers = new Intl.NumberFormat(document.documentElement.lang || 'en', { maximumFractionDigits: 0 });

/** 1240 → 1,240 */
export const grouped = value => numbers.format(value);
