/* Shows rewards, goals and votes as live.json and the viewer's own part describe them. Nothing is decided here. */

import { put } from '../js/dom.js';
import { clock } from '../js/times.js';
import { say } from '../js/words.js';

/** How far this computer's clock is ahead of the server's, in milliseconds. */
let ahead = 0;
const now = () => Date.now() - ahead;

/** The viewer's own uses and states of rewards, by the rewards' ids; null when no viewer is signed in. */
function mine() {
  const me = document.getElementById('me');
  if (me?.dataset.viewer === undefined) return null;
  try { return JSON.parse(me.dataset.uses); } catch { return {}; }
}

/** The state that applies now: states whose `until` has passed are replaced by their `after`. */
function current(state) {
  let applies = state;
  while (applies?.until && applies.until <= now()) applies = applies.after;
  return applies ?? { text: '', tone: 'soft', usable: false, weight: 0 };
}

/** The state that a card shows: everybody's or the viewer's own, whichever weighs more. */
function shown(state, own) {
  const [everybodys, theirs] = [current(state), current(own)];
  return own && theirs.weight >= everybodys.weight ? theirs : everybodys;
}

const words = (text, until) => (until ? say('state-with-time', { text, time: clock(Math.ceil((until - now()) / 1000)) }) : text);

function showState(card, { text, tone, usable, until }) {
  const state = card.querySelector('.state');
  put(state, words(text, until));
  state.className = `state ${tone}`;
  if (until) Object.assign(state.dataset, { until, text });
  else delete state.dataset.until;
  const button = card.querySelector('form button');
  if (button && !button.closest('.htmx-request')) button.disabled = !usable;
}

function showGoal(card, goal, gave) {
  const progress = goal.progress_text;
  put(card.querySelector('.count'), gave ? say('progress-with-own', { progress, own: gave }) : progress);
  fill(card.querySelector('.bar'), goal.progress, goal.target);
  const rest = card.querySelector('.rest');
  if (rest) put(rest, goal.rest_text);
  for (const step of card.querySelectorAll('.steps li')) {
    const reached = goal.milestones.some(milestone => milestone.reached && milestone.at === Number(step.dataset.at));
    step.classList.toggle('reached', reached);
    step.querySelector('.hidden').hidden = !reached;
  }
}

function showVote(card, vote, all) {
  put(card.querySelector('.count'), vote.count_text);
  fill(card.querySelector('.bar'), vote.count, Math.max(all, 1));
}

function fill(bar, value, limit) {
  bar.setAttribute('aria-valuenow', value);
  bar.setAttribute('aria-valuemax', limit);
  bar.querySelector('.full').setAttribute('width', Math.min(1000, Math.floor(1000 * value / limit)));
}

/** Updates every card from `live`. A document of an older server has no states: then cards stay as they are. */
export function showCards(live) {
  if (!live?.unlisted) return;
  ahead = Math.abs(Date.now() - live.at) > 60_000 ? Date.now() - live.at : 0;
  const uses = mine();
  const all = live.votes.reduce((sum, vote) => sum + vote.count, 0);
  const known = new Map(live.rewards.map(reward => [reward.id, reward]));
  for (const card of document.querySelectorAll('[data-reward]')) {
    // The card came with the response to a form that is newer than the document.
    if (Number(card.dataset.since) > live.at) continue;
    const reward = known.get(card.dataset.reward);
    if (!reward) {
      showState(card, shown(live.unlisted));
      continue;
    }
    const own = uses?.[reward.id];
    const goal = live.goals.find(goal => goal.id === reward.id);
    const vote = live.votes.find(vote => vote.id === reward.id);
    if (goal) showGoal(card, goal, own?.gave);
    if (vote) showVote(card, vote, all);
    const price = card.querySelector('.price');
    if (reward.kind !== 'goal') put(price, reward.price_text);
    showState(card, shown(reward.state, own?.state));
  }
}

/** Counts the states' times down; calls `expired` when one has reached zero. */
export function countDown(expired) {
  for (const state of document.querySelectorAll('.state[data-until]')) {
    const left = Number(state.dataset.until) - now();
    if (left <= 0) {
      delete state.dataset.until;
      expired();
      return;
    }
    put(state, words(state.dataset.text, Number(state.dataset.until)));
  }
}
