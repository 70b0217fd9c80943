import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Daemon } from '../src/daemon/daemon.ts';
import { demoConfig } from '../src/demo/config.ts';
import { bareLoop } from './bare-loop.ts';
import { startZnuny } from './znuny-process.ts';

const TICKETS = 300;
const MIB = 1024 * 1024;

type Drained = {
  readonly milliseconds: number;
  readonly readyMilliseconds: number;
  readonly loopDelayP99: number;
  readonly residentMiB: number;
  readonly childMiB: number;
  readonly ended: number;
  readonly applied: number;
};

/** Every ticket gets queue, priority and a note, as in the bare loop; polls at the usual interval. */
function benchConfig(url: string): string {
  const everything = '    - { category: Other, queue: "Misc", priority: "4 high" }\njournal:';
  return demoConfig(url, '4 high')
    .replace('interval_seconds: 1 ', 'interval_seconds: 10 ')
    .replace('  rules:', '  min_confidence: 0\n  rules:')
    .replace('journal:', everything);
}

/** The whole daemon on 300 waiting tickets: from its first poll to the end of the last ticket. */
async function drain(): Promise<Drained> {
  const znuny = await startZnuny(TICKETS);
  const folder = await mkdtemp(join(tmpdir(), 'triaged-bench-'));
  const file = join(folder, 'config.yaml');
  await writeFile(file, benchConfig(znuny.url));
  let ended = 0;
  let applied = 0;
  let firstPollAt = 0;
  let lastEndAt = 0;
  let resolveEnd: () => void = () => {};
  const end = new Promise<void>((resolve) => {
    resolveEnd = resolve;
  });
  const daemon = new Daemon({
    file,
    env: { DEMO_PASSWORD: znuny.password },
    version: 'bench',
    writeLog: (line) => {
      const entry = JSON.parse(line) as { msg: string; outcome?: string };
      if (entry.msg === 'generic interface found' || entry.msg === 'logged in')
        firstPollAt = performance.now();
      if (entry.msg !== 'ticket triaged') return;
      ended += 1;
      if (entry.outcome === 'applied') applied += 1;
      lastEndAt = performance.now();
      if (ended === TICKETS) resolveEnd();
    },
  });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const began = performance.now();
  await daemon.start();
  while (!daemon.ready) await new Promise((resolve) => setTimeout(resolve, 5));
  const readyMilliseconds = performance.now() - began;
  delay.enable();
  await Promise.race([end, daemon.running]);
  delay.disable();
  const childMiB = (daemon.classifierStats?.childResidentBytes ?? 0) / MIB;
  const residentMiB = process.memoryUsage().rss / MIB;
  await daemon.stop();
  await znuny.stop();
  await rm(folder, { recursive: true, force: true });
  return {
    milliseconds: lastEndAt - firstPollAt,
    readyMilliseconds,
    loopDelayP99: delay.percentile(99) / 1e6,
    residentMiB,
    childMiB,
    ended,
    applied,
  };
}

async function bare(concurrency: number): Promise<number> {
  const znuny = await startZnuny(TICKETS);
  const milliseconds = await bareLoop(znuny.url, concurrency);
  await znuny.stop();
  return milliseconds;
}

const perMinute = (milliseconds: number) => Math.round((TICKETS * 60_000) / milliseconds);

const loops = [];
for (const concurrency of [1, 2, 4]) loops.push({ concurrency, milliseconds: await bare(concurrency) });
const best = loops.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
const daemon = await drain();

console.log(`${TICKETS} waiting tickets, simulator with Znuny's measured latencies and two workers`);
for (const { concurrency, milliseconds } of loops) {
  console.log(
    `  bare loop, ${concurrency} at once   ${String(perMinute(milliseconds)).padStart(6)} tickets/min`,
  );
}
console.log(`  triaged               ${String(perMinute(daemon.milliseconds)).padStart(6)} tickets/min`);
console.log(`  ratio to the best      ${(best.milliseconds / daemon.milliseconds).toFixed(2)}`);
console.log(`  ended ${daemon.ended}, applied ${daemon.applied}`);
console.log(`  start to ready         ${Math.round(daemon.readyMilliseconds)} ms`);
console.log(
  `  memory (RSS)           daemon ${Math.round(daemon.residentMiB)} MiB, child ${Math.round(daemon.childMiB)} MiB`,
);
console.log(`  event-loop delay p99   ${daemon.loopDelayP99.toFixed(1)} ms while classifying`);
