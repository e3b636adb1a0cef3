/* Reads values of live.json: a value of another type than the expected one must not break an overlay. */

export const list = value => (Array.isArray(value) ? value.filter(item => item && typeof item === 'object') : []);
export const whole = value => (Number.isFinite(value) ? Math.max(0, Math.floor(value)) : 0);
export const instant = value => (Number.isFinite(value) ? value : null);

/** A text as one line, without direction marks and without stacked accents. */
export function clean(value, limit = 200) {
  if (typeof value !== 'string') return '';
  const text = value
    .slice(0, 4 * limit)
    .replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g, '')
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .trim();
  const letters = [...text];
  return letters.length > limit ? `${letters.slice(0, limit).join('')}…` : text;
}
