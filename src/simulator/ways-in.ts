/** How tickets come in: each way leaves the owner, lock, state and history rows that Znuny was measured to leave. */
import type { ArticleInput } from './article-input.ts';
import { Change } from './changes.ts';
import { type CustomerDefinition, FIXTURE_CUSTOMERS } from './fixture.ts';
import { Instance, snapshot } from './instance.ts';
import { priorityId, stateId, typeId } from './lookups.ts';
import { createAsPortal } from './portal.ts';
import type { StoredTicket } from './store.ts';
import { htmlToText, lossy } from './text.ts';
import type { SimulatedTicket } from './types.ts';
import type {
  AgentTicketOptions,
  MailOptions,
  PanelOptions,
  PortalOptions,
  TicketOptions,
} from './ways-in-options.ts';

const DEFAULT_CUSTOMER = FIXTURE_CUSTOMERS[0];

export class WaysIn extends Instance {
  #mails = 0;

  /** By the Postmaster: also where an address dispatched it or a filter set queue, priority and state at birth. */
  receiveMail(options: MailOptions): SimulatedTicket {
    const from = options.from ?? `${DEFAULT_CUSTOMER?.name} <${DEFAULT_CUSTOMER?.email}>`;
    const address = /<([^>]+)>/.exec(from)?.[1] ?? from.replace(/\s*\(.*\)$/, '');
    const { ticket, change } = this.#create(options, 1, 'Raw', 'new', this.#customer(address), {
      ownerId: options.owner === undefined ? 1 : this.state.user(options.owner).id,
      locked: options.lock ?? false,
    });
    const messageId = options.messageId ?? `<${++this.#mails}.${ticket.id}@kunde.example>`;
    const article: ArticleInput = {
      ...formless(options),
      ...(options.html === undefined
        ? {}
        : { body: lossy(htmlToText(options.html)), html: options.html, charset: '' }),
      from,
      to: options.to ?? 'helpdesk@example.test',
      cc: options.cc ?? '',
      senderType: options.senderType ?? 'customer',
      channel: 'Email',
      visibleForCustomer: true,
      messageId,
      attachments: options.attachments ?? [],
    };
    if (options.noArticle !== true) {
      change.addArticle(article, 'EmailCustomer', '%%');
      if (this.state.queue(ticket.queueId).autoReply)
        autoReply(change, ticket, from, messageId, options.automatic === true);
    }
    change.finish();
    return snapshot(this.state, ticket);
  }

  receiveOutOfOffice(options: Partial<MailOptions> = {}): SimulatedTicket {
    return this.receiveMail({
      subject: 'Out of Office: Re: Your order',
      body: 'I am out of office until Monday.\n',
      from: 'Sam Away <sam.away@kunde.example>',
      automatic: true,
      ...options,
    });
  }

  /** A MAILER-DAEMON's report that belongs to no ticket. */
  receiveBounce(options: Partial<MailOptions> = {}): SimulatedTicket {
    return this.receiveMail({
      subject: 'Undelivered Mail Returned to Sender',
      body: 'This is the mail system at host mx.kunde.example.\nYour message could not be delivered.\n',
      from: 'MAILER-DAEMON@mx.kunde.example (Mail Delivery System)',
      to: 'znuny@localhost',
      queue: 'Postmaster',
      automatic: true,
      ...options,
    });
  }

  customerPanelTicket(options: PanelOptions): SimulatedTicket {
    const customer = this.#customer(options.customer);
    const { ticket, change } = this.#create(options, 1, 'Raw', 'new', customer);
    this.#article(change, options, 'WebRequestCustomer', {
      from: `"${customer.name}" <${customer.email}>`,
      senderType: 'customer',
      channel: 'Internal',
    });
    change.finish();
    return snapshot(this.state, ticket);
  }

  /** The form's own state is open. */
  phoneTicket(options: AgentTicketOptions): SimulatedTicket {
    return this.#agentTicket(options, 'PhoneCallCustomer', '%%', 'customer', 'Phone');
  }

  agentEmailTicket(options: AgentTicketOptions): SimulatedTicket {
    const customer = this.#customer(options.customer);
    return this.#agentTicket(
      options,
      'EmailAgent',
      `%%"${customer.name}" <${customer.email}>, , `,
      'agent',
      'Email',
    );
  }

  #agentTicket(
    options: AgentTicketOptions,
    rowType: string,
    rowName: string,
    senderType: 'agent' | 'customer',
    channel: 'Email' | 'Phone',
  ): SimulatedTicket {
    const agent = this.state.user(options.agent ?? 'anna');
    const customer = this.#customer(options.customer);
    const { ticket, change } = this.#create(options, agent.id, 'Raw', 'open', customer);
    const contact = `"${customer.name}" <${customer.email}>`;
    const mail = senderType === 'agent';
    this.#article(change, options, rowType, {
      rowName,
      from: mail ? 'Znuny System <znuny@localhost>' : contact,
      ...(mail
        ? {
            to: contact,
            subject: `[Ticket#${ticket.number}] ${options.subject}`,
            messageId: `<${ticket.id}@localhost>`,
          }
        : {}),
      senderType,
      channel,
    });
    change.setOwner(options.owner === undefined ? agent.id : this.state.user(options.owner).id);
    if (options.owner !== undefined) change.setLock(true);
    change.finish();
    return snapshot(this.state, ticket);
  }

  /** The real TicketCreate, called as a portal or a monitoring system calls it. */
  portalTicket(options: PortalOptions): SimulatedTicket {
    const answer = createAsPortal(this.state, options);
    const id =
      typeof answer === 'object' && answer !== null && 'TicketID' in answer ? Number(answer.TicketID) : 0;
    return this.snapshotOf(id);
  }

  /** A process ticket that an agent started: pending, no article, the process in its dynamic fields. */
  processTicket(options: Omit<AgentTicketOptions, 'owner'>): SimulatedTicket {
    const agent = this.state.user(options.agent ?? 'anna');
    const { ticket, change } = this.#create(
      { ...options, fields: {} },
      agent.id,
      'Raw',
      'new',
      this.#customer(options.customer),
    );
    const fields = {
      ProcessManagementProcessID: 'Process-9690ae9ae455d8614d570149b8ab1199',
      ProcessManagementActivityID: 'Activity-a08ed90f8af907db4f6949637607274c',
      ...options.fields,
    };
    for (const [name, value] of Object.entries(fields)) change.setField(name, value);
    change.setState(stateId('pending reminder'));
    change.setPendingTime(change.at + 86_400_000);
    change.finish();
    return snapshot(this.state, ticket);
  }

  #customer(loginOrAddress: string = DEFAULT_CUSTOMER?.login ?? ''): CustomerDefinition {
    const known = this.state.findCustomer(loginOrAddress);
    // Whoever is not registered is his own customer.
    return (
      known ?? {
        login: loginOrAddress,
        name: loginOrAddress,
        email: loginOrAddress,
        customerId: loginOrAddress,
      }
    );
  }

  #create(
    options: TicketOptions,
    userId: number,
    queue: string,
    state: string,
    customer: CustomerDefinition,
    extra: { readonly ownerId?: number; readonly locked?: boolean } = {},
  ): { ticket: StoredTicket; change: Change } {
    const at = options.createdAt ?? this.state.clock.now();
    const ticket = this.state.insertTicket({
      title: lossy(options.subject).slice(0, 255),
      queueId: this.state.queue(options.queue ?? queue).id,
      priorityId: priorityId(options.priority ?? '3 normal'),
      stateId: stateId(options.state ?? state),
      typeId: typeId(options.type ?? 'Unclassified'),
      serviceId: this.state.services.service(options.service)?.id,
      slaId: this.state.services.sla(options.sla)?.id,
      customerId: customer.customerId,
      customerUser: customer.login,
      createBy: userId,
      at,
      ...extra,
    });
    const change = new Change(this.state, ticket, userId, at);
    change.created();
    for (const [name, value] of Object.entries(options.fields ?? {})) change.setField(name, value);
    return { ticket, change };
  }

  /** Of a form: its editor puts blank lines around the text. */
  #article(
    change: Change,
    options: TicketOptions,
    rowType: string,
    article: Pick<ArticleInput, 'from' | 'senderType' | 'channel'> &
      Partial<ArticleInput> & { readonly rowName?: string },
  ): void {
    if (options.noArticle === true) return;
    const { rowName = '%%', ...rest } = article;
    const to = this.state.queue(change.ticket.queueId).name;
    const text = formless(options);
    change.addArticle(
      { ...text, body: `\n${text.body}\n\n`, to, visibleForCustomer: true, ...rest },
      rowType,
      rowName,
    );
  }
}

function formless(options: TicketOptions): { subject: string; body: string; delayMs?: number } {
  return {
    subject: lossy(options.subject),
    body: lossy(options.body ?? ''),
    ...(options.articleDelayMs === undefined ? {} : { delayMs: options.articleDelayMs }),
  };
}

function autoReply(
  change: Change,
  ticket: StoredTicket,
  from: string,
  messageId: string,
  automatic: boolean,
): void {
  if (automatic) {
    const why =
      "Sent no auto-response because the sender doesn't want an auto-response (e. g. loop or precedence header)";
    change.row('Misc', why);
    return;
  }
  change.addArticle(
    {
      subject: `[Ticket#${ticket.number}] RE: ${ticket.title}`,
      body: 'Thank you for your mail. A ticket has been made of it.\n',
      from: 'Znuny System <znuny@localhost>',
      to: from,
      senderType: 'system',
      channel: 'Email',
      visibleForCustomer: true,
      messageId: `<${ticket.id}.auto@localhost>`,
      inReplyTo: messageId,
    },
    'SendAutoReply',
    `%%${from}`,
  );
}
