import { textToJudge } from './apply/article.ts';
import { fullPlan, noteFor } from './apply/decision-record.ts';
import { type GuardContext, guard, type Verdict } from './apply/guard.ts';
import { changesNothing } from './apply/plan.ts';
import type { Classifier } from './classify/classifier.ts';
import type { PipelineSettings } from './pipeline.ts';
import { decide } from './route/decide.ts';
import type { Routing } from './route/rule.ts';
import type { CleanText, Decision, Plan, Prediction, Ticket } from './ticket.ts';

export type Judgement = {
  readonly text: CleanText;
  readonly prediction: Prediction;
  readonly decision: Decision;
};

/** What would become of a ticket and why; `text` is the customer's, for the terminal only. */
export type Explanation = Judgement & {
  readonly ticket: Pick<Ticket, 'id' | 'number' | 'title' | 'queue' | 'priority' | 'state'>;
  /** null for an imagined ticket: there is nothing that people could have done to it */
  readonly guard: Verdict | null;
  /** what a daemon in mode apply would write; in suggest only its note, in observe nothing */
  readonly plan: Plan;
  readonly changesNothing: boolean;
  /** where the decision puts the ticket, whatever the guard says */
  readonly result: { readonly queue: string; readonly priority: string };
};

export type ExplainParts = {
  readonly classifier: Pick<Classifier, 'info' | 'classify'>;
  readonly settings: Pick<PipelineSettings, 'routing' | 'note' | 'fields'>;
  /** null for an imagined ticket */
  readonly guard: GuardContext | null;
};

/** Stands where the note of a real decision has its id. */
const NO_DECISION_ID = '(id)';

/** The story of one ticket told without effects: it goes on where the guard would stop, so that rules can be tried. */
export async function explain(ticket: Ticket, parts: ExplainParts): Promise<Explanation> {
  const { classifier, settings } = parts;
  const judgement = await judge(ticket, { classifier, routing: settings.routing });
  const { decision } = judgement;
  const { plan } = fullPlan(ticket, decision, settings.fields, classifier.info.name);
  const mode = decision.mode === 'suggest' ? 'suggest' : 'apply';
  const note = noteFor({ ...judgement, plan }, NO_DECISION_ID, mode, settings.note);
  const { id, number, title, queue, priority, state } = ticket;
  return {
    ...judgement,
    ticket: { id, number, title, queue, priority, state },
    guard: parts.guard ? guard(ticket, parts.guard) : null,
    plan: { ...plan, note },
    changesNothing: changesNothing(plan, decision),
    result: { queue: plan.fields.Queue ?? queue, priority: plan.fields.Priority ?? priority },
  };
}

/** clean → classify → decide, as the pipeline does it. */
export async function judge(
  ticket: Ticket,
  parts: { readonly classifier: Pick<Classifier, 'classify'>; readonly routing: Routing },
): Promise<Judgement> {
  const { text, sender } = textToJudge(ticket);
  const [prediction] = await parts.classifier.classify([text]);
  if (!prediction) throw new Error('The classifier answers each text.');
  const decision = decide({ ticket, text, sender, prediction }, parts.routing);
  return { text, prediction, decision };
}
