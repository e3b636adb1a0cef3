// Firefox, over WebDriver BiDi.

import { pathToFileURL } from 'node:url';

import { tools } from './tools.mjs';

/** A browser with one page. What is done in it is done in the frame that was entered last. */
export class Firefox {
  static async start(executablePath) {
    const { default: puppeteer } = await import(pathToFileURL(tools.resolve('puppeteer-core')));
    const firefox = new Firefox();
    firefox.browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
    firefox.page = await firefox.browser.newPage();
    firefox.frame = firefox.page.mainFrame();
    firefox.page.on('pageerror', error => firefox.errors.push(`an exception: ${error.message}`));
    await firefox.page.setViewport({ width: 1000, height: 800 });
    return firefox;
  }

  errors = [];

  async open(address) {
    await this.page.goto(address);
    this.frame = this.page.mainFrame();
  }

  /** Enters the frame at `selector`, or leaves all frames. */
  async enter(selector = null) {
    this.frame = selector ? await (await this.frame.$(selector)).contentFrame() : this.page.mainFrame();
  }

  evaluate(run, ...args) {
    return this.frame.evaluate(run, ...args);
  }

  click(selector) {
    return this.frame.click(selector);
  }

  type(selector, text) {
    return this.frame.type(selector, text);
  }

  async close() {
    await this.browser.close();
  }
}
