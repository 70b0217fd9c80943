import { expect, test } from 'vitest';
import { expectTriaged, expectUntouched } from './support/judge.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

test('a text on which the classifier breaks is quarantined after 3 attempts and stops no other ticket', async () => {
  const world = await World.open();
  const before = world.mails(5);
  const poison = world.mail({ subject: 'gift', body: 'gift vpn' });
  const after = world.mails(15);

  const { log } = await world.start();
  const line = await log.seen('ticket quarantined', { ticketId: poison });
  expect(line.attempts).toBe(3);
  await until('the others are done', () => log.with('ticket triaged', { outcome: 'applied' }).length === 20, {
    why: () => log.tail(),
  });
  for (const id of [...before, ...after]) expectTriaged(world.ticket(id));
  expectUntouched(world.ticket(poison));
});

test.each([
  { what: 'an error page', fault: { kind: 'status', status: 500 } },
  { what: 'a refusal', fault: { kind: 'error', code: 'Odd' } },
] as const)(
  'a ticket that Znuny answers with $what whenever it is read stops no other ticket',
  async ({ fault }) => {
    const world = await World.open();
    const poison = world.mail();
    const others = world.mails(10);
    world.simulator.faults.add({
      ...fault,
      operation: 'TicketGet',
      ticketId: poison,
      times: Number.POSITIVE_INFINITY,
    });

    const { daemon, log } = await world.start();
    await until(
      'the others are done',
      () => log.with('ticket triaged', { outcome: 'applied' }).length === 10,
      {
        why: () => log.tail(),
      },
    );
    for (const id of others) expectTriaged(world.ticket(id));
    await log.seen('ticket quarantined', { ticketId: poison });
    expectUntouched(world.ticket(poison));

    // Known by now, and still found by every poll: it must not stop the next start either.
    await daemon.stop();
    const fresh = world.mail();
    const again = await world.start();
    await again.log.seen('ticket triaged', { ticketId: fresh, outcome: 'applied' });
    expectTriaged(world.ticket(fresh));
  },
);
