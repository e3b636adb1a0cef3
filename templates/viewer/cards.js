/* Shows rewards, goals and votes as live.json and the viewer's own part describe them. Nothing is decided here. */

function clock(ms) {
  const seconds = Math.ceil(ms / 1000);
  const two = number => String(number).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

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

const words = (text, until) => (until ? `${text} ${clock(until - now())}` : text);

function showState(card, { text, tone, usable, until }) {
  const state = card.querySelector('.state');
  if (state.textContent !== words(text, until)) state.textContent = words(text, until);
  state.className = `state ${tone}`;
  if (until) Object.assign(state.dataset, { until, text });
  else delete state.dataset.until;
  const button = card.querySelector('form button');
  if (button && !button.closest('.htmx-request')) button.disabled = !usable;
}

/** Sets the text above a bar, and keeps the end time that follows it. */
function showProgress(card, text) {
  const progress = card.querySelector('.progress');
  const words = progress.querySelector('time') ? `${text} · until ` : text;
  if (progress.firstChild.textContent !== words) progress.firstChild.textContent = words;
}

function showGoal(card, goal, gave) {
  showProgress(card, gave ? `${goal.progress_text} — ${gave}` : goal.progress_text);
  fill(card.querySelector('.bar'), goal.progress, goal.target);
  const rest = card.querySelector('.rest');
  if (rest) rest.textContent = goal.rest_text;
  for (const step of card.querySelectorAll('.steps li')) {
    const reached = goal.milestones.some(milestone => milestone.reached && milestone.at === Number(step.dataset.at));
    step.classList.toggle('reached', reached);
    step.querySelector('.hidden').textContent = reached ? ' (reached)' : '';
  }
}

function showVote(card, vote, all) {
  showProgress(card, vote.count_text);
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
    if (reward.kind !== 'goal' && price.textContent !== reward.price_text) price.textContent = reward.price_text;
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
    state.textContent = words(state.dataset.text, Number(state.dataset.until));
  }
}
