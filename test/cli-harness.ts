import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type TestModel, writeTestModel } from '../src/classify/test-model.ts';
import { commands } from '../src/cli/commands.ts';
import { dispatch } from '../src/cli/dispatch.ts';
import type { Journal } from '../src/journal/journal.ts';
import { openJournal } from '../src/journal/sqlite.ts';
import { FIXTURE_PASSWORD } from '../src/simulator/fixture.ts';
import { Simulator, type SimulatorOptions } from '../src/simulator/simulator.ts';

/** Short texts of these words have a sure category; calibrated, threshold 0.7. */
export const WORDS: TestModel = {
  labels: { Network: ['wlan', 'vpn'], Billing: ['rechnung', 'invoice'], Hardware: ['drucker', 'printer'] },
  priorities: { '3 normal': ['normal'], '4 high': ['dringend'], '5 very high': ['notfall'] },
  manifest: { languages: [] },
};

export type Answer = { readonly code: number; readonly out: string; readonly error: string };

/** A house: a folder with a configuration, a model, perhaps a simulated Znuny. Gone after the test. */
export class House {
  readonly folder = mkdtempSync(join(tmpdir(), 'triaged-cli-'));
  readonly config = join(this.folder, 'config.yaml');
  readonly journalFile = join(this.folder, 'data', 'triaged.db');

  constructor() {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  async model(model: TestModel = WORDS): Promise<string> {
    return writeTestModel(join(this.folder, 'models', 'words'), model);
  }

  /** The usual configuration; `rest` replaces everything below the connector. */
  write(rest: string = USUAL, url = 'https://znuny.example.com'): void {
    const connector = `connector: {url: "${url}", username: otai-bot, password: "\${ZNUNY_PASSWORD}"}\n`;
    writeFileSync(this.config, connector + rest);
  }

  async znuny(options: SimulatorOptions = {}): Promise<Simulator> {
    const simulator = new Simulator(options);
    await simulator.start();
    onTestFinished(() => simulator.stop());
    return simulator;
  }

  /** The daemon's journal, held open: commands run beside it. */
  async journal(): Promise<Journal> {
    mkdirSync(join(this.folder, 'data'), { recursive: true });
    const journal = await openJournal({ file: this.journalFile, now: Date.now });
    onTestFinished(() => journal.close().catch(() => {}));
    return journal;
  }

  /** `triaged ARGS --config …` in this process. */
  async triaged(...args: readonly string[]): Promise<Answer> {
    const out: string[] = [];
    const error: string[] = [];
    const [name = '', ...rest] = args;
    const code = await dispatch(commands, [name, '--config', this.config, ...rest], {
      env: { ZNUNY_PASSWORD: FIXTURE_PASSWORD },
      signal: new AbortController().signal,
      onHangup: () => {},
      terminal: {
        out: (line) => out.push(line),
        error: (line) => error.push(line),
        interactive: false,
      },
    });
    return { code, out: out.join('\n'), error: error.join('\n') };
  }
}

export const USUAL = `
mode: apply
model: {model_name: words}
routing:
  default_queue: Unclassified
  rules:
    - {name: network, category: Network, queue: IT-Infrastructure, priority: 4 high}
    - {name: billing, category: Billing, queue: Accounting}
    - {name: hardware, category: Hardware, queue: Support}
`;
