import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LogLines } from './log-lines.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

/** `triaged run` in a process of its own; log lines and exit code are collected. */
export class DaemonProcess {
  readonly log = new LogLines();
  /** exit code, null where a signal ended it */
  readonly exit: Promise<number | null>;
  readonly #process: ChildProcess;
  #errors = '';
  #output = '';

  constructor(configFile: string, env: NodeJS.ProcessEnv, args: readonly string[] = []) {
    const child = spawn(process.execPath, [MAIN, 'run', '--config', configFile, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    createInterface({ input: child.stdout }).on('line', (line) => this.log.push(line));
    child.stdout.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
    // `close`, not `exit`: by then the last lines have been read.
    this.exit = new Promise((resolve) => child.once('close', (code) => resolve(code)));
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** What it said on stderr. */
  get errors(): string {
    return this.#errors;
  }

  /** All that it said on stdout, as it was written. */
  get output(): string {
    return this.#output;
  }

  /** Model loaded, logged in, rounds begun. */
  async loggedIn(): Promise<void> {
    await this.log.seen('logged in');
  }

  /** The page of `/metrics`. */
  async metrics(): Promise<string> {
    const { port } = await this.log.seen('started');
    return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  }

  /** SIGKILL: no handler runs, no file is closed by hand. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.exit;
  }

  /** SIGTERM, and how it ended. */
  async terminate(): Promise<{ readonly code: number | null; readonly milliseconds: number }> {
    const began = Date.now();
    this.#process.kill('SIGTERM');
    return { code: await this.exit, milliseconds: Date.now() - began };
  }

  signal(name: 'SIGHUP'): void {
    this.#process.kill(name);
  }
}
