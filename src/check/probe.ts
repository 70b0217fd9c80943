import { describeError, isKnownError } from '../errors.ts';
import type { ZnunyClient } from '../znuny/client.ts';
import type { AttachmentInput, TicketFields } from '../znuny/types.ts';
import type { NameKind } from './names.ts';

/** What Znuny says to a TicketCreate that it is bound to refuse: the first thing that is wrong. */
export type ProbeAnswer =
  /** everything but the attachment is right, and the agent may create tickets in the queue */
  | { readonly kind: 'fine' }
  /** the ticket's names are right, the agent may not create tickets in the queue */
  | { readonly kind: 'no right' }
  | { readonly kind: 'unknown'; readonly what: NameKind }
  /** the dynamic field is there and does not take the value */
  | { readonly kind: 'refused value' }
  /** says nothing about names */
  | { readonly kind: 'unproven'; readonly why: string }
  /** must never be: Znuny took what the documentation says it refuses */
  | { readonly kind: 'created'; readonly ticketNumber: string };

type Asked = Pick<
  TicketFields,
  'Queue' | 'State' | 'Priority' | 'Type' | 'TypeID' | 'Service' | 'Owner' | 'Responsible'
>;

export type Probe = (
  ticket: Asked,
  dynamicField?: { readonly Name: string; readonly Value: string },
) => Promise<ProbeAnswer>;

/**
 * Znuny checks the whole TicketCreate before it writes and looks at the attachment last. Without the key Content
 * it always refuses and creates nothing, so the answer proves names and the create right (measured, Znuny 6.5).
 */
export function createProbe(client: Pick<ZnunyClient, 'ticketCreate'>): Probe {
  /** Where types are on (Ticket::Type) a ticket needs one; 1 is the one that Znuny is installed with. */
  let usual: Pick<TicketFields, 'TypeID'> = {};
  const probe: Probe = async (ticket, dynamicField) => {
    // The type says what a real attachment has; the missing key is what makes this harmless.
    const withoutContent = { Filename: 'check.txt', ContentType: 'text/plain' } as AttachmentInput;
    try {
      const { ticketNumber } = await client.ticketCreate({
        Ticket: {
          Title: 'triaged check',
          CustomerUser: 'triaged-check@check.example',
          ...(ticket.Type === undefined ? usual : {}),
          ...ticket,
        },
        Article: { Subject: 'triaged check', Body: 'Never written.', NoAgentNotify: 1, TimeUnit: 0 },
        Attachment: [withoutContent],
        ...(dynamicField === undefined ? {} : { DynamicField: [dynamicField] }),
      });
      return { kind: 'created', ticketNumber };
    } catch (error) {
      if (!needsType(error) || usual.TypeID !== undefined) return answerOf(error);
      usual = { TypeID: 1 };
      return probe(ticket, dynamicField);
    }
  };
  return probe;
}

function needsType(error: unknown): boolean {
  return isKnownError(error) && /Ticket->Type parameter is required/.test(error.message);
}

const KINDS: readonly string[] = [
  'Queue',
  'State',
  'Priority',
  'Type',
  'Service',
  'Owner',
  'Responsible',
] satisfies readonly NameKind[];

function answerOf(error: unknown): ProbeAnswer {
  if (!isKnownError(error)) throw error;
  if (error.code === 'E_ZNUNY_ACCESS') return { kind: 'no right' };
  // Znuny's own words stand last in the message, after names that an administrator chose.
  const [part, name] = /(\w+)->(\w+) parameter is \w+[^>]*$/.exec(error.message)?.slice(1) ?? [];
  if (part === 'Attachment') return { kind: 'fine' };
  if (part === 'DynamicField')
    return name === 'Value' ? { kind: 'refused value' } : { kind: 'unknown', what: 'DynamicField' };
  if (part === 'Ticket' && name !== undefined && isKind(name)) return { kind: 'unknown', what: name };
  return { kind: 'unproven', why: describeError(error) };
}

function isKind(name: string): name is NameKind {
  return KINDS.includes(name);
}
