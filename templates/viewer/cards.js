/* Rewards, goals and votes as they stand: what everybody sees, and what keeps this visitor back. */

const grouped = number => number.toLocaleString('en');

function clock(ms) {
  const seconds = Math.ceil(ms / 1000);
  const two = number => String(number).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** How far this computer's clock is ahead of the server's, in ms. */
let ahead = 0;
const now = () => Date.now() - ahead;

function mine() {
  const me = document.getElementById('me');
  if (me?.dataset.balance === undefined) return null;
  let uses = {};
  try { uses = JSON.parse(me.dataset.uses); } catch { /* as if nothing were used */ }
  return { balance: Number(me.dataset.balance), uses };
}

/** What keeps a reward from being used: `{ said, tone, until }`, or null. */
function hold(reward, part, live, own) {
  const personal = own?.uses[reward.id]?.held;
  if (personal && !(personal.until && personal.until <= now())) return { tone: 'warn', ...personal };
  if (reward.only_live && !live.live) return { said: 'while the stream is live', tone: 'warn' };
  if (reward.kind === 'goal' && part.progress >= part.target) return { said: 'reached', tone: 'good' };
  if (part && !part.open) return { said: reward.kind === 'goal' ? 'over' : 'closed', tone: 'warn' };
  if (reward.ready_at && reward.ready_at > now()) return { tone: 'warn', until: reward.ready_at };
  if (reward.left === 0) return { said: 'used up', tone: 'warn' };
  return null;
}

/** What is left for everybody and for this visitor alone, in words; either may be null for no limit. */
function whatIsLeft(all, own) {
  if (own !== null && (all === null || own <= all)) return `${own} left for you`;
  return all === null ? '' : `${all} left`;
}

function showState(card, said, tone, until) {
  const state = card.querySelector('.state');
  const words = until ? `again in ${clock(until - now())}` : said;
  if (state.textContent !== words) state.textContent = words;
  state.className = `state ${tone}`;
  if (until) state.dataset.until = until;
  else delete state.dataset.until;
}

/** The line above a bar; the end that follows it stays. */
function showProgress(card, text) {
  const progress = card.querySelector('.progress');
  const words = progress.querySelector('time') ? `${text} · until ` : text;
  if (progress.firstChild.textContent !== words) progress.firstChild.textContent = words;
}

function showGoal(card, goal, gave) {
  const yours = gave > 0 ? ` — you gave ${grouped(gave)}` : '';
  showProgress(card, `${grouped(goal.progress)} of ${grouped(goal.target)}${yours}`);
  fill(card.querySelector('.bar'), goal.progress, goal.target);
  const rest = card.querySelector('.rest');
  if (rest) rest.textContent = goal.progress < goal.target ? `${grouped(goal.target - goal.progress)} to go` : 'reached';
  for (const step of card.querySelectorAll('.steps li')) {
    const reached = Number(step.dataset.at) <= goal.progress;
    step.classList.toggle('reached', reached);
    step.querySelector('.hidden').textContent = reached ? ' (reached)' : '';
  }
}

function showVote(card, vote, all) {
  showProgress(card, `${grouped(vote.count)} ${vote.count === 1 ? 'vote' : 'votes'}`);
  fill(card.querySelector('.bar'), vote.count, Math.max(all, 1));
}

function fill(bar, value, most) {
  bar.setAttribute('aria-valuenow', value);
  bar.setAttribute('aria-valuemax', most);
  bar.querySelector('.full').setAttribute('width', Math.min(1000, Math.floor(1000 * value / most)));
}

/** Brings every card up to date with `live`; without it only with what is known of the visitor. */
export function showCards(live) {
  if (!live) return;
  ahead = Math.abs(Date.now() - live.at) > 60_000 ? Date.now() - live.at : 0;
  const own = mine();
  const all = live.votes.reduce((sum, vote) => sum + vote.count, 0);
  const known = new Map(live.rewards.map(reward => [reward.id, reward]));
  for (const card of document.querySelectorAll('[data-reward]')) {
    // It came with an answer that is newer.
    if (Number(card.dataset.since) > live.at) continue;
    const reward = known.get(card.dataset.reward);
    const button = card.querySelector('form button');
    if (!reward) {
      showState(card, 'off right now', 'warn');
      if (button) button.disabled = true;
      continue;
    }
    const goal = live.goals.find(goal => goal.id === reward.id);
    const vote = live.votes.find(vote => vote.id === reward.id);
    if (goal) showGoal(card, goal, own?.uses[reward.id]?.gave ?? 0);
    if (vote) showVote(card, vote, all);
    const price = card.querySelector('.price');
    if (reward.kind !== 'goal' && Number(card.dataset.price) !== reward.price) {
      card.dataset.price = reward.price;
      price.textContent = grouped(reward.price);
    }
    const held = hold(reward, goal ?? vote, live, own);
    const missing = own ? reward.price - own.balance : 0;
    if (held) showState(card, held.said, held.tone, held.until);
    else if (missing > 0) showState(card, `${grouped(missing)} more to go`, 'soft');
    else showState(card, whatIsLeft(reward.left, own?.uses[reward.id]?.left ?? null), 'soft');
    if (button && !button.closest('.htmx-request')) button.disabled = Boolean(held) || missing > 0;
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
    state.textContent = `again in ${clock(left)}`;
  }
}
