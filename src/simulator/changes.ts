/** Every change of a ticket, whoever makes it: the value, its history row, Changed, and the mails to agents at the end. */
import { seconds } from './clock.ts';
import {
  customerName,
  fieldName,
  moveName,
  NO_PENDING_TIME,
  newTicketName,
  notificationName,
  ownerName,
  priorityName,
  RESET_UNLOCK_TIME,
  stateName,
  titleName,
} from './history.ts';
import { priorityOf, stateOf } from './lookups.ts';
import { hasQueueRight } from './rights.ts';
import type { State } from './state.ts';
import type { StoredTicket, TicketEvent, User } from './store.ts';
import type { Attachment, FieldValue, SimulatedArticle } from './types.ts';

export type ArticleInput = {
  readonly subject: string;
  readonly body: string;
  readonly from: string;
  readonly to?: string;
  readonly cc?: string;
  readonly senderType: SimulatedArticle['senderType'];
  readonly channel: string;
  readonly visibleForCustomer: boolean;
  readonly charset?: string;
  readonly messageId?: string;
  readonly inReplyTo?: string;
  readonly attachments?: readonly Attachment[];
  readonly html?: string;
  readonly fields?: Readonly<Record<string, FieldValue>>;
  readonly noAgentNotify?: boolean;
  /** ms after the change at which readers see article and row */
  readonly delayMs?: number;
};

/** One agent's (or Znuny's own) work on one ticket, ended by `finish`. */
export class Change {
  readonly state: State;
  readonly ticket: StoredTicket;
  readonly userId: number;
  readonly at: number;
  readonly #before: StoredTicket;
  readonly #notifications: string[] = [];
  readonly #events: (readonly [TicketEvent, number | undefined])[] = [];

  constructor(state: State, ticket: StoredTicket, userId: number, at = state.clock.now()) {
    this.state = state;
    this.ticket = ticket;
    this.#before = { ...ticket };
    this.userId = userId;
    this.at = seconds(at) * 1000;
  }

  row(type: string, name: string, articleId = 0, createBy = this.userId, visibleAt = 0): void {
    const { ticket } = this;
    ticket.history.push({
      type,
      name,
      articleId,
      createBy,
      createdAt: this.at,
      queueId: ticket.queueId,
      priorityId: ticket.priorityId,
      stateId: ticket.stateId,
      ownerId: ticket.ownerId,
      typeId: ticket.typeId,
      visibleAt,
    });
  }

  #touch(): void {
    this.ticket.changedAt = this.at;
    this.ticket.changeBy = this.userId;
  }

  event(event: TicketEvent, articleId?: number): void {
    this.#events.push([event, articleId]);
  }

  created(): void {
    const { ticket, state } = this;
    const queue = state.queue(ticket.queueId).name;
    const born = newTicketName(
      ticket.number,
      queue,
      priorityOf(ticket.priorityId).name,
      stateOf(ticket.stateId).name,
      ticket.id,
    );
    this.row('NewTicket', born);
    if (ticket.customerUser !== '')
      this.row('CustomerUpdate', customerName(ticket.customerId, ticket.customerUser));
    this.event('TicketCreate');
    this.#notifyQueue('Ticket create');
  }

  #notify(notification: string, user: User | undefined): void {
    // Znuny mails neither user 1 nor the one who acts.
    if (user === undefined || !user.valid || user.id === 1 || user.id === this.userId) return;
    this.#notifications.push(notificationName(notification, user.login));
  }

  #notifyQueue(notification: string): void {
    for (const user of this.state.users.values()) {
      if (user.myQueues.has(this.ticket.queueId)) this.#notify(notification, user);
    }
  }

  notifyOwner(notification: string): void {
    this.#notify(notification, this.state.users.get(this.ticket.ownerId));
  }

  notifyReaders(notification: string): void {
    for (const user of this.state.users.values()) {
      if (hasQueueRight(user, this.ticket.queueId, 'ro')) this.#notify(notification, user);
    }
  }

  setTitle(title: string): void {
    if (title === this.ticket.title) return;
    this.row('TitleUpdate', titleName(this.ticket.title, title));
    this.ticket.title = title;
    this.#touch();
  }

  setQueue(queueId: number): void {
    const { ticket, state } = this;
    if (queueId === ticket.queueId) return;
    const from = state.queue(ticket.queueId);
    const to = state.queue(queueId);
    state.moveTicket(ticket, queueId);
    this.#touch();
    this.row('Move', moveName(to, from));
    this.event('TicketQueueUpdate');
    this.#notifyQueue('Ticket queue update');
    // ForceUnlockOnMove: an event of user 1, without the usual mail.
    if (ticket.locked) {
      ticket.locked = false;
      this.row('Unlock', '%%unlock', 0, 1);
    }
  }

  setLock(locked: boolean): void {
    const { ticket } = this;
    if (locked === ticket.locked) return;
    ticket.locked = locked;
    this.#touch();
    this.row(locked ? 'Lock' : 'Unlock', locked ? '%%lock' : '%%unlock');
    if (locked) this.#resetUnlockTime();
    else this.notifyOwner('Ticket lock timeout');
  }

  setType(typeId: number, name: (id: number) => string): void {
    const { ticket } = this;
    if (typeId === ticket.typeId) return;
    const old = ticket.typeId;
    ticket.typeId = typeId;
    this.#touch();
    this.row('TypeUpdate', `%%${name(typeId)}%%${typeId}%%${name(old)}%%${old}`);
  }

  setState(stateId: number): void {
    const { ticket } = this;
    if (stateId === ticket.stateId) return;
    const from = stateOf(ticket.stateId);
    const to = stateOf(stateId);
    ticket.stateId = stateId;
    this.#touch();
    this.row('StateUpdate', stateName(from.name, to.name));
    this.event('TicketStateUpdate');
    if (!to.type.startsWith('pending')) {
      ticket.pendingUntil = undefined;
      this.row('SetPendingTime', NO_PENDING_TIME);
    }
  }

  setPendingTime(until: number): void {
    this.ticket.pendingUntil = until;
    this.#touch();
    this.row('SetPendingTime', `%%${this.state.clock.text(until).slice(0, 16)}`);
  }

  setPriority(priorityId: number): void {
    const { ticket } = this;
    if (priorityId === ticket.priorityId) return;
    const from = priorityOf(ticket.priorityId);
    ticket.priorityId = priorityId;
    this.#touch();
    this.row('PriorityUpdate', priorityName(from, priorityOf(priorityId)));
    this.event('TicketPriorityUpdate');
  }

  setOwner(userId: number): void {
    const { ticket } = this;
    if (userId === ticket.ownerId) return;
    const owner = this.state.user(userId);
    ticket.ownerId = userId;
    this.#touch();
    this.row('OwnerUpdate', ownerName(owner));
    this.#notify('Ticket owner update', owner);
  }

  setResponsible(userId: number): void {
    const { ticket } = this;
    if (userId === ticket.responsibleId) return;
    const responsible = this.state.user(userId);
    ticket.responsibleId = userId;
    this.#touch();
    this.row('ResponsibleUpdate', ownerName(responsible));
  }

  setCustomer(customerId: string, customerUser: string): void {
    const { ticket } = this;
    if (customerId === ticket.customerId && customerUser === ticket.customerUser) return;
    ticket.customerId = customerId;
    ticket.customerUser = customerUser;
    this.#touch();
    this.row('CustomerUpdate', customerName(customerId, customerUser));
  }

  setField(name: string, value: FieldValue): void {
    const { fields } = this.ticket;
    const old = fields.get(name);
    const text = (of: FieldValue | undefined) =>
      Array.isArray(of) ? of.join(', ') : of === undefined ? '' : String(of);
    if (text(old) === text(value)) return;
    if (text(value) === '') fields.delete(name);
    else fields.set(name, value);
    this.#touch();
    this.row('TicketDynamicFieldUpdate', fieldName(name, text(value), text(old)));
  }

  addArticle(input: ArticleInput, rowType: string, rowName: string): SimulatedArticle {
    const { state, ticket } = this;
    const visibleAt = input.delayMs === undefined ? 0 : this.at + input.delayMs;
    const article: SimulatedArticle = {
      id: state.nextArticleId(),
      subject: input.subject,
      body: input.body,
      from: input.from,
      to: input.to ?? '',
      cc: input.cc ?? '',
      senderType: input.senderType,
      channel: input.channel,
      visibleForCustomer: input.visibleForCustomer,
      charset: input.charset ?? 'utf-8',
      messageId: input.messageId ?? '',
      inReplyTo: input.inReplyTo ?? '',
      createBy: this.userId,
      createdAt: this.at,
      visibleAt,
      attachments: input.attachments ?? [],
      html: input.html,
      fields: input.fields ?? {},
    };
    const answered =
      ticket.articles.findLast((before) => before.senderType !== 'customer')?.senderType === 'agent';
    ticket.articles.push(article);
    this.#touch();
    this.row(rowType, rowName, article.id, this.userId, visibleAt);
    this.event('ArticleCreate', article.id);
    if (input.senderType === 'agent' || (input.senderType === 'customer' && answered))
      this.#resetUnlockTime();
    if (rowType === 'AddNote' && input.noAgentNotify !== true) this.notifyOwner('Ticket new note');
    if (rowType === 'FollowUp') this.notifyOwner(`Ticket follow-up|${ticket.locked ? 'locked' : 'unlocked'}`);
    return article;
  }

  /** Only where the second differs: two notes within one second give one row. */
  #resetUnlockTime(): void {
    const timeout = seconds(this.at);
    if (this.ticket.unlockTimeout === timeout) return;
    this.ticket.unlockTimeout = timeout;
    this.row('Misc', RESET_UNLOCK_TIME);
  }

  /** Znuny's mails and web-service events come after the request's own work. */
  finish(): void {
    for (const name of this.#notifications) {
      // The follow-up notification's name goes on after the word "notification".
      this.row('SendAgentNotification', name.replace(/\|(\w+) notification/, ' notification ($1)'));
    }
    for (const [event, articleId] of this.#events) {
      for (const listener of this.state.listeners) listener(event, this.ticket, articleId, this.#before);
    }
  }
}
