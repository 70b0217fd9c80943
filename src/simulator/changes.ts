/** Every change of a ticket, whoever makes it: the value, its history row, Changed, and the mails to agents at the end. */
import { AgentMails } from './agent-mails.ts';
import { type ArticleInput, accounted, accountedTime, articleOf } from './article-input.ts';
import { seconds } from './clock.ts';
import {
  customerName,
  fieldName,
  moveName,
  NO_PENDING_TIME,
  newTicketName,
  ownerName,
  priorityName,
  RESET_UNLOCK_TIME,
  setName,
  stateName,
  titleName,
} from './history.ts';
import { priorityOf, stateOf, typeName } from './lookups.ts';
import type { State } from './state.ts';
import type { StoredTicket, TicketEvent } from './store.ts';
import type { FieldValue, SimulatedArticle } from './types.ts';

/** One agent's (or Znuny's own) work on one ticket, ended by `finish`. */
export class Change {
  readonly state: State;
  readonly ticket: StoredTicket;
  readonly userId: number;
  readonly at: number;
  readonly #before: StoredTicket;
  readonly mails: AgentMails;
  readonly #events: (readonly [TicketEvent, number | undefined])[] = [];

  constructor(state: State, ticket: StoredTicket, userId: number, at = state.clock.now()) {
    this.state = state;
    this.ticket = ticket;
    this.#before = { ...ticket };
    this.userId = userId;
    this.mails = new AgentMails(state, ticket, userId);
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
    if (state.sysConfig.ticketService) {
      this.row('ServiceUpdate', setName(state.services.service(ticket.serviceId), undefined));
      this.row('SLAUpdate', setName(state.services.sla(ticket.slaId), undefined));
    }
    if (state.sysConfig.ticketType) {
      this.row('TypeUpdate', `%%${typeName(ticket.typeId)}%%${ticket.typeId}`);
    }
    if (ticket.customerUser !== '')
      this.row('CustomerUpdate', customerName(ticket.customerId, ticket.customerUser));
    this.event('TicketCreate');
    this.mails.toQueue('Ticket create');
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
    this.mails.toQueue('Ticket queue update');
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
    else this.mails.toOwner('Ticket lock timeout');
  }

  setType(typeId: number): void {
    const { ticket } = this;
    if (typeId === ticket.typeId) return;
    const old = ticket.typeId;
    ticket.typeId = typeId;
    this.#touch();
    this.row('TypeUpdate', `%%${typeName(typeId)}%%${typeId}%%${typeName(old)}%%${old}`);
  }

  /** An SLA that the new service does not have goes first. */
  setService(serviceId: number): void {
    const { ticket } = this;
    const { services } = this.state;
    if (ticket.slaId !== undefined && !services.goTogether(serviceId, ticket.slaId)) this.setSla(undefined);
    if (serviceId === ticket.serviceId) return;
    const from = services.service(ticket.serviceId);
    ticket.serviceId = serviceId;
    this.#touch();
    this.row('ServiceUpdate', setName(services.service(serviceId), from));
    this.event('TicketServiceUpdate');
  }

  setSla(slaId: number | undefined): void {
    const { ticket } = this;
    if (slaId === ticket.slaId) return;
    const from = this.state.services.sla(ticket.slaId);
    ticket.slaId = slaId;
    this.#touch();
    this.row('SLAUpdate', setName(this.state.services.sla(slaId), from));
    this.event('TicketSLAUpdate');
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
    this.mails.to(owner, 'Ticket owner update');
    // ResponsibleAutoSet: whoever owns it first.
    if (this.state.sysConfig.ticketResponsible && ticket.responsibleId === 1) this.setResponsible(userId);
  }

  setResponsible(userId: number): void {
    const { ticket } = this;
    if (userId === ticket.responsibleId) return;
    const responsible = this.state.user(userId);
    ticket.responsibleId = userId;
    this.#touch();
    this.row('ResponsibleUpdate', ownerName(responsible));
    if (this.state.sysConfig.ticketResponsible) this.mails.to(responsible, 'Ticket responsible update');
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
    const article = articleOf(input, state.nextArticleId(), this.userId, this.at);
    const answered =
      ticket.articles.findLast((before) => before.senderType !== 'customer')?.senderType === 'agent';
    ticket.articles.push(article);
    this.#touch();
    this.row(rowType, rowName, article.id, this.userId, article.visibleAt);
    this.event('ArticleCreate', article.id);
    if (input.senderType === 'agent' || (input.senderType === 'customer' && answered))
      this.#resetUnlockTime();
    if (article.timeUnit > 0) {
      const all = accountedTime(ticket.articles);
      this.row(
        'TimeAccounting',
        `%%${input.timeUnit === undefined ? '' : accounted(input.timeUnit)}%%${all}`,
        article.id,
      );
    }
    if (rowType === 'AddNote' && input.noAgentNotify !== true) this.mails.toOwner('Ticket new note');
    if (rowType === 'FollowUp')
      this.mails.toOwner(`Ticket follow-up|${ticket.locked ? 'locked' : 'unlocked'}`);
    return article;
  }

  /** For the first article, which then knows it; no other row comes with it. */
  accountTime(units: number): void {
    const [first, ...others] = this.ticket.articles;
    if (first === undefined) return;
    const accounted = { ...first, timeUnit: first.timeUnit + units };
    this.ticket.articles.splice(0, this.ticket.articles.length, accounted, ...others);
    this.row('TimeAccounting', `%%${units}%%${accountedTime(this.ticket.articles)}`, first.id);
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
    for (const name of this.mails.names) this.row('SendAgentNotification', name);
    for (const [event, articleId] of this.#events) {
      for (const listener of this.state.listeners) listener(event, this.ticket, articleId, this.#before);
    }
  }
}
