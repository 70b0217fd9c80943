import { describe, expect, test } from 'vitest';
import { describeJournalAnswers } from './contract-answers.ts';
import { applied, applying, brake, contractBench, decided, retry } from './contract-bench.ts';
import type { Arrow, Journal } from './journal.ts';
import { sampleRecord } from './sample-record.ts';

/** What every implementation of the journal promises; `open` gives an empty one each time. */
export function describeJournalContract(open: () => Promise<Journal>): void {
  describeTicketLife(open);
  describeJournalAnswers(open);
}

function describeTicketLife(open: () => Promise<Journal>): void {
  describe('journal contract', () => {
    const bench = contractBench(open);

    test('a ticket is seen once, whoever names it first', async () => {
      const first = await bench.journal.see([7, 5, 7], 'poll', 1_000);
      const second = await bench.journal.see([5, 6], 'webhook', 2_000);

      expect([first, second]).toEqual([[5, 7], [6]]);
      expect(await bench.journal.known([4, 5, 6, 7, 8])).toEqual(new Set([5, 6, 7]));
      expect(await bench.journal.ticket(5)).toMatchObject({ state: 'seen', source: 'poll', seenAt: 1_000 });
    });

    test('the oldest tickets are claimed first and never twice', async () => {
      await bench.journal.see([30, 10, 20], 'poll', 1_000);

      const first = await bench.journal.claim(2, 1_100);
      const second = await bench.journal.claim(2, 1_100);

      expect(first.map((row) => [row.ticketId, row.state, row.attempts])).toEqual([
        [10, 'claimed', 1],
        [20, 'claimed', 1],
      ]);
      expect(second.map((row) => row.ticketId)).toEqual([30]);
      expect(await bench.journal.claim(2, 1_100)).toEqual([]);
    });

    test('a time with a fraction is taken as whole milliseconds', async () => {
      await bench.journal.see([1], 'poll', 1_000);
      await bench.journal.claim(1, 1_000);
      const half: Arrow = { to: 'deferred', until: 2_000.5, reason: 'too young', countsAsAttempt: false };
      await bench.journal.move(1, half, 1_000);
      expect((await bench.journal.ticket(1))?.nextAttemptAt).toBe(2_001);
    });

    test('a deferred ticket is claimed when it is due, not before', async () => {
      await bench.drive(1, retry);

      expect(await bench.journal.claim(5, 4_999)).toEqual([]);
      expect(await bench.journal.nextDue()).toBe(5_000);
      expect(await bench.journal.claim(5, 5_000)).toMatchObject([
        { ticketId: 1, attempts: 2, nextAttemptAt: null, reason: null },
      ]);
      expect(await bench.journal.nextDue()).toBeNull();
    });

    test('a deferral whose cause is not the ticket gives the attempt back', async () => {
      await bench.drive(1, brake);
      await bench.drive(2, retry);

      expect(await bench.journal.ticket(1)).toMatchObject({
        attempts: 0,
        reason: 'brake',
        nextAttemptAt: 9_000,
      });
      expect(await bench.journal.ticket(2)).toMatchObject({ attempts: 1, reason: 'retry' });
    });

    test('the whole way to applied stands in ticket, decision and transitions', async () => {
      await bench.drive(1, decided(1), applying(1), applied(1));

      expect(await bench.journal.ticket(1)).toMatchObject({
        state: 'applied',
        ticketNumber: '2026112400000001',
        decisionId: 'd1',
        changedAt: 1_004,
      });
      expect(await bench.journal.decision('d1')).toEqual({
        ...sampleRecord(1, 'd1'),
        decidedAt: 1_002,
        applyingAt: 1_003,
        sends: 1,
        outcome: 'applied',
        verification: null,
        endedAt: 1_004,
      });
      expect((await bench.journal.transitions(1)).map(({ from, to }) => [from, to])).toEqual([
        [null, 'seen'],
        ['seen', 'claimed'],
        ['claimed', 'decided'],
        ['decided', 'applying'],
        ['applying', 'applied'],
      ]);
    });

    test('an illegal arrow is thrown and leaves nothing behind', async () => {
      await bench.drive(1, decided(1), applying(1), applied(1));
      const before = [
        await bench.journal.ticket(1),
        await bench.journal.transitions(1),
        await bench.journal.decision('d1'),
      ];

      await expect(bench.journal.move(1, applying(1), 2_000)).rejects.toThrow(/from applied to applying/);
      await expect(bench.journal.move(1, decided(1), 2_000)).rejects.toThrow(/from applied to decided/);
      await expect(bench.journal.move(99, { to: 'held' }, 2_000)).rejects.toThrow(/never seen/);

      expect([
        await bench.journal.ticket(1),
        await bench.journal.transitions(1),
        await bench.journal.decision('d1'),
      ]).toEqual(before);
    });

    test('a write is announced only for the decision that the ticket carries out', async () => {
      await bench.drive(1, decided(1));

      await expect(bench.journal.move(1, applying(2), 2_000)).rejects.toThrow(/decision d1, not d2/);
      await bench.drive(3);
      await expect(bench.journal.move(3, decided(1), 2_000)).rejects.toThrow(/is of ticket 1, not of 3/);

      expect((await bench.journal.ticket(1))?.state).toBe('decided');
      expect((await bench.journal.ticket(3))?.state).toBe('claimed');
    });

    test('a left ticket keeps its reason and its number and ends its decision', async () => {
      await bench.drive(1, { to: 'left', reason: 'locked', detail: 'by anna', ticketNumber: '42' });
      await bench.drive(2, decided(2), { to: 'left', reason: 'conflict' });

      expect(await bench.journal.ticketByNumber('42')).toMatchObject({ reason: 'locked', detail: 'by anna' });
      expect(await bench.journal.decision('d2')).toMatchObject({
        outcome: 'left',
        endedAt: 1_003,
        applyingAt: null,
      });
    });

    test('observed, suggested and quarantined end their decision', async () => {
      await bench.drive(1, decided(1), { to: 'observed', decisionId: 'd1' });
      await bench.drive(2, decided(2), applying(2), { to: 'suggested', decisionId: 'd2' });
      await bench.drive(3, decided(3), { to: 'quarantined', error: 'crashes the classifier' });

      const outcomes = (await bench.journal.decisions({ limit: 5 })).map(({ id, outcome }) => [id, outcome]);
      expect(outcomes).toEqual([
        ['d3', 'quarantined'],
        ['d2', 'suggested'],
        ['d1', 'observed'],
      ]);
      expect((await bench.journal.ticket(3))?.reason).toBe('crashes the classifier');
    });

    test('a decision put off before any write is replaced by the next one', async () => {
      await bench.drive(1, decided(1), brake);
      await bench.journal.claim(1, 9_000);

      await bench.journal.move(1, { to: 'decided', decision: sampleRecord(1, 'again') }, 9_001);

      expect((await bench.journal.decisionsOf(1)).map((decision) => decision.id)).toEqual(['again']);
    });

    test('an announced write that is unclear stays applying and is never claimed', async () => {
      await bench.drive(1, decided(1), applying(1));
      await bench.journal.move(
        1,
        { to: 'deferred', until: 3_000, reason: 'settling', countsAsAttempt: false },
        2_000,
      );

      expect(await bench.journal.claim(5, 99_000)).toEqual([]);
      expect(await bench.journal.ticket(1)).toMatchObject({
        state: 'applying',
        reason: 'settling',
        nextAttemptAt: 3_000,
      });
      expect(await bench.journal.applying()).toMatchObject([{ id: 'd1', applyingAt: 1_003 }]);
    });

    test('sending the rest again is announced with its own time and counted', async () => {
      await bench.drive(1, decided(1), applying(1));

      await bench.journal.move(1, applying(1), 70_000);

      expect(await bench.journal.applying()).toMatchObject([{ id: 'd1', applyingAt: 70_000, sends: 2 }]);
      expect(await bench.journal.changesSince(0)).toBe(1);
    });

    test('an announced write that never left the house is taken back from the brake', async () => {
      await bench.drive(1, decided(1), applying(1));

      await bench.journal.move(
        1,
        { to: 'deferred', until: 5_000, reason: 'znuny', countsAsAttempt: false },
        1_100,
      );

      expect(await bench.journal.ticket(1)).toMatchObject({ state: 'deferred', attempts: 0 });
      expect(await bench.journal.changesSince(0)).toBe(0);
      expect(await bench.journal.applying()).toEqual([]);
    });

    test('recovery gives claimed and decided tickets back and leaves announced writes alone', async () => {
      await bench.drive(1);
      await bench.drive(2, decided(2));
      await bench.drive(3, decided(3), applying(3));
      await bench.drive(4, retry);

      expect(await bench.journal.recover(2_000)).toBe(2);

      expect(await bench.journal.ticket(1)).toMatchObject({ state: 'seen', attempts: 1 });
      expect(await bench.journal.ticket(2)).toMatchObject({ state: 'seen', attempts: 1 });
      expect((await bench.journal.applying()).map((decision) => decision.id)).toEqual(['d3']);
      expect((await bench.journal.claim(9, 2_001)).map((row) => row.ticketId)).toEqual([1, 2]);
    });
  });
}
