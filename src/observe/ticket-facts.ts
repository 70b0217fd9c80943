import type { TicketState } from '../ticket.ts';
import type { TicketEvent } from './events.ts';

/** Ends of a ticket: one log line at info and one count each. A deferral is none. */
export const OUTCOMES = ['applied', 'observed', 'suggested', 'left', 'quarantined'] as const;
export type EndOutcome = (typeof OUTCOMES)[number];

export function endOutcome(to: TicketState): EndOutcome | null {
  return OUTCOMES.find((outcome) => outcome === to) ?? null;
}

/** Where in the flow it ended, in the words of the metric `triaged_stage_errors_total`. */
export function stageOf(event: TicketEvent): 'receiving' | 'processing' | 'sending' {
  if (event.passage.record !== undefined) return 'sending';
  return event.passage.ticket === undefined ? 'receiving' : 'processing';
}

/** The fields of a ticket's log line: names, numbers and ids, never ticket text. */
export function ticketFacts(event: TicketEvent): Readonly<Record<string, unknown>> {
  const { passage, arrow, at } = event;
  const { row, ticket, record } = passage;
  const decision = passage.decision ?? record?.decision;
  const createdAt = ticket?.createdAt ?? record?.ticketCreatedAt;
  return defined({
    ticketId: row.ticketId,
    ticketNumber: ticket?.number ?? record?.ticketNumber ?? row.ticketNumber ?? undefined,
    outcome: arrow.to,
    ...reasonFacts(event),
    mode: decision?.mode,
    category: decision?.category,
    group: decision?.group,
    probability: decision?.probability,
    rule: decision?.rule ?? undefined,
    why: decision?.reason,
    queueFrom: ticket?.queue ?? record?.plan.before.fields.Queue,
    queueTo: decision?.fields.Queue,
    priorityFrom: ticket?.priority ?? record?.plan.before.fields.Priority,
    priority: decision?.fields.Priority,
    decisionId: record?.id,
    attempts: row.attempts,
    source: row.source,
    milliseconds: { ...passage.milliseconds, total: at - row.changedAt },
    createdToApplied: arrow.to === 'applied' && createdAt !== undefined ? at - createdAt : undefined,
  });
}

function reasonFacts({ arrow }: TicketEvent): Readonly<Record<string, unknown>> {
  if (arrow.to === 'left') return { reason: arrow.reason, detail: arrow.detail };
  if (arrow.to === 'quarantined') return { reason: arrow.error };
  if (arrow.to !== 'deferred') return {};
  return { reason: arrow.reason, detail: arrow.detail, until: new Date(arrow.until).toISOString() };
}

function defined(facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
