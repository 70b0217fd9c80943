import { expect, test } from 'vitest';
import type { Journal } from '../src/journal/journal.ts';
import { sampleRecord } from '../src/journal/sample-record.ts';
import { House } from './cli-harness.ts';

/** Ticket 1 applied, 2 deferred, 3 held, 4 quarantined, 5 just seen; a daemon holds the journal. */
async function houseWithTickets(): Promise<{ house: House; journal: Journal; decisionId: string }> {
  const house = new House();
  house.write();
  const journal = await house.journal();
  const now = Date.now();
  const record = sampleRecord(1, 'k7m2p9');
  await journal.see([1, 2, 4], 'poll', now);
  await journal.claim(10, now);
  await journal.setNumber(1, record.ticketNumber);
  await journal.move(1, { to: 'decided', decision: record }, now);
  await journal.move(1, { to: 'applying', decisionId: record.id }, now);
  await journal.move(1, { to: 'applied', decisionId: record.id }, now);
  const until = now + 600_000;
  await journal.move(
    2,
    { to: 'deferred', until, reason: 'config', detail: 'no queue', countsAsAttempt: false },
    now,
  );
  await journal.setNumber(2, '2026112410000222');
  await journal.move(4, { to: 'quarantined', error: 'E_CLASSIFIER' }, now);
  await journal.see([3, 5], 'poll', now);
  await journal.move(3, { to: 'held' }, now);
  return { house, journal, decisionId: record.id };
}

test('queue lists what waits, why, until when, and how often it was tried', async () => {
  const { house } = await houseWithTickets();

  const { code, out } = await house.triaged('queue');

  expect(code).toBe(0);
  expect(out).toContain('applied 1');
  expect(out).toMatch(/deferred +2026112410000222 \(id 2\) +config: no queue, until \d{4}-\d\d-\d\d/);
  expect(out).toMatch(/held +\(not read yet\) \(id 3\)/);
  expect(out).toMatch(/quarantined +\(not read yet\) \(id 4\) +E_CLASSIFIER, 1 attempt/);
  expect(out).not.toContain('(id 1)');
  const json = JSON.parse((await house.triaged('queue', 'list', '--json', '--limit', '2')).out);
  expect(json).toMatchObject({ paused: false, counts: { applied: 1, held: 1 } });
  expect(json.tickets).toHaveLength(2);
});

test('a change is a request that the running daemon finds in its journal', async () => {
  const { house, journal } = await houseWithTickets();

  const retry = await house.triaged('queue', 'retry', '4', '2026112410000222');
  expect(retry).toEqual({
    code: 0,
    out: 'retry of 4, 2026112410000222 is requested: the running daemon does it within seconds',
    error: '',
  });
  expect((await house.triaged('queue', 'release', '3')).code).toBe(0);
  expect((await house.triaged('queue', 'hold', '5', '--json')).out).toContain('"daemon":true');
  expect((await house.triaged('queue', 'pause')).code).toBe(0);
  expect((await house.triaged('queue', 'resume')).code).toBe(0);

  expect(await journal.takeRequests()).toEqual([
    { kind: 'retry', ticketId: 4 },
    { kind: 'retry', ticketId: 2 },
    { kind: 'release', ticketId: 3 },
    { kind: 'hold', ticketId: 5 },
    { kind: 'pause' },
    { kind: 'resume' },
  ]);
  expect((await journal.ticket(4))?.state).toBe('quarantined');
});

test('an unknown ticket, and one in the wrong state, are told with exit code 1; the others are requested', async () => {
  const { house, journal } = await houseWithTickets();
  const { code, out, error } = await house.triaged('queue', 'retry', '99', '1', '4');
  expect(code).toBe(1);
  expect(error.split('\n')).toEqual([
    'ticket 99 is not in the journal',
    'ticket 1 is applied: what was written is not written again',
  ]);
  expect(out).toContain('retry of 4 is requested');
  expect((await house.triaged('queue', 'release', '4')).error).toContain('is quarantined, not held');
  expect((await house.triaged('queue', 'hold', '1')).code).toBe(1);
  expect(await journal.takeRequests()).toEqual([{ kind: 'retry', ticketId: 4 }]);
});

test('pause is shown, and without a daemon the request waits for the next one', async () => {
  const { house, journal } = await houseWithTickets();
  await journal.setFact('paused', '1');
  expect((await house.triaged('queue')).out).toMatch(/^paused: /);
  await journal.close();
  expect((await house.triaged('queue', 'resume')).out).toContain('no daemon runs on this journal');
});

test('what queue does not understand is exit code 78 and changes nothing', async () => {
  const { house, journal } = await houseWithTickets();
  for (const args of [
    ['drop', '1'],
    ['retry'],
    ['pause', '1'],
    ['list', '--limit', '0'],
    ['list', '--limit', 'x'],
  ]) {
    expect((await house.triaged('queue', ...args)).code).toBe(78);
  }
  expect(await journal.takeRequests()).toEqual([]);
});

test('decisions lists them newest first, those of one ticket, and one in full', async () => {
  const { house, decisionId } = await houseWithTickets();

  const list = await house.triaged('decisions', '--limit', '5');
  expect(list.out).toMatch(
    /^k7m2p9 .* \(id 1\) +applied +Queue: Unclassified → IT-Infrastructure, .*\(Network 93\.0 %, network\)$/,
  );
  expect((await house.triaged('decisions', '--ticket', '2026112400000001')).out).toBe(list.out);
  expect((await house.triaged('decisions', '2026112400000001')).out).toBe(list.out);
  expect((await house.triaged('decisions', '--ticket', '2')).out).toBe('nothing was decided yet');

  const { code, out } = await house.triaged('decisions', decisionId);
  expect(code).toBe(0);
  expect(out).toContain('✓ network: category matches');
  expect(out).toContain('Priority: 3 normal → 4 high');
  expect(out).toContain('verified:  not yet');
  const json = JSON.parse((await house.triaged('decisions', decisionId, '--json')).out);
  expect(json).toMatchObject({
    id: decisionId,
    outcome: 'applied',
    plan: { before: { fields: { Queue: 'Unclassified' } } },
  });
});

test('a decision or ticket that the journal does not know is exit code 1', async () => {
  const { house } = await houseWithTickets();
  expect(await house.triaged('decisions', 'zzzzzz')).toMatchObject({ code: 1, out: '' });
  expect(await house.triaged('decisions', '--ticket', '99')).toMatchObject({ code: 1, out: '' });
  expect((await house.triaged('decisions', 'a', 'b')).code).toBe(78);
});

test('before the first start there is no journal to read, and the commands make none', async () => {
  const house = new House();
  house.write();
  for (const command of ['queue', 'decisions']) {
    const { code, error } = await house.triaged(command);
    expect({ code, error }).toMatchObject({
      code: 78,
      error: expect.stringContaining('there is no journal yet'),
    });
  }
});
