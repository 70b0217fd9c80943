import PQueue from 'p-queue';
import type { Target } from '../acceptance/target.ts';
import { readSamples } from '../src/demo/sample.ts';
import { ConfigError } from '../src/errors.ts';
import { ZnunyClient } from '../src/znuny/client.ts';
import type { Endpoint } from '../src/znuny/types.ts';
import { SAMPLES, SIMULATED, startZnuny } from './znuny-process.ts';

/** A Znuny with tickets that wait for one run. */
export type Stand = {
  readonly target: Target;
  /** the CustomerID of these tickets: the texts stay as they are */
  readonly mark: string;
  readonly endpoint: Endpoint;
  /** of the tickets that wait; null: all that are there */
  readonly ids: ReadonlySet<number> | null;
  close(): Promise<void>;
};

/** One that stands for the whole bench gets new tickets for each run; a simulated one starts anew. */
export type Yard = {
  readonly name: string;
  open(tickets: number): Promise<Stand>;
  /** One more ticket, now; answers its id. */
  readonly put: ((index: number) => Promise<number>) | null;
  close(): Promise<void>;
};

export function simulatedYard(): Yard {
  return {
    name: "simulator with Znuny's measured latencies and two workers",
    async open(tickets) {
      const znuny = await startZnuny(tickets);
      const target = { ...SIMULATED, url: znuny.url };
      const client = clientOf(target);
      const endpoint = await client.resolveEndpoint();
      await client.close();
      return { target, endpoint, mark: '', ids: null, close: () => znuny.stop() };
    },
    put: null,
    close: async () => {},
  };
}

/** Makes its own tickets, as if they came in by themselves, and closes them at the end: Znuny deletes none. */
export async function realYard(target: Target): Promise<Yard> {
  const client = clientOf(target);
  const endpoint = await client.resolveEndpoint();
  const samples = await clearSamples();
  await refuseOthers(client, target);
  const made: number[] = [];
  let runs = 0;
  const stamp = Date.now().toString(36);
  const create = async (index: number, mark: string): Promise<number> => {
    const { subject, body } = samples[index % samples.length] ?? { subject: '', body: '' };
    const { ticketId } = await client.ticketCreate({
      Ticket: {
        Title: subject,
        CustomerID: mark,
        Queue: target.sourceQueue,
        State: 'new',
        Priority: '3 normal',
        CustomerUser: target.customerUser,
        ...(target.type === undefined ? {} : { Type: target.type }),
        // As mail leaves them: owned by root and free.
        OwnerID: 1,
        Lock: 'unlock',
      },
      Article: { Subject: subject, Body: body, SenderType: 'customer', CommunicationChannel: 'Email' },
    });
    made.push(ticketId);
    return ticketId;
  };
  return {
    name: target.url,
    async open(tickets) {
      runs += 1;
      const mark = `bench-${stamp}-${runs}`;
      const queue = new PQueue({ concurrency: 2 });
      const jobs = Array.from({ length: tickets }, (_, index) => () => create(index, mark));
      const ids = new Set(await queue.addAll(jobs));
      return { target, endpoint, mark, ids, close: async () => {} };
    },
    put: (index) => create(index, `bench-${stamp}-trickle`),
    async close() {
      const queue = new PQueue({ concurrency: 2 });
      const close = (TicketID: number) =>
        client.ticketUpdate({ TicketID, Ticket: { State: 'closed successful' } }).catch(() => undefined);
      await queue.addAll(made.map((id) => () => close(id)));
      await client.sessionRemove();
      await client.close();
    },
  };
}

/** What the model does not know goes to the target queue as well: nobody else's tickets may lie there. */
async function refuseOthers(client: ZnunyClient, { sourceQueue, url }: Target): Promise<void> {
  const others = await client.ticketSearch({ Queues: [sourceQueue], States: ['new'], Limit: 2 });
  if (others.length === 0) return;
  throw new ConfigError('E_CONFIG', `queue ${sourceQueue} holds new tickets that are not the bench's`, {
    where: url,
    hint: 'The bench moves all of them: name an empty queue of a test instance as --source-queue.',
  });
}

export function clientOf({ url, webService, bot }: Target): ZnunyClient {
  return new ZnunyClient({ url, webService, userLogin: bot.login, password: () => bot.password });
}

/** Texts that the model knows, so that both loops write the same number of times. */
async function clearSamples() {
  const samples = await readSamples(SAMPLES);
  return samples.filter(({ expectedQueue, poison }) => expectedQueue !== null && !poison);
}
