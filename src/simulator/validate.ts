/** The checks that TicketCreate and TicketUpdate make before the first write, in Znuny's order and words. */
import { given } from './auth.ts';
import { CHANNELS, type FieldDefinition, PRIORITIES, SENDER_TYPES, STATES, TYPES } from './fixture.ts';
import { hasData, isRecord, textOf } from './operation.ts';
import type { State } from './state.ts';
import { type Attachment, type FieldValue, OperationError } from './types.ts';

type Writing = 'TicketCreate' | 'TicketUpdate';

export function missing(operation: Writing, what: string): OperationError {
  return new OperationError(`${operation}.MissingParameter`, `${operation}: ${what}`);
}

export function invalid(operation: Writing, what: string): OperationError {
  return new OperationError(`${operation}.InvalidParameter`, `${operation}: ${what}`);
}

/** Ids that the Ticket part names; undefined where it names none. */
export type TicketPart = {
  readonly title: string | undefined;
  readonly queueId: number | undefined;
  readonly locked: boolean | undefined;
  readonly typeId: number | undefined;
  readonly stateId: number | undefined;
  readonly priorityId: number | undefined;
  readonly ownerId: number | undefined;
  readonly responsibleId: number | undefined;
  readonly customerUser: string | undefined;
  readonly customerId: string | undefined;
  /** epoch ms */
  readonly pendingUntil: number | undefined;
};

export function checkTicket(state: State, ticket: Record<string, unknown>, operation: Writing): TicketPart {
  const create = operation === 'TicketCreate';
  const title = textOf(ticket.Title);
  if (create && !given(title)) throw missing(operation, 'Ticket->Title parameter is missing!');
  const customerUser = textOf(ticket.CustomerUser);
  if (create && !given(customerUser)) throw missing(operation, 'Ticket->CustomerUser parameter is missing!');
  // An address passes without being registered.
  const customerKnown =
    state.findCustomer(customerUser) !== undefined || /^\S+@\S+\.\S+$/.test(customerUser ?? '');
  if (given(customerUser) && !customerKnown)
    throw invalid(operation, 'Ticket->CustomerUser parameter is invalid!');

  const one = (
    key: string,
    find: (name: string) => number | undefined,
    has: (id: number) => boolean,
    required: boolean,
  ) => {
    const id = textOf(ticket[`${key}ID`]);
    const name = textOf(ticket[key]);
    if (!given(id) && !given(name)) {
      if (required) throw missing(operation, `Ticket->${key}ID or Ticket->${key} parameter is required!`);
      return undefined;
    }
    const found = given(id) ? (has(Number(id)) ? Number(id) : undefined) : find(name ?? '');
    if (found === undefined)
      throw invalid(operation, `Ticket->${key}ID or Ticket->${key} parameter is invalid!`);
    return found;
  };
  const inList = (names: readonly string[]) =>
    [
      (name: string) => (names.includes(name) ? names.indexOf(name) + 1 : undefined),
      (id: number) => id >= 1 && id <= names.length,
    ] as const;
  const user = [
    (login: string) => {
      const found = state.findUser(login);
      return found?.valid === true ? found.id : undefined;
    },
    (id: number) => state.users.get(id)?.valid === true,
  ] as const;

  const queueId = one(
    'Queue',
    (name) => state.findQueue(name)?.id,
    (id) => state.queues.has(id),
    create,
  );
  const lock = one('Lock', ...inList(['unlock', 'lock']), false);
  const typeId = one('Type', ...inList(TYPES), false);
  const stateId = one('State', ...inList(STATES.map(({ name }) => name)), create);
  const priorityId = one('Priority', ...inList(PRIORITIES), create);
  const ownerId = one('Owner', ...user, false);
  const responsibleId = one('Responsible', ...user, false);
  const pendingUntil = checkPending(state, ticket.PendingTime, operation);
  return {
    title,
    queueId,
    locked: lock === undefined ? undefined : lock === 2,
    typeId,
    stateId,
    priorityId,
    ownerId,
    responsibleId,
    customerUser,
    customerId: textOf(ticket.CustomerID),
    pendingUntil,
  };
}

function checkPending(state: State, value: unknown, operation: Writing): number | undefined {
  if (value === undefined) return undefined;
  const bad = invalid(operation, 'Ticket->PendingTime parameter is invalid!');
  if (!isRecord(value)) throw bad;
  if (given(value.Diff)) {
    const diff = Number(value.Diff);
    if (!Number.isFinite(diff)) throw bad;
    return state.clock.now() + diff * 60_000;
  }
  const [year = Number.NaN, month = Number.NaN, day = Number.NaN, hour = Number.NaN, minute = Number.NaN] = [
    'Year',
    'Month',
    'Day',
    'Hour',
    'Minute',
  ].map((key) => Number(value[key] ?? Number.NaN));
  const until = state.clock.wall(year, month, day, hour, minute);
  if (!Number.isFinite(until)) throw bad;
  return until;
}

export type ArticlePart = {
  readonly subject: string;
  readonly body: string;
  readonly html: boolean;
  readonly charset: string;
  readonly channel: string;
  readonly senderType: (typeof SENDER_TYPES)[number] | undefined;
  readonly visibleForCustomer: boolean;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly cc: string | undefined;
  readonly historyType: string | undefined;
  readonly historyComment: string | undefined;
  readonly noAgentNotify: boolean;
};

export function checkArticle(article: Record<string, unknown>, operation: Writing): ArticlePart {
  for (const needed of ['Subject', 'Body']) {
    if (!given(textOf(article[needed]))) throw missing(operation, `Article->${needed} parameter is missing!`);
  }
  const channelId = textOf(article.CommunicationChannelID);
  const channel = given(channelId)
    ? CHANNELS[Number(channelId) - 1]
    : (textOf(article.CommunicationChannel) ?? 'Internal');
  // Chat and SMS exist, but no article is made through them here.
  if (channel === undefined || !['Email', 'Internal', 'Phone'].includes(channel)) {
    throw invalid(
      operation,
      'Article->CommunicationChannel or Article->CommunicationChannelID parameter is invalid or not supported!',
    );
  }
  const senderId = textOf(article.SenderTypeID);
  const senderName = textOf(article.SenderType);
  const senderType = given(senderId)
    ? SENDER_TYPES[Number(senderId) - 1]
    : SENDER_TYPES.find((name) => name === senderName);
  if ((given(senderId) || given(senderName)) && senderType === undefined) {
    throw invalid(operation, 'Article->SenderTypeID or Article->SenderType parameter is invalid!');
  }
  const { charset, mimeType } = contentType(article, operation);
  const visible = textOf(article.IsVisibleForCustomer);
  return {
    subject: textOf(article.Subject) ?? '',
    body: textOf(article.Body) ?? '',
    html: mimeType === 'text/html',
    charset,
    channel,
    senderType,
    // The trap: without the flag the customer sees the note.
    visibleForCustomer: visible === undefined ? true : visible !== '0' && visible !== '',
    from: textOf(article.From),
    to: textOf(article.To),
    cc: textOf(article.Cc),
    historyType: textOf(article.HistoryType),
    historyComment: textOf(article.HistoryComment),
    noAgentNotify: !['0', '', undefined].includes(textOf(article.NoAgentNotify)),
  };
}

function contentType(
  article: Record<string, unknown>,
  operation: Writing,
): { charset: string; mimeType: string } {
  const whole = textOf(article.ContentType);
  if (given(whole)) {
    const mimeType = (whole ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    const charset = /charset="?([^";\s]+)"?/i.exec(whole ?? '')?.[1] ?? '';
    if (!knownCharset(charset) || !mimeType.includes('/'))
      throw invalid(operation, 'Article->ContentType is invalid!');
    return { charset, mimeType };
  }
  const mimeType = textOf(article.MimeType);
  const charset = textOf(article.Charset);
  if (!given(mimeType) && !given(charset)) {
    throw missing(
      operation,
      'Article->ContentType or Ticket->MimeType and Article->Charset parameters are required!',
    );
  }
  if (!given(charset)) throw missing(operation, 'Article->Charset is required!');
  if (!given(mimeType)) throw missing(operation, 'Article->MimeType is required!');
  if (!knownCharset(charset ?? '')) throw invalid(operation, 'Article->Charset is invalid!');
  return { charset: charset ?? '', mimeType: (mimeType ?? '').toLowerCase() };
}

function knownCharset(charset: string): boolean {
  try {
    new TextDecoder(charset);
    return true;
  } catch {
    return false;
  }
}

export type FieldPart = { readonly field: FieldDefinition; readonly value: FieldValue };

/** One object or a list; "" clears; null counts as missing. */
export function checkFields(state: State, value: unknown, operation: Writing): FieldPart[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null)
    throw invalid(operation, 'DynamicField parameter is missing or not valid!');
  return [value].flat().map((entry) => {
    if (!hasData(entry)) throw invalid(operation, 'DynamicField parameter is missing or not valid!');
    if (!given(entry.Name)) throw missing(operation, 'DynamicField->Name parameter is missing!');
    const raw = entry.Value;
    if (raw === undefined || raw === null)
      throw missing(operation, 'DynamicField->Value parameter is missing!');
    const field = state.fields.get(String(entry.Name));
    if (field === undefined) throw invalid(operation, 'DynamicField->Name parameter is invalid!');
    const fieldValue = checkFieldValue(field, raw);
    if (fieldValue === undefined) throw invalid(operation, 'DynamicField->Value parameter is invalid!');
    return { field, value: fieldValue };
  });
}

function checkFieldValue(field: FieldDefinition, raw: unknown): FieldValue | undefined {
  if (field.type === 'multiselect') {
    const keys = [raw].flat().map((key) => textOf(key) ?? '');
    return keys.every((key) => key === '' || field.values?.includes(key) === true)
      ? keys.filter((key) => key !== '')
      : undefined;
  }
  const text = textOf(raw);
  if (text === undefined) return undefined;
  if (text === '') return '';
  switch (field.type) {
    case 'dropdown':
      return field.values?.includes(text) === true ? text : undefined;
    case 'checkbox':
      return text === '0' || text === '1' ? Number(text) : undefined;
    case 'datetime':
      return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? text : undefined;
    case 'text':
      return text;
  }
}

/** Checked last of all: a probe that lacks Content proves names and rights and creates nothing. */
export function checkAttachments(value: unknown, operation: Writing): Attachment[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null)
    throw invalid(operation, 'Attachment parameter is missing or not valid!');
  return [value].flat().map((entry) => {
    if (!isRecord(entry)) throw invalid(operation, 'Attachment parameter is missing or not valid!');
    for (const needed of ['Content', 'ContentType', 'Filename']) {
      if (!given(textOf(entry[needed])))
        throw missing(operation, `Attachment->${needed} parameter is missing!`);
    }
    return {
      filename: textOf(entry.Filename) ?? '',
      contentType: textOf(entry.ContentType) ?? '',
      content: textOf(entry.Content) ?? '',
    };
  });
}
