import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { botCalls, inJournal, ready } from './support/ask.ts';
import { expectTriaged, expectUntouched, isTriaged } from './support/judge.ts';
import { until } from './support/until.ts';
import { type Settings, World } from './support/world.ts';

const TOKEN = 'a-token-for-the-webhook';

/** Polls so far apart that only the webhook can have told of a ticket. */
const HOOKED: Settings = {
  intake: {
    poll: { interval_seconds: 600 },
    webhook: { enabled: true, auth: { type: 'header', header: 'x-triage-token', secrets: [TOKEN] } },
  },
};

async function open(config: Settings = HOOKED) {
  const world = await World.open({ config });
  const { daemon, log } = await world.start();
  await ready(daemon.port);
  // The overview at the start runs beside the rounds: its last search, over all queues, must not come later.
  await until('the overview is over', () =>
    botCalls(world, 'TicketSearch').some(({ data }) => data.Queues === undefined),
  );
  world.simulator.clearCalls();
  const url = `http://127.0.0.1:${daemon.port}/webhook`;
  const call = (body: string, headers: Record<string, string> = { 'x-triage-token': TOKEN }, path = '') =>
    fetch(url + path, { method: 'POST', headers, body });
  return { world, daemon, log, url, call };
}

const reads = (world: World, id: number) =>
  botCalls(world, 'TicketGet').filter(({ ticketIds }) => ticketIds.includes(id)).length;

test("Znuny's own call names a ticket, and it is triaged long before the next poll", async () => {
  const { world, log, url } = await open();
  const hook = world.simulator.setWebhook({ url, headers: { 'x-triage-token': TOKEN } });
  const ids = world.mails(3);
  await until('they are triaged', () => ids.every((id) => isTriaged(world, id)), { why: () => log.tail() });
  for (const id of ids) expectTriaged(world.ticket(id));
  expect(hook.calls.map(({ status }) => status)).toEqual([202, 202, 202]);
  expect(botCalls(world, 'TicketSearch')).toEqual([]);
  for (const line of log.with('ticket triaged')) expect(line.source).toBe('webhook');
});

test('each call is answered with 202 {"Success":1} at once, whatever it names and however busy the daemon is', async () => {
  const { world, call } = await open();
  const ids = world.mails(60);
  const milliseconds: number[] = [];
  for (const id of ids) {
    const began = performance.now();
    const answer = await call(JSON.stringify({ TicketID: id, Event: 'TicketCreate' }));
    milliseconds.push(performance.now() - began);
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ Success: 1 });
  }
  const median = milliseconds.toSorted((a, b) => a - b)[30] ?? Number.POSITIVE_INFINITY;
  expect(median).toBeLessThan(50);
  await until('all are triaged', () => ids.every((id) => isTriaged(world, id)));
  for (const id of ids) expect(reads(world, id)).toBeLessThanOrEqual(2);
});

test('the same ticket told ten times, and found by a poll as well, is triaged once', async () => {
  const { world, call, log } = await open({
    intake: { ...(HOOKED.intake as Settings), poll: { interval_seconds: 1 } },
  });
  const id = world.mail();
  await Promise.all(Array.from({ length: 10 }, () => call(JSON.stringify({ TicketID: String(id) }))));
  await until('it is triaged', () => isTriaged(world, id), { why: () => log.tail() });
  await call(JSON.stringify({ TicketID: id }));
  await until('polls went by', () => botCalls(world, 'TicketSearch').length >= 6);
  expectTriaged(world.ticket(id));
  expect(log.with('ticket triaged')).toHaveLength(1);
});

test('without the right secret nothing happens but a 401', async () => {
  const { world, call } = await open();
  const id = world.mail();
  const body = JSON.stringify({ TicketID: id });
  const wrong: Record<string, string>[] = [
    {},
    { 'x-triage-token': '' },
    { 'x-triage-token': `${TOKEN}x` },
    { 'x-triage-token': TOKEN.slice(0, -1) },
    { authorization: TOKEN },
  ];
  for (const headers of wrong) {
    const answer = await call(body, headers);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain(TOKEN);
  }
  expect(await inJournal(world, (journal) => journal.ticket(id))).toBeNull();
  expect(reads(world, id)).toBe(0);
});

test("HTTP Basic, which Znuny's requester offers, does as well, and both secrets of a rotation do", async () => {
  const { world, call, log } = await open({
    intake: {
      poll: { interval_seconds: 600 },
      webhook: {
        enabled: true,
        path: '/hooks/znuny',
        auth: { type: 'basic', username: 'znuny', secrets: ['old-secret', 'new-secret'] },
      },
    },
  });
  const ids = world.mails(2);
  const basic = (secret: string) => ({ authorization: `Basic ${btoa(`znuny:${secret}`)}` });
  const path = '/../hooks/znuny';
  expect((await call(JSON.stringify({ TicketID: ids[0] }), basic('old-secret'), path)).status).toBe(202);
  // As a path parameter, which takes the id out of the body.
  expect((await call('{}', basic('new-secret'), `${path}/${ids[1]}`)).status).toBe(202);
  expect((await call('{}', basic('no-secret'), path)).status).toBe(401);
  await until('both are triaged', () => ids.every((id) => isTriaged(world, id)), { why: () => log.tail() });
});

test("an id that does not exist, and a ticket that is nobody's business, cost one read and no more", async () => {
  const { world, call, log } = await open();
  const visible = world.mail({ queue: 'HR' });
  const closed = world.mail({ state: 'closed successful' });
  const unknown = 987_654;
  const ids = [visible, closed, unknown];
  for (const id of ids) {
    expect((await call(JSON.stringify({ TicketID: id }))).status).toBe(202);
    await until('it ended', () => log.with('ticket triaged', { ticketId: id, outcome: 'left' }).length > 0, {
      why: () => log.tail(),
    });
  }
  const gets = botCalls(world, 'TicketGet');
  const readings = gets.filter(({ data }) => data.AllArticles !== undefined);
  expect(readings).toHaveLength(3);
  // One of the others is looked at as well, to tell a missing ticket from lost rights.
  expect(gets.length).toBeLessThanOrEqual(4);
  expect(reads(world, unknown)).toBe(1);
  world.simulator.clearCalls();
  for (const id of [...ids, ...ids, ...ids]) await call(JSON.stringify({ TicketID: id }));
  await sleep(1_200);
  expect(botCalls(world, 'TicketGet')).toEqual([]);
  expect(log.with('ticket triaged')).toHaveLength(3);
  const reasons = log.with('ticket triaged').map(({ ticketId, reason }) => [ticketId, reason]);
  expect(Object.fromEntries(reasons)).toEqual({
    [visible]: 'not a source queue',
    [closed]: 'state',
    [unknown]: 'gone',
  });
  for (const id of [visible, closed]) expectUntouched(world.ticket(id));
});

test('a call whose body names no ticket is answered and forgotten', async () => {
  const { world, call, daemon } = await open();
  const bodies = [
    'no json at all',
    '{}',
    '[]',
    'null',
    '{"TicketID":-1}',
    '{"TicketID":"1; DROP TABLE ticket"}',
    '{"TicketID":1e400}',
    '{"__proto__":{"TicketID":1}}',
  ];
  for (const body of bodies) expect((await call(body)).status).toBe(202);
  await sleep(200);
  await ready(daemon.port);
  expect(botCalls(world, 'TicketGet')).toEqual([]);
  expect(Object.values(await world.counts()).every((count) => count === 0)).toBe(true);
});

test('a body larger than 64 kB is refused with 413', async () => {
  const { world, call, daemon } = await open();
  expect((await call(`{"TicketID":1,"x":"${'x'.repeat(70_000)}"}`)).status).toBe(413);
  await ready(daemon.port);
  expect(botCalls(world, 'TicketGet')).toEqual([]);
});

test('it is off by default', async () => {
  const { world, call } = await open({ intake: { poll: { interval_seconds: 600 } } });
  const id = world.mail();
  const answer = await call(JSON.stringify({ TicketID: id }));
  expect(answer.status).toBe(404);
  expect(await inJournal(world, (journal) => journal.ticket(id))).toBeNull();
});
