import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { type TestModel, writeTestModel } from '../../src/classify/test-model.ts';
import { Daemon, type DaemonOptions } from '../../src/daemon/daemon.ts';
import type { JournalCounts } from '../../src/journal/journal.ts';
import { readJournal } from '../../src/journal/sqlite.ts';
import { FIXTURE_PASSWORD } from '../../src/simulator/fixture.ts';
import { Simulator, type SimulatorOptions } from '../../src/simulator/simulator.ts';
import type { SimulatedTicket } from '../../src/simulator/types.ts';
import type { MailOptions } from '../../src/simulator/ways-in-options.ts';
import { DaemonProcess } from './daemon-process.ts';
import { LogLines } from './log-lines.ts';

/** Short texts of these words have a sure category; `gift` breaks the model. */
export const WORDS = {
  labels: { Network: ['wlan', 'vpn'], Billing: ['rechnung', 'invoice'], Hardware: ['drucker', 'printer'] },
  priorities: { '3 normal': ['normal'], '4 high': ['dringend'], '5 very high': ['notfall'] },
  poison: 'gift',
  manifest: { languages: [] },
} satisfies TestModel;

export const RULES = [
  { name: 'network', category: 'Network', queue: 'IT-Infrastructure', priority: '4 high' },
  { name: 'billing', category: 'Billing', queue: 'Accounting' },
  { name: 'hardware', category: 'Hardware', queue: 'Support' },
];

/** Any part of config.yaml; sections are merged, lists are replaced. */
export type Settings = { readonly [key: string]: unknown };

export type WorldOptions = {
  readonly simulator?: SimulatorOptions;
  readonly config?: Settings;
  readonly model?: TestModel;
};

/** Waits of the daemon short enough for a test. Only a daemon inside the test's process can have them. */
export const QUICK: NonNullable<DaemonOptions['tempo']> = {
  retryDelaysMs: [100, 200],
  znunyDelayMs: 300,
  configDelayMs: 2_000,
};

/** A simulated Znuny, a folder with configuration and model, and the daemons that work on them. Gone after the test. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'triaged-world-'));
  readonly configFile = join(this.folder, 'config.yaml');
  readonly journalFile = join(this.folder, 'triaged.db');
  readonly simulator: Simulator;
  readonly #config: Settings;
  readonly #daemons: Daemon[] = [];
  readonly #processes: DaemonProcess[] = [];

  private constructor({ simulator, config }: WorldOptions) {
    this.simulator = new Simulator(simulator);
    this.#config = config ?? {};
  }

  /** Everything stands but the daemon. */
  static async open(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    onTestFinished(() => world.#close());
    await world.simulator.start();
    await writeTestModel(join(world.folder, 'models', 'triage-de-en'), options.model ?? WORDS);
    world.configure();
    return world;
  }

  /** Writes config.yaml anew: the usual one, the world's own settings, and `more` on top. */
  configure(more: Settings = {}): void {
    const usual = {
      connector: {
        type: 'znuny',
        url: this.simulator.url,
        username: 'otai-bot',
        password: `\${WORLD_PASSWORD}`,
        settle_seconds: 1,
      },
      intake: { lookback_hours: 1, poll: { interval_seconds: 1 } },
      routing: { default_queue: 'Unclassified', max_changes_per_hour: 0, rules: RULES },
      journal: { path: './triaged.db' },
      server: { listen: '127.0.0.1:0' },
    };
    writeFileSync(this.configFile, stringify(merge(merge(usual, this.#config), more)));
  }

  /** `triaged run` as a process of its own, the way that an operator runs it. */
  spawn(
    options: { readonly args?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
  ): DaemonProcess {
    const env = { ...this.#env(), ...options.env };
    const daemon = new DaemonProcess(this.configFile, env, options.args);
    this.#processes.push(daemon);
    return daemon;
  }

  /** The daemon inside this process: its waits can be shortened. */
  async start(options: Partial<DaemonOptions> = {}): Promise<{ daemon: Daemon; log: LogLines }> {
    const log = new LogLines();
    const daemon = new Daemon({
      file: this.configFile,
      env: this.#env(),
      version: 'test',
      writeLog: (line) => log.push(line),
      tempo: QUICK,
      ...options,
    });
    this.#daemons.push(daemon);
    await daemon.start();
    return { daemon, log };
  }

  /** A mail in Raw that the model calls Network, a minute old; `options` says otherwise. */
  mail(options: Partial<MailOptions> = {}): number {
    return this.simulator.receiveMail({
      subject: 'vpn wlan',
      body: 'wlan vpn wlan',
      queue: 'Raw',
      createdAt: Date.now() - 60_000,
      ...options,
    }).id;
  }

  mails(count: number, options: Partial<MailOptions> = {}): readonly number[] {
    return Array.from({ length: count }, () => this.mail(options));
  }

  ticket(id: number): SimulatedTicket {
    const ticket = this.simulator.ticket(id);
    if (!ticket) throw new Error(`no ticket ${id} in the simulator`);
    return ticket;
  }

  /** Tickets by state, as the journal has them: beside a running daemon, or after it. */
  async counts(): Promise<JournalCounts> {
    const journal = await readJournal({ file: this.journalFile });
    const counts = await journal.counts();
    await journal.close();
    return counts;
  }

  #env(): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, WORLD_PASSWORD: FIXTURE_PASSWORD };
  }

  async #close(): Promise<void> {
    await Promise.all(this.#processes.map((daemon) => daemon.kill()));
    await Promise.all(this.#daemons.map((daemon) => daemon.stop()));
    await this.simulator.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function merge(base: Settings, more: Settings): Settings {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(more)) {
    const old = merged[key];
    merged[key] = isSection(old) && isSection(value) ? merge(old, value) : value;
  }
  return merged;
}

function isSection(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
