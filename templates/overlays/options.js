/* The options in the page's query string. An invalid value is ignored. */

const query = new URLSearchParams(location.search);

/** The value of the parameter `name`; null where there is none. */
export const parameter = name => query.get(name)?.trim() ?? null;

function number(name, low, high, otherwise) {
  const text = parameter(name) ?? '';
  const value = text === '' ? NaN : Number(text);
  return value >= low && value <= high ? value : otherwise;
}

function oneOf(name, allowed, otherwise) {
  const value = (parameter(name) ?? '').toLowerCase();
  return allowed.includes(value) ? value : otherwise;
}

export const options = {
  name: (parameter('name') ?? '').toLowerCase(),
  seconds: number('seconds', 2, 3600, 8),
  by: oneOf('by', ['points', 'watched'], 'points'),
  count: Math.floor(number('count', 1, 50, 0)),
  volume: number('volume', 0, 100, 50),
  sound: oneOf('sound', ['on', 'off'], 'on') === 'on',
  duration: number('duration', 1, 60, 6),
  kinds: (parameter('kinds') ?? '').toLowerCase().split(',').map(kind => kind.trim()).filter(Boolean),
  corner: oneOf('corner', ['top-left', 'top-right', 'bottom-left', 'bottom-right', 'top', 'bottom', 'center'], ''),
  side: oneOf('side', ['left', 'right', 'center'], ''),
  animation: oneOf('animation', ['on', 'off'], 'on') === 'on',
};

const reduced = matchMedia('(prefers-reduced-motion: reduce)');

/** Whether nothing may be animated now. */
export const still = () => !options.animation || reduced.matches || document.hidden;

/** Whether the options ask for this vote, goal or timer. */
export const wanted = item =>
  options.name === '' || [item.name, item.id].some(word => typeof word === 'string' && word.trim().toLowerCase() === options.name);
