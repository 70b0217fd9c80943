import type { Explanation } from '../explain.ts';
import { visibleText } from '../text/invisible.ts';
import { percent, printable } from '../text/printable.ts';
import type { Decision, TraceStep } from '../ticket.ts';

const TOP = 5;

/** The story for people at a terminal. Shows the customer's text: it is for the administrator and never logged. */
export function explainText(story: Explanation): readonly string[] {
  const { ticket, text, prediction, decision, plan } = story;
  const which = ticket.id === 0 ? 'an imagined ticket' : `${ticket.number} (id ${ticket.id})`;
  const { unknown, unknownScore, calibrated } = prediction;
  return [
    ...section('Ticket', [
      `${which} in "${printable(ticket.queue)}", ${printable(ticket.priority)}, ${printable(ticket.state)}`,
      guardLine(story),
    ]),
    ...section('Text', [
      `subject: ${printable(text.subject)}`,
      ...(text.body === '' ? ['no text besides'] : quoted(text.body)),
      `language: ${text.language ?? 'not to be told'}${text.truncated ? '; the text was cut' : ''}`,
    ]),
    ...section('Model', [
      ...prediction.categories
        .slice(0, TOP)
        .map(({ name, group, probability }) =>
          row(probability, group === name ? name : `${name} (${group})`),
        ),
      ...prediction.priorities.map(({ name, probability }) => row(probability, `priority ${name}`)),
      `unknown: ${unknown ? 'yes, the model cannot judge' : 'no'} (score ${unknownScore.toFixed(2)})`,
      ...(calibrated ? [] : ['not calibrated: the probabilities prove nothing']),
    ]),
    ...section('Rules', decision.trace.length === 0 ? ['there are none'] : decision.trace.map(traceLine)),
    ...section('Decision', [sentence(decision), `mode: ${decision.mode}`]),
    ...section('Plan', planLines(story)),
    ...(plan.note === null ? [] : section('Note', [plan.note.subject, ...quoted(plan.note.body)])),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return [title, ...lines.map((line) => `  ${line}`)];
}

function quoted(text: string): readonly string[] {
  return visibleText(text)
    .split('\n')
    .map((line) => `| ${line}`);
}

function row(probability: number, name: string): string {
  return `${percent(probability).padStart(7)}  ${printable(name)}`;
}

function guardLine({ guard }: Explanation): string {
  if (guard === null) return 'guard: not asked';
  if (guard.kind === 'ours') return 'guard: ours to triage';
  if (guard.kind === 'wait') return 'guard: too young yet, it would wait some seconds';
  const detail = guard.detail === undefined ? '' : ` (${printable(guard.detail)})`;
  return `guard: left alone, ${guard.reason}${detail}. What follows would be done if it were ours`;
}

function traceLine({ rule, category, matched, why, probability }: TraceStep): string {
  const sure = probability === null ? '' : ` ${percent(probability)}`;
  const parts = [rule, category === null ? '' : `${category}${sure}`, why === '' ? 'fits' : why];
  return `${matched ? '✓' : '·'} ${printable(parts.filter((part) => part !== '').join(': '))}`;
}

function sentence({ reason, rule, category, probability, threshold }: Decision): string {
  const sure = `${category} ${percent(probability)}`;
  switch (reason) {
    case 'rule':
      return `rule "${rule}": ${sure}, needs ${percent(threshold)}`;
    case 'below-threshold':
      return `below the threshold: ${sure}, needs ${percent(threshold)}`;
    case 'unknown':
      return 'the model cannot judge this text';
    case 'no-rule':
      return `no rule is for it: ${sure}`;
    case 'rule-leaves':
      return `rule "${rule}" leaves it to people: ${sure}`;
  }
}

function planLines({ plan, changesNothing, decision }: Explanation): readonly string[] {
  if (changesNothing) return ['nothing is written'];
  const changes = Object.entries(plan.fields).map(
    ([name, value]) => `${name}: ${plan.before.fields[name as keyof typeof plan.fields] ?? ''} → ${value}`,
  );
  const fields = Object.entries(plan.dynamicFields).map(([name, value]) => `${name}: ${value}`);
  const only = {
    observe: ['in mode observe nothing of this is written:'],
    suggest: ['in mode suggest only the note is written, not:'],
    apply: [],
  }[decision.mode];
  return [...only, ...[...changes, ...fields].map(printable)];
}
