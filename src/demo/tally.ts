import type { Sample } from './sample.ts';

/** How one sample ended: the daemon's outcome, and the queue in which Znuny has it now. */
export type Ended = { readonly sample: Sample; readonly outcome: string; readonly queue: string };

export type Summary = {
  readonly tickets: number;
  readonly applied: number;
  readonly left: number;
  readonly quarantined: number;
  /** samples with an expected queue; rightQueue + wrongQueue + toPeople */
  readonly expected: number;
  readonly rightQueue: number;
  readonly wrongQueue: number;
  /** left, or in the default queue where that was not expected */
  readonly toPeople: number;
};

export function summarize(ended: readonly Ended[], defaultQueue: string): Summary {
  const count = (fits: (one: Ended) => boolean) => ended.filter(fits).length;
  return {
    tickets: ended.length,
    applied: count(({ outcome }) => outcome === 'applied'),
    left: count(({ outcome }) => outcome === 'left'),
    quarantined: count(({ outcome }) => outcome === 'quarantined'),
    expected: count(({ sample }) => sample.expectedQueue !== null),
    rightQueue: count((one) => landing(one, defaultQueue) === 'right'),
    wrongQueue: count((one) => landing(one, defaultQueue) === 'wrong'),
    toPeople: count((one) => landing(one, defaultQueue) === 'people'),
  };
}

/** Null where nothing was expected. */
export function landing(one: Ended, defaultQueue: string): 'right' | 'wrong' | 'people' | null {
  const { expectedQueue } = one.sample;
  if (expectedQueue === null) return null;
  if (one.queue === expectedQueue) return 'right';
  return one.outcome !== 'applied' || one.queue === defaultQueue ? 'people' : 'wrong';
}

/** The closing table: a row for each expected queue. */
export function table(ended: readonly Ended[], defaultQueue: string): string {
  const queues = [...new Set(ended.flatMap(({ sample }) => sample.expectedQueue ?? []))].sort();
  const row = (cells: readonly (string | number)[]) =>
    cells.map((cell, index) => (index === 0 ? String(cell).padEnd(20) : String(cell).padStart(12))).join('');
  const rows = queues.map((queue) => {
    const part = ended.filter(({ sample }) => sample.expectedQueue === queue);
    const count = (kind: string) => part.filter((one) => landing(one, defaultQueue) === kind).length;
    return row([queue, part.length, count('right'), count('wrong'), count('people')]);
  });
  const total = summarize(ended, defaultQueue);
  const { tickets, applied, left, quarantined, expected, rightQueue, wrongQueue, toPeople } = total;
  return [
    row(['expected queue', 'tickets', 'right', 'wrong', 'to people']),
    ...rows,
    row(['all of these', expected, rightQueue, wrongQueue, toPeople]),
    '',
    `${tickets} tickets: ${applied} applied, ${left} left to people, ${quarantined} quarantined.`,
  ].join('\n');
}
