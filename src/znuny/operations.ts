import { PermanentError } from '../errors.ts';
import type { Json } from './answer.ts';
import { checkGetOptions, checkSearch, checkWrite } from './request-check.ts';
import type {
  ArticleFields,
  TicketCreate,
  TicketGetOptions,
  TicketSearchQuery,
  TicketUpdate,
} from './types.ts';
import { checkedId, joinIds } from './wire.ts';

/** More articles than any ticket has. */
const MANY = 1_000_000;

/** Requests as Znuny wants them. What it would misread without a word is refused here: PermanentError E_ZNUNY_REQUEST. */
export function searchData(query: TicketSearchQuery): Json {
  const asked = withoutUndefined(query);
  checkSearch(asked);
  const [sorts, orders] = [count(query.SortBy), count(query.OrderBy)];
  if (sorts !== orders && Math.max(sorts, orders) > 1) {
    throw refused(
      `${sorts} SortBy and ${orders} OrderBy`,
      'Give as many orders as sort keys: Znuny answers others with nothing.',
    );
  }
  return asked;
}

/** Checked before any ticket is read: a wrong option is no ticket's failure. */
export function getData(options: TicketGetOptions): (ids: readonly number[]) => Json {
  const asked = withoutUndefined(options);
  checkGetOptions(asked);
  // Znuny looks at the order only where there is a limit, and takes one that is too large for all.
  const all = asked.ArticleOrder === 'DESC' && asked.ArticleLimit === undefined ? { ArticleLimit: MANY } : {};
  return (ids) => ({ TicketID: joinIds(ids), ...all, ...asked });
}

export function historyData(ids: readonly number[]): Json {
  return { TicketID: joinIds(ids) };
}

export function updateData(update: TicketUpdate): Json {
  checkWrite('TicketUpdate', update);
  const { Ticket, Article, DynamicField, Attachment } = update;
  return {
    ...(update.TicketID === undefined
      ? { TicketNumber: update.TicketNumber }
      : { TicketID: checkedId(update.TicketID) }),
    // An empty Ticket is refused, a missing one is not (recordings 117, 118).
    ...(Ticket && Object.keys(Ticket).length > 0 ? { Ticket } : {}),
    ...(Article ? { Article: articles(Article) } : {}),
    ...unlessEmpty('DynamicField', DynamicField),
    ...unlessEmpty('Attachment', Attachment),
  };
}

export function createData(create: TicketCreate): Json {
  checkWrite('TicketCreate', create);
  const { Ticket, Article, DynamicField, Attachment } = create;
  return {
    Ticket,
    Article: articles(Article),
    ...unlessEmpty('DynamicField', DynamicField),
    ...unlessEmpty('Attachment', Attachment),
  };
}

/** One object may stand for a list of one, as Znuny has it: JSON from elsewhere does that. */
function unlessEmpty(key: string, value: unknown): Json {
  const entries = value === undefined ? [] : [value].flat();
  return entries.length === 0 ? {} : { [key]: entries };
}

function articles(value: ArticleFields | readonly ArticleFields[]): unknown {
  return isList(value) ? value.map(article) : article(value);
}

function article(fields: ArticleFields): ArticleFields {
  const typed = fields.ContentType !== undefined || fields.MimeType !== undefined;
  return {
    ...(typed ? {} : { ContentType: 'text/plain; charset=utf8' }),
    // Znuny's default is 1: the customer would see it (recordings 96, 97).
    IsVisibleForCustomer: 0,
    ...fields,
  };
}

/** JSON leaves such keys out, and so they are none. */
function withoutUndefined(data: object): Json {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

function count(value: string | readonly string[] | undefined): number {
  if (value === undefined) return 0;
  return typeof value === 'string' ? 1 : value.length;
}

function refused(message: string, hint: string): PermanentError {
  return new PermanentError('E_ZNUNY_REQUEST', `TicketSearch: ${message}`, { hint });
}
