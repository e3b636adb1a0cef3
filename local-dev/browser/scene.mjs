// A live.json with an entry of every kind, and one with hostile texts.

export function scene(now) {
  const standing = ([name, value]) => ({ viewer: name, name, value, value_text: value.toLocaleString('en') });
  return {
    version: 1, at: now, next_poll_ms: 1000, live: true, title: 'The show', began: now - 3_600_000, prefix: '!', points: 'points', rewards: [],
    votes: [['red', 18], ['blue', 7], ['green', 3]].map(([name, count]) =>
      ({ id: name, name, description: `Vote for the ${name} team.`, count, points: 10 * count, open: true, ends: name === 'red' ? now + 154_000 : null })),
    goals: [{
      id: 'charity', name: 'charity', description: 'A stream of 24 hours for a good cause', progress: 620, target: 1000, open: true, ends: null,
      milestones: [{ at: 250, text: 'karaoke' }, { at: 500, text: 'a costume' }, { at: 1000, text: '24 h stream' }],
    }],
    queue: [['Ann', 'song', 'Blue, by Eiffel 65', 190], ['Cleo', 'hydrate', null, 75], ['Bo', 'pet', 'The black cat, please', 12]]
      .map(([name, reward, note, ago]) => ({ id: name, viewer: name, name, reward, note, at: now - 1000 * ago })),
    waiting: 3, waiting_text: '3 waiting',
    board: {
      points: [['Ann', 12_545], ['Cleo', 9_120], ['Bo', 3_870], ['Dee', 1_545], ['Eve', 920], ['Finn', 310]].map(standing),
      watched: [['Cleo', 363_600], ['Ann', 301_200], ['Bo', 36_000]].map(standing),
    },
    timers: [{ id: 'tea', name: 'Tea', set_at: now - 60_000, ends: now + 45_900 }, { id: 'push-ups', name: 'Push-ups', set_at: now - 10_000, ends: now + 154_900 }],
    alerts: [{ id: 'one', at: now - 500, kind: 'redeem', name: 'Ann', reward: 'song', text: 'Blue, by Eiffel 65', points: null, amount_text: null }],
  };
}

const HOSTILE = [
  '<script>document.title = "run"; alert(1)</script>',
  '"><img src=x onerror=alert(2)>',
  '\u202Etxt.exe \u2066\u202Eanother',
  'W'.repeat(2000),
  'long '.repeat(400),
  'Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034d'.repeat(110),
  'ﷺ'.repeat(300),
  'بائع '.repeat(200),
];

/** The same document with all texts of viewers and of the streamer replaced. */
export function hostile(now, seed) {
  const document = scene(now);
  let turn = seed;
  const text = () => HOSTILE[turn++ % HOSTILE.length];
  const replace = value => {
    if (Array.isArray(value)) return value.map(replace);
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value).map(([key, inner]) =>
      [key, ['name', 'reward', 'note', 'text', 'description', 'title', 'points'].includes(key) && typeof inner === 'string' ? text() : replace(inner)]);
    return Object.fromEntries(entries);
  };
  return replace(document);
}

export const LIVE = '**/overlay/live.json';

export const json = make => route => route.fulfill({ contentType: 'application/json', body: JSON.stringify(make()) });

export const SIZES = {
  '/goals': [610, 210],
  '/votes': [420, 150],
  '/overlay/alerts': [600, 200],
  '/overlay/timers': [400, 150],
  '/overlay/queue': [400, 300],
  '/overlay/leaderboard': [400, 300],
  '/overlay/ticker': [1280, 60],
};
