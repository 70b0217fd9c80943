/** A ticket and its articles in the shapes of TicketGet: which ids are numbers, which are text, what is absent. */
import { seconds } from './clock.ts';
import { CHANNELS, SENDER_TYPES } from './fixture.ts';
import { priorityOf, stateOf, typeName } from './lookups.ts';
import type { State } from './state.ts';
import type { StoredTicket } from './store.ts';
import type { FieldValue, SimulatedArticle } from './types.ts';

export function ticketData(state: State, ticket: StoredTicket): Record<string, unknown> {
  const { clock } = state;
  const queue = state.queue(ticket.queueId);
  const { name: stateName, type: stateType } = stateOf(ticket.stateId);
  const now = clock.now();
  return {
    Age: seconds(now) - seconds(ticket.createdAt),
    ArchiveFlag: 'n',
    ChangeBy: ticket.changeBy,
    Changed: clock.text(ticket.changedAt),
    CreateBy: ticket.createBy,
    Created: clock.text(ticket.createdAt),
    CustomerID: ticket.customerId === '' ? null : ticket.customerId,
    CustomerUserID: ticket.customerUser === '' ? null : ticket.customerUser,
    ...escalation(state, ticket),
    GroupID: queue.groupId,
    Lock: ticket.locked ? 'lock' : 'unlock',
    LockID: ticket.locked ? 2 : 1,
    Owner: state.user(ticket.ownerId).login,
    OwnerID: ticket.ownerId,
    Priority: priorityOf(ticket.priorityId).name,
    PriorityID: ticket.priorityId,
    Queue: queue.name,
    QueueID: queue.id,
    RealTillTimeNotUsed: ticket.pendingUntil === undefined ? 0 : seconds(ticket.pendingUntil),
    Responsible: state.user(ticket.responsibleId).login,
    ResponsibleID: ticket.responsibleId,
    SLAID: '',
    ServiceID: '',
    State: stateName,
    StateID: ticket.stateId,
    StateType: stateType,
    TicketID: ticket.id,
    TicketNumber: ticket.number,
    Title: ticket.title,
    Type: typeName(ticket.typeId),
    TypeID: ticket.typeId,
    UnlockTimeout: ticket.unlockTimeout,
    UntilTime: ticket.pendingUntil === undefined ? 0 : seconds(ticket.pendingUntil) - seconds(now),
  };
}

function escalation(state: State, ticket: StoredTicket): Record<string, unknown> {
  const { clock } = state;
  const { firstResponseMinutes, solutionMinutes } = state.queue(ticket.queueId);
  const created = seconds(ticket.createdAt);
  const now = seconds(clock.now());
  const none = {
    EscalationResponseTime: 0,
    EscalationSolutionTime: 0,
    EscalationTime: 0,
    EscalationUpdateTime: 0,
  };
  const data: Record<string, unknown> = { ...none };
  const destinations: number[] = [];
  const add = (key: 'FirstResponseTime' | 'SolutionTime', index: string, minutes: number) => {
    if (minutes === 0) return;
    const at = created + minutes * 60;
    const left = at - now;
    destinations.push(at);
    data[index] = at;
    data[key] = left;
    data[`${key}DestinationDate`] = clock.text(at * 1000);
    data[`${key}DestinationTime`] = at;
    // Perl: a working time that is over comes back as text.
    data[`${key}WorkingTime`] = left < 0 ? String(left) : left;
    if (left < 0) data[`${key}Escalation`] = 1;
  };
  add('FirstResponseTime', 'EscalationResponseTime', firstResponseMinutes);
  add('SolutionTime', 'EscalationSolutionTime', solutionMinutes);
  if (destinations.length === 0) return none;
  const next = Math.min(...destinations);
  const left = next - now;
  data.EscalationDestinationDate = clock.text(next * 1000);
  data.EscalationDestinationIn = `${Math.max(0, Math.floor(left / 60))}m`;
  data.EscalationDestinationTime = next;
  data.EscalationTime = left;
  data.EscalationTimeWorkingTime = left < 0 ? String(left) : left;
  return data;
}

/** Extended=1: what is found in the history; nothing where it never happened. */
export function extendedData(state: State, ticket: StoredTicket): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  const response = ticket.articles.find(
    (article) => article.senderType === 'agent' && article.visibleForCustomer,
  );
  const lock = ticket.history.find((row) => row.type === 'Lock');
  const closed = ticket.history.findLast((row) => stateOf(row.stateId).type === 'closed');
  if (response !== undefined) data.FirstResponse = state.clock.text(response.createdAt);
  if (lock !== undefined) data.FirstLock = state.clock.text(lock.createdAt);
  if (closed !== undefined && stateOf(ticket.stateId).type === 'closed') {
    data.Closed = state.clock.text(closed.createdAt);
    data.SolutionInMin = Math.floor((closed.createdAt - ticket.createdAt) / 60_000);
  }
  return data;
}

export function fieldData(state: State, ticket: StoredTicket): { Name: string; Value: FieldValue }[] {
  return [...ticket.fields]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([Name, Value]) => ({ Name, Value: shaped(state, Name, Value) }));
}

function shaped(state: State, name: string, value: FieldValue): FieldValue {
  const type = state.fields.get(name)?.type;
  if (type === 'checkbox') return Number(value);
  if (type === 'multiselect') return Array.isArray(value) ? value : [String(value)];
  return typeof value === 'number' ? String(value) : value;
}

export type ArticleOptions = {
  readonly fields: boolean;
  readonly attachments: boolean;
  readonly htmlBody: boolean;
  readonly contents: boolean;
};

export function articleData(
  state: State,
  ticket: StoredTicket,
  article: SimulatedArticle,
  number: number,
  options: ArticleOptions,
): Record<string, unknown> {
  const { clock } = state;
  const contentType = article.charset === '' ? 'text/plain' : `text/plain; charset=${article.charset}`;
  const data: Record<string, unknown> = {
    ArticleID: article.id,
    ArticleNumber: number,
    Bcc: '',
    Body: article.body,
    Cc: article.cc,
    ChangeBy: article.createBy,
    ChangeTime: clock.text(article.createdAt),
    Charset: article.charset,
    CommunicationChannel: article.channel,
    CommunicationChannelID: CHANNELS.indexOf(article.channel) + 1,
    ContentCharset: article.charset,
    ContentType: contentType,
    CreateBy: article.createBy,
    CreateTime: clock.text(article.createdAt),
    From: article.from,
    InReplyTo: article.inReplyTo,
    IncomingTime: seconds(article.createdAt),
    IsVisibleForCustomer: article.visibleForCustomer ? 1 : 0,
    MessageID: article.messageId,
    MimeType: 'text/plain',
    References: '',
    ReplyTo: '',
    SenderType: article.senderType,
    SenderTypeID: String(SENDER_TYPES.indexOf(article.senderType) + 1),
    Subject: article.subject,
    TicketID: ticket.id,
    TimeUnit: 0,
    To: article.to,
  };
  if (options.fields) {
    const names = [...state.fields.values()]
      .filter((field) => field.object === 'Article')
      .map((field) => field.name);
    // Article fields appear even when unset, ticket fields do not.
    if (names.length > 0) {
      data.DynamicField = names.map((Name) => ({ Name, Value: article.fields[Name] ?? null }));
    }
  }
  if (options.attachments) {
    const attachments = attachmentData(article, options);
    if (attachments.length > 0) data.Attachment = attachments;
  }
  return data;
}

function attachmentData(article: SimulatedArticle, options: ArticleOptions): Record<string, unknown>[] {
  const list = article.attachments.map((attachment) => ({ ...attachment, disposition: 'attachment' }));
  if (options.htmlBody && article.html !== undefined) {
    const quoted = article.charset === '' ? 'utf-8' : `"${article.charset}"`;
    list.push({
      filename: article.channel === 'Email' ? 'file-1' : 'file-2',
      contentType: `text/html; charset=${quoted}`,
      content: Buffer.from(article.html).toString('base64'),
      disposition: 'inline',
    });
  }
  return list.map(({ filename, contentType, content, disposition }, index) => ({
    Content: options.contents ? content : '',
    ContentAlternative: '',
    ContentID: '',
    ContentType: contentType,
    Disposition: disposition,
    FileID: String(index + 1),
    Filename: filename,
    FilesizeRaw: String(Buffer.from(content, 'base64').length),
  }));
}
