/** The stored things: what Znuny's tables hold. Times are epoch ms unless said otherwise. */
import type { Clock } from './clock.ts';
import type {
  CustomerDefinition,
  FieldDefinition,
  QueueDefinition,
  ServiceDefinition,
  UserDefinition,
} from './fixture.ts';
import type { FieldValue, HistoryRow, Right, SimulatedArticle } from './types.ts';

export type User = {
  readonly id: number;
  readonly login: string;
  password: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly title: string | null;
  readonly admin: boolean;
  valid: boolean;
  defaultRights: readonly Right[];
  readonly rights: Map<number, readonly Right[]>;
  /** queue ids whose tickets this agent is notified of */
  readonly myQueues: Set<number>;
  failedLogins: number;
  /** by login and password */
  lastLoginAt: number | undefined;
};

export type Queue = {
  readonly id: number;
  name: string;
  readonly groupId: number;
  autoReply: boolean;
  firstResponseMinutes: number;
  solutionMinutes: number;
};

export type StoredTicket = {
  readonly id: number;
  readonly number: string;
  title: string;
  queueId: number;
  priorityId: number;
  stateId: number;
  typeId: number;
  serviceId: number | undefined;
  slaId: number | undefined;
  locked: boolean;
  ownerId: number;
  responsibleId: number;
  customerId: string;
  customerUser: string;
  readonly createBy: number;
  changeBy: number;
  readonly createdAt: number;
  changedAt: number;
  /** epoch seconds */
  unlockTimeout: number;
  pendingUntil: number | undefined;
  readonly fields: Map<string, FieldValue>;
  readonly articles: SimulatedArticle[];
  readonly history: HistoryRow[];
};

export type Session = {
  readonly id: string;
  readonly user: Principal;
  readonly startedAt: number;
  /** UserRemoteAddr */
  readonly address: string;
};

/** Who asks: an agent, or a customer, for whom Znuny acts as user 1. */
export type Principal =
  | { readonly kind: 'agent'; readonly user: User }
  | { readonly kind: 'customer'; readonly customer: CustomerDefinition };

export type TicketEvent =
  | 'TicketCreate'
  | 'ArticleCreate'
  | 'TicketQueueUpdate'
  | 'TicketPriorityUpdate'
  | 'TicketStateUpdate'
  | 'TicketServiceUpdate'
  | 'TicketSLAUpdate';
/** `before`: the ticket as the change found it, Znuny's OldTicketData. */
export type EventListener = (
  event: TicketEvent,
  ticket: StoredTicket,
  articleId: number | undefined,
  before: StoredTicket,
) => void;

/** Switches of Znuny's SysConfig, all off as installed. */
export type SysConfig = {
  /** Ticket::Type: TicketCreate wants a type, and each new ticket has a row that tells it */
  readonly ticketType: boolean;
  /** Ticket::Service: each new ticket has rows that tell its service and SLA, set or not */
  readonly ticketService: boolean;
  /** Ticket::Responsible: the first owner becomes responsible as well */
  readonly ticketResponsible: boolean;
  /** Ticket::Frontend::NeedAccountedTime: no article without a time unit, be it 0 */
  readonly needAccountedTime: boolean;
};

export type StateOptions = {
  readonly clock: Clock;
  readonly users: readonly UserDefinition[];
  readonly queues: readonly QueueDefinition[];
  readonly fields: readonly FieldDefinition[];
  readonly customers: readonly CustomerDefinition[];
  readonly services: readonly ServiceDefinition[];
  readonly sysConfig: SysConfig;
  readonly sessionMaxIdleSeconds: number;
  readonly sessionCheckRemoteIp: boolean;
  readonly firstTicketId: number;
  readonly firstArticleId: number;
};
