/** Znuny as requester: web service with HTTP::REST transport. Delivered at most once. */
import { request } from 'node:http';
import type { State } from './state.ts';
import type { StoredTicket, TicketEvent } from './store.ts';
import { ticketData } from './ticket-data.ts';
import { deepTicket } from './ticket-deep.ts';

export type WebhookOptions = {
  readonly url: string;
  /** the event's own data, or the whole ticket with customer and agents beside it; default Generic::Tunnel */
  readonly invoker?: 'Generic::Tunnel' | 'Ticket::Generic';
  /** a shared secret, Authorization */
  readonly headers?: Readonly<Record<string, string>>;
  /** default TicketCreate only */
  readonly events?: readonly TicketEvent[];
  /** default 5,000 */
  readonly timeoutMs?: number;
};

/** One call to the listener; `status` 0 where it gave no answer. */
export type WebhookCall = { readonly event: TicketEvent; readonly ticketId: number; status: number };

export class Webhook {
  readonly options: WebhookOptions;
  readonly calls: WebhookCall[] = [];
  readonly #state: State;

  constructor(state: State, options: WebhookOptions) {
    this.#state = state;
    this.options = options;
  }

  fire(event: TicketEvent, ticket: StoredTicket, articleId: number | undefined, before: StoredTicket): void {
    if (!(this.options.events ?? ['TicketCreate']).includes(event)) return;
    const call: WebhookCall = { event, ticketId: ticket.id, status: 0 };
    this.calls.push(call);
    const data = this.#eventData(event, ticket, articleId, before);
    const body = JSON.stringify(
      this.options.invoker === 'Ticket::Generic'
        ? { Event: data, Ticket: deepTicket(this.#state, ticket, articleId) }
        : data,
    );
    const outgoing = request(
      this.options.url,
      {
        method: 'POST',
        agent: false,
        timeout: this.options.timeoutMs ?? 5000,
        headers: {
          'Content-Type': 'application/json; charset=UTF-8',
          'Content-Length': Buffer.byteLength(body),
          'User-Agent': 'REST::Client/273',
          TE: 'deflate,gzip;q=0.3',
          Connection: 'TE, close',
          ...this.options.headers,
        },
      },
      (response) => {
        call.status = response.statusCode ?? 0;
        response.resume();
      },
    );
    // No second try: that is why polling stays the backstop.
    outgoing.on('error', () => undefined);
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.end(body);
  }

  #eventData(
    event: TicketEvent,
    ticket: StoredTicket,
    articleId: number | undefined,
    before: StoredTicket,
  ): Record<string, unknown> {
    // A number at creation, text in a queue update: so Znuny sends it.
    const id = event === 'TicketCreate' || event === 'ArticleCreate' ? ticket.id : String(ticket.id);
    // TicketServiceSet alone tells nothing of the ticket before.
    const old = event !== 'TicketCreate' && event !== 'TicketServiceUpdate';
    return {
      TicketID: id,
      Event: event,
      ...(articleId === undefined ? {} : { ArticleID: articleId }),
      ...(old ? { OldTicketData: ticketData(this.#state, before) } : {}),
    };
  }
}
