// WebKit, over WebDriver: WebKitGTK's MiniBrowser on a virtual screen.

import { spawn } from 'node:child_process';

import { PATIENCE, check, sleep } from './checks.mjs';
import { freePort } from './panel-scene.mjs';

/** The key under which WebDriver returns an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** A browser with one page. What is done in it is done in the frame that was entered last. */
export class WebKit {
  /** `driver` and `browser` are the paths of WebKitWebDriver and MiniBrowser. */
  static async start({ driver, browser }) {
    const webkit = new WebKit();
    const port = await freePort();
    webkit.root = `http://127.0.0.1:${port}`;
    // A process group of its own, so that the screen and the browser end with the driver.
    webkit.child = spawn('xvfb-run', ['-a', driver, `--port=${port}`], { stdio: 'ignore', detached: true });
    webkit.ended = new Promise(done => { webkit.child.once('exit', done); });
    try {
      const end = Date.now() + PATIENCE;
      while (!await fetch(`${webkit.root}/status`).then(response => response.ok, () => false)) {
        check(Date.now() < end, 'WebKitWebDriver does not start');
        await sleep(100);
      }
      const options = { binary: browser, args: ['--automation'] };
      const { sessionId } = await webkit.ask('POST', '/session', { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } } });
      webkit.root += `/session/${sessionId}`;
      await webkit.ask('POST', '/window/rect', { width: 1000, height: 800 });
    } catch (error) {
      await webkit.close();
      throw error;
    }
    return webkit;
  }

  async ask(method, path, body) {
    const response = await fetch(this.root + path, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    check(response.ok, `WebDriver: ${method} ${path}: ${value?.error}: ${value?.message}`);
    return value;
  }

  find(selector) {
    return this.ask('POST', '/element', { using: 'css selector', value: selector }).then(found => found[ELEMENT]);
  }

  async open(address) {
    await this.ask('POST', '/frame', { id: null });
    await this.ask('POST', '/url', { url: address });
  }

  /** Enters the frame at `selector`, or leaves all frames. */
  async enter(selector = null) {
    await this.ask('POST', '/frame', { id: selector && { [ELEMENT]: await this.find(selector) } });
  }

  evaluate(run, ...args) {
    return this.ask('POST', '/execute/sync', { script: `return (${run}).apply(null, arguments);`, args });
  }

  async click(selector) {
    await this.ask('POST', `/element/${await this.find(selector)}/click`, {});
  }

  async type(selector, text) {
    await this.click(selector);
    await this.ask('POST', `/element/${await this.find(selector)}/value`, { text });
  }

  /** What the page did wrong: WebDriver does not report it. */
  errors = [];

  async close() {
    if (this.root.includes('/session/')) await this.ask('DELETE', '').catch(() => {});
    try { process.kill(-this.child.pid, 'SIGTERM'); } catch { /* it has ended */ }
    await this.ended;
  }
}
