// Tests of node:test with a browser, and with programs that end together with the test.

import { after, test } from 'node:test';

import { check } from './checks.mjs';
import { Browser } from './chromium.mjs';
import { withPrograms } from './program.mjs';

/** The browser of this file, which starts with its first test. */
let browser = null;
after(() => browser?.close());

/** A test. It fails, too, when one of its pages violates its policy, throws or writes an error on the console. */
export function journey(name, run) {
  test(name, async () => {
    browser ??= await Browser.start();
    await withPrograms(async start => {
      let wrong = [];
      try {
        await run({ browser, start });
      } finally {
        wrong = await browser.tidy();
      }
      check(wrong.length === 0, `a page did what it must not do:\n${wrong.join('\n')}`);
    });
  });
}
