import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { stringify } from 'yaml';
import type { Target } from '../acceptance/target.ts';
import { Daemon } from '../src/daemon/daemon.ts';
import { type Cpu, cpuTime } from './cpu.ts';
import { middle } from './middle.ts';
import type { Stand } from './stand.ts';

const MIB = 1024 * 1024;

export type Run = {
  /** from the login to the last ticket's end */
  readonly milliseconds: number;
  readonly readyMilliseconds: number;
  readonly loopDelayP99: number;
  readonly residentMiB: number;
  readonly childMiB: number;
  readonly applied: number;
  /** processor time of the daemon and of the model's process, while tickets ran */
  readonly cpu: Cpu;
  /** median milliseconds of a ticket's stages, as its log line tells them */
  readonly stages: Readonly<Record<string, number>>;
  /** requests by operation */
  readonly calls: Readonly<Record<string, number>>;
};

type LogLine = {
  readonly msg: string;
  readonly outcome: string;
  readonly ticketId: number;
  readonly milliseconds?: Readonly<Record<string, number>>;
};

/** All tickets are written, whatever the model calls them: what it does not know goes the same way. */
function benchConfig({ url, webService, bot, sourceQueue, targetQueue }: Target): string {
  const action = { queue: targetQueue, priority: '4 high' };
  return stringify({
    connector: {
      type: 'znuny',
      url,
      web_service: webService,
      username: bot.login,
      password: `\${BENCH_PASSWORD}`,
    },
    intake: { queues: [sourceQueue], lookback_hours: 1 },
    routing: {
      min_confidence: 0,
      max_changes_per_hour: 0,
      default_queue: targetQueue,
      default_priority: '4 high',
      rules: [{ name: 'bench', category: ['Network', 'IT', 'Billing', 'Support', 'Other'], ...action }],
    },
    journal: { path: './triaged.db' },
    server: { listen: '127.0.0.1:0' },
  });
}

/**
 * The whole daemon, with the usual settings, until so many of its tickets have ended. `ended` hears of each with the
 * time. `amid` runs beside it once it is ready.
 */
export async function runDaemon(
  { target, ids }: Pick<Stand, 'target' | 'ids'>,
  tickets: number,
  more: {
    readonly ended?: (ticketId: number, at: number, outcome: string) => void;
    readonly amid?: () => Promise<void>;
  } = {},
): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'triaged-bench-'));
  const file = join(folder, 'config.yaml');
  await writeFile(file, benchConfig(target));
  const stages = new Map<string, readonly number[]>();
  let ended = 0;
  let applied = 0;
  let firstPollAt = 0;
  let lastEndAt = 0;
  const { promise: end, resolve: resolveEnd } = Promise.withResolvers<void>();
  const daemon = new Daemon({
    file,
    env: { BENCH_PASSWORD: target.bot.password },
    version: 'bench',
    writeLog: (line) => {
      const entry = JSON.parse(line) as LogLine;
      if (entry.msg === 'logged in') firstPollAt = performance.now();
      if (entry.msg !== 'ticket triaged') return;
      // Tickets of others in the source queue are left, and are not ours to count.
      if (ids?.has(entry.ticketId) === false) return;
      ended += 1;
      for (const [stage, spent] of Object.entries(entry.milliseconds ?? {})) {
        stages.set(stage, [...(stages.get(stage) ?? []), spent]);
      }
      if (entry.outcome === 'applied') applied += 1;
      lastEndAt = performance.now();
      more.ended?.(entry.ticketId, lastEndAt, entry.outcome);
      if (ended === tickets) resolveEnd();
    },
  });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const began = performance.now();
  await daemon.start();
  while (!daemon.ready) await new Promise((resolve) => setTimeout(resolve, 5));
  const readyMilliseconds = performance.now() - began;
  const before = cpuTime();
  delay.enable();
  await Promise.race([Promise.all([end, more.amid?.()]), daemon.running]);
  delay.disable();
  const after = cpuTime();
  const childMiB = (daemon.classifierStats?.childResidentBytes ?? 0) / MIB;
  const residentMiB = process.memoryUsage().rss / MIB;
  const calls = await callsOf(daemon.port);
  await daemon.stop();
  await rm(folder, { recursive: true, force: true });
  return {
    milliseconds: lastEndAt - firstPollAt,
    readyMilliseconds,
    loopDelayP99: delay.percentile(99) / 1e6,
    residentMiB,
    childMiB,
    applied,
    cpu: { own: after.own - before.own, children: after.children - before.children },
    stages: Object.fromEntries([...stages].map(([stage, spent]) => [stage, middle(spent)])),
    calls,
  };
}

async function callsOf(port: number): Promise<Record<string, number>> {
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const calls: Record<string, number> = {};
  for (const [, labels = '', count = '0'] of page.matchAll(
    /^triaged_znuny_request_duration_seconds_count\{(.*)\} (\d+)$/gm,
  )) {
    const operation = /operation="(\w+)"/.exec(labels)?.[1] ?? '';
    calls[operation] = (calls[operation] ?? 0) + Number(count);
  }
  return calls;
}
