// Conditions that tests check and wait for.

import { tools } from './tools.mjs';

const AXE = tools('axe-core').source;

/** The timeout of all waits in milliseconds, generous for a loaded machine. */
export const PATIENCE = 40_000;

export function check(holds, what) {
  if (!holds) throw new Error(what);
}

export const sleep = ms => new Promise(done => { setTimeout(done, ms); });

/** Waits until the page has polled live.json this many times more. */
export async function polled(page, times) {
  for (let time = 0; time < times; time += 1) await page.waitForResponse(/\/overlay\/live\.json$/, { timeout: PATIENCE });
}

/** Counts the tones that the page has played. */
export const tones = page => page.evaluate(() => window.tones.length);

/** Waits until `holds` is true in the page. */
export async function until(page, what, holds, argument) {
  try {
    await page.waitForFunction(holds, argument, { timeout: PATIENCE, polling: 100 });
  } catch {
    throw new Error(`the page never shows: ${what}\n${await page.evaluate(() => document.body.innerText)}`);
  }
}

/** Checks that no visible element extends beyond the edge of the source. */
export async function fits(page, what) {
  const over = await page.evaluate(() => {
    const found = [];
    for (const node of document.querySelectorAll('#overlay *')) {
      const box = node.getBoundingClientRect();
      if (box.width === 0 || box.height === 0 || node.closest('.confetti')) continue;
      if (box.left < -0.5 || box.top < -0.5 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5) {
        found.push(`${node.tagName}.${node.className} ${Math.round(box.left)},${Math.round(box.top)} ${Math.round(box.right)},${Math.round(box.bottom)}`);
      }
    }
    return found;
  });
  check(over.length === 0, `${what} reaches over the edge: ${over.join('; ')}`);
}

/** Checks with axe that a page, or a frame of one, has no serious or critical problems. */
export async function accessible(page, what) {
  const { errors } = page.errors ? page : page.page();
  const before = errors.length;
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const refused = window.refused?.length;
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    // Axe adds styles, which a strict policy refuses. The violations are reported a little later.
    await new Promise(done => { setTimeout(done, 50); });
    if (window.refused) {
      const meanwhile = window.refused.splice(refused);
      window.refused.push(...meanwhile.filter(what => !what.startsWith('style-src')));
    }
    return violations
      .filter(violation => ['serious', 'critical'].includes(violation.impact))
      .map(violation => `${violation.id} (${violation.nodes.map(node => node.target).join(', ')})`);
  });
  const meanwhile = errors.splice(before);
  errors.push(...meanwhile.filter(error => !/^on the console: (Applying|Refused to apply) .*style/.test(error)));
  check(found.length === 0, `${what}: axe finds ${found.join('; ')}`);
}
