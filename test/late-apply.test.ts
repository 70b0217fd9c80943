import { expect, test } from 'vitest';
import { botNotes, expectTriaged, updatesOf } from './support/judge.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

test('an update that Znuny finishes 5 s after its connection broke is not sent again', {
  timeout: 40_000,
}, async () => {
  const world = await World.open({ config: { connector: { settle_seconds: 8 } } });
  const id = world.mail();
  const other = world.mail();
  world.simulator.faults.add({ kind: 'late-apply', delayMs: 5_000, ticketId: id, operation: 'TicketUpdate' });

  const { log } = await world.start();
  await log.seen('ticket triaged', { ticketId: other, outcome: 'applied' });
  expect(botNotes(world.ticket(id))).toHaveLength(0);
  await log.seen('ticket triaged', { ticketId: id, outcome: 'applied' });

  expectTriaged(world.ticket(id));
  expect(updatesOf(world, id)).toHaveLength(1);
});

test('nor is it where the daemon was killed meanwhile', { timeout: 40_000 }, async () => {
  const world = await World.open({ config: { connector: { settle_seconds: 5 } } });
  const id = world.mail();
  world.simulator.faults.add({ kind: 'late-apply', delayMs: 3_500, ticketId: id, operation: 'TicketUpdate' });

  const first = world.spawn();
  await until('the update was sent', () => updatesOf(world, id).length === 1, {
    why: () => first.log.tail(),
  });
  await first.kill();
  expect(botNotes(world.ticket(id))).toHaveLength(0);
  const second = world.spawn();
  await second.log.seen('ticket triaged', { ticketId: id, outcome: 'applied' });

  expectTriaged(world.ticket(id));
  expect(updatesOf(world, id)).toHaveLength(1);
});
