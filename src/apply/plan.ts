import type { Decision, FieldName, Fields, Plan, Ticket } from '../ticket.ts';

const CURRENT: Record<FieldName, (ticket: Ticket) => string> = {
  Queue: (ticket) => ticket.queue,
  Priority: (ticket) => ticket.priority,
  State: (ticket) => ticket.state,
  Type: (ticket) => ticket.type,
  Service: (ticket) => ticket.service,
  Owner: (ticket) => ticket.owner,
  Responsible: (ticket) => ticket.responsible,
  Lock: (ticket) => ticket.lock,
};

const FIELD_NAMES = Object.keys(CURRENT) as readonly FieldName[];

/** The difference between the ticket as it is and the decision, with the values before it. No note yet. */
export function makePlan(ticket: Ticket, decision: Decision): Plan {
  const fields: Partial<Record<FieldName, string>> = {};
  const before: Partial<Record<FieldName, string>> = {};
  for (const name of FIELD_NAMES) {
    const wanted = decision.fields[name];
    const current = CURRENT[name](ticket);
    if (wanted === undefined || wanted === current) continue;
    fields[name] = wanted;
    before[name] = current;
  }

  const dynamicFields: Record<string, string> = {};
  const dynamicBefore: Record<string, string> = {};
  for (const [name, wanted] of Object.entries(decision.dynamicFields)) {
    const current = dynamicFieldText(ticket, name);
    if (wanted === current) continue;
    dynamicFields[name] = wanted;
    dynamicBefore[name] = current;
  }
  return {
    ticketId: ticket.id,
    fields,
    dynamicFields,
    before: { fields: before, dynamicFields: dynamicBefore },
    note: null,
  };
}

/**
 * True where the ticket itself would not change. `decision` is what the rules decided, before bookkeeping fields
 * were added: bookkeeping alone is no reason to write, least of all where a rule leaves the ticket.
 */
export function changesNothing(plan: Plan, decision: Decision): boolean {
  if (Object.keys(plan.fields).length > 0) return false;
  if (decision.rule === null) return true;
  // A rule's own note is an action too, and may be its only one.
  if (decision.note !== null) return false;
  return !Object.keys(decision.dynamicFields).some((name) => name in plan.dynamicFields);
}

/** The ticket's present values of the fields that the plan would set. */
export function currentFields(ticket: Ticket, plan: Plan): Fields {
  const names = FIELD_NAMES.filter((name) => plan.fields[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, CURRENT[name](ticket)])) as Fields;
}

export function dynamicFieldText(ticket: Ticket, name: string): string {
  const value = ticket.dynamicFields[name];
  if (value === undefined) return '';
  return typeof value === 'string' ? value : value.join(', ');
}
