import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIXTURE_PASSWORD } from './fixture.ts';
import {
  differences,
  historyRows,
  listOf,
  readRecordings,
  Stage,
  sendRecorded,
  translate,
} from './replay-harness.ts';
import { RECORDED_INSTANCE, RECORDED_SKIPS, RECORDED_STORY } from './story-recordings.ts';

const recordings = readRecordings(join(import.meta.dirname, '../../test/recordings'));

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
])('recordings 01–203 replayed $how', ({ shift, queues }) => {
  const stage = new Stage({ ...RECORDED_INSTANCE, firstTicketId: 1 + shift, firstArticleId: 1 + shift });
  const wrong = new Map<string, readonly string[]>();
  const histories = new Map<string, { recorded: readonly string[]; got: readonly string[] }>();
  let replayed = 0;

  beforeAll(async () => {
    await stage.sim.start();
    for (const recording of recordings) {
      const { number, name } = recording;
      RECORDED_STORY[number]?.(stage);
      if (number in RECORDED_SKIPS) continue;
      const options = { sessionId: stage.session('otai-bot'), password: FIXTURE_PASSWORD };
      // The story speaks of the recorded names, the requests of the new ones.
      for (const [from, to] of Object.entries(queues)) stage.sim.renameQueue(from, to);
      const got = await sendRecorded(translate(recording, shift, queues), stage.sim.url, options);
      for (const [from, to] of Object.entries(queues)) stage.sim.renameQueue(to, from);
      replayed += 1;
      if (name.includes('history-get')) {
        histories.set(name, { recorded: rows(recording.response.body), got: rows(got.body) });
      }
      const found = differences(recording.response, got);
      if (found.length > 0) wrong.set(name, found);
    }
  });
  afterAll(() => stage.sim.stop());

  it('agrees in status, error and key paths with their JSON types', () => {
    console.log(
      `${replayed - wrong.size} of ${replayed} recordings agree; not replayed: ${JSON.stringify(RECORDED_SKIPS)}`,
    );
    expect(Object.fromEntries(wrong)).toEqual({});
    expect(replayed).toBeGreaterThan(185);
  });

  // Row names hold ids and queue names, so they are compared where neither was changed.
  if (shift !== 0) return;
  it('writes the history rows that were recorded', () => {
    expect(histories.get('193-ticket-history-get-full')?.recorded).toHaveLength(48);
    for (const { recorded, got } of histories.values()) expect(got).toEqual(recorded);
  });
});

describe('recordings that need an instance of their own', () => {
  async function answer(number: number, stage: Stage, sessionId: string) {
    const recording = recordings.find((one) => one.number === number);
    if (recording === undefined) throw new Error(`no recording ${number}`);
    await stage.sim.start();
    const got = await sendRecorded(recording, stage.sim.url, { sessionId, password: FIXTURE_PASSWORD });
    await stage.sim.stop();
    return { recording, got };
  }

  it('184: a session is over 7,200 s after its start', async () => {
    const stage = new Stage(RECORDED_INSTANCE);
    stage.clock('2026-11-23 21:00:00');
    const old = stage.session('otai-bot');
    stage.clock('2026-11-23 23:00:01');
    const { recording, got } = await answer(184, stage, old);
    expect(differences(recording.response, got)).toEqual([]);
  });

  it('202: with KeepAlive the answer says so', async () => {
    const stage = new Stage({ ...RECORDED_INSTANCE, keepAlive: true });
    stage.sim.receiveMail({ subject: 'One', queue: 'Unclassified' });
    const { recording, got } = await answer(202, stage, stage.session('otai-bot'));
    expect(differences(recording.response, got)).toEqual([]);
    expect(got.connection).toBe('Keep-Alive');
  });

  it('203: Created is wall time in OTRSTimeZone', async () => {
    const stage = new Stage({ ...RECORDED_INSTANCE, timeZone: 'Europe/Berlin', firstTicketId: 59 });
    stage.clock('2026-11-24 00:04:07');
    stage.sim.portalTicket({
      user: 'otai-bot',
      customer: 'erika.muster',
      subject: 'TZ Berlin',
      queue: 'Unclassified',
    });
    const { recording, got } = await answer(203, stage, stage.session('otai-bot'));
    expect(differences(recording.response, got)).toEqual([]);
    expect(listOf(got.body, 'Ticket')[0]?.Created).toBe('2026-11-24 01:04:07');
  });
});

/** Without the rows that depend on the second in which two recorded calls fell. */
function rows(body: unknown): string[] {
  return historyRows(body).filter((row) => !row.includes('Reset of unlock time'));
}
