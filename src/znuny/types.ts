/**
 * What the Generic Interface takes and gives, under Znuny's own names. Values that Znuny sends now as a number,
 * now as a string are coerced: ids, times and flags are numbers here; what is absent or unset is `''`, `0`, `[]`
 * or `{}`.
 */

/**
 * The operations that this client knows, by the names of Znuny's operation types. Znuny itself has no TicketDelete:
 * it works where an add-on brings it and its route is configured.
 */
export const OPERATIONS = [
  'SessionCreate',
  'SessionGet',
  'SessionRemove',
  'TicketSearch',
  'TicketGet',
  'TicketHistoryGet',
  'TicketUpdate',
  'TicketCreate',
  'TicketDelete',
] as const;

export type OperationName = (typeof OPERATIONS)[number];

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Method and path of one operation in the web service; the path may hold `:TicketID` or `:SessionID`. */
export type Route = { readonly method: HttpMethod; readonly path: string };

export type Routes = { readonly [Name in OperationName]?: Route };

/** Where the Generic Interface was found and how it is spoken to. */
export type Endpoint = {
  /** up to and including the web service, e.g. `https://znuny.example.com/otrs/nph-genericinterface.pl/Webservice/TicketTriage` */
  readonly baseUrl: string;
  /** an operation that the web service does not offer is absent */
  readonly routes: Routes;
  /** `header` as soon as one route is GET or DELETE; credentials never stand in a query string */
  readonly credentials: 'body' | 'header';
};

export type Flag = 0 | 1 | boolean;

export type { DynamicFieldSearch, TicketSearchQuery } from './search-query.ts';

type Some<T> = T | readonly T[];

export type TicketGetOptions = {
  readonly AllArticles?: Flag;
  readonly ArticleLimit?: number;
  /** ASC = oldest first, Znuny's default */
  readonly ArticleOrder?: 'ASC' | 'DESC';
  readonly ArticleSenderType?: Some<'customer' | 'agent' | 'system'>;
  readonly DynamicFields?: Flag;
  readonly Extended?: Flag;
  readonly Attachments?: Flag;
  /** 0: names and sizes without content */
  readonly GetAttachmentContents?: Flag;
  /** with `Attachments`: the original HTML as attachment `file-2` */
  readonly HTMLBodyAsAttachment?: Flag;
};

/** Minutes from now, or a wall time in the agent's zone. A pending state needs one of them, and it needs the state. */
export type PendingTime =
  | { readonly Diff: number }
  | {
      readonly Year: number;
      readonly Month: number;
      readonly Day: number;
      readonly Hour: number;
      readonly Minute: number;
    };

/** Ticket fields of TicketCreate and TicketUpdate; every field by name or by id. */
export type TicketFields = {
  readonly Title?: string;
  readonly Queue?: string;
  readonly QueueID?: number;
  readonly Lock?: string;
  readonly LockID?: number;
  readonly Type?: string;
  readonly TypeID?: number;
  readonly State?: string;
  readonly StateID?: number;
  readonly Service?: string;
  readonly ServiceID?: number;
  readonly SLA?: string;
  readonly SLAID?: number;
  readonly Priority?: string;
  readonly PriorityID?: number;
  /** in TicketCreate an owner also locks the ticket unless `Lock: 'unlock'` is sent */
  readonly Owner?: string;
  readonly OwnerID?: number;
  readonly Responsible?: string;
  readonly ResponsibleID?: number;
  /** login, or the address of an unregistered sender */
  readonly CustomerUser?: string;
  readonly CustomerID?: string;
  readonly PendingTime?: PendingTime;
};

/** An article to write. Znuny shows it to the customer by default; this client sends `IsVisibleForCustomer: 0` unless told. */
export type ArticleFields = {
  readonly Subject: string;
  readonly Body: string;
  /** default `text/plain; charset=utf8` (unless MimeType and Charset are given) */
  readonly ContentType?: string;
  readonly MimeType?: string;
  readonly Charset?: string;
  /** Internal (Znuny's default), Email, Phone … */
  readonly CommunicationChannel?: string;
  readonly CommunicationChannelID?: number;
  /** default agent */
  readonly SenderType?: 'agent' | 'customer' | 'system';
  readonly SenderTypeID?: number;
  readonly IsVisibleForCustomer?: Flag;
  /** default: the agent's name */
  readonly From?: string;
  /** TicketUpdate only: in TicketCreate Znuny writes the queue, and no Cc */
  readonly To?: string;
  readonly Cc?: string;
  readonly AutoResponseType?: string;
  readonly HistoryType?: string;
  readonly HistoryComment?: string;
  readonly TimeUnit?: number;
  /** 1: no mail to agents about this article */
  readonly NoAgentNotify?: Flag;
  readonly ForceNotificationToUserID?: readonly number[];
  readonly ExcludeNotificationToUserID?: readonly number[];
  readonly ExcludeMuteNotificationToUserID?: readonly number[];
};

/** `''` clears a field. A dropdown takes its key, a multiselect a list of keys. */
export type DynamicFieldValue = {
  readonly Name: string;
  readonly Value: string | number | readonly string[];
};

export type AttachmentInput = {
  readonly Filename: string;
  readonly ContentType: string;
  /** base64 */
  readonly Content: string;
};

type WriteParts = {
  readonly DynamicField?: readonly DynamicFieldValue[];
  /** needs an article */
  readonly Attachment?: readonly AttachmentInput[];
};

export type TicketUpdate = WriteParts & {
  readonly Ticket?: TicketFields;
  readonly Article?: Some<ArticleFields>;
} & (
    | { readonly TicketID: number; readonly TicketNumber?: never }
    | { readonly TicketNumber: string; readonly TicketID?: never }
  );

/** Znuny requires title, queue, state, priority and customer. */
export type TicketCreate = WriteParts & {
  readonly Ticket: TicketFields & { readonly Title: string; readonly CustomerUser: string };
  readonly Article: Some<ArticleFields>;
};

export type TicketWritten = {
  readonly ticketId: number;
  readonly ticketNumber: string;
  /** empty where no article was sent */
  readonly articleIds: readonly number[];
};

export type {
  DynamicFields,
  ZnunyArticle,
  ZnunyAttachment,
  ZnunyDate,
  ZnunyHistoryEntry,
  ZnunySession,
  ZnunyTicket,
} from './ticket-data.ts';
