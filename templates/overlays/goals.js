/* Goals: one at a time, with its milestones under the bar. */

import { element, put } from '../js/dom.js';
import { grouped, say } from '../js/words.js';
import { celebrate } from './celebrate.js';
import { timeLeft } from './clock.js';
import { animate, count, empty, part, root, text } from './draw.js';
import { options, wanted } from './options.js';
import { run } from './overlay.js';
import { placePills } from './pills.js';
import { clean, instant, list, whole } from './read.js';

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

function goals() {
  const cards = new Map();
  const nothing = empty(say('goals-empty'));
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
    if (card) put(card.left, timeLeft(card.ends));
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
        put(cards.get(id).left, timeLeft(cards.get(id).ends));
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

run(goals);
