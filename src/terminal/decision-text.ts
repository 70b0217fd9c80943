import type { StoredDecision } from '../journal/journal.ts';
import { percent, printable, printableTime } from '../text/printable.ts';
import type { Fields, Plan } from '../ticket.ts';

/** One decision in one line: when, which ticket, what became of it, why. */
export function decisionLine(stored: StoredDecision): string {
  const { id, ticketNumber, ticketId, decision, outcome, verification } = stored;
  const ended = [outcome ?? 'open', verification].filter((part) => part !== null).join(' ');
  const why = `${decision.category} ${percent(decision.probability)}, ${decision.rule ?? decision.reason}`;
  const changes = changesOf(decidedPlan(stored)).join(', ') || 'no change';
  return printable(
    `${id}  ${printableTime(stored.decidedAt)}  ${ticketNumber} (id ${ticketId})  ${ended.padEnd(19)}  ${changes}  (${why})`,
  );
}

/** One decision in full. */
export function decisionText(stored: StoredDecision): readonly string[] {
  const { decision, plan, prediction } = stored;
  const at = (time: number | null) => (time === null ? 'no' : printableTime(time));
  return [
    ...section(`Decision ${stored.id}`, [
      `ticket:    ${stored.ticketNumber} (id ${stored.ticketId}), created ${at(stored.ticketCreatedAt)}`,
      `decided:   ${at(stored.decidedAt)}, mode ${decision.mode}`,
      `written:   ${at(stored.applyingAt)}${stored.sends > 1 ? `, sent ${stored.sends} times` : ''}`,
      `ended:     ${stored.outcome ?? 'open'}${stored.endedAt === null ? '' : ` at ${at(stored.endedAt)}`}`,
      `verified:  ${stored.verification ?? 'not yet'}`,
      `model:     ${stored.modelHash.slice(0, 12)}, configuration ${stored.configHash.slice(0, 12)}`,
    ]),
    ...section('Why', [
      `${decision.reason}${decision.rule === null ? '' : `, rule "${decision.rule}"`}: ${decision.category} ${percent(decision.probability)}, needs ${percent(decision.threshold)}`,
      ...prediction.categories
        .slice(0, 5)
        .map(({ name, probability }) => `${percent(probability).padStart(7)}  ${name}`),
      ...prediction.priorities.map(
        ({ name, probability }) => `${percent(probability).padStart(7)}  priority ${name}`,
      ),
      `unknown: ${prediction.unknown ? 'yes' : 'no'} (score ${prediction.unknownScore.toFixed(2)})`,
    ]),
    ...section(
      'Rules',
      decision.trace.length === 0
        ? ['no details are kept']
        : decision.trace.map(({ rule, matched, why }) => `${matched ? '✓' : '·'} ${rule}: ${why}`),
    ),
    ...section('Plan', [...changesOf(decidedPlan(stored)), ...writtenLines(stored)]),
    ...(plan.note === null ? [] : section('Note', [plan.note.subject, ...plan.note.body.split('\n')])),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return [title, ...lines.map((line) => `  ${printable(line)}`)];
}

/** In suggest and observe the plan holds less than what was decided. */
function decidedPlan({ plan, decision }: StoredDecision): Pick<Plan, 'fields' | 'dynamicFields' | 'before'> {
  if (Object.keys(plan.fields).length > 0 || decision.mode !== 'suggest') return plan;
  const changed = Object.keys(plan.before.fields) as (keyof Fields)[];
  const fields = Object.fromEntries(changed.map((name) => [name, decision.fields[name]]));
  return { ...plan, fields: fields as Fields };
}

function changesOf({ fields, dynamicFields, before }: ReturnType<typeof decidedPlan>): readonly string[] {
  return [
    ...Object.entries(fields).map(
      ([name, value]) => `${name}: ${before.fields[name as keyof Fields] ?? ''} → ${value}`,
    ),
    ...Object.entries(dynamicFields).map(([name, value]) => `${name}: ${value}`),
  ];
}

function writtenLines({ decision }: StoredDecision): readonly string[] {
  if (decision.mode === 'observe') return ['mode observe: nothing of this was written'];
  return decision.mode === 'suggest' ? ['mode suggest: only the note was written'] : [];
}
