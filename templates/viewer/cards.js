/* Rewards, goals and votes as the document and the visitor's own part describe them. Nothing is decided here. */

function clock(ms) {
  const seconds = Math.ceil(ms / 1000);
  const two = number => String(number).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** How far this computer's clock is ahead of the server's, in ms. */
let ahead = 0;
const now = () => Date.now() - ahead;

/** What is this visitor's own about rewards, by their ids; null for whoever is not signed in. */
function mine() {
  const me = document.getElementById('me');
  if (me?.dataset.viewer === undefined) return null;
  try { return JSON.parse(me.dataset.uses); } catch { return {}; }
}

/** The state that holds by now: what comes after those whose time has passed. */
function current(state) {
  let holds = state;
  while (holds?.until && holds.until <= now()) holds = holds.after;
  return holds ?? { text: '', tone: 'soft', usable: false, weight: 0 };
}

/** What a card shows: everybody's state or the visitor's own, whichever weighs more. */
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

/** The line above a bar; the end that follows it stays. */
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

function fill(bar, value, most) {
  bar.setAttribute('aria-valuenow', value);
  bar.setAttribute('aria-valuemax', most);
  bar.querySelector('.full').setAttribute('width', Math.min(1000, Math.floor(1000 * value / most)));
}

/** Brings every card up to date with `live`. A document of an older server describes no states: cards stay as they came. */
export function showCards(live) {
  if (!live?.unlisted) return;
  ahead = Math.abs(Date.now() - live.at) > 60_000 ? Date.now() - live.at : 0;
  const uses = mine();
  const all = live.votes.reduce((sum, vote) => sum + vote.count, 0);
  const known = new Map(live.rewards.map(reward => [reward.id, reward]));
  for (const card of document.querySelectorAll('[data-reward]')) {
    // It came with an answer that is newer.
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

/** Lets the words count down; `over` is called when one has come to its end. */
export function countDown(over) {
  for (const state of document.querySelectorAll('.state[data-until]')) {
    const left = Number(state.dataset.until) - now();
    if (left <= 0) {
      delete state.dataset.until;
      over();
      return;
    }
    state.textContent = words(state.dataset.text, Number(state.dataset.until));
  }
}
