import type { WireAnswer } from './transport.ts';
import type {
  DynamicFields,
  TicketWritten,
  ZnunyArticle,
  ZnunyAttachment,
  ZnunyHistoryEntry,
  ZnunySession,
  ZnunyTicket,
} from './types.ts';

export type Json = Readonly<Record<string, unknown>>;

/** What an HTTP answer says, whatever its status and Content-Type claim. */
export type Payload =
  | { readonly kind: 'data'; readonly data: Json }
  /** an operation's refusal, which comes with HTTP 200 */
  | { readonly kind: 'error'; readonly code: string; readonly message: string }
  /** an operation that died half way: HTTP 500, JSON labelled text/plain */
  | { readonly kind: 'fault'; readonly message: string }
  /** one of Znuny's plain-text transport errors, or whatever a proxy sends */
  | { readonly kind: 'text'; readonly text: string; readonly html: boolean }
  | { readonly kind: 'garbled'; readonly why: 'no UTF-8' | 'incomplete JSON' | 'no JSON object' };

export function readPayload(answer: WireAnswer): Payload {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(answer.body);
  } catch {
    // Not decoded leniently: a queue named "B�ro" would look like a queue that is not ours.
    return isSuccess(answer) && !isHtml(answer, answer.body.toString('latin1'))
      ? { kind: 'garbled', why: 'no UTF-8' }
      : { kind: 'text', ...excerpt(answer, answer.body.toString('latin1')) };
  }
  const data = parseJson(text);
  const object = isRecord(data) ? readObject(data) : null;
  // A proxy may refuse in JSON too.
  if (object && (object.kind !== 'data' || isSuccess(answer))) return object;
  if (!isSuccess(answer) || isHtml(answer, text)) return { kind: 'text', ...excerpt(answer, text) };
  return { kind: 'garbled', why: data === undefined ? 'incomplete JSON' : 'no JSON object' };
}

function readObject(data: Json): Payload {
  const error = data.Error;
  if (isRecord(error)) {
    return { kind: 'error', code: str(error.ErrorCode), message: str(error.ErrorMessage) };
  }
  if ('faultstring' in data) return { kind: 'fault', message: str(data.faultstring) };
  if ('Success' in data && !truthy(data.Success)) {
    return { kind: 'error', code: str(data.ErrorCode), message: str(data.ErrorMessage ?? data.Errormessage) };
  }
  return { kind: 'data', data };
}

function isSuccess(answer: WireAnswer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

function isHtml(answer: WireAnswer, text: string): boolean {
  return answer.contentType.includes('html') || /^\s*<(?:!doctype|html)/i.test(text);
}

/** The title of a page, the beginning of a text: to be scrubbed, and cut only after that, lest half a secret stays. */
function excerpt(answer: WireAnswer, text: string): { text: string; html: boolean } {
  const html = isHtml(answer, text);
  const shown = html ? (/<title>([^<]*)<\/title>/i.exec(text)?.[1] ?? '') : text;
  return { text: plain(shown.slice(0, 2000)), html };
}

/** One line without control characters: it may end in a terminal. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Ids of a TicketSearch, without repetition; `null` where this is no such answer. No hit is `{}`. */
export function toTicketIds(data: Json): number[] | null {
  if (!('TicketID' in data)) return Object.keys(data).length === 0 ? [] : null;
  const ids = list(data.TicketID).map(num);
  return ids.every(isId) ? [...new Set(ids)] : null;
}

export function toTickets(data: Json): ZnunyTicket[] | null {
  if (!('Ticket' in data)) return null;
  const tickets = list(data.Ticket).filter(isRecord).map(toTicket);
  return tickets.every((ticket) => isId(ticket.TicketID)) ? tickets : null;
}

export function toHistories(data: Json): { ticketId: number; entries: ZnunyHistoryEntry[] }[] | null {
  if (!('TicketHistory' in data)) return null;
  const histories = list(data.TicketHistory)
    .filter(isRecord)
    .map((history) => ({
      ticketId: num(history.TicketID),
      entries: list(history.History).filter(isRecord).map(toHistoryEntry),
    }));
  return histories.every((history) => isId(history.ticketId)) ? histories : null;
}

/** Two articles come as `ArticleIDs`, or as a list under `ArticleID`, depending on the operation. */
export function toTicketWritten(data: Json): TicketWritten | null {
  const ticketId = num(data.TicketID);
  if (!isId(ticketId)) return null;
  const articleIds = [...list(data.ArticleID), ...list(data.ArticleIDs)].map(num).filter(isId);
  return { ticketId, ticketNumber: str(data.TicketNumber), articleIds };
}

/** SessionGet answers a list of pairs. */
export function toSession(data: Json): ZnunySession | null {
  const pairs = new Map(
    list(data.SessionData)
      .filter(isRecord)
      .map((pair) => [str(pair.Key), pair.Value]),
  );
  const userId = num(pairs.get('UserID'));
  if (!isId(userId)) return null;
  return {
    userId,
    userLogin: str(pairs.get('UserLogin')),
    userFullname: str(pairs.get('UserFullname')),
    userEmail: str(pairs.get('UserEmail')),
  };
}

function toTicket(raw: Json): ZnunyTicket {
  return {
    TicketID: num(raw.TicketID),
    TicketNumber: str(raw.TicketNumber),
    Title: str(raw.Title),
    Age: num(raw.Age),
    Created: str(raw.Created),
    Changed: str(raw.Changed),
    CreateBy: num(raw.CreateBy),
    ChangeBy: num(raw.ChangeBy),
    Queue: str(raw.Queue),
    QueueID: num(raw.QueueID),
    GroupID: num(raw.GroupID),
    State: str(raw.State),
    StateID: num(raw.StateID),
    StateType: str(raw.StateType),
    Priority: str(raw.Priority),
    PriorityID: num(raw.PriorityID),
    Type: str(raw.Type),
    TypeID: num(raw.TypeID),
    Service: str(raw.Service),
    ServiceID: num(raw.ServiceID),
    SLA: str(raw.SLA),
    SLAID: num(raw.SLAID),
    Lock: str(raw.Lock),
    LockID: num(raw.LockID),
    Owner: str(raw.Owner),
    OwnerID: num(raw.OwnerID),
    Responsible: str(raw.Responsible),
    ResponsibleID: num(raw.ResponsibleID),
    CustomerID: str(raw.CustomerID),
    CustomerUserID: str(raw.CustomerUserID),
    ArchiveFlag: str(raw.ArchiveFlag),
    RealTillTimeNotUsed: num(raw.RealTillTimeNotUsed),
    UntilTime: num(raw.UntilTime),
    UnlockTimeout: num(raw.UnlockTimeout),
    EscalationTime: num(raw.EscalationTime),
    EscalationResponseTime: num(raw.EscalationResponseTime),
    EscalationUpdateTime: num(raw.EscalationUpdateTime),
    EscalationSolutionTime: num(raw.EscalationSolutionTime),
    TimeUnit: num(raw.TimeUnit),
    ...toExtended(raw),
    DynamicField: toDynamicFields(raw.DynamicField),
    Article: list(raw.Article).filter(isRecord).map(toArticle),
  };
}

/** Each of these is there only with `Extended`, and only once it has happened. */
function toExtended(raw: Json): Partial<ZnunyTicket> {
  const dates = ['FirstResponse', 'FirstLock', 'SolutionTime'].map((key) => [key, str(raw[key])]);
  const minutes = ['FirstResponse', 'Solution']
    .flatMap((key) => [`${key}InMin`, `${key}DiffInMin`])
    .map((key) => [key, num(raw[key])]);
  return Object.fromEntries([...dates, ...minutes].filter(([key]) => String(key) in raw));
}

function toArticle(raw: Json): ZnunyArticle {
  return {
    ArticleID: num(raw.ArticleID),
    ArticleNumber: num(raw.ArticleNumber),
    TicketID: num(raw.TicketID),
    From: str(raw.From),
    To: str(raw.To),
    Cc: str(raw.Cc),
    Bcc: str(raw.Bcc),
    ReplyTo: str(raw.ReplyTo),
    Subject: str(raw.Subject),
    Body: str(raw.Body),
    ContentType: str(raw.ContentType),
    MimeType: str(raw.MimeType),
    Charset: str(raw.Charset),
    CommunicationChannel: str(raw.CommunicationChannel),
    CommunicationChannelID: num(raw.CommunicationChannelID),
    SenderType: str(raw.SenderType),
    SenderTypeID: num(raw.SenderTypeID),
    IsVisibleForCustomer: num(raw.IsVisibleForCustomer),
    MessageID: str(raw.MessageID),
    InReplyTo: str(raw.InReplyTo),
    References: str(raw.References),
    CreateBy: num(raw.CreateBy),
    CreateTime: str(raw.CreateTime),
    ChangeBy: num(raw.ChangeBy),
    ChangeTime: str(raw.ChangeTime),
    IncomingTime: num(raw.IncomingTime),
    TimeUnit: num(raw.TimeUnit),
    DynamicField: toDynamicFields(raw.DynamicField),
    Attachment: list(raw.Attachment).filter(isRecord).map(toAttachment),
  };
}

function toAttachment(raw: Json): ZnunyAttachment {
  return {
    Filename: str(raw.Filename),
    ContentType: str(raw.ContentType),
    ContentID: str(raw.ContentID),
    Disposition: str(raw.Disposition),
    FileID: num(raw.FileID),
    FilesizeRaw: num(raw.FilesizeRaw),
    Content: str(raw.Content),
  };
}

function toHistoryEntry(raw: Json): ZnunyHistoryEntry {
  return {
    TicketID: num(raw.TicketID),
    ArticleID: num(raw.ArticleID),
    CreateBy: num(raw.CreateBy),
    CreateTime: str(raw.CreateTime),
    HistoryType: str(raw.HistoryType),
    HistoryTypeID: num(raw.HistoryTypeID),
    Name: str(raw.Name),
    OwnerID: num(raw.OwnerID),
    PriorityID: num(raw.PriorityID),
    QueueID: num(raw.QueueID),
    StateID: num(raw.StateID),
    TypeID: num(raw.TypeID),
  };
}

/** Article fields that are not set come with `null`, ticket fields do not come at all: both are left out. */
function toDynamicFields(value: unknown): DynamicFields {
  const pairs = list(value).filter(isRecord);
  const set = pairs.filter((pair) => pair.Value !== null && pair.Value !== undefined);
  return Object.fromEntries(
    set.map((pair) => [str(pair.Name), Array.isArray(pair.Value) ? pair.Value.map(str) : str(pair.Value)]),
  );
}

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

/** One entry may come without its list, and nothing at all for an empty list. */
function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === '') return [];
  return Array.isArray(value) ? value : [value];
}

/** The type of a number depends on the operation: `15`, `"15"`, and `""` where nothing is set. */
function num(value: unknown): number {
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : 0;
  return Number.isFinite(number) ? number : 0;
}

function str(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function truthy(value: unknown): boolean {
  return value !== 0 && value !== '0' && value !== '' && value !== false && value !== null;
}
