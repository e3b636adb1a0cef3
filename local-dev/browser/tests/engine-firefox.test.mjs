// One journey in Firefox.

import { test } from 'node:test';

import { panelInFrame } from '../engine-journey.mjs';
import { Firefox } from '../firefox.mjs';
import { withPrograms } from '../program.mjs';

test('Firefox: the panel in the frame of another site, and two overlays', async () => {
  const firefox = await Firefox.start(process.env.FIREFOX_PATH);
  try {
    await withPrograms(start => panelInFrame(firefox, start));
  } finally {
    await firefox.close();
  }
});
