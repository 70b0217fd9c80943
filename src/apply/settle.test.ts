import { beforeEach, expect, test } from 'vitest';
import { BOT, SETTLE_SETTINGS, Workbench } from '../../test/support/workbench.ts';
import { AmbiguousError } from '../errors.ts';
import type { StoredDecision } from '../journal/journal.ts';
import type { Settler } from './settle.ts';
import { write } from './write.ts';

let bench: Workbench;
let settler: Settler;
beforeEach(async () => {
  bench = await Workbench.open();
  settler = bench.settler();
});

const settle = (stored: StoredDecision, by = settler) => by.settle(stored, SETTLE_SETTINGS);
const updates = () => bench.calls('TicketUpdate').length;

/** Announces and sends a decision; the answer is what `fault` makes of it. */
async function sendUnclear(
  id: number,
  fault: Parameters<typeof bench.simulator.faults.add>[0],
  decision: Parameters<typeof bench.announce>[1] = {},
): Promise<StoredDecision> {
  const stored = await bench.announce(id, decision);
  bench.simulator.faults.add(fault);
  const result = await write(bench.client, stored.plan);
  expect(result.kind).toBe('unclear');
  if (result.kind === 'unclear') settler.noteFault(stored.id, result.error);
  bench.simulator.clearCalls();
  return stored;
}

test('everything there: applied, and nothing is sent again', async () => {
  const stored = await sendUnclear(bench.mail(), { kind: 'reset-after', operation: 'TicketUpdate' });

  expect(await settle(stored)).toEqual({ kind: 'applied' });

  expect(updates()).toBe(0);
});

test('nothing there: nothing is sent before the settle time and two looks that agree, then all of it', async () => {
  const id = bench.mail();
  const stored = await sendUnclear(id, { kind: 'reset-before', operation: 'TicketUpdate' });
  for (let second = 0; second < 60; second += 1) {
    expect(await settle(stored)).toEqual({ kind: 'wait', until: bench.now + 1_000 });
    bench.now += 1_000;
  }
  expect(updates()).toBe(0);

  expect(await settle(stored)).toEqual({ kind: 'applied' });

  expect(updates()).toBe(1);
  expect(bench.ticket(id)).toMatchObject({ queue: 'IT-Infrastructure', priority: '4 high' });
  expect(bench.notes(id)).toHaveLength(1);
  expect(await bench.stored(stored.id)).toMatchObject({ sends: 2, applyingAt: bench.now });
});

test('a call that Znuny finishes between two looks is found and not repeated', async () => {
  const id = bench.mail();
  const stored = await sendUnclear(id, { kind: 'late-apply', operation: 'TicketUpdate', delayMs: 50 });
  expect(await settle(stored)).toMatchObject({ kind: 'wait' });
  bench.now += 61_000;
  await expect.poll(() => bench.notes(id).length).toBe(1);

  expect(await settle(stored)).toEqual({ kind: 'applied' });

  expect(updates()).toBe(0);
});

test('some fields there: the rest alone is sent', async () => {
  const id = bench.mail();
  const stored = await sendUnclear(id, { kind: 'die', after: 'queue' });
  await settle(stored);
  bench.now += 60_000;

  expect(await settle(stored)).toEqual({ kind: 'applied' });

  expect(bench.calls('TicketUpdate')[0]?.data.Ticket).toEqual({ Priority: '4 high' });
  expect(bench.ticket(id)).toMatchObject({ queue: 'IT-Infrastructure', priority: '4 high' });
  expect(bench.notes(id)).toHaveLength(1);
});

test('fields and note there, dynamic fields missing: these alone are sent', async () => {
  const id = bench.mail();
  const decision = { dynamicFields: { TriageCategory: 'Network' } };
  const stored = await sendUnclear(id, { kind: 'die', after: 'article' }, decision);
  await settle(stored);
  bench.now += 60_000;

  expect(await settle(stored)).toEqual({ kind: 'applied' });

  const { TicketID: _, ...sent } = bench.calls('TicketUpdate')[0]?.data ?? {};
  expect(sent).toEqual({ DynamicField: [{ Name: 'TriageCategory', Value: 'Network' }] });
  expect(bench.notes(id)).toHaveLength(1);
});

test('a person changed it meanwhile: a conflict, and the value of the person stays', async () => {
  const id = bench.mail();
  const stored = await sendUnclear(id, { kind: 'reset-before', operation: 'TicketUpdate' });
  await settle(stored);
  bench.now += 60_000;
  bench.simulator.agentMoves(id, 'Sales');

  expect(await settle(stored)).toEqual({ kind: 'conflict', detail: 'Move by user 3' });

  expect(updates()).toBe(0);
  expect(bench.ticket(id).queue).toBe('Sales');
});

test('an agent who moved it on after our write makes it no conflict', async () => {
  const id = bench.mail();
  const stored = await sendUnclear(id, { kind: 'reset-after', operation: 'TicketUpdate' });
  bench.simulator.agentMoves(id, 'Sales');
  bench.simulator.agentSetsPriority(id, '2 low');

  expect(await settle(stored)).toEqual({ kind: 'applied' });
});

test('the note is found behind 30 later articles', async () => {
  const id = bench.mail();
  const stored = await sendUnclear(id, { kind: 'reset-after', operation: 'TicketUpdate' });
  for (let index = 0; index < 30; index += 1) bench.simulator.followUpMail(id, { body: `more ${index}` });

  expect(await settle(stored)).toEqual({ kind: 'applied' });
});

test('out of sight while others are not: very probably moved, so it is counted and never sent again', async () => {
  const id = bench.mail();
  await bench.read(bench.mail());
  bench.simulator.setRights(BOT, 'IT-Infrastructure', ['move_into']);
  const stored = await sendUnclear(id, { kind: 'reset-after', operation: 'TicketUpdate' });

  expect(await settle(stored)).toEqual({ kind: 'unverified' });

  expect(updates()).toBe(0);
});

test('out of sight like every other ticket: the bot lost its rights, the row waits', async () => {
  const id = bench.mail();
  await bench.read(bench.mail());
  const stored = await sendUnclear(id, { kind: 'reset-before', operation: 'TicketUpdate' });
  bench.simulator.setUserValid(BOT, false);

  expect(await settle(stored)).toEqual({ kind: 'rights lost' });

  bench.simulator.setUserValid(BOT, true);
  bench.now += 600_000;
  expect(await settle(stored)).toMatchObject({ kind: 'wait' });
});

test('after a restart an old write needs two looks of its own', async () => {
  const stored = await sendUnclear(bench.mail(), { kind: 'reset-before', operation: 'TicketUpdate' });
  await settle(stored);
  bench.now += 120_000;
  const restarted = bench.settler();

  expect(await settle(stored, restarted)).toMatchObject({ kind: 'wait' });
  expect(updates()).toBe(0);
  bench.now += 1_000;
  expect(await settle(stored, restarted)).toEqual({ kind: 'applied' });
  expect(updates()).toBe(1);
});

test('looks that differ begin anew', async () => {
  const id = bench.mail();
  const decision = { dynamicFields: { TriageCategory: 'Network', TriageStatus: 'rule' } };
  const stored = await sendUnclear(id, { kind: 'reset-before', operation: 'TicketUpdate' }, decision);
  await settle(stored);
  bench.now += 60_000;
  await bench.client.ticketUpdate({
    TicketID: id,
    DynamicField: [{ Name: 'TriageStatus', Value: 'rule' }],
  });
  bench.simulator.clearCalls();

  expect(await settle(stored)).toMatchObject({ kind: 'wait' });
  expect(updates()).toBe(0);
});

test('while triage is paused nothing is sent again', async () => {
  const stored = await sendUnclear(bench.mail(), { kind: 'reset-before', operation: 'TicketUpdate' });
  await bench.journal.setFact('paused', '1');
  await settle(stored);
  bench.now += 60_000;

  expect(await settle(stored)).toMatchObject({ kind: 'wait' });
  expect(updates()).toBe(0);
});

test('a refused move that repeats is a missing right: the rule is blocked', async () => {
  const id = bench.mail();
  bench.simulator.setRights(BOT, 'IT-Infrastructure', ['ro']);
  const stored = await bench.announce(id);
  const result = await write(bench.client, stored.plan);
  expect(result).toMatchObject({ kind: 'unclear', error: { code: 'E_ZNUNY_ACCESS' } });
  if (result.kind === 'unclear') settler.noteFault(stored.id, result.error);
  await settle(stored);
  bench.now += 60_000;
  expect(await settle(stored)).toMatchObject({ kind: 'wait' });
  expect(updates()).toBe(2);

  const again = await bench.stored(stored.id);
  await settle(again);
  bench.now += 60_000;
  const refused = await settle(again);

  expect(refused).toMatchObject({ kind: 'refused', error: { kind: 'config', code: 'E_ZNUNY_ACCESS' } });
  if (refused.kind === 'refused') expect(refused.error.hint).toContain('move_into');
  expect(updates()).toBe(2);
});

test('a lock wait of the database has the same text and goes away', async () => {
  const id = bench.mail();
  const stored = await sendUnclear(id, { kind: 'lock-wait' });
  await settle(stored);
  bench.now += 60_000;

  expect(await settle(stored)).toEqual({ kind: 'applied' });
  expect(bench.notes(id)).toHaveLength(1);
});

test('an update that never takes effect ends after three sends', async () => {
  const id = bench.mail();
  let stored = await sendUnclear(id, { kind: 'reset-before', operation: 'TicketUpdate', times: 9 });
  for (let sends = 2; sends <= 3; sends += 1) {
    await settle(stored);
    bench.now += 60_000;
    expect(await settle(stored)).toMatchObject({ kind: 'wait' });
    stored = await bench.stored(stored.id);
    expect(stored.sends).toBe(sends);
  }
  await settle(stored);
  bench.now += 60_000;

  expect(await settle(stored)).toMatchObject({ kind: 'exhausted' });
  expect(updates()).toBe(2);
});

test('Znuny gone again at the second send leaves the row as it is', async () => {
  const id = bench.mail();
  const stored = await sendUnclear(id, { kind: 'die', after: 'queue' });
  await settle(stored);
  bench.now += 60_000;
  bench.simulator.faults.add({ kind: 'status', status: 429, operation: 'TicketUpdate' });

  expect(await settle(stored)).toMatchObject({ kind: 'wait' });
  expect((await bench.journal.ticket(id))?.state).toBe('applying');
});

test('a defect in the middle of a write is as unclear as a broken connection', async () => {
  const stored = await bench.announce(bench.mail());
  const result = await write({ ticketUpdate: () => Promise.reject(new TypeError('defect')) }, stored.plan);

  expect(result.kind).toBe('unclear');
  if (result.kind === 'unclear') expect(result.error).toBeInstanceOf(AmbiguousError);
});
