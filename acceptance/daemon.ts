import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { DaemonProcess } from '../test/support/daemon-process.ts';
import type { Making, Stage } from './stage.ts';

export const PRIORITY = '4 high';

/** What the model knows; a text that it does not know is left to people. */
export const PROBLEM: Making = {
  Article: {
    Body: 'Hello,\n\nsince this morning the VPN connection breaks every few minutes, and the Wi-Fi on the second floor is gone too.\n\nKind regards',
  },
};

/** Sections of config.yaml on top of the suite's. */
export type Sections = {
  readonly mode?: 'observe' | 'suggest' | 'apply';
  readonly intake?: Readonly<Record<string, unknown>>;
  readonly note?: Readonly<Record<string, unknown>>;
  readonly server?: Readonly<Record<string, unknown>>;
  readonly log?: Readonly<Record<string, unknown>>;
};

/**
 * A folder with a config.yaml, and the daemons that run on it. Its rule names the run's mark, so that tickets of
 * others in the source queue are read and left.
 */
export class Installation {
  readonly folder = mkdtempSync(join(tmpdir(), 'triaged-acceptance-'));
  readonly configFile = join(this.folder, 'config.yaml');
  readonly journalFile = join(this.folder, 'triaged.db');
  readonly env: NodeJS.ProcessEnv;
  readonly #stage: Stage;
  readonly #daemons: DaemonProcess[] = [];

  constructor(stage: Stage, sections: Sections = {}) {
    this.#stage = stage;
    this.env = { PATH: process.env.PATH, ACCEPTANCE_PASSWORD: stage.target.bot.password };
    this.configure(sections);
  }

  configure(sections: Sections): void {
    const { target, mark } = this.#stage;
    const rule = {
      name: 'acceptance',
      category: ['Network', 'IT', 'Billing', 'Support', 'Other'],
      when: { subject: mark.replaceAll(/[[\]]/g, '\\$&') },
      queue: target.targetQueue,
      priority: PRIORITY,
    };
    const { intake, ...others } = sections;
    this.write({
      connector: {
        type: 'znuny',
        url: target.url,
        web_service: target.webService,
        username: target.bot.login,
        password: `\${ACCEPTANCE_PASSWORD}`,
        settle_seconds: 5,
      },
      routing: { min_confidence: 0, max_changes_per_hour: 0, rules: [rule] },
      journal: { path: './triaged.db' },
      server: { listen: '127.0.0.1:0' },
      intake: { queues: [target.sourceQueue], lookback_hours: 1, poll: { interval_seconds: 1 }, ...intake },
      ...others,
    });
  }

  write(config: object | string): void {
    writeFileSync(this.configFile, typeof config === 'string' ? config : stringify(config));
  }

  /** `triaged run`, once it is logged in. */
  async run(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<DaemonProcess> {
    const daemon = new DaemonProcess(this.configFile, { ...this.env, ...env }, args);
    this.#daemons.push(daemon);
    await daemon.log.seen('logged in', {}, 60_000);
    return daemon;
  }

  async close(): Promise<void> {
    await Promise.all(this.#daemons.map((daemon) => daemon.kill()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
