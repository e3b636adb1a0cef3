// Opens overlays and starts streams for them.

import { until } from './checks.mjs';
import { SIZES } from './scene.mjs';

export const GOALS = SIZES['/goals'];

export const shows = (page, text) => until(page, text, wanted => document.getElementById('overlay').innerText.includes(wanted), text);
export const celebrations = page => page.evaluate(() => Number(document.body.dataset.celebrations ?? 0));

/** Records every alert from now on. */
export const noteCards = page => page.evaluate(() => {
  window.cards = [];
  new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(node => window.cards.push(node.innerText))))
    .observe(document.getElementById('overlay'), { childList: true });
});

/** Starts a stream, in which pages poll more often, with a moderator and with Ann, who has 5,000 points. */
export async function rich(program) {
  await program.act('live', { title: 'The show' });
  const ann = await program.viewer('Ann');
  const cleo = await program.moderator('Cleo');
  await ann.says('!points');
  await cleo.says('!addpoints Ann 5000');
  return { ann, cleo };
}

export const words = page => page.evaluate(() => document.getElementById('overlay').innerText);
