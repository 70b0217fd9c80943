import { afterEach, beforeEach } from 'vitest';
import type { Arrow, Journal } from './journal.ts';
import { sampleRecord } from './sample-record.ts';

export type ContractBench = {
  readonly journal: Journal;
  /** Sees and claims ticket `id`, then draws the arrows, one millisecond each. */
  drive(id: number, ...arrows: readonly Arrow[]): Promise<void>;
};

export const decided = (id: number): Arrow => ({ to: 'decided', decision: sampleRecord(id, `d${id}`) });
export const applying = (id: number): Arrow => ({ to: 'applying', decisionId: `d${id}` });
export const applied = (id: number): Arrow => ({ to: 'applied', decisionId: `d${id}` });
export const brake: Arrow = { to: 'deferred', until: 9_000, reason: 'brake', countsAsAttempt: false };
export const retry: Arrow = { to: 'deferred', until: 5_000, reason: 'retry', countsAsAttempt: true };

/** A fresh journal for each test of the suite that calls it. */
export function contractBench(open: () => Promise<Journal>): ContractBench {
  let journal: Journal | null = null;
  const current = (): Journal => {
    if (journal === null) throw new Error('outside a test');
    return journal;
  };
  beforeEach(async () => {
    journal = await open();
  });
  afterEach(async () => {
    await current().close();
  });
  return {
    get journal() {
      return current();
    },
    async drive(id, ...arrows) {
      await current().see([id], 'poll', 1_000);
      await current().claim(1_000, 1_001);
      for (const [index, arrow] of arrows.entries()) await current().move(id, arrow, 1_002 + index);
    },
  };
}
