/* Alerts, one after the other. */

import { element, put } from '../js/dom.js';
import { pieces, say } from '../js/words.js';
import { confetti, ring } from './celebrate.js';
import { JUST_NOW, RECENT, now } from './clock.js';
import { animate, root, text } from './draw.js';
import { options, still } from './options.js';
import { run } from './overlay.js';
import { clean, instant, list } from './read.js';

function filled(classes, words) {
  const node = text(classes);
  put(node, words);
  return node;
}

/** A text in pieces as elements, with these values. */
const sentence = (parts, values) =>
  parts.map(part => (part.name ? filled('', values[part.name] ?? '') : element('span', 'verb', part.text)));

/** What happened, as a sentence about `alert.name`; the reward alone where there is no name. */
const told = (parts, alert) => (alert.name === '' ? [filled('', alert.reward)] : sentence(parts, alert));

/** The label, the headline and the note of an alert, by its kind. */
const ALERTS = {
  redeem: alert => [say('alert-redeem'), told(pieces('alert-redeemed'), alert), alert.text],
  special: alert => [
    say('alert-special'), told(pieces('alert-set-off'), alert), alert.text === alert.reward ? '' : alert.text,
  ],
  milestone: alert => [
    say('alert-milestone'),
    [filled('', alert.text || alert.reward)],
    [alert.reward, alert.amount].filter(Boolean).join(' · '),
  ],
  goal: alert => [say('alert-goal'), [filled('', alert.reward || alert.text)], alert.amount],
  follow: alert => [say('alert-follow'), [filled('', alert.name)], alert.text],
  timer: alert => [say('alert-timer'), [filled('', alert.name || alert.text || say('timer-unnamed'))], ''],
  donation: alert => [say('alert-donation'), [filled('', alert.name || say('donor-unnamed'))], alert.text],
};

function alertCard(alert) {
  const plain = {
    name: clean(alert.name, 60), reward: clean(alert.reward, 60), text: clean(alert.text), amount: clean(alert.amount_text, 60),
  };
  const known = Object.keys(ALERTS).includes(alert.kind);
  const [label, headline, note] = known ? ALERTS[alert.kind](plain) : ['', [filled('', plain.name || plain.reward)], plain.text];
  const node = element('section', 'alert');
  if (label !== '') node.append(element('p', 'label', label));
  node.append(element('p', 'headline', ...headline.filter(part => part.textContent !== '')));
  if (note !== '') node.append(filled('note', note));
  return node;
}

const wait = ms => new Promise(done => { setTimeout(done, ms); });

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
      ring(alert.kind);
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

run(alerts);
