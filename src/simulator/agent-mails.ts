/** The mails to agents that one change causes, as the names of their history rows. */
import { notificationName } from './history.ts';
import { hasQueueRight } from './rights.ts';
import type { State } from './state.ts';
import type { StoredTicket, User } from './store.ts';

export class AgentMails {
  readonly #state: State;
  readonly #ticket: StoredTicket;
  readonly #userId: number;
  readonly #names: string[] = [];

  constructor(state: State, ticket: StoredTicket, userId: number) {
    this.#state = state;
    this.#ticket = ticket;
    this.#userId = userId;
  }

  /** In the order in which they go out. */
  get names(): readonly string[] {
    // The follow-up notification's name goes on after the word "notification".
    return this.#names.map((name) => name.replace(/\|(\w+) notification/, ' notification ($1)'));
  }

  /** Znuny mails neither user 1 nor the one who acts. */
  to(user: User | undefined, notification: string): void {
    if (user === undefined || !user.valid || user.id === 1 || user.id === this.#userId) return;
    this.#names.push(notificationName(notification, user.login));
  }

  /** Whoever has the queue in My Queues. */
  toQueue(notification: string): void {
    for (const user of this.#state.users.values()) {
      if (user.myQueues.has(this.#ticket.queueId)) this.to(user, notification);
    }
  }

  toOwner(notification: string): void {
    this.to(this.#state.users.get(this.#ticket.ownerId), notification);
  }

  toReaders(notification: string): void {
    for (const user of this.#state.users.values()) {
      if (hasQueueRight(user, this.#ticket.queueId, 'ro')) this.to(user, notification);
    }
  }
}
