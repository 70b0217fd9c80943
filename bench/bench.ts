import { setTimeout as sleep } from 'node:timers/promises';
import { parseFlags, REQUIRED_HELP, targetOf } from '../acceptance/arguments.ts';
import { describeError, isKnownError } from '../src/errors.ts';
import { bareLoop, type Loop } from './bare-loop.ts';
import { type Run, runDaemon } from './daemon-run.ts';
import { middle } from './middle.ts';
import { realYard, simulatedYard, type Yard } from './stand.ts';

const HELP = `triaged beside a bare loop (one search, then one TicketGet and one TicketUpdate a ticket), in one run.

  npm run bench                                        on the simulator
  npm run bench -- --url https://znuny.example.com --user otai-bot --password-env ZNUNY_PASSWORD

On a Znuny it makes its own tickets in the source queue, which has to be empty, and closes them at the end.

${REQUIRED_HELP}
  --tickets N               for each loop; default 300
  --rounds N                of all loops; default 1
  --loops N,N               bare loops, so many at once; default 1,2,4
  --trickle N               tickets that come in one a second, with --url; default 60`;

/** The daemon looks at no ticket that is younger. */
const FRESH_MS = 6_000;

async function bare(yard: Yard, tickets: number, concurrency: number): Promise<Loop> {
  const stand = await yard.open(tickets);
  const loop = await bareLoop(stand, concurrency);
  await stand.close();
  return loop;
}

async function drain(yard: Yard, tickets: number): Promise<Run> {
  const stand = await yard.open(tickets);
  await sleep(FRESH_MS);
  const run = await runDaemon(stand, tickets);
  await stand.close();
  return run;
}

function printTable(
  tickets: number,
  loops: ReadonlyMap<number, readonly Loop[]>,
  runs: readonly Run[],
): void {
  const rate = (written: number, milliseconds: number) => (written * 60_000) / milliseconds;
  const row = (name: string, rates: readonly number[], calls: number) =>
    console.log(
      `  ${name.padEnd(24)} ${Math.round(middle(rates)).toString().padStart(6)} written/min   ${calls.toFixed(2)} calls a ticket   (${rates.map(Math.round).join(', ')})`,
    );
  let best = 0;
  for (const [concurrency, of] of loops) {
    const rates = of.map(({ milliseconds }) => rate(tickets, milliseconds));
    best = Math.max(best, middle(rates));
    row(`bare loop, ${concurrency} at once`, rates, middle(of.map(({ calls }) => calls)) / tickets);
  }
  const total = ({ calls }: Run) => Object.values(calls).reduce((sum, count) => sum + count, 0);
  const rates = runs.map(({ applied, milliseconds }) => rate(applied, milliseconds));
  row('triaged', rates, middle(runs.map(total)) / tickets);
  const [run] = runs;
  if (run === undefined) return;
  const ratio = middle(rates) / best;
  console.log(`  ratio to the best        ${ratio.toFixed(2)}`);
  console.log(`  written                  ${runs.map(({ applied }) => applied).join(', ')} of ${tickets}`);
  console.log(`  calls of the daemon      ${JSON.stringify(run.calls)}`);
  const stages = Object.entries(run.stages).map(([stage, spent]) => `${stage} ${Math.round(spent)}`);
  console.log(`  stages, median ms        ${stages.join(', ')} (read and classify: the whole batch)`);
  console.log(
    `  processor time           daemon ${(run.cpu.own / tickets).toFixed(0)} ms a ticket, model ${(run.cpu.children / tickets).toFixed(0)} ms`,
  );
  console.log(
    `  start to ready           ${Math.round(middle(runs.map((one) => one.readyMilliseconds)))} ms`,
  );
  console.log(
    `  memory (RSS)             daemon ${Math.round(run.residentMiB)} MiB (bench included), child ${Math.round(run.childMiB)} MiB`,
  );
  console.log(`  event-loop delay p99     ${run.loopDelayP99.toFixed(1)} ms while classifying`);
}

/** From the answer to TicketCreate to the end of its triage, while tickets come in one a second. */
async function trickle(yard: Yard, tickets: number, put: NonNullable<Yard['put']>): Promise<void> {
  const made = new Map<number, number>();
  const seconds: number[] = [];
  const { target } = await yard.open(0);
  const ids = new Set<number>();
  await runDaemon({ target, ids }, tickets, {
    ended: (id, at, outcome) => {
      if (outcome === 'applied') seconds.push((at - (made.get(id) ?? Number.NaN)) / 1_000);
    },
    amid: async () => {
      for (let index = 0; index < tickets; index += 1) {
        const began = performance.now();
        const id = await put(index);
        ids.add(id);
        made.set(id, performance.now());
        await sleep(Math.max(0, 1_000 - (performance.now() - began)));
      }
    },
  });
  console.log(
    `  created to applied       p50 ${middle(seconds).toFixed(1)} s, p95 ${middle(seconds, 0.95).toFixed(1)} s (${seconds.length} tickets, one a second; polls every 10 s, none younger than 5 s)`,
  );
}

try {
  const text = { type: 'string' } as const;
  const values = parseFlags(process.argv.slice(2), {
    tickets: text,
    rounds: text,
    trickle: text,
    loops: text,
    help: { type: 'boolean' },
  });
  if (values.help === true) {
    console.log(`${HELP}\n`);
    process.exit(0);
  }
  const [tickets, rounds, few] = [values.tickets ?? 300, values.rounds ?? 1, values.trickle ?? 60].map(
    Number,
  );
  const target = targetOf(values, process.env);
  const yard = target === null ? simulatedYard() : await realYard(target);
  console.log(`${tickets} waiting tickets for each loop, on ${yard.name}`);
  const wanted = (values.loops ?? '1,2,4').split(',').map(Number);
  const loops = new Map<number, Loop[]>(wanted.map((concurrency) => [concurrency, []]));
  const runs: Run[] = [];
  for (let round = 0; round < (rounds ?? 1); round += 1) {
    for (const [concurrency, of] of loops) of.push(await bare(yard, tickets ?? 300, concurrency));
    runs.push(await drain(yard, tickets ?? 300));
  }
  printTable(tickets ?? 300, loops, runs);
  if (yard.put !== null && (few ?? 0) > 0) await trickle(yard, few ?? 60, yard.put);
  await yard.close();
} catch (error) {
  if (!isKnownError(error)) throw error;
  console.error(`bench: ${describeError(error)}`);
  process.exitCode = 78;
}
