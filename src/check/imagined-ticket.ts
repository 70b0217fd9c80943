import { ROOT_USER_ID } from '../apply/guard.ts';
import type { Ticket } from '../ticket.ts';

export type ImaginedTicket = {
  readonly subject: string;
  readonly body: string;
  readonly queue: string;
  readonly priority: string;
  /** of the mail; empty = unknown */
  readonly from: string;
  /** epoch ms */
  readonly now: number;
};

/** A new mail that exists nowhere, for `explain --subject` and `routing.tests`. Its id is 0. */
export function imaginedTicket({ subject, body, queue, priority, from, now }: ImaginedTicket): Ticket {
  const address = /<([^>]+)>/.exec(from)?.[1] ?? from.trim();
  return {
    id: 0,
    number: '',
    title: subject,
    queue,
    queueId: 0,
    priority,
    state: 'new',
    stateType: 'new',
    lock: 'unlock',
    type: '',
    service: '',
    sla: '',
    owner: '',
    ownerId: ROOT_USER_ID,
    responsible: '',
    responsibleId: ROOT_USER_ID,
    createBy: ROOT_USER_ID,
    changeBy: ROOT_USER_ID,
    created: '',
    changed: '',
    createdAt: now,
    readAt: now,
    customerUser: address,
    customerId: address,
    dynamicFields: {},
    articles: [
      {
        id: 0,
        senderType: 'customer',
        channel: 'Email',
        from,
        subject,
        body,
        createBy: ROOT_USER_ID,
        visibleForCustomer: true,
        incomingTime: Math.floor(now / 1_000),
      },
    ],
    history: [],
  };
}
