import { describe, expect, test } from 'vitest';
import { applied, applying, brake, contractBench, decided } from './contract-bench.ts';
import type { Journal } from './journal.ts';
import { sampleRecord } from './sample-record.ts';

/** The second half of the contract: what is counted, told, waked and forgotten. */
export function describeJournalAnswers(open: () => Promise<Journal>): void {
  describe('journal contract', () => {
    const bench = contractBench(open);

    test('the brake counts the writes announced since a time', async () => {
      await bench.drive(1, decided(1), applying(1), applied(1));
      await bench.drive(2, decided(2), { to: 'observed', decisionId: 'd2' });
      await bench.drive(3, decided(3));
      await bench.journal.move(3, applying(3), 8_000);

      expect(await bench.journal.changesSince(1_003)).toBe(2);
      expect(await bench.journal.changesSince(1_004)).toBe(1);
      expect(await bench.journal.changesSince(8_001)).toBe(0);
    });

    test('waking makes the tickets deferred for that reason due now', async () => {
      await bench.drive(1, { to: 'deferred', until: 9_000, reason: 'config', countsAsAttempt: false });
      await bench.drive(2, brake);

      expect(await bench.journal.wake('config', 2_000)).toBe(1);

      expect((await bench.journal.claim(9, 2_000)).map((row) => row.ticketId)).toEqual([1]);
    });

    test('a person holds, frees and retries a ticket', async () => {
      await bench.drive(1, { to: 'quarantined', error: 'crashed' });
      await bench.journal.see([2], 'poll', 1_000);

      await bench.journal.move(2, { to: 'held' }, 2_000);
      await bench.journal.move(1, { to: 'seen', reason: 'released' }, 2_000);

      expect(await bench.journal.claim(9, 2_001)).toMatchObject([{ ticketId: 1, attempts: 1 }]);
      await expect(bench.journal.move(1, { to: 'held' }, 2_002)).rejects.toThrow(/from claimed to held/);
      await bench.journal.move(2, { to: 'seen', reason: 'released' }, 2_003);
      expect(await bench.journal.claim(9, 2_004)).toMatchObject([{ ticketId: 2 }]);
    });

    test('applied decisions wait for their verification, oldest first', async () => {
      await bench.drive(1, decided(1), applying(1), applied(1));
      await bench.drive(2, decided(2), applying(2), applied(2));
      await bench.drive(3, decided(3), { to: 'observed', decisionId: 'd3' });

      expect(await bench.journal.unverified(1_004, 9)).toEqual([]);
      expect((await bench.journal.unverified(1_005, 9)).map((decision) => decision.id)).toEqual(['d1', 'd2']);
      await bench.journal.verify('d1', 'race', 2_000);

      expect((await bench.journal.unverified(1_005, 9)).map((decision) => decision.id)).toEqual(['d2']);
      expect((await bench.journal.decision('d1'))?.verification).toBe('race');
      await expect(bench.journal.verify('d3', 'verified', 2_000)).rejects.toThrow(/not applied/);
    });

    test('a ticket id of a restored Znuny is forgotten and seen anew', async () => {
      await bench.drive(1, decided(1), applying(1), applied(1));

      await bench.journal.replace(1, 'poll', 5_000);

      expect(await bench.journal.ticket(1)).toMatchObject({
        state: 'seen',
        ticketNumber: null,
        attempts: 0,
        decisionId: null,
      });
      expect(await bench.journal.unverified(9_000, 9)).toEqual([]);
      expect((await bench.journal.transitions(1)).at(-1)).toMatchObject({ from: 'applied', to: 'seen' });
    });

    test('requests are taken once, in the order of their asking', async () => {
      await bench.journal.request({ kind: 'pause' }, 1_000);
      await bench.journal.request({ kind: 'release', ticketId: 3 }, 1_001);

      expect(await bench.journal.takeRequests()).toEqual([
        { kind: 'pause' },
        { kind: 'release', ticketId: 3 },
      ]);
      expect(await bench.journal.takeRequests()).toEqual([]);
    });

    test('facts are set, replaced and removed', async () => {
      await bench.journal.setFact('login_failures', '1');
      await bench.journal.setFact('login_failures', '2');
      expect(await bench.journal.fact('login_failures')).toBe('2');

      await bench.journal.setFact('login_failures', null);
      expect(await bench.journal.fact('login_failures')).toBeNull();
    });

    test('counts, the oldest waiting ticket and the newest changes are told', async () => {
      await bench.drive(1, decided(1), applying(1), applied(1));
      await bench.journal.see([2], 'poll', 2_000);
      await bench.journal.see([3], 'webhook', 3_000);

      expect(await bench.journal.counts()).toMatchObject({ seen: 2, applied: 1, quarantined: 0, held: 0 });
      expect(await bench.journal.oldestPending()).toBe(2_000);
      expect((await bench.journal.tickets({ limit: 2 })).map((row) => row.ticketId)).toEqual([3, 2]);
      expect(
        (await bench.journal.tickets({ states: ['applied'], limit: 9 })).map((row) => row.ticketId),
      ).toEqual([1]);
      expect(await bench.journal.decisions({ since: 1_003, limit: 9 })).toEqual([]);
      expect(await bench.journal.tickets({ states: [], limit: 9 })).toEqual([]);
    });

    test('nothing waits in an empty journal', async () => {
      expect(await bench.journal.oldestPending()).toBeNull();
      expect(await bench.journal.nextDue()).toBeNull();
      expect(await bench.journal.ticket(1)).toBeNull();
      expect(await bench.journal.decision('d1')).toBeNull();
      expect(await bench.journal.ticketByNumber('1')).toBeNull();
    });

    test('pruning drops details of ended decisions and keeps ids, states and what undo needs', async () => {
      await bench.drive(1, decided(1), applying(1), applied(1));
      await bench.drive(2, decided(2), applying(2));

      expect(await bench.journal.prune(90_000)).toBe(1);
      expect(await bench.journal.prune(90_000)).toBe(0);

      const pruned = await bench.journal.decision('d1');
      expect(pruned?.decision.trace).toEqual([]);
      expect(pruned?.prediction.categories).toEqual([{ name: 'Network', group: 'IT', probability: 0.93 }]);
      expect(pruned?.plan.note).toBeNull();
      expect(pruned?.plan.before).toEqual(sampleRecord(1, 'd1').plan.before);
      expect((await bench.journal.decision('d2'))?.plan).toEqual(sampleRecord(2, 'd2').plan);
      expect(await bench.journal.known([1, 2])).toEqual(new Set([1, 2]));
      expect((await bench.journal.ticket(1))?.state).toBe('applied');
    });
  });
}
