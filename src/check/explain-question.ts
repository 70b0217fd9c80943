import type { ModelInfo } from '../classify/classifier.ts';
import { sourceQueues } from '../config/derived.ts';
import type { LoadedConfig } from '../config/load.ts';
import { PermanentError } from '../errors.ts';
import { type Explanation, explain } from '../explain.ts';
import { TicketReader } from '../intake/read.ts';
import type { Ticket } from '../ticket.ts';
import { makeLive, USUAL_TEMPO } from '../wiring/live.ts';
import { buildClassifier, buildClient } from '../wiring/parts.ts';
import type { ZnunyClient } from '../znuny/client.ts';
import { type ImaginedTicket, imaginedTicket } from './imagined-ticket.ts';
import { firstStart, logInOnce } from './login.ts';

type ImaginedQuestion = Pick<ImaginedTicket, 'subject' | 'body' | 'from'> & {
  /** default: the first source queue */
  readonly queue?: string | undefined;
  /** default: routing.default_priority */
  readonly priority?: string | undefined;
};

/** `ticket`: id or number of one in Znuny */
export type Question = { readonly ticket: string } | ImaginedQuestion;

/** `ownUserId` is null for an imagined ticket. */
type Asked = { readonly ticket: Ticket; readonly ownUserId: number | null };

/** Starts the model, reads the ticket where there is one, and tells its story. Writes nothing anywhere. */
export async function explainQuestion(
  loaded: LoadedConfig,
  question: Question,
  clock: () => number,
): Promise<Explanation> {
  const classifier = await buildClassifier(loaded);
  try {
    await classifier.start();
    // Rules that do not fit the model need no login to be told.
    await settingsFor(loaded, classifier.info, 0, clock());
    const { ticket, ownUserId } =
      'ticket' in question ? await read(loaded, question.ticket, clock) : imagine(loaded, question, clock());
    const settings = await settingsFor(loaded, classifier.info, ownUserId ?? 0, clock());
    const guard = ownUserId === null ? null : { ...settings.guard, now: clock() };
    return await explain(ticket, { classifier, settings, guard });
  } finally {
    await classifier.stop();
  }
}

function imagine({ config }: LoadedConfig, question: ImaginedQuestion, now: number): Asked {
  const { subject, body, from } = question;
  const [firstSource = ''] = sourceQueues(config);
  const queue = question.queue ?? firstSource;
  const priority = question.priority ?? config.routing.default_priority;
  return { ticket: imaginedTicket({ subject, body, from, queue, priority, now }), ownUserId: null };
}

async function settingsFor(loaded: LoadedConfig, model: ModelInfo, ownUserId: number, now: number) {
  // A daemon that never ran would start now.
  const start = (await firstStart(loaded)) ?? now;
  return makeLive(loaded, { model, ownUserId, firstStart: start, tempo: USUAL_TEMPO }).settings;
}

async function read(loaded: LoadedConfig, text: string, clock: () => number): Promise<Asked> {
  const client = buildClient(loaded);
  try {
    const { userId } = await logInOnce(loaded, client, clock());
    const access = { remember: () => {}, another: () => null, lost: async () => false };
    const reader = new TicketReader({ client, access, clock });
    const id = await findTicket(client, reader, text);
    const result = (await reader.read([id])).get(id);
    if (result?.kind === 'ticket') return { ticket: result.ticket, ownUserId: userId };
    throw result?.kind === 'failed' ? result.error : noTicket(text);
  } finally {
    await client.sessionRemove().catch(() => {});
    await client.close();
  }
}

/** Longer ones are numbers; Znuny's shortest number generator counts from 1 as its ids do, so ids go first. */
const LONGEST_ID = 10;

async function findTicket(client: ZnunyClient, reader: TicketReader, text: string): Promise<number> {
  if (/^\d+$/.test(text) && text.length <= LONGEST_ID && Number(text) > 0) {
    const id = Number(text);
    if ((await reader.readFields([id])).get(id)) return id;
  }
  const id = await client.ticketIdByNumber(text);
  if (id === null) throw noTicket(text);
  return id;
}

function noTicket(text: string): PermanentError {
  return new PermanentError('E_ZNUNY_ACCESS', `there is no ticket ${text} that the bot may read`, {
    hint: "Give a ticket's id or number; a missing right on its queue looks the same.",
  });
}
