/** For tests: recordings made in an instance that was set otherwise. */
import type { SimulatorOptions } from '../../src/simulator/simulator.ts';
import { differences, listOf } from './differences.ts';
import type { Recording, Variation } from './recording.ts';
import { type Answer, Stage } from './replay-harness.ts';
import { RECORDED_INSTANCE } from './story-recordings.ts';

type OwnInstance = {
  readonly options: SimulatorOptions;
  /** returns the session of the recorded request */
  readonly prepare: (stage: Stage) => string;
  /** what is not seen in status and key paths */
  readonly rest?: (got: Answer) => string[];
};

const OWN_INSTANCES: Readonly<Record<number, OwnInstance>> = {
  184: {
    options: {},
    prepare: (stage) => {
      stage.clock('2026-11-23 21:00:00');
      const old = stage.session('otai-bot');
      stage.clock('2026-11-23 23:00:01');
      return old;
    },
  },
  202: {
    options: { keepAlive: true },
    prepare: (stage) => {
      stage.sim.receiveMail({ subject: 'One', queue: 'Unclassified' });
      return stage.session('otai-bot');
    },
    rest: ({ connection }) => (connection === 'Keep-Alive' ? [] : [`Connection: ${connection}`]),
  },
  203: {
    options: { timeZone: 'Europe/Berlin' },
    prepare: (stage) => {
      stage.clock('2026-11-24 00:04:07');
      stage.sim.portalTicket({
        user: 'otai-bot',
        customer: 'erika.muster',
        subject: 'TZ Berlin',
        queue: 'Unclassified',
      });
      return stage.session('otai-bot');
    },
    rest: ({ body }) => {
      const created = listOf(body, 'Ticket')[0]?.Created;
      return created === '2026-11-24 01:04:07' ? [] : [`Created: ${created}`];
    },
  },
};

/** Undefined where the recording is of the one story. */
export async function onItsOwnInstance(
  recording: Recording,
  variation: Variation,
): Promise<string[] | undefined> {
  const own = OWN_INSTANCES[recording.number];
  if (own === undefined) return undefined;
  const stage = new Stage({ ...RECORDED_INSTANCE, ...own.options, firstTicketId: 59 + variation.shift });
  const sessionId = own.prepare(stage);
  await stage.sim.start();
  const got = await stage.replay(recording, variation, sessionId);
  await stage.sim.stop();
  return [...differences(recording.response, got), ...(own.rest?.(got) ?? [])];
}
