import { expect, test } from 'vitest';
import { Simulator } from '../src/simulator/simulator.ts';
import { expectTriaged, isTriaged, updatesOf } from './support/judge.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

const MINUTE_AGO = Date.now() - 60_000;
const TOKEN = 'webhook-token-1';

test('a ticket that webhook and poll both announce gets one note', async () => {
  const world = await World.open({
    config: {
      intake: { webhook: { enabled: true, auth: { type: 'header', header: 'X-Token', secrets: [TOKEN] } } },
    },
  });
  const { daemon, log } = await world.start();
  await until('it is ready', () => daemon.ready);
  const webhook = world.simulator.setWebhook({
    url: `http://127.0.0.1:${daemon.port}/webhook`,
    headers: { 'X-Token': TOKEN },
    events: ['TicketCreate', 'ArticleCreate'],
  });

  const ids = world.mails(20);
  await until('all are done', () => ids.every((id) => isTriaged(world, id)), { why: () => log.tail() });
  await until('all calls are answered', () => webhook.calls.every(({ status }) => status === 202));

  expect(webhook.calls.length).toBeGreaterThanOrEqual(40);
  expect(log.with('ticket triaged', { source: 'webhook' }).length).toBeGreaterThan(0);
  for (const id of ids) {
    expectTriaged(world.ticket(id));
    expect(updatesOf(world, id)).toHaveLength(1);
  }
});

test('the tickets of a restored Znuny are new ones though their ids are known, and it is said', {
  timeout: 30_000,
}, async () => {
  const world = await World.open({ simulator: { firstTicketId: 101 } });
  const old = world.mails(3);
  const locked = world.simulator.agentLocks(world.mail()).id;
  const before = await world.start();
  await until('all have ended', () => before.log.with('ticket triaged').length === 4, {
    why: () => before.log.tail(),
  });
  await before.daemon.stop();
  const restored = await restore(world);
  try {
    const mail = { subject: 'vpn wlan', body: 'wlan vpn wlan', createdAt: MINUTE_AGO };
    const again = [...old, locked].map(() => restored.receiveMail(mail).id);
    expect(again).toEqual([...old, locked]);

    const after = await world.start();
    await until('all are done', () => after.log.with('ticket triaged', { outcome: 'applied' }).length === 4, {
      why: () => after.log.tail(),
    });
    for (const ticket of restored.tickets()) if (again.includes(ticket.id)) expectTriaged(ticket);
    const warnings = after.log.with('ticket id is known with another number: Znuny was restored or cloned');
    expect(warnings.map(({ ticketId }) => ticketId)).toEqual(again);
    await after.daemon.stop();
  } finally {
    await restored.stop();
  }
});

test('a write that was under way is not carried over to the ticket that has its id now', {
  timeout: 30_000,
}, async () => {
  const world = await World.open({ simulator: { firstTicketId: 101 } });
  const id = world.mail();
  world.simulator.faults.add({ kind: 'reset-before', operation: 'TicketUpdate', ticketId: id });
  const before = world.spawn();
  await until('the write is under way', () => updatesOf(world, id).length === 1);
  await before.kill();

  const restored = await restore(world);
  try {
    const again = restored.receiveMail({ subject: 'rechnung', body: 'invoice', createdAt: MINUTE_AGO });
    expect(again.id).toBe(id);
    const after = await world.start();
    await after.log.seen('ticket triaged', { ticketId: id });
    const [ticket = again] = restored.tickets().filter((one) => one.id === id);
    expectTriaged(ticket, 'Accounting', '3 normal');
    await after.daemon.stop();
  } finally {
    await restored.stop();
  }
});

/** Another Znuny at the same address: the same ids from 101, other numbers. */
async function restore(world: World): Promise<Simulator> {
  await world.simulator.stop();
  const restored = new Simulator({ port: Number(new URL(world.simulator.url).port), firstTicketId: 91 });
  for (let count = 0; count < 10; count += 1) restored.receiveMail({ subject: 'old', queue: 'Junk' });
  await restored.start();
  return restored;
}
