// Runs ownchatbot-local with its simulator.

import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

import { PATIENCE, check, sleep } from './checks.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

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

/** Runs `run` with a function that starts programs with its arguments, and kills them afterwards. */
export async function withPrograms(run) {
  const programs = [];
  const start = async (...more) => {
    const program = await Program.start(...more);
    programs.push(program);
    return program;
  };
  try {
    await run(start);
  } finally {
    for (const program of programs) await program.kill();
  }
}
