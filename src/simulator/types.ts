/** The simulator's own words. They copy Znuny's names and import nothing of ours, so that a mistake of the client is not mirrored. */

export type OperationName =
  | 'SessionCreate'
  | 'SessionGet'
  | 'SessionRemove'
  | 'TicketSearch'
  | 'TicketGet'
  | 'TicketCreate'
  | 'TicketUpdate'
  | 'TicketHistoryGet'
  | AddOn;

/** What Znuny itself has not: operations that an add-on brings. */
export type AddOn = 'TicketDelete';

export type Right = 'ro' | 'move_into' | 'create' | 'note' | 'owner' | 'priority' | 'rw';

/** What a request carries after query, route, headers and body were put together. */
export type RequestData = Readonly<Record<string, unknown>>;

export type FieldValue = string | number | readonly string[];

export type Attachment = {
  readonly filename: string;
  readonly contentType: string;
  readonly content: string;
};

export type HistoryRow = {
  readonly type: string;
  readonly name: string;
  readonly articleId: number;
  readonly createBy: number;
  /** epoch ms */
  readonly createdAt: number;
  readonly queueId: number;
  readonly priorityId: number;
  readonly stateId: number;
  readonly ownerId: number;
  readonly typeId: number;
  /** epoch ms from which readers see the row: Znuny shows the ticket before its history and article */
  readonly visibleAt: number;
};

export type SimulatedArticle = {
  readonly id: number;
  readonly subject: string;
  readonly body: string;
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  readonly senderType: 'agent' | 'system' | 'customer';
  readonly channel: string;
  readonly visibleForCustomer: boolean;
  readonly charset: string;
  readonly messageId: string;
  readonly inReplyTo: string;
  readonly createBy: number;
  readonly createdAt: number;
  readonly visibleAt: number;
  /** accounted with it; 0 where none was */
  readonly timeUnit: number;
  readonly attachments: readonly Attachment[];
  /** the original HTML where the article was HTML */
  readonly html: string | undefined;
  readonly fields: Readonly<Record<string, FieldValue>>;
};

/** A ticket as it stands now: a snapshot with names beside the ids. Times are epoch ms. */
export type SimulatedTicket = {
  readonly id: number;
  readonly number: string;
  readonly title: string;
  readonly queue: string;
  readonly queueId: number;
  readonly priority: string;
  readonly priorityId: number;
  readonly state: string;
  readonly stateType: string;
  readonly type: string;
  /** empty where none is set */
  readonly service: string;
  readonly sla: string;
  readonly lock: 'lock' | 'unlock';
  readonly owner: string;
  readonly ownerId: number;
  readonly responsibleId: number;
  readonly customerId: string;
  readonly customerUser: string;
  readonly createBy: number;
  readonly changeBy: number;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly pendingUntil: number | undefined;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly articles: readonly SimulatedArticle[];
  readonly history: readonly HistoryRow[];
};

/** One request as it was answered. `status` 0: the client got no answer. */
export type SimulatorCall = {
  readonly operation: OperationName | undefined;
  readonly method: string;
  readonly path: string;
  /** epoch ms of the arrival, by the simulator's clock */
  readonly at: number;
  readonly ticketIds: readonly number[];
  readonly user: string | undefined;
  /** the request's parameters, without Password and SessionID */
  readonly data: RequestData;
  status: number;
  errorCode: string | undefined;
  /** kind of the fault that hit this call */
  fault: string | undefined;
};

/** An operation's refusal: HTTP 200 with an `Error` object. */
export class OperationError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** An operation that died half way: HTTP 500 with a faultstring. What was written before stays. */
export class OperationDied extends Error {}
