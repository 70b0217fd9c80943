import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon } from '../daemon/daemon.ts';
import { pause } from '../wiring/pause.ts';
import { demoConfig } from './config.ts';
import { readSamples, type Sample } from './sample.ts';
import { type Ended, landing, type Summary, summarize, table } from './tally.ts';
import { BOT, DemoWorld, SOURCE_QUEUE } from './world.ts';

export const DEMO_TICKETS = join(import.meta.dirname, 'tickets.jsonl');
const NEXT_TICKET_MS = 4_000;
/** the samples have waited in Znuny for this long when the daemon starts */
const WAITED_MS = 120_000;
const TEMPO = { retryDelaysMs: [500, 1_000], znunyDelayMs: 1_000, configDelayMs: 10_000 };

export type DemoOptions = {
  readonly file: string;
  readonly version: string;
  /** ends when all tickets have ended; else new ones keep arriving until `signal` */
  readonly exit: boolean;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
  readonly env: NodeJS.ProcessEnv;
};

/** Simulator and daemon on loopback: a helpdesk's morning, with everything real but Znuny. */
export async function runDemo(options: DemoOptions): Promise<Summary> {
  const samples = await readSamples(options.file);
  const queues = samples.flatMap((sample) => sample.expectedQueue ?? []);
  const world = new DemoWorld(queues);
  const folder = await mkdtemp(join(tmpdir(), 'triaged-demo-'));
  const watch = new Watch(world, options.print);
  await world.simulator.start();
  const daemon = new Daemon({
    file: await configIn(folder, world),
    env: { ...options.env, DEMO_PASSWORD: BOT.password },
    version: options.version,
    writeLog: (line) => watch.read(line),
    tempo: TEMPO,
  });
  try {
    const start = Date.now() - WAITED_MS;
    for (const [index, sample] of samples.entries())
      watch.expect(world.put(sample, start + index).id, sample);
    options.print(
      `${samples.length} tickets wait in the queues of a Znuny in a box at ${world.simulator.url}.`,
    );
    await daemon.start();
    await Promise.race([watch.allEnded, aborted(options.signal), daemon.running]);
    options.print(`\n${table(watch.ended, SOURCE_QUEUE)}\n`);
    const summary = summarize(watch.ended, SOURCE_QUEUE);
    if (!options.exit) await keepArriving(world, samples, watch, options);
    return summary;
  } finally {
    await daemon.stop();
    await world.simulator.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function configIn(folder: string, world: DemoWorld): Promise<string> {
  const file = join(folder, 'config.yaml');
  await writeFile(file, demoConfig(world.simulator.url));
  return file;
}

async function keepArriving(
  world: DemoWorld,
  samples: readonly Sample[],
  watch: Watch,
  options: DemoOptions,
): Promise<void> {
  options.print('New tickets keep arriving; Ctrl-C ends the demo.\n');
  const fresh = samples.filter(
    (sample) => !sample.poison && ['mail', 'html-mail', 'panel', 'portal'].includes(sample.way),
  );
  while (!options.signal.aborted) {
    const sample = fresh[Math.floor(Math.random() * fresh.length)];
    if (sample) watch.expect(world.put(sample, Date.now()).id, sample);
    await pause(NEXT_TICKET_MS, options.signal);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Follows the daemon's log, as an operator would, and tells it in words. */
class Watch {
  readonly ended: Ended[] = [];
  readonly allEnded: Promise<void>;
  readonly #world: DemoWorld;
  readonly #print: (line: string) => void;
  readonly #waiting = new Map<number, Sample>();
  #resolve: () => void = () => {};

  constructor(world: DemoWorld, print: (line: string) => void) {
    this.#world = world;
    this.#print = print;
    this.allEnded = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  expect(ticketId: number, sample: Sample): void {
    this.#waiting.set(ticketId, sample);
  }

  read(line: string): void {
    const entry = JSON.parse(line) as Record<string, unknown>;
    const sample = this.#waiting.get(Number(entry.ticketId));
    const isEnd = entry.msg === 'ticket triaged' || entry.msg === 'ticket quarantined';
    if (!isEnd) {
      if (entry.level === 'error' || entry.level === 'fatal') this.#print(line.trimEnd());
      return;
    }
    if (!sample) return;
    const ticketId = Number(entry.ticketId);
    this.#waiting.delete(ticketId);
    const queue = this.#world.simulator.ticket(ticketId)?.queue ?? '?';
    const one = { sample, outcome: String(entry.outcome), queue };
    this.ended.push(one);
    this.#print(describe(one, entry));
    if (this.#waiting.size === 0) this.#resolve();
  }
}

const MARKS = { right: '✓', wrong: '✗', people: '·' } as const;

function describe(one: Ended, entry: Record<string, unknown>): string {
  const kind = landing(one, SOURCE_QUEUE);
  const subject = one.sample.subject.replace(/\s+/g, ' ').slice(0, 44).padEnd(44);
  const sure = typeof entry.probability === 'number' ? `${Math.round(100 * entry.probability)} %` : '';
  const why = [entry.category, sure, one.outcome === 'applied' ? '' : (entry.reason ?? entry.outcome)];
  return `${kind ? MARKS[kind] : ' '} ${subject} → ${one.queue.padEnd(18)} ${why.filter(Boolean).join(', ').slice(0, 70)}`;
}
