// Starts the program and the browser for the tests.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const tools = createRequire(path.join(process.env.BROWSER_TOOLS, 'package.json'));
const { chromium } = tools('playwright-core');
const AXE = tools('axe-core').source;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The timeout of all waits, generous for a loaded machine. */
const PATIENCE = 40_000;

export function check(holds, what) {
  if (!holds) throw new Error(what);
}

export const sleep = ms => new Promise(done => { setTimeout(done, ms); });

/** The running program with its simulator. */
export class Program {
  static async start(...more) {
    const program = new Program();
    const defaults = ['--json', '--port', '0', '--simulator-port', '0'];
    const folder = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target');
    program.child = spawn(path.join(folder, 'debug', 'ownchatbot-local'), [...defaults, ...more], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, RUST_LOG: 'warn,dynoxide=error' },
    });
    program.ended = new Promise(done => { program.child.once('exit', done); });
    const line = new Promise((done, failed) => {
      readline.createInterface({ input: program.child.stdout }).once('line', done);
      program.ended.then(() => failed(new Error('ownchatbot-local does not start')));
      setTimeout(() => failed(new Error('ownchatbot-local is not ready')), PATIENCE).unref();
    });
    try {
      program.ready = JSON.parse(await line);
    } catch (error) {
      await program.kill();
      throw error;
    }
    return program;
  }

  /** Kills the program without warning. */
  async kill() {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  get edge() { return this.ready.edge; }
  get ports() { return [this.ready.edge, this.ready.owncast].map(address => new URL(address).port); }

  /** Carries out an action of the simulator's page. */
  async act(act, fields = {}) {
    const response = await fetch(`${this.ready.owncast}/simulator/act`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ act, ...fields }),
    });
    const answer = await response.json();
    check(response.ok, `the simulator refuses ${act}: ${answer.error}`);
    return answer;
  }

  /** Connects a viewer to chat. */
  async viewer(name) {
    const { viewer, client } = await this.act('arrive', { name });
    return {
      id: viewer,
      name,
      says: text => this.act('say', { client, text }),
      /** Waits for a whisper to the viewer that contains `words`, after the line with the number `after`. */
      hears: (words, after = 0) =>
        this.line(`${name} hears ${words}`, line => line.kind === 'whisper' && line.client === client && line.text.includes(words) && line.number > after),
    };
  }

  /** The state of the simulator, with its chat. */
  async state() {
    return (await fetch(`${this.ready.owncast}/simulator/state`)).json();
  }

  /** Waits for a chat line for which `holds` is true. */
  async line(what, holds) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const { lines } = await this.state();
      const found = lines.find(holds);
      if (found) return found;
      check(Date.now() < end, `chat never shows: ${what}\n${lines.map(line => `${line.number} ${line.kind} ${line.name}: ${line.text}`).join('\n')}`);
      await sleep(100);
    }
  }

  /** Waits for a public line that contains `words`. */
  said(words) {
    return this.line(words, line => line.kind !== 'whisper' && line.text.includes(words));
  }

  /** The number of the newest chat line. */
  async newest() {
    return (await this.state()).lines.at(-1)?.number ?? 0;
  }

  async moderator(name) {
    const viewer = await this.viewer(name);
    await this.act('moderator', { viewer: viewer.id, on: true });
    return viewer;
  }

  async live() {
    return (await fetch(`${this.edge}/overlay/live.json`)).json();
  }

  /** Waits until `holds` is true of live.json. */
  async until(holds, what) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const document = await this.live();
      if (holds(document)) return document;
      check(Date.now() < end, `live.json never says: ${what}\n${JSON.stringify(document)}`);
      await sleep(250);
    }
  }
}

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

// Backgrounds with few colours, so that the screenshots stay small.
export const DARK = 'linear-gradient(115deg, #20364f 0 31%, #29304a 31% 58%, #3a2f4b 58% 80%, #56394e 80%)';
export const LIGHT = 'linear-gradient(115deg, #dfeaf2 0 31%, #f6ead9 31% 58%, #e8e2cc 58% 80%, #cfd9c4 80%)';

/** Waits until `holds` is true in the page. */
export async function until(page, what, holds, argument) {
  try {
    await page.waitForFunction(holds, argument, { timeout: PATIENCE, polling: 100 });
  } catch {
    throw new Error(`the page never shows: ${what}\n${await page.evaluate(() => document.body.innerText)}`);
  }
}

export const words = page => page.evaluate(() => document.getElementById('overlay').innerText);

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
