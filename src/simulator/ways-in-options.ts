/** What can be said of a ticket that is made to come in. */
import type { Attachment, FieldValue } from './types.ts';

export type TicketOptions = {
  readonly subject: string;
  readonly body?: string;
  readonly queue?: string;
  readonly priority?: string;
  readonly state?: string;
  readonly fields?: Readonly<Record<string, FieldValue>>;
  /** by name; X-OTRS-Type, -Service and -SLA of a mail */
  readonly type?: string;
  readonly service?: string;
  readonly sla?: string;
  /** epoch ms; default now */
  readonly createdAt?: number;
  /** readers see the first article and its row only so many ms after the ticket */
  readonly articleDelayMs?: number;
  /** the ticket never gets an article */
  readonly noArticle?: boolean;
};

export type MailOptions = TicketOptions & {
  /** instead of body: Znuny makes the text of it */
  readonly html?: string;
  /** `Name <address>`; default the first customer of the fixture */
  readonly from?: string;
  readonly to?: string;
  readonly cc?: string;
  readonly messageId?: string;
  readonly attachments?: readonly Attachment[];
  /** Auto-Submitted, Precedence: bulk, MAILER-DAEMON: no auto-reply goes out */
  readonly automatic?: boolean;
  /** X-OTRS-Owner, -Lock and -SenderType of a trusted sender */
  readonly owner?: string;
  readonly lock?: boolean;
  readonly senderType?: 'customer' | 'agent' | 'system';
};

export type PanelOptions = TicketOptions & { readonly customer?: string };

export type AgentTicketOptions = TicketOptions & {
  readonly agent?: string;
  readonly customer?: string;
  /** chosen in the form: the ticket is then locked to that agent */
  readonly owner?: string;
};

export type PortalOptions = Omit<TicketOptions, 'articleDelayMs' | 'noArticle'> & {
  /** login of the agent that calls TicketCreate; default `portal` */
  readonly user?: string;
  /** customer user; default the first customer of the fixture */
  readonly customer?: string;
  readonly channel?: string;
  readonly senderType?: string;
  readonly from?: string;
  readonly contentType?: string;
  readonly owner?: string;
  readonly lock?: 'lock' | 'unlock';
};
