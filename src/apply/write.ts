import {
  AmbiguousError,
  type ConfigError,
  isKnownError,
  type PermanentError,
  type TransientError,
} from '../errors.ts';
import type { Plan } from '../ticket.ts';
import type { TicketUpdate } from '../znuny/types.ts';

export type WriteResult =
  | { readonly kind: 'written' }
  /** nothing was written, for certain */
  | { readonly kind: 'refused'; readonly error: ConfigError | PermanentError | TransientError }
  /** the effect is unknown: read back before anything else */
  | { readonly kind: 'unclear'; readonly error: AmbiguousError };

export type UpdateClient = { ticketUpdate(update: TicketUpdate): Promise<unknown> };

/**
 * The one call that carries a plan. One, because after a move into a queue where the bot has only move_into a
 * second TicketUpdate is refused (recordings 188–190), and because a note may not be sent twice.
 */
export async function write(client: UpdateClient, plan: Plan): Promise<WriteResult> {
  try {
    await client.ticketUpdate(toTicketUpdate(plan));
    return { kind: 'written' };
  } catch (error) {
    if (error instanceof AmbiguousError) return { kind: 'unclear', error };
    if (isKnownError(error) && error.kind !== 'ambiguous') return { kind: 'refused', error };
    // A defect after the request may have left: the same care as for a broken connection.
    const cause = new AmbiguousError('E_INTERNAL', 'the update failed in an unexpected way', {
      cause: error,
    });
    return { kind: 'unclear', error: cause };
  }
}

export function toTicketUpdate(plan: Plan): TicketUpdate {
  const dynamicFields = Object.entries(plan.dynamicFields).map(([Name, Value]) => ({ Name, Value }));
  return {
    TicketID: plan.ticketId,
    // An empty Ticket is refused by Znuny ("Ticket parameter is not valid!"): leave the key out.
    ...(Object.keys(plan.fields).length > 0 ? { Ticket: plan.fields } : {}),
    ...(plan.note ? { Article: article(plan.note) } : {}),
    ...(dynamicFields.length > 0 ? { DynamicField: dynamicFields } : {}),
  };
}

function article(note: { readonly subject: string; readonly body: string }) {
  return {
    Subject: note.subject,
    Body: note.body,
    ContentType: 'text/plain; charset=utf8',
    CommunicationChannel: 'Internal',
    SenderType: 'agent' as const,
    // Znuny's default is 1: the customer would see the note (recordings 96, 97).
    IsVisibleForCustomer: 0 as const,
    NoAgentNotify: 1 as const,
    // Accounts nothing, and is there where Ticket::Frontend::NeedAccountedTime wants one.
    TimeUnit: 0,
  };
}
