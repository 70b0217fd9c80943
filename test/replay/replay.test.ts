import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences, historyRows } from './differences.ts';
import { sentByZnuny } from './outgoing.ts';
import { onItsOwnInstance } from './own-instances.ts';
import { type Recording, readRecordings } from './recording.ts';
import { Stage } from './replay-harness.ts';
import { RECORDED_INSTANCE, RECORDED_SKIPS, RECORDED_STORY } from './story-recordings.ts';

const recordings = readRecordings(join(import.meta.dirname, '../recordings'));

describe.each([
  { how: 'as recorded', shift: 0, queues: {} },
  {
    how: 'with other ticket ids and renamed queues',
    shift: 7000,
    queues: {
      Unclassified: 'Eingang',
      Support: 'Erste Hilfe',
      'Büro & Gebäude': 'Haus = Hof & Garten',
      Dispatch: 'Weiter',
    },
  },
])('recordings 01–203 replayed $how', ({ how, shift, queues }) => {
  const variation = { shift, queues };
  const stage = new Stage({ ...RECORDED_INSTANCE, firstTicketId: 1 + shift, firstArticleId: 1 + shift });
  const wrong = new Map<string, readonly string[]>();
  const histories = new Map<string, { recorded: readonly string[]; got: readonly string[] }>();
  const elsewhere: number[] = [];

  async function inTheStory(recording: Recording): Promise<string[]> {
    const got = await stage.replay(recording, variation, stage.session('otai-bot'));
    const { name, response } = recording;
    if (name.includes('history-get')) {
      histories.set(name, { recorded: rows(response.body), got: rows(got.body) });
    }
    return differences(response, got);
  }

  beforeAll(async () => {
    await stage.sim.start();
    for (const recording of recordings) {
      RECORDED_STORY[recording.number]?.(stage);
      const apart =
        (await sentByZnuny(stage, recording, variation)) ?? (await onItsOwnInstance(recording, variation));
      if (apart !== undefined) elsewhere.push(recording.number);
      const found = apart ?? (await inTheStory(recording));
      if (found.length > 0) wrong.set(recording.name, found);
    }
  });
  afterAll(() => stage.sim.stop());

  it('agrees in status, error and key paths with their JSON types', () => {
    console.log(`${recordings.length - wrong.size} of ${recordings.length} recordings agree, ${how}`);
    expect(Object.fromEntries(wrong)).toEqual({});
    expect(recordings).toHaveLength(200);
  });

  it('leaves none out: what is not in the one story is replayed apart from it, with a reason', () => {
    expect(elsewhere).toEqual(Object.keys(RECORDED_SKIPS).map(Number));
  });

  // Row names hold ids and queue names, so they are compared where neither was changed.
  if (shift !== 0) return;
  it('writes the history rows that were recorded', () => {
    expect(histories.get('193-ticket-history-get-full')?.recorded).toHaveLength(48);
    for (const { recorded, got } of histories.values()) expect(got).toEqual(recorded);
  });
});

/** Without the rows that depend on the second in which two recorded calls fell. */
function rows(body: unknown): string[] {
  return historyRows(body).filter((row) => !row.includes('Reset of unlock time'));
}
