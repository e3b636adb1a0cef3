// One journey in WebKit.

import { test } from 'node:test';

import { panelInFrame } from '../engine-journey.mjs';
import { withPrograms } from '../program.mjs';
import { WebKit } from '../webdriver.mjs';

test('WebKit: the panel in the frame of another site, and two overlays', async () => {
  const webkit = await WebKit.start({ driver: process.env.WEBKIT_DRIVER, browser: process.env.WEBKIT_BROWSER });
  try {
    await withPrograms(start => panelInFrame(webkit, start));
  } finally {
    await webkit.close();
  }
});
