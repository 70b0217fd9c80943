import type { DecisionRecord } from '../journal/journal.ts';
import type { CleanText, Decision, Plan, Prediction, Ticket } from '../ticket.ts';
import { bookkeeping, type FieldSettings } from './bookkeeping.ts';
import { newDecisionId } from './decision-id.ts';
import { makeNote, noteLanguage } from './note.ts';
import { makePlan } from './plan.ts';

export type NoteSettings = {
  readonly enabled: boolean;
  readonly language: 'de' | 'en' | 'ticket';
  readonly template: string | null;
};

type Noted = {
  readonly text: CleanText;
  readonly prediction: Prediction;
  readonly decision: Decision;
  readonly plan: Plan;
};

/** Null where the settings or the rule want none. */
export function noteFor(
  { text, prediction, decision, plan }: Noted,
  decisionId: string,
  mode: 'suggest' | 'apply',
  settings: NoteSettings,
): Plan['note'] {
  if (!settings.enabled || !decision.withNote) return null;
  const language = noteLanguage(settings.language, text.language);
  return makeNote({ decision, plan, prediction, decisionId, mode, language, template: settings.template });
}

/** What would be written in mode apply, the configured bookkeeping fields included. */
export function fullPlan(
  ticket: Ticket,
  decision: Decision,
  fields: FieldSettings | null,
  modelName: string,
): { readonly decision: Decision; readonly plan: Plan } {
  const kept = fields ? bookkeeping(fields, decision, modelName) : {};
  const full = { ...decision, dynamicFields: { ...kept, ...decision.dynamicFields } };
  return { decision: full, plan: makePlan(ticket, full) };
}

type Judged = { readonly ticket: Ticket; readonly text: CleanText; readonly prediction: Prediction };

/** A decision as the journal keeps it, with what its mode lets it write: all, the note only, or nothing. */
export function newRecord(
  { ticket, text, prediction }: Judged,
  decision: Decision,
  plan: Plan,
  settings: { readonly note: NoteSettings; readonly configHash: string },
  modelHash: string,
): DecisionRecord {
  const id = newDecisionId();
  const judged = { text, prediction, decision, plan };
  const note = decision.mode === 'observe' ? null : noteFor(judged, id, decision.mode, settings.note);
  const written = decision.mode === 'suggest' ? { ...plan, fields: {}, dynamicFields: {} } : plan;
  return {
    id,
    ticketId: ticket.id,
    ticketNumber: ticket.number,
    kind: 'triage',
    decision,
    plan: { ...written, note },
    prediction,
    modelHash,
    configHash: settings.configHash,
    ticketCreatedAt: ticket.createdAt,
  };
}
