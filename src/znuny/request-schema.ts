import type {
  ArticleFields,
  AttachmentInput,
  DynamicFieldSearch,
  DynamicFieldValue,
  TicketFields,
  TicketGetOptions,
  TicketSearchQuery,
} from './types.ts';

/** What a value must be: told in a sentence, and tested. */
export type Rule = { readonly must: string; readonly holds: (value: unknown) => boolean };
export type Rules = Readonly<Record<string, Rule>>;

/** Each key of a request type once: a new key in a type without a line here does not compile. */
type RulesOf<T> = { readonly [Key in keyof T]-?: Rule };

const isText = (value: unknown) => typeof value === 'string';
const isName = (value: unknown) => typeof value === 'string' && value.trim() !== '';
const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
const isWhole =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (value: unknown) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;
/** Scripts take ids out of Znuny's answers, which hold them now as numbers, now as texts. */
const isId = (value: unknown) => isWhole(1)(value) || (isText(value) && /^[1-9]\d*$/.test(String(value)));
const oneOf =
  (...values: readonly unknown[]) =>
  (value: unknown) =>
    values.includes(value);
const listOf = (holds: Rule['holds']) => (value: unknown) => Array.isArray(value) && value.every(holds);

const text: Rule = { must: 'a text', holds: isText };
const name: Rule = { must: 'a text that is not empty', holds: isName };
const number: Rule = { must: 'a number', holds: isNumber };
const count: Rule = { must: 'a whole number above 0', holds: isWhole(1) };
const id: Rule = { must: 'an id, a whole number above 0', holds: isId };
const idList: Rule = { must: 'a list of ids', holds: listOf(isId) };
const flag: Rule = { must: '0 or 1', holds: oneOf(0, 1, '0', '1', true, false) };
const value: Rule = { must: 'a text or a number', holds: (given) => isName(given) || isNumber(given) };
const choice = (...values: readonly string[]): Rule => ({
  must: values.join(' or '),
  holds: oneOf(...values),
});

/** One or several. An empty list and an empty text are no filter to Znuny: it would answer with everything. */
const some = ({ must, holds }: Rule): Rule => ({
  must: `${must}, or a list of such that is not empty (Znuny would not filter by it at all)`,
  holds: (given) => holds(given) || (Array.isArray(given) && given.length > 0 && given.every(holds)),
});
const names = some(name);
const ids = some(id);

const wallTime: Rule = {
  must: "a time like 2026-11-24 08:00:00 in Znuny's time zone (Znuny would find nothing)",
  holds: (given) => isText(given) && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(String(given)),
};

const CALENDAR: Readonly<Record<string, Rule['holds']>> = {
  Year: isWhole(1970),
  Month: isWhole(1, 12),
  Day: isWhole(1, 31),
  Hour: isWhole(0, 23),
  Minute: isWhole(0, 59),
};

const pendingTime: Rule = {
  must: '{"Diff": minutes} or {"Year", "Month", "Day", "Hour", "Minute"}',
  holds: (given) => {
    if (typeof given !== 'object' || given === null) return false;
    const entries = new Map<string, unknown>(Object.entries(given));
    if (entries.has('Diff')) return entries.size === 1 && isWhole(0)(entries.get('Diff'));
    const keys = Object.entries(CALENDAR);
    return entries.size === keys.length && keys.every(([key, holds]) => holds(entries.get(key)));
  },
};

export const ticketFields = {
  Title: text,
  Queue: name,
  QueueID: id,
  Lock: name,
  LockID: id,
  Type: name,
  TypeID: id,
  State: name,
  StateID: id,
  Service: text,
  ServiceID: id,
  SLA: text,
  SLAID: id,
  Priority: name,
  PriorityID: id,
  Owner: name,
  OwnerID: id,
  Responsible: name,
  ResponsibleID: id,
  CustomerUser: text,
  CustomerID: text,
  PendingTime: pendingTime,
} satisfies RulesOf<TicketFields>;

export const articleFields = {
  Subject: text,
  Body: text,
  ContentType: name,
  MimeType: name,
  Charset: name,
  CommunicationChannel: name,
  CommunicationChannelID: id,
  SenderType: choice('agent', 'customer', 'system'),
  SenderTypeID: id,
  IsVisibleForCustomer: flag,
  From: text,
  To: text,
  Cc: text,
  AutoResponseType: text,
  HistoryType: name,
  HistoryComment: text,
  TimeUnit: number,
  NoAgentNotify: flag,
  ForceNotificationToUserID: idList,
  ExcludeNotificationToUserID: idList,
  ExcludeMuteNotificationToUserID: idList,
} satisfies RulesOf<ArticleFields>;

export const dynamicField = {
  Name: name,
  Value: {
    must: 'a text, a number or a list of texts ("" clears the field)',
    holds: (given: unknown) => isText(given) || isNumber(given) || listOf(isText)(given),
  },
} satisfies RulesOf<DynamicFieldValue>;

/** Base64 is looked at, since Znuny would store what it makes of anything else. */
export const attachment = {
  Filename: name,
  ContentType: name,
  Content: {
    must: 'base64',
    holds: (given: unknown) => isText(given) && /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(String(given)),
  },
} satisfies RulesOf<AttachmentInput>;

export const getOptions = {
  AllArticles: flag,
  ArticleLimit: count,
  ArticleOrder: choice('ASC', 'DESC'),
  ArticleSenderType: some(choice('customer', 'agent', 'system')),
  DynamicFields: flag,
  Extended: flag,
  Attachments: flag,
  GetAttachmentContents: flag,
  HTMLBodyAsAttachment: flag,
} satisfies RulesOf<TicketGetOptions>;

export const dynamicFieldSearch = {
  Empty: flag,
  Equals: some(value),
  Like: names,
  GreaterThan: value,
  GreaterThanEquals: value,
  SmallerThan: value,
  SmallerThanEquals: value,
} satisfies RulesOf<DynamicFieldSearch>;

const TIMES = [
  'TicketCreateTime',
  'TicketChangeTime',
  'TicketLastChangeTime',
  'TicketCloseTime',
  'TicketPendingTime',
  'TicketEscalationTime',
  'TicketEscalationUpdateTime',
  'TicketEscalationResponseTime',
  'TicketEscalationSolutionTime',
  'ArticleCreateTime',
] as const;
type TimeKey = `${(typeof TIMES)[number]}${'Newer' | 'Older'}${'Minutes' | 'Date'}`;

const times: Rules = Object.fromEntries(
  TIMES.flatMap((time) =>
    ['Newer', 'Older'].flatMap((bound): [string, Rule][] => [
      [`${time}${bound}Minutes`, number],
      [`${time}${bound}Date`, wallTime],
    ]),
  ),
);

const SORTS: ReadonlySet<unknown> = new Set([
  ...['Age', 'Created', 'Changed', 'TicketNumber', 'Ticket', 'Title', 'Type', 'Queue', 'State', 'Priority'],
  ...['Owner', 'Responsible', 'CustomerID', 'Lock', 'Service', 'SLA', 'PendingTime', 'EscalationTime'],
  ...['EscalationUpdateTime', 'EscalationResponseTime', 'EscalationSolutionTime'],
]);
const sort: Rule = {
  must: 'a sort key that Znuny knows (Age, TicketNumber, Changed, DynamicField_X …)',
  holds: (given) => SORTS.has(given) || /^DynamicField_[A-Za-z\d]+$/.test(String(given)),
};

type NamedSearchKey = Exclude<keyof TicketSearchQuery, TimeKey | `DynamicField_${string}`>;

/** Without dynamic fields, which are checked one by one. */
export const searchQuery = {
  ...({
    TicketID: ids,
    TicketNumber: names,
    Title: names,
    Queues: names,
    QueueIDs: ids,
    UseSubQueues: flag,
    States: names,
    StateIDs: ids,
    StateType: names,
    StateTypeIDs: ids,
    Types: names,
    TypeIDs: ids,
    Priorities: names,
    PriorityIDs: ids,
    Services: names,
    ServiceIDs: ids,
    SLAs: names,
    SLAIDs: ids,
    Locks: names,
    LockIDs: ids,
    OwnerIDs: ids,
    ResponsibleIDs: ids,
    WatchUserIDs: ids,
    CustomerID: names,
    CustomerUserLogin: names,
    CreatedUserIDs: ids,
    CreatedTypes: names,
    CreatedTypeIDs: ids,
    CreatedPriorities: names,
    CreatedPriorityIDs: ids,
    CreatedStates: names,
    CreatedStateIDs: ids,
    CreatedQueues: names,
    CreatedQueueIDs: ids,
    MIMEBase_From: name,
    MIMEBase_To: name,
    MIMEBase_Cc: name,
    MIMEBase_Subject: name,
    MIMEBase_Body: name,
    MIMEBase_AttachmentName: name,
    FullTextIndex: flag,
    ContentSearch: choice('AND', 'OR'),
    SearchInArchive: choice('AllTickets', 'ArchivedTickets'),
    Limit: count,
    SortBy: some(sort),
    OrderBy: some(choice('Up', 'Down')),
  } satisfies RulesOf<{ [Key in NamedSearchKey]: unknown }>),
  ...times,
};
