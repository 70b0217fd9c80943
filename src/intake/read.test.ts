import { expect, test } from 'vitest';
import { BOT, START, Workbench } from '../../test/support/workbench.ts';

test('fields, first articles and history become one ticket', async () => {
  const bench = await Workbench.open();
  const id = bench.mail({
    subject: 'VPN',
    body: 'does not connect',
    priority: '4 high',
    fields: { TriageStatus: 'rule' },
    createdAt: START - 90_000,
  });
  bench.now += 500;

  expect(await bench.read(id)).toMatchObject({
    id,
    title: 'VPN',
    queue: 'Raw',
    priority: '4 high',
    state: 'new',
    stateType: 'new',
    lock: 'unlock',
    ownerId: 1,
    createBy: 1,
    createdAt: START + 500 - 90_000,
    readAt: START + 500,
    customerUser: 'erika.muster',
    dynamicFields: { TriageStatus: 'rule' },
    articles: [{ senderType: 'customer', channel: 'Email', subject: 'VPN', body: 'does not connect' }],
  });
});

test('a history row has its type, its author and its article', async () => {
  const bench = await Workbench.open();

  expect((await bench.read(bench.mail())).history).toMatchObject([
    { type: 'NewTicket', createBy: 1, articleId: 0, createTime: '2026-11-24 07:59:00', queueId: 2 },
    { type: 'CustomerUpdate', createBy: 1, articleId: 0 },
    { type: 'EmailCustomer', createBy: 1, articleId: 1 },
  ]);
});

test("the time of creation is right in whatever zone Znuny's clock stands", async () => {
  const bench = await Workbench.open({ simulator: { timeZone: 'Europe/Berlin' } });
  const id = bench.mail({ createdAt: START - 90_000 });

  expect(await bench.read(id)).toMatchObject({ created: '2026-11-24 08:58:30', createdAt: START - 90_000 });
});

test('the first five articles are read, oldest first, and the newest where a note is looked for', async () => {
  const bench = await Workbench.open();
  const id = bench.mail({ body: 'first' });
  for (let index = 1; index <= 7; index += 1) bench.simulator.followUpMail(id, { body: `more ${index}` });

  const bodies = (await bench.read(id)).articles.map((article) => article.body);
  const newest = await bench.reader.readNewest(id);

  expect(bodies).toEqual(['first', 'more 1', 'more 2', 'more 3', 'more 4']);
  expect(newest?.articles[0]?.body).toBe('more 7');
});

test('a ticket without an article is a ticket', async () => {
  const bench = await Workbench.open();

  expect((await bench.read(bench.mail({ noArticle: true }))).articles).toEqual([]);
});

test('a batch is two calls, whatever its size', async () => {
  const bench = await Workbench.open();
  const ids = Array.from({ length: 20 }, () => bench.mail());

  const results = await bench.reader.read(ids);

  expect([...results.values()].every((result) => result.kind === 'ticket')).toBe(true);
  expect(bench.simulator.calls.map((call) => call.operation)).toEqual(['TicketGet', 'TicketHistoryGet']);
});

test('one ticket that is denied does not lose the batch', async () => {
  const bench = await Workbench.open();
  const ids = [bench.mail(), bench.mail(), bench.mail({ queue: 'HR' }), bench.mail()];
  bench.simulator.setRights(BOT, 'HR', []);
  bench.simulator.deleteTicket(ids[1] ?? 0);

  const results = await bench.reader.read(ids);

  expect(ids.map((id) => results.get(id)?.kind)).toEqual(['ticket', 'gone', 'gone', 'ticket']);
});

test('tickets denied to a bot that was made invalid are not gone', async () => {
  const bench = await Workbench.open();
  await bench.read(bench.mail());
  const ids = [bench.mail(), bench.mail()];
  bench.simulator.setUserValid(BOT, false);

  const results = [...(await bench.reader.read(ids)).values()];

  expect(results).toMatchObject([
    { kind: 'failed', error: { kind: 'config', code: 'E_ZNUNY_ACCESS' } },
    { kind: 'failed', error: { kind: 'config', code: 'E_ZNUNY_ACCESS' } },
  ]);
});

test('the first look of all tells a bot without rights from a missing ticket, too', async () => {
  const bench = await Workbench.open();
  const id = bench.mail();
  bench.simulator.setUserValid(BOT, false);

  expect((await bench.reader.read([id])).get(id)).toMatchObject({
    kind: 'failed',
    error: { kind: 'config' },
  });
});

test('a ticket that breaks TicketGet fails alone, as its own failure', async () => {
  const bench = await Workbench.open();
  const ids = [bench.mail(), bench.mail(), bench.mail()];
  const poison = ids[1] ?? 0;
  const times = Number.POSITIVE_INFINITY;
  bench.simulator.faults.add({ kind: 'partial-body', operation: 'TicketGet', ticketId: poison, times });

  const results = await bench.reader.read(ids);

  expect(ids.map((id) => results.get(id)?.kind)).toEqual(['ticket', 'failed', 'ticket']);
  const again = await bench.reader.read(ids);
  expect(again.get(poison)).toMatchObject({ kind: 'failed', error: { kind: 'permanent' } });
});

test('an unreachable Znuny is not asked for twenty tickets one by one', async () => {
  const bench = await Workbench.open();
  const ids = Array.from({ length: 20 }, () => bench.mail());
  const times = Number.POSITIVE_INFINITY;
  bench.simulator.faults.add({ kind: 'status', status: 503, operation: 'TicketGet', times });

  const results = [...(await bench.reader.read(ids)).values()];

  expect(results.every((result) => result.kind === 'failed')).toBe(true);
  // after two that fail in a row it is Znuny, and no ticket
  const alone = bench.calls('TicketGet').filter((call) => call.ticketIds.length === 1);
  expect(new Set(alone.flatMap((call) => call.ticketIds)).size).toBeLessThanOrEqual(2);
});

test('a look at the fields alone reads no articles, and finds no deleted ticket', async () => {
  const bench = await Workbench.open();
  const id = bench.mail();

  expect((await bench.reader.readFields([id])).get(id)).toMatchObject({ id, queue: 'Raw', articles: [] });
  bench.simulator.deleteTicket(id);
  expect((await bench.reader.readFields([id])).get(id)).toBeNull();
});
