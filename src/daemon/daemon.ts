import { Applier } from '../apply/apply.ts';
import { Glance } from '../apply/glance.ts';
import { Settler } from '../apply/settle.ts';
import type { Classifier, ClassifierStats } from '../classify/classifier.ts';
import { loadConfig } from '../config/load.ts';
import { Reloader } from '../config/reload.ts';
import { AccessProbe } from '../intake/access.ts';
import { TicketReader } from '../intake/read.ts';
import { openJournal } from '../journal/sqlite.ts';
import type { Recorder } from '../observe/recorder.ts';
import { type BlockedRules, Pipeline } from '../pipeline.ts';
import { fromConfigFolder, type Live, makeLive, type Tempo, USUAL_TEMPO } from '../wiring/live.ts';
import { Login } from '../wiring/login.ts';
import { buildClassifier, buildClient, buildRecorder, buildServer, instanceName } from '../wiring/parts.ts';
import type { ZnunyClient } from '../znuny/client.ts';
import { Aftercare } from './aftercare.ts';
import { Cleanups } from './cleanups.ts';
import { type Connected, Connection } from './connection.ts';
import { Health } from './health.ts';
import { Bell } from './loop.ts';
import { Rounds } from './rounds.ts';
import { Worker } from './worker.ts';

export type DaemonOptions = {
  readonly file: string;
  readonly sets?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly version: string;
  /** where finished log lines go; default stdout */
  readonly writeLog?: (line: string) => void;
  /** waits that demo, bench and tests shorten */
  readonly tempo?: Tempo;
  readonly clock?: () => number;
};

/** The composition root: builds everything from one configuration, starts, reloads and stops it. */
export class Daemon {
  readonly health = new Health();
  readonly #options: DaemonOptions;
  readonly #cleanups = new Cleanups();
  readonly #abort = new AbortController();
  #starting: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;
  #port = 0;
  #classifier: Classifier | null = null;
  #recorder: Recorder | null = null;
  #client: ZnunyClient | null = null;
  #running: Promise<void> = Promise.resolve();
  #reload: () => Promise<boolean> = async () => false;

  constructor(options: DaemonOptions) {
    this.#options = options;
  }

  /** Where health, metrics and webhook listen; known after `start`. */
  get port(): number {
    return this.#port;
  }

  /** Null before the model is loaded. */
  get classifierStats(): ClassifierStats | null {
    return this.#classifier?.stats() ?? null;
  }

  /** True while every condition of readiness is fulfilled. */
  get ready(): boolean {
    return this.health.reasons.length === 0;
  }

  /** Ends with the daemon; rejects with the ConfigError that waiting does not mend (a login that never worked …). */
  get running(): Promise<void> {
    return this.#running;
  }

  /**
   * Resolves when everything local stands: file, journal, server, model. Znuny may still be away; that is a
   * matter of readiness. Throws ConfigError or TransientError after taking down what stood already.
   */
  start(): Promise<void> {
    this.#starting ??= this.#start().catch(async (error: unknown) => {
      await this.stop('start failed');
      throw error;
    });
    return this.#starting;
  }

  /** All or nothing: a file that is wrong in any way changes nothing and says so in the log. */
  async reload(): Promise<boolean> {
    // A signal that comes amid the start is not lost.
    await this.#starting?.catch(() => {});
    return this.#reload();
  }

  /** Ends every round, waits for writes under way, and takes everything down in reverse order. */
  stop(reason = 'stop'): Promise<void> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  async #stop(reason: string): Promise<void> {
    const began = Date.now();
    this.#recorder?.record({ kind: 'stopping', signal: reason });
    this.#abort.abort();
    // The client ends at once: it cuts reads off, and waits for writes like the rounds do.
    await Promise.all([this.#running.catch(() => {}), this.#client?.close().catch(() => {})]);
    const failed = await this.#cleanups.run();
    const names = failed.map(({ name }) => name);
    this.#recorder?.record({ kind: 'stopped', milliseconds: Date.now() - began, failed: names });
  }

  // Deliberately one straight line: its order is the design (lock before server, model before Znuny).
  async #start(): Promise<void> {
    const { version, clock = Date.now } = this.#options;
    const { signal } = this.#abort;
    const loaded = loadConfig(this.#options);
    const { config } = loaded;

    const journal = await openJournal({ file: fromConfigFolder(loaded, config.journal.path), now: clock });
    this.#cleanups.add('journal', () => journal.close());
    const { recorder, metrics, log } = buildRecorder(loaded, { journal, clock, ...this.#options });
    this.#recorder = recorder;
    for (const what of loaded.warnings) recorder.record({ kind: 'caution', what });
    await journal.recover(clock());

    const client = buildClient(loaded, ({ operation, outcome, code, milliseconds }) =>
      recorder.record({ kind: 'znuny request', operation, status: code ?? outcome, milliseconds }),
    );
    this.#client = client;
    this.#cleanups.add('znuny', () => client.close());

    let rounds: Rounds | null = null;
    const announced = async (ticketId: number) => rounds?.announced(ticketId);
    const { health } = this;
    const server = buildServer(loaded, { health, metrics, recorder, clock, announced });
    this.#port = (await server.start()).port;
    this.#cleanups.add('server', () => server.stop());

    const classifier = await buildClassifier(loaded);
    this.#cleanups.add('classifier', () => classifier.stop());
    await classifier.start();
    this.#classifier = classifier;
    if (!classifier.info.calibrated) {
      recorder.record({ kind: 'caution', what: `the model ${classifier.info.name} is not calibrated` });
    }
    const tempo = this.#options.tempo ?? USUAL_TEMPO;
    const live = (connected: Connected, from = loaded): Live =>
      makeLive(from, { model: classifier.info, tempo, ...connected });
    let connected: Connected = { ownUserId: 0, firstStart: 0 };
    // Rules that do not fit the model end the start here, not after the first login.
    let current = live(connected);
    health.pass('model');

    const blocked: BlockedRules = new Map();
    const access = new AccessProbe(client, clock);
    const reader = new TicketReader({ client, access, clock });
    const settler = new Settler({ journal, client, reader, access, clock });
    const glance = new Glance(reader, clock);
    const applier = new Applier({ journal, client, reader, glance, access, clock });
    const pipeline = new Pipeline({ journal, reader, classifier, applier, recorder, blocked, clock });
    const password = config.connector.password.reveal();
    const identity = { url: config.connector.url, userLogin: config.connector.username, password };
    const login = new Login({ client, journal, recorder, clock, identity });
    const instance = instanceName(loaded);
    const connection = new Connection({ client, login, journal, health, recorder, clock, instance });
    const bell = new Bell();

    const facts = { model: classifier.info.name, znuny: instance, port: this.#port };
    recorder.record({
      kind: 'started',
      version,
      mode: config.mode,
      configHash: loaded.hash,
      at: clock(),
      facts,
    });

    const failed = (loop: string) => (error: unknown) =>
      recorder.record({ kind: 'loop failed', loop, error });
    const reloader = new Reloader(loaded, {
      ...this.#options,
      validate: async (next) => void live(connected, next),
    });
    this.#reload = async () => {
      const result = await reloader.reload();
      if (!result.ok) recorder.record({ kind: 'reload refused', error: result.error });
      else {
        const { config: now, secrets, hash: configHash } = reloader.live;
        current = live(connected, reloader.live);
        recorder.addSecrets(secrets);
        log.setLevel(now.log.level);
        const { changed, needRestart } = result;
        recorder.record({ kind: 'reload ok', configHash, changed, needRestart, at: clock() });
        await rounds?.lookAgain().catch(failed('reload'));
      }
      return result.ok;
    };

    this.#running = (async () => {
      const found = await connection.connect(signal);
      if (!found) return;
      connected = found;
      current = live(connected, reloader.live);
      // What waited for Znuny, also where the last stop cut its read off, is due now.
      await journal.wake('znuny', clock());
      const settings = () => current.settings;
      const concurrency = config.connector.max_concurrency;
      const worker = new Worker({
        journal,
        pipeline,
        access,
        glance,
        settler,
        recorder,
        settings,
        concurrency,
        clock,
        bell,
      });
      const writing = () => worker.writing;
      const aftercare = new Aftercare({
        journal,
        client,
        access,
        pipeline,
        settler,
        recorder,
        settings,
        clock,
        writing,
      });
      const parts = {
        journal,
        client,
        access,
        worker,
        aftercare,
        connection,
        classifier,
        health,
        recorder,
        blocked,
        clock,
        bell,
      };
      const running = new Rounds({ ...parts, live: () => current });
      rounds = running;
      await running.lookAgain();
      await Promise.all([running.tellWhatIsLeftAlone(signal), running.run(signal)]);
    })();
    this.#running.catch(() => {});
  }
}
