import { expect, test } from 'vitest';
import { expectTriaged, isTriaged, isUpdate } from './support/judge.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

const WRITE_MS = 1_000;

test('SIGTERM amid slow writes lets those under way end, begins no other, and the next start goes on', {
  timeout: 40_000,
}, async () => {
  const delays = { TicketUpdate: WRITE_MS };
  const world = await World.open({ simulator: { delays }, config: { connector: { max_concurrency: 4 } } });
  const ids = world.mails(10);
  const done = () => ids.filter((id) => isTriaged(world, id)).length;
  const first = world.spawn();
  await until('writes are under way', () => world.simulator.calls.some(isUpdate), {
    why: () => first.log.tail(),
  });

  const { code, milliseconds } = await first.terminate();
  expect(code).toBe(0);
  expect(milliseconds).toBeLessThan(WRITE_MS + 2_000);
  const begun = world.simulator.calls.filter(isUpdate).length;
  expect(begun).toBeLessThanOrEqual(4);
  expect(done()).toBe(begun);
  expect(await world.counts()).toMatchObject({ applied: begun, applying: 0, claimed: 0, decided: 0 });

  const second = world.spawn();
  await until('the rest is done', () => done() === ids.length, { why: () => second.log.tail() });
  for (const id of ids) expectTriaged(world.ticket(id));
  const lines = second.log.with('ticket triaged');
  expect(lines.map(({ attempts }) => attempts)).toEqual(lines.map(() => 1));
});

test('SIGTERM does not wait for a Znuny that is silent to reads', { timeout: 30_000 }, async () => {
  const world = await World.open();
  const ids = world.mails(3);
  world.simulator.faults.add({ kind: 'silence', operation: 'TicketGet', ticketId: ids[2] ?? 0, times: 100 });
  const daemon = world.spawn();
  await until('a read is under way', () => world.simulator.calls.some(({ fault }) => fault === 'silence'));

  const { code, milliseconds } = await daemon.terminate();
  expect(code).toBe(0);
  expect(milliseconds).toBeLessThan(5_000);
  expect(daemon.log.with('not ready')).toEqual([]);

  world.simulator.faults.clear();
  const next = world.spawn();
  await until('all are done', () => ids.every((id) => isTriaged(world, id)), { why: () => next.log.tail() });
});
