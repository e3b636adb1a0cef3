/* The overlays. Their content is the document /overlay/live.json; their style is set by the page's query string and CSS. */
(() => {
  'use strict';

  /** The version of live.json that this script can read. */
  const VERSION = 1;
  /** The maximum age of an event that is celebrated, in milliseconds. */
  const RECENT = 60_000;
  /** The maximum age of an event from before the page was loaded, in milliseconds. */
  const JUST_NOW = 5_000;
  const REQUEST_TIMEOUT = 10_000;
  const MAX_WAIT = 30_000;

  const body = document.body;
  const root = document.getElementById('overlay');

  // ---- Options: an invalid value is ignored.

  const query = new URLSearchParams(location.search);

  function number(name, low, high, otherwise) {
    const text = (query.get(name) ?? '').trim();
    const value = text === '' ? NaN : Number(text);
    return value >= low && value <= high ? value : otherwise;
  }

  function oneOf(name, allowed, otherwise) {
    const value = (query.get(name) ?? '').trim().toLowerCase();
    return allowed.includes(value) ? value : otherwise;
  }

  const options = {
    name: (query.get('name') ?? '').trim().toLowerCase(),
    seconds: number('seconds', 2, 3600, 8),
    by: oneOf('by', ['points', 'watched'], 'points'),
    count: Math.floor(number('count', 1, 50, 0)),
    volume: number('volume', 0, 100, 50),
    sound: oneOf('sound', ['on', 'off'], 'on') === 'on',
    duration: number('duration', 1, 60, 6),
    kinds: (query.get('kinds') ?? '').toLowerCase().split(',').map(kind => kind.trim()).filter(Boolean),
    corner: oneOf('corner', ['top-left', 'top-right', 'bottom-left', 'bottom-right', 'top', 'bottom', 'center'], ''),
    side: oneOf('side', ['left', 'right', 'center'], ''),
    animation: oneOf('animation', ['on', 'off'], 'on') === 'on',
  };

  const reduced = matchMedia('(prefers-reduced-motion: reduce)');
  const still = () => !options.animation || reduced.matches || document.hidden;

  // ---- Style

  /** Colours as in CSS. Hexadecimal ones may come without #, which in a URL would start the fragment. */
  function colour(text) {
    const value = /^([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(text) ? `#${text}` : text;
    return /^[#\w\s(),.%/-]{3,40}$/.test(value) && !/var|url/i.test(value) && CSS.supports('color', value) ? value : null;
  }

  function font(text) {
    if (!/^[\p{L}\p{N} ,_-]{1,100}$/u.test(text)) return null;
    const generic = /^(serif|sans-serif|monospace|cursive|fantasy|system-ui|ui-[a-z-]+)$/;
    const names = text.split(',').map(name => name.trim()).filter(Boolean);
    return names.length === 0 ? null : [...names.map(name => generic.test(name) ? name : `"${name}"`), 'sans-serif'].join(', ');
  }

  function size(text) {
    const match = /^(\d{1,3}(?:\.\d+)?)(px)?$/.exec(text);
    return match && match[1] >= 8 && match[1] <= 200 ? `${match[1]}px` : null;
  }

  function adopt(sheet) {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  function style() {
    const sheet = new CSSStyleSheet();
    // Specificity 0, like the defaults: it overrides them by its order, and OBS's CSS box overrides it.
    sheet.insertRule(':where(:root) {}');
    const known = { color: colour, accent: colour, accent2: colour, font, size };
    for (const [name, read] of Object.entries(known)) {
      const value = query.has(name) ? read(query.get(name).trim()) : null;
      if (value !== null) sheet.cssRules[0].style.setProperty(`--ocb-${name}`, value);
    }
    adopt(sheet);
    if (options.corner) body.dataset.corner = options.corner;
    if (options.side) body.dataset.side = options.side;
    body.classList.toggle('still', !options.animation);
  }

  /**
   * OBS writes its CSS box into a style element. Where the page's policy refuses inline styles, this adopts its text as a
   * style sheet: it is the streamer's own.
   */
  function takeOver(node) {
    if (node.nodeName !== 'STYLE' || node.sheet) return;
    const sheet = new CSSStyleSheet();
    try {
      sheet.replaceSync(node.textContent);
      adopt(sheet);
    } catch {
      // An old browser keeps the defaults.
    }
  }

  // ---- Reading the document

  const list = value => (Array.isArray(value) ? value.filter(item => item && typeof item === 'object') : []);
  const whole = value => (Number.isFinite(value) ? Math.max(0, Math.floor(value)) : 0);
  const instant = value => (Number.isFinite(value) ? value : null);

  /** A text as one line, without direction marks and without stacked accents. */
  function clean(value, limit = 200) {
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

  const numbers = new Intl.NumberFormat(document.documentElement.lang || 'en', { maximumFractionDigits: 0 });
  const grouped = value => numbers.format(value);

  /** 59 → 0:59, 3600 → 1:00:00 */
  function clock(seconds) {
    const two = part => String(part).padStart(2, '0');
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  }

  function watched(seconds) {
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    if (hours === 0) return `${minutes} min`;
    return minutes === 0 ? `${grouped(hours)} h` : `${grouped(hours)} h ${minutes} min`;
  }

  // ---- The server's clock

  const offsets = [];
  let offset = 0;
  const now = () => Date.now() + offset;

  /** A cached document may be old, but never comes from the future. So the largest of the last offsets is the best. */
  function learnTime(at, response) {
    const date = Date.parse(response.headers.get('date') ?? '') + 1000 * (Number(response.headers.get('age')) || 0);
    const latest = Math.max(...[at, date].filter(Number.isFinite));
    if (!Number.isFinite(latest)) return;
    offsets.push(latest - Date.now());
    if (offsets.length > 20) offsets.shift();
    offset = Math.max(...offsets);
  }

  // ---- Elements

  function element(name, classes, ...children) {
    const node = document.createElement(name);
    if (classes) node.className = classes;
    node.append(...children);
    return node;
  }

  const text = classes => {
    const node = element('bdi', `said ${classes ?? ''}`.trim());
    node.dir = 'auto';
    return node;
  };

  /** Writes only a changed value: needless repaints cost the stream frames. */
  function put(node, value) {
    if (node.textContent !== value) node.textContent = value;
  }

  function part(node, share) {
    const value = `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`;
    if (node.style.getPropertyValue('--part') !== value) node.style.setProperty('--part', value);
    node.classList.toggle('some', share > 0);
  }

  function animate(node, frames, timing) {
    if (!still()) node.animate(frames, { easing: 'cubic-bezier(0.2, 0.75, 0.25, 1)', duration: 450, ...timing });
  }

  const counting = new WeakMap();

  /** Animates a number from the value that it shows to `value`. */
  function count(node, value, format = grouped) {
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
  function rows(parent, make, fill) {
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
  function room(parent) {
    if (options.count) return options.count;
    const row = parent.firstElementChild;
    if (!row) return 1;
    const gap = parseFloat(getComputedStyle(parent).rowGap) || 0;
    const inside = getComputedStyle(root);
    const others = [...root.children].filter(node => node.contains(parent)).map(node => node.offsetHeight - parent.offsetHeight);
    const height = root.clientHeight - parseFloat(inside.paddingTop) - parseFloat(inside.paddingBottom) - (others[0] ?? 0);
    return Math.min(50, Math.max(1, Math.floor((height + gap + 1) / (row.offsetHeight + gap))));
  }

  function empty(sentence) {
    const node = element('p', 'empty');
    node.hidden = true;
    node.textContent = sentence;
    return node;
  }

  const wanted = item =>
    options.name === '' || [item.name, item.id].some(word => typeof word === 'string' && word.trim().toLowerCase() === options.name);

  // ---- Sound, synthesized. Where the browser does not allow it, there is none.

  const MELODIES = {
    milestone: [[0, 523], [0.11, 659], [0.22, 784, 0.6]],
    goal: [[0, 523], [0.13, 659], [0.26, 784], [0.39, 1047, 1.1], [0.39, 784, 1.1], [0.39, 659, 1.1]],
    alert: [[0, 784], [0.1, 1175, 0.5]],
    alarm: [0, 0.9, 1.8, 2.7].flatMap(at => [[at, 880, 0.16], [at + 0.2, 880, 0.16], [at + 0.4, 1175, 0.3]]),
  };
  let audio = null;
  let rest = 0;

  async function play(melody) {
    if (!options.sound || options.volume === 0) return;
    try {
      audio ??= new AudioContext();
      const asked = Date.now();
      if (audio.state !== 'running') await audio.resume();
      // A sound that comes long after its event would only confuse.
      if (audio.state !== 'running' || Date.now() - asked > 1500) return;
      const begin = audio.currentTime + 0.02;
      for (const [at, frequency, length = 0.3] of melody) {
        const [tone, level] = [audio.createOscillator(), audio.createGain()];
        tone.type = 'triangle';
        tone.frequency.value = frequency;
        level.gain.setValueAtTime(0.0001, begin + at);
        level.gain.exponentialRampToValueAtTime(Math.max(0.0002, 0.4 * options.volume / 100), begin + at + 0.015);
        level.gain.exponentialRampToValueAtTime(0.0001, begin + at + length);
        tone.connect(level).connect(audio.destination);
        tone.start(begin + at);
        tone.stop(begin + at + length + 0.05);
      }
      // A running context uses the processor even when idle.
      clearTimeout(rest);
      rest = setTimeout(() => audio.suspend().catch(() => {}), 6000);
    } catch {
      // No sound device, or not allowed.
    }
  }

  // ---- Celebrations

  function confetti(pieces) {
    body.dataset.celebrations = Number(body.dataset.celebrations ?? 0) + 1;
    if (still()) return;
    const sky = element('div', 'confetti');
    sky.setAttribute('aria-hidden', 'true');
    const styles = getComputedStyle(document.documentElement);
    const colours = [styles.getPropertyValue('--ocb-accent'), styles.getPropertyValue('--ocb-accent2'), '#fff', '#ffd166', '#5ee6c5'];
    const [width, height] = [innerWidth, innerHeight];
    for (let index = 0; index < pieces; index += 1) {
      const piece = element('i');
      const [x, spin] = [Math.random() * width, (Math.random() - 0.5) * 1400];
      const drift = (Math.random() - 0.5) * width * 0.3;
      piece.style.left = `${x}px`;
      piece.style.top = `${height * 0.75}px`;
      piece.style.background = colours[index % colours.length];
      piece.animate(
        [
          { transform: 'translate(0, 0) rotate(0)', opacity: 1, easing: 'cubic-bezier(0.1, 0.7, 0.4, 1)' },
          { transform: `translate(${drift * 0.6}px, ${-height * (0.3 + Math.random() * 0.5)}px) rotate(${spin * 0.5}deg)`, opacity: 1, offset: 0.4, easing: 'cubic-bezier(0.5, 0, 0.9, 0.6)' },
          { transform: `translate(${drift}px, ${height * 0.4}px) rotate(${spin}deg)`, opacity: 0 },
        ],
        { duration: 1800 + Math.random() * 900, fill: 'both' },
      );
      sky.append(piece);
    }
    body.append(sky);
    setTimeout(() => sky.remove(), 3000);
  }

  function celebrate(complete, ...nodes) {
    confetti(complete ? 90 : 45);
    play(complete ? MELODIES.goal : MELODIES.milestone);
    for (const node of nodes) {
      animate(node, [{ transform: 'none' }, { transform: 'scale(1.12)', offset: 0.3 }, { transform: 'none' }], { duration: 900 });
    }
  }

  // ---- Goals

  function goalCard() {
    const [name, about, left] = [text('name'), text('about'), element('span', 'soft')];
    const [shown, target] = [element('span'), element('span')];
    const [fill, steps, pills] = [element('i', 'fill'), element('div', 'room'), element('ol', 'pills')];
    steps.append(fill);
    const bar = element('div', 'bar', steps);
    bar.setAttribute('role', 'progressbar');
    bar.setAttribute('aria-valuemin', '0');
    const amount = element('span', 'amount', shown, ' / ', target);
    const node = element('section', 'goal', element('div', 'line', name, left, amount), about, bar, pills);
    return { node, name, about, left, shown, target, fill, steps, pills, bar, amount, progress: null, marks: [], ends: null };
  }

  /** At most six milestones around the next one: more would not be readable. */
  function chosen(milestones, progress) {
    const next = milestones.findIndex(mark => mark.at > progress);
    const from = Math.max(0, Math.min(next < 0 ? milestones.length : next - 2, milestones.length - 6));
    return milestones.slice(from, from + 6);
  }

  function fillGoal(card, goal, recent) {
    const target = Math.max(1, whole(goal.target));
    const progress = whole(goal.progress);
    const milestones = list(goal.milestones)
      .map(mark => ({ at: whole(mark.at), text: clean(mark.text, 60) }))
      .filter(mark => mark.at > 0 && mark.at <= target)
      .sort((one, other) => one.at - other.at);
    put(card.name, clean(goal.name));
    put(card.about, clean(goal.description));
    card.about.hidden = card.about.textContent === '';
    put(card.target, grouped(target));
    count(card.shown, progress);
    part(card.fill, progress / target);
    card.ends = goal.open === false ? null : instant(goal.ends);
    card.bar.setAttribute('aria-label', clean(goal.name));
    card.bar.setAttribute('aria-valuemax', String(target));
    card.bar.setAttribute('aria-valuenow', String(Math.min(target, progress)));
    card.marks = chosen(milestones, progress).map(mark => ({ ...mark, share: mark.at / target }));
    while (card.pills.children.length > card.marks.length) card.pills.lastElementChild.remove();
    while (card.pills.children.length < card.marks.length) card.pills.append(element('li', 'pill', element('i', 'tick'), text()));
    card.marks.forEach((mark, index) => {
      const pill = card.pills.children[index];
      pill.classList.toggle('reached', progress >= mark.at);
      put(pill.lastElementChild, mark.text || grouped(mark.at));
    });
    while (card.steps.children.length > milestones.length + 1) card.steps.lastElementChild.remove();
    while (card.steps.children.length < milestones.length + 1) card.steps.append(element('i', 'step'));
    milestones.forEach((mark, index) => {
      const step = card.steps.children[index + 1];
      step.style.left = `${(100 * mark.at) / target}%`;
      step.classList.toggle('edge', mark.at === target);
    });
    const before = card.progress;
    card.progress = progress;
    if (!recent || before === null || progress <= before) return null;
    const passed = at => before < at && at <= progress;
    const pills = card.marks.flatMap((mark, index) => (passed(mark.at) ? [card.pills.children[index]] : []));
    if (passed(target)) return { complete: true, nodes: [card.amount, ...pills] };
    return milestones.some(mark => passed(mark.at)) ? { complete: false, nodes: pills } : null;
  }

  /** Places each pill under its mark where there is space, without overlaps, in at most two lines. */
  function placePills(card) {
    const pills = [...card.pills.children];
    const width = card.pills.clientWidth;
    if (pills.length === 0 || width === 0) {
      card.pills.style.height = '0';
      return;
    }
    const gap = 6;
    pills.forEach(pill => { pill.style.maxWidth = `${Math.floor(0.6 * width)}px`; });
    const boxes = pills.map((pill, index) => ({ pill, share: card.marks[index].share, width: Math.ceil(pill.offsetWidth) + 1 }));
    const want = box => Math.min(width - box.width, Math.max(0, box.share * width - box.width / 2));
    const lines = [[], []];
    const end = line => (line.length === 0 ? -gap : want(line[line.length - 1]) + line[line.length - 1].width);
    for (const box of boxes) {
      const fits = lines.find(line => want(box) >= end(line) + gap);
      (fits ?? (end(lines[0]) <= end(lines[1]) ? lines[0] : lines[1])).push(box);
    }
    const height = pills[0].offsetHeight;
    lines.forEach((line, row) => {
      const share = (width - gap * (line.length - 1)) / line.length;
      if (line.reduce((sum, box) => sum + box.width + gap, -gap) > width) {
        line.forEach(box => { box.width = Math.min(box.width, Math.floor(share)); });
      }
      let edge = -gap;
      line.forEach(box => { box.x = Math.max(want(box), edge + gap); edge = box.x + box.width; });
      edge = width + gap;
      [...line].reverse().forEach(box => { box.x = Math.max(0, Math.min(box.x, edge - gap - box.width)); edge = box.x; });
      line.forEach(box => {
        box.pill.style.maxWidth = `${box.width}px`;
        box.pill.style.left = `${Math.round(box.x)}px`;
        box.pill.style.top = `${row * (height + 4)}px`;
      });
    });
    card.pills.style.height = `${lines[1].length > 0 ? 2 * height + 4 : height}px`;
  }

  function untilText(ends) {
    if (ends === null) return '';
    const seconds = Math.ceil((ends - now()) / 1000);
    return seconds > 0 && seconds < 86_400 ? `${clock(seconds)} left` : '';
  }

  function goals() {
    const cards = new Map();
    const nothing = empty('No goal right now');
    root.append(nothing);
    let order = [];
    let current = null;
    let turned = 0;
    let held = 0;

    function turnTo(id) {
      if (id === current) return;
      const previous = cards.get(current);
      current = id;
      turned = Date.now();
      previous?.node.remove();
      const card = cards.get(id);
      if (!card) return;
      root.append(card.node);
      placePills(card);
      if (previous) animate(card.node, [{ opacity: 0, transform: 'translateY(8px)' }, { opacity: 1, transform: 'none' }]);
    }

    setInterval(() => {
      const card = cards.get(current);
      if (card) put(card.left, untilText(card.ends));
      if (order.length > 1 && Date.now() - turned >= 1000 * options.seconds && Date.now() >= held) {
        turnTo(order[(order.indexOf(current) + 1) % order.length]);
      }
    }, 500);

    return {
      show(data, recent) {
        const found = list(data.goals).filter(wanted);
        order = [...new Set(found.map(goal => String(goal.id)))];
        for (const id of cards.keys()) if (!order.includes(id) && id !== current) cards.delete(id);
        let feast = null;
        for (const goal of found) {
          const id = String(goal.id);
          if (!cards.has(id)) cards.set(id, goalCard());
          const reached = fillGoal(cards.get(id), goal, recent);
          if (reached && (!feast || reached.complete)) feast = { id, ...reached };
          put(cards.get(id).left, untilText(cards.get(id).ends));
        }
        if (!order.includes(current)) {
          const gone = current;
          turnTo(order[0] ?? null);
          cards.delete(gone);
        }
        nothing.hidden = order.length > 0;
        if (feast) {
          turnTo(feast.id);
          held = Date.now() + 6000;
        }
        if (cards.has(current)) placePills(cards.get(current));
        if (feast) celebrate(feast.complete, ...feast.nodes);
      },
    };
  }

  // ---- Votes

  function votes() {
    const parent = element('div', 'votes');
    const nothing = empty('No vote right now');
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
      put(row.left, vote.open === false ? 'closed' : untilText(instant(vote.ends)));
      count(row.number, whole(vote.count));
      put(row.share, `${vote.percent} %`);
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

  // ---- Queue and leaderboard

  function plates(kind, title, sentence, make, fill, read) {
    const note = element('span', 'soft');
    const head = element('div', 'head', element('span', '', title), note);
    const parent = element('ol', 'rows');
    const nothing = empty(sentence);
    root.append(element('div', kind, head, parent), nothing);
    const draw = rows(parent, make, fill);
    return {
      show(data) {
        const { items, aside } = read(data);
        nothing.hidden = items.length > 0;
        head.hidden = items.length === 0;
        put(note, aside);
        draw(items.slice(0, room(parent)));
        // Again, since the height of the first row shows how many fit.
        draw(items.slice(0, room(parent)));
      },
    };
  }

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
    const read = data => {
      const items = list(data.queue);
      return { items, aside: `${grouped(Math.max(items.length, whole(data.waiting)))} waiting` };
    };
    return plates('queue', 'Queue', 'Nothing waiting', make, fill, read);
  }

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
      aside: options.by === 'watched' ? 'time watched' : clean(data.points, 30) || 'points',
    });
    return plates('leaderboard', 'Top', 'Nobody yet', make, fill, read);
  }

  // ---- Timers

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
          if (over < RECENT) play(MELODIES.alarm);
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
          if (!finished.has(key)) known.set(key, { id: key, name: clean(item.name) || 'Timer', ends, set: instant(item.set_at) ?? ends });
        }
        // A timer that is no longer listed has ended if its time has come (within 1.5 s), and was cancelled otherwise.
        for (const [key, timer] of known) if (!listed.has(key) && timer.ends - now() > 1500) known.delete(key);
        if (finished.size > 500) finished.clear();
        first = false;
        go();
      },
    };
  }

  // ---- Alerts

  const ALERTS = {
    redeem: alert => ['Redeem', [alert.name, 'redeemed', alert.reward], alert.text],
    special: alert => ['Live now', [alert.name, 'set off', alert.reward], alert.text === alert.reward ? '' : alert.text],
    milestone: alert => ['Milestone reached', [alert.text || alert.reward], `${alert.reward}${alert.points ? ` · ${grouped(alert.points)}` : ''}`],
    goal: alert => ['Goal reached', [alert.reward || alert.text], alert.points ? `${grouped(alert.points)} given` : ''],
    follow: alert => ['New follower', [alert.name], alert.text],
    timer: alert => ['Time is up', [alert.name || alert.text || 'Timer'], ''],
    donation: alert => ['Thank you', [alert.name || 'Somebody'], alert.text],
  };

  function alertCard(alert) {
    const plain = { ...alert, name: clean(alert.name, 60), reward: clean(alert.reward, 60), text: clean(alert.text), points: whole(alert.points) };
    const known = Object.hasOwn?.(ALERTS, alert.kind) ?? Object.keys(ALERTS).includes(alert.kind);
    const [label, words, note] = known ? ALERTS[alert.kind](plain) : ['', [plain.name || plain.reward], plain.text];
    const headline = element('p', 'headline');
    words.forEach((word, index) => {
      if (word === '') return;
      const node = index === 1 ? element('span', 'verb') : text();
      put(node, word);
      headline.append(node);
    });
    // Without a name, the headline is what happened.
    if (words.length === 3 && words[0] === '') headline.firstElementChild?.remove();
    const node = element('section', 'alert');
    for (const [value, child] of [[label, element('p', 'label')], [null, headline], [note, text('note')]]) {
      if (value === '') continue;
      if (value !== null) put(child, value);
      node.append(child);
    }
    return node;
  }

  function alerts() {
    root.setAttribute('aria-live', 'polite');
    const seen = new Set();
    const waiting = [];
    let first = true;
    let busy = false;

    async function next() {
      if (busy) return;
      busy = true;
      while (waiting.length > 0) {
        const alert = waiting.shift();
        // After a computer has slept, old alerts are not shown.
        if (now() - alert.at > 5 * RECENT) continue;
        const card = alertCard(alert);
        root.append(card);
        const big = ['goal', 'milestone', 'special'].includes(alert.kind);
        if (big) confetti(alert.kind === 'goal' ? 90 : 45);
        play(MELODIES[alert.kind] ?? MELODIES.alert);
        const from = { left: 'translateX(-40px)', right: 'translateX(40px)' }[options.side] ?? 'translateY(24px) scale(0.96)';
        animate(card, [{ opacity: 0, transform: from }, { opacity: 1, transform: 'none' }]);
        // Many alerts at once are shown for a shorter time.
        await wait((1000 * options.duration) / (waiting.length > 4 ? 2 : 1));
        if (!still()) {
          animate(card, [{ opacity: 1 }, { opacity: 0 }], { duration: 300, fill: 'forwards' });
          await wait(280);
        }
        card.remove();
      }
      busy = false;
    }

    return {
      show(data) {
        const fresh = list(data.alerts).filter(alert => !seen.has(String(alert.id)));
        for (const alert of fresh.sort((one, other) => (one.at ?? 0) - (other.at ?? 0))) {
          seen.add(String(alert.id));
          const age = now() - (instant(alert.at) ?? 0);
          if (age > (first ? JUST_NOW : RECENT) || (options.kinds.length > 0 && !options.kinds.includes(alert.kind))) continue;
          if (waiting.length < 30) waiting.push(alert);
        }
        // Only ids that the document may still hold must be kept.
        while (seen.size > 1000) seen.delete(seen.values().next().value);
        first = false;
        next();
      },
    };
  }

  const wait = ms => new Promise(done => { setTimeout(done, ms); });

  // ---- Ticker

  function ticker() {
    const line = element('div', 'ticker');
    const nothing = empty('Nothing new');
    line.hidden = true;
    root.append(line, nothing);
    let recent = [];
    let pages = [];
    let page = 0;
    let written = '';

    const item = (label, name, amount) => {
      const node = element('span', 'item', element('span', 'label', label), text());
      put(node.lastElementChild, name);
      if (amount) {
        node.append(text('amount'));
        put(node.lastElementChild, amount);
      }
      return node;
    };

    /** Splits the items into pages that fit into the line. */
    function paginate(nodes) {
      line.replaceChildren(...nodes);
      const inside = getComputedStyle(line);
      const gap = parseFloat(inside.columnGap) || 0;
      const width = line.clientWidth - parseFloat(inside.paddingLeft) - parseFloat(inside.paddingRight);
      pages = [];
      let used = Infinity;
      for (const node of nodes) {
        const needs = node.offsetWidth + gap;
        if (used + needs - gap > width) {
          pages.push([]);
          used = 0;
        }
        pages[pages.length - 1].push(node);
        used += needs;
      }
    }

    function turn(index) {
      page = pages.length === 0 ? 0 : index % pages.length;
      line.replaceChildren(...(pages[page] ?? []));
    }

    setInterval(() => {
      if (pages.length < 2) return;
      turn(page + 1);
      for (const node of line.children) animate(node, [{ opacity: 0, transform: 'translateY(0.5em)' }, { opacity: 1, transform: 'none' }]);
    }, 1000 * options.seconds);

    return {
      show(data) {
        // Alerts leave the document after a minute; the ticker keeps the last redeems.
        for (const entry of [...list(data.alerts).filter(alert => ['redeem', 'special'].includes(alert.kind)), ...list(data.queue)]) {
          const at = instant(entry.at) ?? 0;
          const known = recent.some(other => other.at === at && other.reward === entry.reward && other.name === entry.name);
          if (!known && typeof entry.reward === 'string') recent.push({ at, name: entry.name, reward: entry.reward });
        }
        recent = recent.sort((one, other) => other.at - one.at).slice(0, options.count || 3);
        const items = [
          ...recent.map(entry => ['Redeem', clean(entry.name, 40), clean(entry.reward, 40)]),
          ...list(data.goals).map(goal => ['Goal', clean(goal.name, 60), `${grouped(whole(goal.progress))} / ${grouped(whole(goal.target))}`]),
          ...list(data.board?.[options.by]).slice(0, options.count || 3)
            .map((entry, index) => [`Top ${index + 1}`, clean(entry.name, 40), (options.by === 'watched' ? watched : grouped)(whole(entry.value))]),
        ];
        const signature = JSON.stringify([items, innerWidth]);
        if (signature === written) return;
        written = signature;
        line.hidden = items.length === 0;
        nothing.hidden = items.length > 0;
        paginate(items.map(words => item(...words)));
        turn(page);
      },
    };
  }

  // ---- Staying up to date

  const views = { goals, votes, alerts, timers, queue, leaderboard, ticker };
  const live = body.dataset.live || '/overlay/live.json';
  let view = null;
  let latest = null;
  let failures = 0;
  let asking = false;
  let again = 0;
  let renewed = 0;
  let loaded = null;

  function show(data, recent) {
    try {
      view.show(data, recent);
    } catch (error) {
      // An error in one document must not stop the following ones.
      console.warn('overlay:', error);
    }
  }

  async function request(url, read) {
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), REQUEST_TIMEOUT);
    try {
      const response = await fetch(url, { cache: 'no-cache', signal: abort.signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      return await read(response);
    } finally {
      clearTimeout(limit);
    }
  }

  /** Reloads the page, but only if all of its files can be loaded, and at most once a minute. */
  async function renew() {
    if (performance.now() - renewed < 60_000) return;
    renewed = performance.now();
    try {
      const page = await request(location.href, response => response.text());
      const parsed = new DOMParser().parseFromString(page, 'text/html');
      if (!parsed.getElementById('overlay')) return;
      const parts = [...parsed.querySelectorAll('script[src], link[rel="stylesheet"]')];
      const urls = parts.map(node => new URL(node.getAttribute('src') ?? node.getAttribute('href'), location.href));
      await Promise.all(urls.map(url => request(url, response => response.text())));
      location.reload();
    } catch {
      // The next try is in a minute.
    }
  }

  function take(data) {
    if (!data || typeof data !== 'object' || Array.isArray(data)) throw new Error('not a document');
    const version = String(data.version);
    loaded ??= version;
    const known = Math.trunc(Number(data.version)) === VERSION;
    if (!known || version !== loaded) renew();
    // A document of an unknown version is shown only if there was no other before.
    if (!known && latest) return;
    const at = instant(data.at) ?? latest?.at ?? now();
    // Caches may send an older document. One that is much older means that the server's clock was set back.
    if (latest && at < latest.at && latest.at - at < RECENT) return;
    const recent = latest !== null && at - latest.at < RECENT;
    latest = { at, data };
    show(data, recent);
  }

  async function poll() {
    clearTimeout(again);
    if (asking) return;
    asking = true;
    let pause;
    try {
      const data = await request(live, async response => {
        const data = await response.json();
        learnTime(instant(data?.at), response);
        return data;
      });
      take(data);
      failures = 0;
      pause = Math.min(MAX_WAIT, Math.max(1000, instant(data.next_poll_ms) ?? 5000));
    } catch {
      failures += 1;
      pause = Math.min(MAX_WAIT, 1000 * 2 ** Math.min(failures - 1, 5));
    }
    asking = false;
    // Jitter, so that all overlays do not poll a server at once when it is back.
    if (!document.hidden) again = setTimeout(poll, pause * (0.9 + 0.2 * Math.random()));
  }

  function start() {
    const make = Object.keys(views).includes(body.dataset.overlay) ? views[body.dataset.overlay] : null;
    if (!make || !root) return;
    style();
    new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(takeOver)))
      .observe(document.head, { childList: true });
    document.head.querySelectorAll('style').forEach(takeOver);
    view = make();
    const redraw = () => { if (latest) show(latest.data, false); };
    addEventListener('resize', redraw);
    document.fonts?.ready.then(redraw);
    addEventListener('online', poll);
    document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(again) : poll()));
    poll();
  }

  start();
})();
