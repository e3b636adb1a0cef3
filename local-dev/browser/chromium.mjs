// Runs Chromium, and records what its pages do wrong.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { tools } from './tools.mjs';

const { chromium } = tools('playwright-core');

// Backgrounds with few colours, so that the screenshots stay small.
export const DARK = 'linear-gradient(115deg, #20364f 0 31%, #29304a 31% 58%, #3a2f4b 58% 80%, #56394e 80%)';
export const LIGHT = 'linear-gradient(115deg, #dfeaf2 0 31%, #f6ead9 31% 58%, #e8e2cc 58% 80%, #cfd9c4 80%)';

// Runs in each page before its own scripts: records violations of its policy, and the tones that it plays.
function spy() {
  window.refused = [];
  window.tones = [];
  addEventListener('securitypolicyviolation', event => window.refused.push(`${event.violatedDirective}: ${event.blockedURI}`));
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    window.tones.push(this.frequency.value);
    return start.apply(this, when);
  };
}

function launch() {
  const args = ['--autoplay-policy=no-user-gesture-required'];
  // Chromium's sandbox does not work for the superuser.
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return { executablePath: process.env.BROWSER_PATH, args };
}

export class Browser {
  static async start() {
    const browser = new Browser();
    browser.chromium = await chromium.launch(launch());
    browser.pages = [];
    browser.profiles = [];
    return browser;
  }

  /**
   * Opens a page, with a background picture if there is one, and records its errors. `beside` is a page of the same visitor,
   * of which this one becomes another tab. `preferences` are those of a profile of Chromium, for what has no other setting.
   */
  async open(address, [width, height], {
    reduced = false, routes = {}, clock = false, picture = DARK, scale = 1, scripts = true, colours = 'light', beside = null,
    preferences = null,
  } = {}) {
    const look = {
      viewport: { width, height },
      deviceScaleFactor: scale,
      reducedMotion: reduced ? 'reduce' : 'no-preference',
      colorScheme: colours,
      javaScriptEnabled: scripts,
    };
    const context = beside?.context() ?? await (preferences ? this.profile(preferences, look) : this.chromium.newContext(look));
    const page = await context.newPage();
    page.errors = [];
    page.on('dialog', dialog => {
      page.errors.push(`a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    page.on('pageerror', error => page.errors.push(`an exception: ${error.message}`));
    page.on('console', message => {
      // Browsers request an icon by themselves.
      if (message.location().url.endsWith('/favicon.ico')) return;
      // They log every 422: a form that comes back with a sentence beside a field.
      if (message.text().includes('status of 422')) return;
      if (message.type() === 'error') page.errors.push(`on the console: ${message.text()}`);
      if (message.type() === 'warning' && message.text().startsWith('overlay:')) page.errors.push(message.text());
    });
    if (clock) await page.clock.install();
    await page.addInitScript(spy);
    for (const [pattern, answer] of Object.entries(routes)) await page.route(pattern, answer);
    this.pages.push(page);
    await page.goto(address);
    if (picture) await page.evaluate(background => { document.documentElement.style.background = background; }, picture);
    return page;
  }

  /** A browser context with a profile of its own and these preferences. */
  async profile(preferences, look) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ownchatbot-profile-'));
    fs.mkdirSync(path.join(folder, 'Default'));
    fs.writeFileSync(path.join(folder, 'Default', 'Preferences'), JSON.stringify(preferences));
    const context = await chromium.launchPersistentContext(folder, { ...launch(), ...look });
    this.profiles.push(folder);
    return context;
  }

  /** Closes all pages. Returns their errors and violations. */
  async tidy() {
    const wrong = [];
    const pages = this.pages.splice(0);
    for (const page of pages) {
      wrong.push(...page.errors);
      for (const frame of page.frames()) wrong.push(...await frame.evaluate(() => window.refused ?? []).catch(() => []));
    }
    for (const page of pages) await page.context().close();
    // A browser that is closing may still write into its profile.
    for (const folder of this.profiles.splice(0)) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    return wrong;
  }

  async close() {
    await this.chromium.close();
  }
}
