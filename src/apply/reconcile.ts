import type { StoredDecision } from '../journal/journal.ts';
import type { FieldName, HistoryEntry, Plan, Ticket } from '../ticket.ts';
import { decisionsIn } from './guard.ts';
import { noteMarker } from './note.ts';
import { currentFields, dynamicFieldText } from './plan.ts';

/** What a read-back of a ticket with an unclear write shows. */
export type ReadBack =
  | { readonly kind: 'everything there' }
  | { readonly kind: 'conflict'; readonly detail: string }
  /** `rest` is what would have to be sent again; the whole plan where nothing is there */
  | { readonly kind: 'missing'; readonly rest: Plan; readonly fingerprint: string };

/** The history rows by which Znuny tells that a field was set. */
const ROWS: Readonly<Record<FieldName, readonly string[]>> = {
  Queue: ['Move'],
  Priority: ['PriorityUpdate'],
  State: ['StateUpdate'],
  Type: ['TypeUpdate'],
  Service: ['ServiceUpdate'],
  Owner: ['OwnerUpdate'],
  Responsible: ['ResponsibleUpdate'],
  Lock: ['Lock', 'Unlock'],
};

/**
 * Compares the ticket as it is now with the plan. Pure. A field is there when it has the wanted value or when our
 * own history row says that we set it (an agent may have moved on since). `ticket` holds the newest articles.
 */
export function readBack(stored: StoredDecision, ticket: Ticket, ownUserId: number): ReadBack {
  const { plan } = stored;
  const rows = decisionsIn(ticket);
  const ours = rows.filter((row) => row.createBy === ownUserId);
  const others = rows.filter((row) => row.createBy !== ownUserId);
  const marker = noteMarker(stored.id);
  const read = new Set(ticket.articles.map((article) => article.id));
  const noteThere =
    ticket.articles.some((article) => article.body.includes(marker)) ||
    // Behind the newest articles. The guard saw no row of ours, so a note of ours is this decision's.
    ours.some((row) => row.type === 'AddNote' && row.articleId > 0 && !read.has(row.articleId));
  // TicketUpdate writes the article after all fields but before dynamic fields: a note proves the fields.
  const missing = missingFields(plan, ticket).filter(
    (name) => !noteThere && !ours.some((row) => ROWS[name].includes(row.type)),
  );
  const missingNote = plan.note !== null && !noteThere;
  // Only where it still has the value from before: any other is somebody's, or ours as Znuny writes it.
  const missingDynamic = Object.entries(plan.dynamicFields).filter(([name, wanted]) => {
    const current = dynamicFieldText(ticket, name);
    return current !== wanted && current === plan.before.dynamicFields[name];
  });

  if (missing.length === 0 && !missingNote && missingDynamic.length === 0)
    return { kind: 'everything there' };
  const other = others[0];
  if (other) return { kind: 'conflict', detail: `${other.type} by user ${other.createBy}` };
  const foreign = missing.find((name) => currentFields(ticket, plan)[name] !== plan.before.fields[name]);
  if (foreign) return { kind: 'conflict', detail: `${foreign} has another value` };

  const rest: Plan = {
    ...plan,
    fields: Object.fromEntries(missing.map((name) => [name, plan.fields[name]])),
    dynamicFields: Object.fromEntries(missingDynamic),
    note: missingNote ? plan.note : null,
  };
  return {
    kind: 'missing',
    rest,
    fingerprint: JSON.stringify([rest.fields, rest.dynamicFields, missingNote]),
  };
}

function missingFields(plan: Plan, ticket: Ticket): readonly FieldName[] {
  const current = currentFields(ticket, plan);
  const names = Object.keys(plan.fields) as FieldName[];
  return names.filter((name) => current[name] !== plan.fields[name]);
}

/** What history alone says of a write some seconds later: did it stay alone? */
export function verification(
  stored: StoredDecision,
  history: readonly HistoryEntry[],
  ownUserId: number,
): 'verified' | 'unverified' | 'race' {
  const createBy = history.find((row) => row.type === 'NewTicket')?.createBy ?? 0;
  const rows = decisionsIn({ history, articles: [], createBy });
  const first = rows.findIndex((row) => row.createBy === ownUserId);
  if (first < 0)
    return Object.keys(stored.plan.fields).length > 0 || stored.plan.note ? 'unverified' : 'verified';
  // The guard saw no foreign decision, so one that stands before our own first row came inside its window.
  return rows.slice(0, first).some((row) => row.createBy !== ownUserId) ? 'race' : 'verified';
}
