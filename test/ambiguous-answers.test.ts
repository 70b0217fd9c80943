import { expect, test } from 'vitest';
import type { Fault } from '../src/simulator/faults.ts';
import { botNotes, expectTriaged, expectUntouched, updatesOf } from './support/judge.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

/** What breaks the answer to a ticket's first TicketUpdate, and what each TicketUpdate of it then carries. */
const WHOLE = ['DynamicField', 'Article', 'Ticket'];
const BROKEN: readonly { what: string; fault: Fault; sent: readonly (readonly string[])[] }[] = [
  { what: 'reset before the change', fault: { kind: 'reset-before' }, sent: [WHOLE, WHOLE] },
  { what: 'reset after the change', fault: { kind: 'reset-after' }, sent: [WHOLE] },
  { what: 'half a body', fault: { kind: 'partial-body' }, sent: [WHOLE] },
  { what: 'silence, nothing done', fault: { kind: 'silence' }, sent: [WHOLE, WHOLE] },
  { what: 'silence, all done', fault: { kind: 'silence', applied: true }, sent: [WHOLE] },
  { what: '502, nothing done', fault: { kind: 'status', status: 502 }, sent: [WHOLE, WHOLE] },
  { what: '502, all done', fault: { kind: 'status', status: 502, applied: true }, sent: [WHOLE] },
  { what: 'dead after the queue', fault: { kind: 'die', after: 'queue' }, sent: [WHOLE, WHOLE] },
  { what: 'dead after the note', fault: { kind: 'die', after: 'article' }, sent: [WHOLE, ['DynamicField']] },
  { what: 'a lock wait of the database', fault: { kind: 'lock-wait' }, sent: [WHOLE, WHOLE] },
];

test('whatever breaks the answer to an update, one note and the right fields are there in the end', {
  timeout: 40_000,
}, async () => {
  const world = await World.open({
    config: { connector: { timeout_seconds: 1, settle_seconds: 2 }, fields: 'triage' },
  });
  const cases = BROKEN.map((broken) => ({ ...broken, id: world.mail() }));
  for (const { id, fault } of cases)
    world.simulator.faults.add({ ...fault, operation: 'TicketUpdate', ticketId: id });

  const { log } = await world.start();
  await until(
    'all are done',
    () => log.with('ticket triaged', { outcome: 'applied' }).length === cases.length,
    {
      timeoutMs: 30_000,
      why: () => log.tail(),
    },
  );
  for (const { id, what, sent } of cases) {
    expectTriaged(world.ticket(id));
    expect(world.ticket(id).fields).toMatchObject({ TriageCategory: 'Network', TriageStatus: 'rule' });
    const parts = updatesOf(world, id).map(({ data }) => WHOLE.filter((part) => part in data));
    expect({ what, sent: parts }).toEqual({ what, sent });
  }
  const [queueDied] = cases.filter(({ what }) => what === 'dead after the queue');
  const rest = updatesOf(world, queueDied?.id ?? 0)[1]?.data.Ticket;
  expect(rest).toEqual({ Priority: '4 high' });
});

test('nothing is sent again before settle_seconds have passed', { timeout: 20_000 }, async () => {
  const world = await World.open({ config: { connector: { settle_seconds: 3 } } });
  const id = world.mail();
  world.simulator.faults.add({ kind: 'reset-before', operation: 'TicketUpdate', ticketId: id });

  const { log } = await world.start();
  await log.seen('ticket triaged', { ticketId: id, outcome: 'applied' });

  const [first, second] = updatesOf(world, id).map(({ at }) => at);
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(2_900);
  expectTriaged(world.ticket(id));
});

test('a move into a queue where the bot may not look is never sent again', async () => {
  const world = await World.open();
  world.simulator.setRights('otai-bot', 'IT-Infrastructure', ['move_into']);
  const ids = world.mails(4);
  const [broken = 0] = ids;
  // Something stays in sight: else a bot that may not look is not told from one that lost its rights.
  const visible = world.simulator.agentLocks(world.mail()).id;
  world.simulator.faults.add({ kind: 'reset-after', operation: 'TicketUpdate', ticketId: broken });

  const { daemon, log } = await world.start();
  await until(
    'all are done',
    () => log.with('ticket triaged', { outcome: 'applied' }).length === ids.length,
    {
      why: () => log.tail(),
    },
  );
  for (const id of ids) {
    expectTriaged(world.ticket(id));
    expect(updatesOf(world, id)).toHaveLength(1);
  }
  expectUntouched(world.ticket(visible));
  expect(daemon.ready).toBe(true);
});

test('a target queue without move_into stops its rule alone, loudly and once, until the right is there', {
  timeout: 40_000,
}, async () => {
  const world = await World.open();
  world.simulator.setRights('otai-bot', 'IT-Infrastructure', ['ro']);
  const network = world.mails(6);
  const billing = world.mails(6, { subject: 'rechnung', body: 'rechnung invoice' });

  const { daemon, log } = await world.start();
  await log.seen('rule does not fit Znuny, its tickets wait', { rule: 'network', level: 'error' });
  await until('the other rule goes on', () => log.with('ticket triaged').length === billing.length, {
    why: () => log.tail(),
  });
  for (const id of billing) expectTriaged(world.ticket(id), 'Accounting', '3 normal');
  await until('readiness says so', () => daemon.health.reasons.some((why) => why.includes('network')));
  for (const id of network) {
    expectUntouched(world.ticket(id));
    expect(botNotes(world.ticket(id))).toEqual([]);
  }

  world.simulator.setRights('otai-bot', 'IT-Infrastructure', ['rw']);
  await until(
    'all are done',
    () => log.with('ticket triaged', { outcome: 'applied' }).length === network.length + billing.length,
    { timeoutMs: 20_000, why: () => log.tail() },
  );
  for (const id of network) expectTriaged(world.ticket(id));
  expect(log.with('rule does not fit Znuny, its tickets wait')).toHaveLength(1);
  expect(log.with('ticket quarantined')).toEqual([]);
  await until('readiness recovers', () => daemon.ready, { why: () => daemon.health.reasons.join() });
});
