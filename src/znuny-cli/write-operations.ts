import { PermanentError } from '../errors.ts';
import type { ZnunyClient } from '../znuny/client.ts';
import type { TicketCreate, TicketUpdate, TicketWritten } from '../znuny/types.ts';
import { isObject } from './data.ts';
import { failedTickets, findTicket, findTickets, ticketsIn } from './find-ticket.ts';
import type { Answered, Data, Operation } from './operation.ts';
import { TICKET_FLAGS, ticketData } from './ticket-flags.ts';

export const create: Operation = {
  name: 'create',
  summary: 'TicketCreate: a new ticket with its first article, dynamic fields and attachments',
  usage:
    '--title TEXT --queue NAME --state NAME --priority NAME --customer LOGIN --body TEXT [--attach FILE …]',
  example:
    'triaged znuny create --title "Disk full on db1" --queue Raw --state new --priority "4 high" --customer monitoring@example.com --body "97 % of /var"',
  flags: TICKET_FLAGS,
  takesData: true,
  read: ({ flags }) => ticketData(flags),
  async call(data, { client }) {
    // The client checks keys and types at run time: this is what a script hands it.
    return written(await client.ticketCreate(withSubject(data) as TicketCreate));
  },
};

export const update: Operation = {
  name: 'update',
  summary: 'TicketUpdate: change fields, add an article, set dynamic fields; one write, never repeated',
  usage: 'TICKET [--queue NAME] [--state NAME] [--field NAME=VALUE …] [--subject TEXT --body TEXT] …',
  example: 'triaged znuny update 2026112410000126 --field CrmAccount=4711 --priority "4 high"',
  flags: TICKET_FLAGS,
  takesData: true,
  async read({ flags, words }) {
    if (words.length > 1) throw refused('update', 'takes one TICKET; for many give --lines FILE');
    return ticketData(flags);
  },
  async call(data, { client, words }) {
    const [word] = words;
    const ticket = word === undefined ? named(data) : { TicketID: await findTicket(client, word) };
    const { TicketID, TicketNumber, ...rest } = data;
    return written(await client.ticketUpdate({ ...rest, ...ticket } as TicketUpdate));
  },
};

export const remove: Operation = {
  name: 'delete',
  summary: 'TicketDelete, where an add-on brings it (Znuny has none: close or archive instead)',
  usage: 'TICKET … --url URL --route "TicketDelete=DELETE /Ticket/:TicketID"',
  example:
    'triaged znuny delete 4711 --url https://znuny.example.com --user bot --password-env ZNUNY_PASSWORD --route "TicketDelete=DELETE /Ticket/:TicketID"',
  flags: {},
  takesData: true,
  read: async () => ({}),
  async call(data, { client, words }) {
    const { ids, missing } = await findTickets(client, words);
    const deleted: number[] = [];
    const failed = [...missing];
    for (const id of [...ids, ...ticketsIn(data).map(Number)]) {
      try {
        await client.ticketDelete(id);
        deleted.push(id);
      } catch (error) {
        if (!(error instanceof PermanentError)) throw error;
        failed.push({ ticket: id, error });
      }
    }
    if (deleted.length + failed.length === 0) throw refused('delete', 'which TICKET?');
    return { answer: { TicketID: deleted, Failed: failedTickets(failed) }, failed: failed.length > 0 };
  },
};

function written({ ticketId, ticketNumber, articleIds }: TicketWritten): Answered {
  const answer = { TicketID: ticketId, TicketNumber: ticketNumber, ArticleIDs: articleIds };
  return { answer, failed: false };
}

/** Znuny wants a subject; the title is what it would be. */
function withSubject(data: Data): Data {
  const { Ticket, Article } = data;
  if (!isObject(Ticket) || !isObject(Article) || Article.Subject !== undefined) return data;
  return { ...data, Article: { Subject: Ticket.Title, ...Article } };
}

function named(data: Data): Pick<Parameters<ZnunyClient['ticketUpdate']>[0], 'TicketID' | 'TicketNumber'> {
  const { TicketID, TicketNumber } = data;
  if (TicketID !== undefined && TicketNumber !== undefined) {
    throw refused('update', 'TicketID and TicketNumber are given: one of them says it');
  }
  if (TicketNumber !== undefined) return { TicketNumber: String(TicketNumber) };
  if (TicketID !== undefined) return { TicketID: Number(TicketID) };
  throw refused('update', 'which TICKET? Name it, or give TicketID or TicketNumber in the data');
}

function refused(name: string, message: string): PermanentError {
  return new PermanentError('E_ZNUNY_REQUEST', `${name}: ${message}`, {
    hint: `Nothing was sent. See triaged znuny ${name} --help.`,
  });
}
