import { rmSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { until } from '../test/support/until.ts';
import { Installation, PROBLEM } from './daemon.ts';
import { expectNeverTwice, expectTriaged } from './judge.ts';
import { promise, type Stage } from './stage.ts';

const TICKETS = 24;
const PATIENCE_MS = 120_000;

async function tickets(stage: Stage): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let index = 0; index < TICKETS; index += 1) ids.push((await stage.make(PROBLEM)).id);
  return ids;
}

/** How many of them stand in the target queue. */
async function moved(stage: Stage, ids: readonly number[]): Promise<number> {
  const { targetQueue } = stage.target;
  return (await stage.znuny.ticketSearch({ TicketID: ids, Queues: [targetQueue] })).length;
}

function install(stage: Stage): Installation {
  const installation = new Installation(stage);
  onTestFinished(() => installation.close());
  return installation;
}

promise(
  `a daemon killed (SIGKILL) again and again amid ${TICKETS} tickets triages each of them once`,
  async ({ stage }) => {
    const installation = install(stage);
    const ids = await tickets(stage);
    for (const share of [2, 8, 15]) {
      const daemon = await installation.run();
      const enough = async () => (await moved(stage, ids)) >= share;
      await until(`${share} tickets are moved`, enough, {
        timeoutMs: PATIENCE_MS,
        why: () => daemon.log.tail(),
      });
      await daemon.kill();
      await expectNeverTwice(stage, ids);
    }
    const last = await installation.run();
    const all = async () => (await moved(stage, ids)) === TICKETS;
    await until('all are moved', all, { timeoutMs: PATIENCE_MS, why: () => last.log.tail() });
    // What the kill left unclear is settled, notes included, before the stop.
    expect((await last.terminate()).code).toBe(0);
    for (const id of ids) await expectTriaged(stage, id);
  },
);

promise('a journal that is lost in between leads to no second note and no second move', async ({ stage }) => {
  const installation = install(stage);
  const ids = await tickets(stage);
  const first = await installation.run();
  const some = async () => (await moved(stage, ids)) >= 6;
  await until('some are moved', some, { timeoutMs: PATIENCE_MS, why: () => first.log.tail() });
  await first.kill();
  for (const end of ['', '-wal', '-shm']) rmSync(`${installation.journalFile}${end}`, { force: true });
  const second = await installation.run();
  const all = async () => (await moved(stage, ids)) === TICKETS;
  await until('all are moved', all, { timeoutMs: PATIENCE_MS, why: () => second.log.tail() });
  expect((await second.terminate()).code).toBe(0);
  await expectNeverTwice(stage, ids);
});
