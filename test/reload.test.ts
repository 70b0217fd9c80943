import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inJournal, readiness, ready } from './support/ask.ts';
import { botNotes, botRows, expectTriaged, isTriaged } from './support/judge.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

const REFUSED = 'configuration refused, the old one stays';
const RELOADED = 'configuration reloaded';

const to = (queue: string, priority: string) => ({
  routing: { rules: [{ name: 'network', category: 'Network', queue, priority }] },
});

test('SIGHUP with a wrong file changes nothing and says where, with a good one it swaps, and names what waits for a restart', async () => {
  const world = await World.open();
  const daemon = world.spawn();
  const { port } = await daemon.log.seen('started');
  await ready(Number(port));

  const good = readFileSync(world.configFile, 'utf8');
  writeFileSync(world.configFile, good.replace('category: Network', 'categorie: Network'));
  daemon.signal('SIGHUP');
  const refused = await daemon.log.seen(REFUSED);
  expect(refused.level).toBe('error');
  expect(JSON.stringify(refused)).toMatch(
    /categorie: unknown key; did you mean category.*config\.yaml:\d+:\d+/,
  );
  const first = world.mail();
  await daemon.log.seen('ticket triaged', { ticketId: first, outcome: 'applied' });
  expectTriaged(world.ticket(first));
  expect((await readiness(Number(port))).status).toBe(200);

  world.configure({
    ...to('Support', '2 low'),
    server: { listen: '127.0.0.1:1' },
    connector: { timeout_seconds: 9 },
  });
  daemon.signal('SIGHUP');
  const swapped = await daemon.log.seen(RELOADED);
  expect(swapped.level).toBe('warn');
  expect(swapped.changed).toContain('routing.rules');
  expect((swapped.needRestart as string[]).toSorted()).toEqual([
    'connector.timeout_seconds',
    'server.listen',
  ]);
  const second = world.mail();
  await daemon.log.seen('ticket triaged', { ticketId: second, outcome: 'applied' });
  expectTriaged(world.ticket(second), 'Support', '2 low');
  expectTriaged(world.ticket(first));
});

const SPOILT: Readonly<Record<string, (good: string) => string>> = {
  ':1:': () => 'connector: {type: znuny, url: "',
  'is empty': () => '',
  Bills: (good) => good.replace('category: Billing', 'category: Bills'),
  'stands twice': (good) => `${good}\nrouting: {}\n`,
  'does not exist': () => '',
};

test('a reload of half a file, an empty one, a wrong one or none keeps the old configuration, whole', async () => {
  const world = await World.open();
  const { daemon, log } = await world.start();
  await ready(daemon.port);
  const good = readFileSync(world.configFile, 'utf8');
  for (const [says, spoil] of Object.entries(SPOILT)) {
    writeFileSync(world.configFile, spoil(good));
    if (says === 'does not exist') rmSync(world.configFile);
    expect(await daemon.reload()).toBe(false);
    expect(JSON.stringify(log.with(REFUSED).at(-1))).toContain(says);
  }
  const id = world.mail();
  await log.seen('ticket triaged', { ticketId: id, outcome: 'applied' });
  expectTriaged(world.ticket(id));
  await ready(daemon.port);

  world.configure(to('Support', '2 low'));
  expect(await daemon.reload()).toBe(true);
  const next = world.mail();
  await log.seen('ticket triaged', { ticketId: next, outcome: 'applied' });
  expectTriaged(world.ticket(next), 'Support', '2 low');
});

test('no ticket is decided half by the old and half by the new configuration', {
  timeout: 40_000,
}, async () => {
  const pairs = { 'IT-Infrastructure': '4 high', Support: '2 low' } as const;
  const world = await World.open({
    simulator: { delays: { TicketUpdate: 15, TicketGet: 5 } },
    config: to('IT-Infrastructure', '4 high'),
  });
  const ids = world.mails(120);
  const { daemon, log } = await world.start();
  const done = () => ids.filter((id) => isTriaged(world, id)).length;
  for (let swap = 1; done() < 100; swap += 1) {
    const before = done();
    await until('some more are done', () => done() >= before + 12, { why: () => log.tail() });
    world.configure(swap % 2 === 1 ? to('Support', '2 low') : to('IT-Infrastructure', '4 high'));
    expect(await daemon.reload()).toBe(true);
  }
  await until('all are done', () => done() === ids.length, { why: () => log.tail() });

  const hashes = new Map<string, Set<string>>();
  for (const id of ids) {
    const ticket = world.ticket(id);
    expect(pairs).toHaveProperty(ticket.queue, ticket.priority);
    expect(botRows(ticket, 'Move')).toHaveLength(1);
    expect(botNotes(ticket)).toHaveLength(1);
    const [decision] = await inJournal(world, (journal) => journal.decisionsOf(id));
    const hash = decision?.configHash ?? '';
    hashes.set(hash, (hashes.get(hash) ?? new Set()).add(ticket.queue));
  }
  // Both were in force for a while, and each configuration's hash stands for one outcome alone.
  expect([...hashes.values()].map((queues) => [...queues]).toSorted()).toEqual([
    ['IT-Infrastructure'],
    ['Support'],
  ]);
});

test('a reload to observe is in force for the next ticket, and one to apply again too', async () => {
  const world = await World.open();
  const { daemon, log } = await world.start();
  await ready(daemon.port);
  world.configure({ mode: 'observe' });
  expect(await daemon.reload()).toBe(true);
  const watched = world.mail();
  await log.seen('ticket triaged', { ticketId: watched, outcome: 'observed' });
  expect(botNotes(world.ticket(watched))).toEqual([]);

  world.configure({ mode: 'apply' });
  expect(await daemon.reload()).toBe(true);
  const id = world.mail();
  await log.seen('ticket triaged', { ticketId: id, outcome: 'applied' });
  expectTriaged(world.ticket(id));
});

test('a reload while Znuny is still away is in force when it is there', async () => {
  const world = await World.open();
  await world.simulator.stop();
  const daemon = world.spawn();
  await daemon.log.seen('not ready', { condition: 'znuny' });
  world.configure(to('Support', '2 low'));
  daemon.signal('SIGHUP');
  await daemon.log.seen(RELOADED);
  await world.simulator.start();
  const id = world.mail();
  await daemon.log.seen('ticket triaged', { ticketId: id, outcome: 'applied' });
  expectTriaged(world.ticket(id), 'Support', '2 low');
});
