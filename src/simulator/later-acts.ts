/** What others do to a ticket after it came in, with the rows that each act was measured to leave. */
import { Change } from './changes.ts';
import { claim } from './claim.ts';
import { FIXTURE_CUSTOMERS } from './fixture.ts';
import { priorityId, stateId, stateOf, typeId } from './lookups.ts';
import { mergeInto } from './merge.ts';
import type { User } from './store.ts';
import { lossy } from './text.ts';
import type { SimulatedTicket } from './types.ts';
import { WaysIn } from './ways-in.ts';

type Act = {
  /** login of the agent; default `anna` */
  readonly agent?: string;
  /** epoch ms; default now */
  readonly at?: number;
};

export type NoteOptions = Act & { readonly subject?: string; readonly body?: string };

export type FollowUpOptions = {
  readonly from?: string;
  readonly subject?: string;
  readonly body?: string;
  readonly at?: number;
};

export type GenericAgentJob = {
  readonly queue?: string;
  readonly priority?: string;
  readonly state?: string;
  readonly owner?: string;
  readonly service?: string;
  readonly note?: string;
  readonly at?: number;
};

export class LaterActs extends WaysIn {
  /** By the drop-down (`form` false): owner and lock stay. By the form: locked, owned, moved, unlocked by user 1. */
  agentMoves(id: number, queue: string, options: Act & { readonly form?: boolean } = {}): SimulatedTicket {
    return this.#act(id, options, (change, agent) => {
      if (options.form === true) claim(change, agent);
      change.setQueue(this.state.queue(queue).id);
    });
  }

  /** Locking makes the agent the owner. */
  agentLocks(id: number, options: Act = {}): SimulatedTicket {
    return this.#act(id, options, claim);
  }

  agentUnlocks(id: number, options: Act = {}): SimulatedTicket {
    return this.#act(id, options, (change) => change.setLock(false));
  }

  agentSetsOwner(id: number, owner: string, options: Act = {}): SimulatedTicket {
    return this.#act(id, options, (change) => {
      change.setLock(true);
      change.setOwner(this.state.user(owner).id);
    });
  }

  agentNotes(id: number, options: NoteOptions = {}): SimulatedTicket {
    return this.#act(id, options, (change, agent) => {
      note(change, agent, options.subject ?? 'Note', options.body ?? 'I have a look.');
    });
  }

  /** Opening the priority form already locks and takes the ticket. */
  agentOpensPriorityForm(id: number, options: Act = {}): SimulatedTicket {
    return this.agentLocks(id, options);
  }

  agentSetsPriority(id: number, priority: string, options: NoteOptions = {}): SimulatedTicket {
    return this.#act(id, options, (change, agent) => {
      claim(change, agent);
      change.setPriority(priorityId(priority));
      note(change, agent, options.subject ?? 'Priority', options.body ?? 'Changed the priority.');
    });
  }

  agentSetsState(id: number, state: string, options: Act = {}): SimulatedTicket {
    return this.#act(id, options, (change, agent) => {
      claim(change, agent);
      change.setState(stateId(state));
      if (stateOf(stateId(state)).type === 'closed') change.setLock(false);
    });
  }

  agentSetsType(id: number, type: string, options: Act = {}): SimulatedTicket {
    return this.#act(id, options, (change) => change.setType(typeId(type)));
  }

  agentWatches(id: number, options: Act = {}): SimulatedTicket {
    return this.#act(id, options, (change, agent) =>
      change.row('Subscribe', `%%${agent.firstName} ${agent.lastName}`),
    );
  }

  /** For the first article, outside any form. */
  agentAccountsTime(id: number, minutes: number, options: Act = {}): SimulatedTicket {
    return this.#act(id, options, (change) => change.accountTime(minutes));
  }

  agentCloses(id: number, options: Act = {}): SimulatedTicket {
    return this.agentSetsState(id, 'closed successful', options);
  }

  agentAnswers(id: number, options: NoteOptions = {}): SimulatedTicket {
    return this.#act(id, options, (change, agent) => {
      claim(change, agent);
      const to = FIXTURE_CUSTOMERS[0]?.email ?? '';
      change.addArticle(
        {
          subject: options.subject ?? `[Ticket#${change.ticket.number}] Re: ${change.ticket.title}`,
          body: options.body ?? 'We take care of it.\n',
          from: 'Znuny System <znuny@localhost>',
          to,
          senderType: 'agent',
          channel: 'Email',
          visibleForCustomer: true,
        },
        'SendAnswer',
        `%%${to}, , `,
      );
      change.setState(stateId('open'));
    });
  }

  /** `source` goes into `target`; its articles and their rows go with it. Returns the source. */
  mergeTickets(source: number, target: number, options: Act = {}): SimulatedTicket {
    const from = this.stored(source);
    const into = this.stored(target);
    const agent = this.state.user(options.agent ?? 'anna');
    mergeInto(this.state, from, into, agent, options.at);
    return this.snapshotOf(source);
  }

  /** Moves no Changed. */
  linkTickets(id: number, other: number, options: Act = {}): SimulatedTicket {
    const linked = this.stored(other);
    return this.#act(id, options, (change) =>
      change.row('TicketLinkAdd', `%%${linked.number}%%${linked.id}%%${id}`),
    );
  }

  /** Also a bounce of our own mail or an out-of-office answer: a new ticket stays new, a closed one opens. */
  followUpMail(id: number, options: FollowUpOptions = {}): SimulatedTicket {
    return this.#byZnuny(id, options.at, (change) => {
      const { ticket } = change;
      const customer =
        FIXTURE_CUSTOMERS.find(({ login }) => login === ticket.customerUser) ?? FIXTURE_CUSTOMERS[0];
      change.addArticle(
        {
          subject: lossy(options.subject ?? `Re: [Ticket#${ticket.number}] ${ticket.title}`),
          body: lossy(options.body ?? 'One more thing\n'),
          from: options.from ?? `${customer?.name} <${customer?.email}>`,
          to: 'helpdesk@example.test',
          senderType: 'customer',
          channel: 'Email',
          visibleForCustomer: true,
          messageId: `<follow.${ticket.id}.${ticket.articles.length}@kunde.example>`,
        },
        'FollowUp',
        `%%${ticket.number}%%`,
      );
      if (!['new', 'open'].includes(stateOf(ticket.stateId).type)) change.setState(stateId('open'));
    });
  }

  /** The panel's form sets the state to open. */
  followUpPanel(id: number, options: FollowUpOptions = {}): SimulatedTicket {
    return this.#byZnuny(id, options.at, (change) => {
      const customer = FIXTURE_CUSTOMERS[0];
      change.setState(stateId('open'));
      change.addArticle(
        {
          subject: lossy(options.subject ?? `Re: ${change.ticket.title}`),
          body: `\n${lossy(options.body ?? 'more')}\n\n`,
          from: options.from ?? `"${customer?.name}" <${customer?.email}>`,
          senderType: 'customer',
          channel: 'Internal',
          visibleForCustomer: true,
        },
        'FollowUp',
        '%%',
      );
    });
  }

  /** A job of the administrator's, run by the daemon, by hand or on an event: all rows by user 1. */
  genericAgent(id: number, job: GenericAgentJob): SimulatedTicket {
    return this.#byZnuny(id, job.at, (change) => {
      if (job.service !== undefined) change.setService(this.state.services.service(job.service)?.id ?? 0);
      if (job.queue !== undefined) change.setQueue(this.state.queue(job.queue).id);
      if (job.note !== undefined) {
        change.addArticle(
          {
            subject: `[Ticket#${change.ticket.number}] auto`,
            body: job.note,
            from: 'GenericAgent',
            senderType: 'agent',
            channel: 'Internal',
            visibleForCustomer: false,
            // The owner that this same job sets is the one who is told.
            noAgentNotify: true,
          },
          'AddNote',
          'Generic Agent note added.',
        );
      }
      if (job.state !== undefined) change.setState(stateId(job.state));
      if (job.priority !== undefined) change.setPriority(priorityId(job.priority));
      if (job.owner !== undefined) change.setOwner(this.state.user(job.owner).id);
      if (job.note !== undefined) change.mails.toOwner('Ticket new note');
    });
  }

  /** The first-response time ran out and the daemon looked: all readers of the queue are told. */
  escalate(id: number, at?: number): SimulatedTicket {
    return this.#byZnuny(id, at, (change) => {
      change.row('EscalationResponseTimeStart', '%%EscalationResponseTimeStart%%triggered');
      change.mails.toReaders('Ticket escalation');
    });
  }

  deleteTicket(id: number): void {
    this.state.removeTicket(this.stored(id));
  }

  #act(
    id: number,
    { agent = 'anna', at }: Act,
    work: (change: Change, agent: User) => void,
  ): SimulatedTicket {
    const user = this.state.user(agent);
    const change = new Change(this.state, this.stored(id), user.id, at);
    work(change, user);
    change.finish();
    return this.snapshotOf(id);
  }

  #byZnuny(id: number, at: number | undefined, work: (change: Change) => void): SimulatedTicket {
    const change = new Change(this.state, this.stored(id), 1, at);
    work(change);
    change.finish();
    return this.snapshotOf(id);
  }
}

function note(change: Change, agent: User, subject: string, body: string): void {
  change.addArticle(
    {
      subject: lossy(subject),
      body: `\n${lossy(body)}\n\n`,
      from: `"${agent.firstName} ${agent.lastName}" <${agent.email}>`,
      senderType: 'agent',
      channel: 'Internal',
      visibleForCustomer: false,
    },
    'AddNote',
    `%%${lossy(subject)}`,
  );
}
