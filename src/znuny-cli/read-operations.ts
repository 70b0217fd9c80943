import { PermanentError } from '../errors.ts';
import type { FailedRead } from '../znuny/client.ts';
import type { TicketGetOptions } from '../znuny/types.ts';
import { saveAttachments } from './attachments.ts';
import { failedTickets, findTickets, type Missing, ticketsIn } from './find-ticket.ts';
import type { Answered, Around, Data, FlagHelp, Operation } from './operation.ts';
import { wrong } from './ticket-flags.ts';

const bool = (description: string): FlagHelp => ({ type: 'boolean', description });

export const get: Operation = {
  name: 'get',
  summary: 'TicketGet: one or many tickets; one that cannot be read does not lose the others',
  usage: 'TICKET … [--articles] [--fields] [--save DIR]',
  example: 'triaged znuny get 2026112410000126 --articles --fields --save attachments',
  flags: {
    articles: bool('with all articles'),
    'article-limit': { type: 'string', value: 'N', description: 'at most so many articles' },
    'article-order': { type: 'string', value: 'ORDER', description: 'ASC (oldest first) or DESC' },
    'article-sender': {
      type: 'string',
      multiple: true,
      value: 'TYPE',
      description: 'only articles of customer, agent or system',
    },
    fields: bool('with dynamic fields'),
    extended: bool('with first response, first lock and solution time'),
    attachments: bool('with attachments, base64'),
    'no-content': bool('attachments by name and size only'),
    html: bool('with the original HTML as attachment file-2'),
    save: {
      type: 'string',
      value: 'DIR',
      description: 'write attachments there; SavedAs stands for Content',
    },
  },
  takesData: true,
  async read({ flags }) {
    const limit = flags.text('article-limit');
    if (limit !== undefined && !/^[1-9]\d*$/.test(limit)) throw wrong('article-limit', 'a number above 0');
    const save = flags.text('save') !== undefined;
    if (save && flags.flag('no-content')) throw wrong('no-content', 'left out where --save is given');
    const senders = flags.texts('article-sender');
    const order = flags.text('article-order');
    const withArticles = save || limit !== undefined || order !== undefined || senders.length > 0;
    const withAttachments =
      save || flags.flag('no-content') || flags.flag('html') || flags.flag('attachments');
    return {
      ...(flags.flag('articles') || withArticles || withAttachments ? { AllArticles: 1 } : {}),
      ...(limit === undefined ? {} : { ArticleLimit: Number(limit) }),
      ...(order === undefined ? {} : { ArticleOrder: order }),
      ...(senders.length === 0 ? {} : { ArticleSenderType: senders }),
      ...(flags.flag('fields') ? { DynamicFields: 1 } : {}),
      ...(flags.flag('extended') ? { Extended: 1 } : {}),
      ...(withAttachments ? { Attachments: 1 } : {}),
      ...(flags.flag('no-content') ? { GetAttachmentContents: 0 } : {}),
      ...(flags.flag('html') ? { HTMLBodyAsAttachment: 1 } : {}),
    };
  },
  async call(data, around) {
    const { TicketID, ...options } = data;
    const { ids, missing } = await idsOf('get', data, around);
    const { tickets, failed } = await around.client.ticketGet(ids, options as TicketGetOptions);
    const folder = around.flags.text('save');
    const Ticket = folder === undefined ? tickets : await saveAttachments(tickets, folder);
    return answered({ Ticket }, missing, failed);
  },
};

export const history: Operation = {
  name: 'history',
  summary: 'TicketHistoryGet: who changed what and when, of one or many tickets',
  usage: 'TICKET …',
  example: 'triaged znuny history 4711 4712',
  flags: {},
  takesData: true,
  read: async () => ({}),
  async call(data, around) {
    const { ids, missing } = await idsOf('history', data, around);
    const { histories, failed } = await around.client.ticketHistoryGet(ids);
    const TicketHistory = histories.map(({ ticketId, entries }) => ({
      TicketID: ticketId,
      History: entries,
    }));
    return answered({ TicketHistory }, missing, failed);
  },
};

async function idsOf(
  name: string,
  data: Data,
  { client, words }: Around,
): Promise<{ ids: readonly number[]; missing: readonly Missing[] }> {
  const given = ticketsIn(data).map(Number);
  if (words.length + given.length === 0) {
    throw new PermanentError('E_ZNUNY_REQUEST', `${name}: which TICKET?`, {
      hint: 'Name tickets by id or number, or give TicketID in the data.',
    });
  }
  const { ids, missing } = await findTickets(client, words);
  return { ids: [...ids, ...given], missing };
}

function answered(answer: Data, missing: readonly Missing[], failed: readonly FailedRead[]): Answered {
  const unread = failed.map(({ ticketId, error }) => ({ ticket: ticketId, error }));
  const Failed = failedTickets([...missing, ...unread]);
  return { answer: { ...answer, Failed }, failed: Failed.length > 0 };
}
