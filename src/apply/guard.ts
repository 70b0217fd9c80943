import { automaticMail } from '../text/automatic.ts';
import type { HistoryEntry, LeftReason, Ticket } from '../ticket.ts';

/** The agent that mail, customer panel, Postmaster and GenericAgent work as: root@localhost. */
export const ROOT_USER_ID = 1;

/** Znuny shows a ticket before its history and its article (measured: +4 and +52 ms, large bodies seconds). */
export const MIN_AGE_MS = 5_000;
export const ARTICLE_PATIENCE_MS = 600_000;
/** a creation time comes of Znuny's Age in whole seconds: up to this much too early */
const AGE_GRAIN_MS = 1_000;

export type GuardContext = {
  /** our clock, epoch ms */
  readonly now: number;
  /** the bot's UserID (SessionGet) */
  readonly ownUserId: number;
  readonly sourceQueues: readonly string[];
  /** also their sub-queues (`Parent::Child`) */
  readonly subQueues: boolean;
  readonly states: readonly string[];
  /** logins or UserIDs of agents whose tickets are triaged however they were made */
  readonly portalUsers: readonly string[];
  /** first start minus lookback, epoch ms */
  readonly notBefore: number;
};

export type Verdict =
  | { readonly kind: 'ours' }
  | { readonly kind: 'left'; readonly reason: LeftReason; readonly detail?: string }
  | { readonly kind: 'wait'; readonly until: number };

/**
 * Is this ticket still ours to touch? Rules measured on the ways that tickets come in and on what agents,
 * jobs and filters leave in them (test/shapes): every touched ticket is left, every untouched one taken.
 */
export function guard(ticket: Ticket, context: GuardContext): Verdict {
  const first = ticket.articles[0];
  if (ticket.createdAt + AGE_GRAIN_MS <= context.notBefore) return left('before start');
  if (ticket.stateType === 'merged' || ticket.state === 'merged') return left('merged');
  if (isProcessTicket(ticket)) return left('process ticket');
  if (!isSourceQueue(ticket.queue, context)) return left('not a source queue', ticket.queue);

  const decisions = decisionsIn(ticket);
  if (decisions.some((row) => row.createBy === context.ownUserId)) return left('already triaged');
  if (!context.states.includes(ticket.state)) return left('state', ticket.state);
  if (ticket.lock !== 'unlock') return left('locked');
  if (ticket.ownerId !== ROOT_USER_ID && ticket.ownerId !== ticket.createBy) return left('owner');
  // A person before Znuny itself: a merge also leaves the other ticket's rows of user 1.
  const decided = decisions.find((row) => row.createBy !== ROOT_USER_ID) ?? decisions[0];
  if (decided) return left('someone decided', `${decided.type} by user ${decided.createBy}`);

  const age = context.now - ticket.createdAt;
  // Znuny writes an article's history row last; how a ticket came in cannot be told before that row is there.
  if (!first || !ticket.history.some((row) => row.articleId > 0)) {
    if (age >= ARTICLE_PATIENCE_MS) return left('no article');
    return { kind: 'wait', until: context.now + Math.max(MIN_AGE_MS, Math.round(age / 2)) };
  }
  if (age < MIN_AGE_MS) return { kind: 'wait', until: ticket.createdAt + MIN_AGE_MS };
  if (enteredByAgent(ticket, context)) return left('entered by an agent', `user ${ticket.createBy}`);
  const automatic = first.senderType === 'customer' ? automaticMail(first) : null;
  if (automatic) return left('automatic mail', automatic);
  return { kind: 'ours' };
}

/** Rows that somebody's decision wrote, ours included, oldest first. */
export function decisionsIn(
  ticket: Pick<Ticket, 'history' | 'articles' | 'createBy'>,
): readonly HistoryEntry[] {
  return ticket.history.filter((row) => !isHarmless(row, ticket));
}

const HARMLESS_TYPES: ReadonlySet<string> = new Set([
  'NewTicket',
  'CustomerUpdate',
  'FollowUp',
  'Misc',
  'SendAutoReply',
  'SendAutoFollowUp',
  'LoopProtection',
  'SendAgentNotification',
  'SendCustomerNotification',
  'TicketDynamicFieldUpdate',
  'TicketLinkAdd',
  'TicketLinkDelete',
  // Beside the row of the article that it is accounted for.
  'TimeAccounting',
]);

function isHarmless(row: HistoryEntry, ticket: Pick<Ticket, 'history' | 'articles' | 'createBy'>): boolean {
  if (HARMLESS_TYPES.has(row.type) || row.type.startsWith('Escalation')) return true;
  if (isBirthRow(row, ticket)) return true;
  if (row.articleId === 0) return false;
  if (row.type === 'AddNote') return articleOf(row, ticket)?.senderType === 'customer';
  // Its own row, not a later one about it: an agent's Bounce carries the id of the article that is sent on.
  return row.articleId === firstArticleId(ticket) && row === firstRowOf(row.articleId, ticket);
}

const BIRTH_TYPES: ReadonlySet<string> = new Set(['ServiceUpdate', 'SLAUpdate', 'TypeUpdate']);

/**
 * What a ticket is born with is nobody's decision. TicketCreate writes OwnerUpdate `%%login%%id` of the calling agent to
 * itself, and ResponsibleUpdate where Ticket::Responsible is on. Where Ticket::Type and Ticket::Service are on, such
 * rows follow the NewTicket of every ticket, mail too; a job that sets the first service later writes the same text.
 */
function isBirthRow(row: HistoryEntry, { createBy, history }: Pick<Ticket, 'createBy' | 'history'>): boolean {
  if (row.createBy !== createBy) return false;
  if (row.type === 'OwnerUpdate' || row.type === 'ResponsibleUpdate')
    return row.name.endsWith(`%%${createBy}`);
  if (!BIRTH_TYPES.has(row.type)) return false;
  const before = history.slice(0, history.indexOf(row));
  return (
    before.every(({ type }) => type === 'NewTicket' || BIRTH_TYPES.has(type)) &&
    before.every(({ type }) => type !== row.type)
  );
}

function firstRowOf(articleId: number, ticket: Pick<Ticket, 'history'>): HistoryEntry | undefined {
  return ticket.history.find((row) => row.articleId === articleId);
}

/** Articles are numbered in the order of their making, whichever of them were read. */
function firstArticleId(ticket: Pick<Ticket, 'articles' | 'history'>): number {
  const ids = [
    ...ticket.articles.map((article) => article.id),
    ...ticket.history.map((row) => row.articleId),
  ];
  return Math.min(...ids.filter((id) => id > 0));
}

function articleOf(row: HistoryEntry, ticket: Pick<Ticket, 'articles'>) {
  return ticket.articles.find((article) => article.id === row.articleId);
}

/** TicketCreate of the Generic Interface writes a second NewTicket row, which no agent form does. */
function enteredByAgent(ticket: Ticket, context: GuardContext): boolean {
  if (ticket.history.some((row) => row.type === 'NewTicket' && row.name.includes('GenericInterface Create')))
    return false;
  if (ticket.createBy === ROOT_USER_ID && !writtenInAgentForm(ticket)) return false;
  return !isPortalUser(ticket, context.portalUsers);
}

/** An administrator at work as root@localhost: mail and panel log no phone call, and no owner where an agent writes. */
function writtenInAgentForm({ history }: Ticket): boolean {
  const types = new Set(history.map((row) => row.type));
  if (types.has('PhoneCallCustomer') || types.has('PhoneCallAgent')) return true;
  return types.has('EmailAgent') && types.has('OwnerUpdate');
}

/** TicketGet tells the creator's id only; its login shows where it owns the ticket or made itself the owner. */
function isPortalUser(ticket: Ticket, portalUsers: readonly string[]): boolean {
  const self = ticket.history.find(
    (row) => row.type === 'OwnerUpdate' && row.name.endsWith(`%%${ticket.createBy}`),
  );
  const names = [String(ticket.createBy), self?.name.split('%%')[1]];
  if (ticket.ownerId === ticket.createBy) names.push(ticket.owner);
  return portalUsers.some((user) => names.includes(user));
}

export function isSourceQueue(
  queue: string,
  context: Pick<GuardContext, 'sourceQueues' | 'subQueues'>,
): boolean {
  return context.sourceQueues.some(
    (source) => queue === source || (context.subQueues && queue.startsWith(`${source}::`)),
  );
}

function isProcessTicket(ticket: Ticket): boolean {
  const process = ticket.dynamicFields.ProcessManagementProcessID;
  return process !== undefined && process !== '';
}

function left(reason: LeftReason, detail?: string): Verdict {
  return detail === undefined ? { kind: 'left', reason } : { kind: 'left', reason, detail };
}
