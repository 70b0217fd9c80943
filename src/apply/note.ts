import { visibleText } from '../text/invisible.ts';
import type { Decision, FieldName, Plan, Prediction } from '../ticket.ts';
import { NOTE_WORDS, type NoteWords } from './note-words.ts';

export type NoteInput = {
  readonly decision: Decision;
  /** everything that would be written, in suggest mode too */
  readonly plan: Plan;
  readonly prediction: Prediction;
  readonly decisionId: string;
  readonly mode: 'suggest' | 'apply';
  readonly language: 'de' | 'en';
  /** administrator's own body with placeholders, else null */
  readonly template: string | null;
};

const NO_VALUE = '–';
/** Znuny cuts a subject at 255 characters without a word. */
const SUBJECT_CHARACTERS = 200;

/**
 * The internal note: plain text made of labels, numbers and the administrator's words, never of ticket text
 * (values of dynamic fields included: a customer may have written them). Its last line is `noteMarker(decisionId)`.
 */
export function makeNote(input: NoteInput): { subject: string; body: string } {
  const words = NOTE_WORDS[input.language];
  const body = visibleText(ownText(input, words) ?? builtInText(input, words)).trim();
  return { subject: subjectOf(input, words), body: `${body}\n${noteMarker(input.decisionId)}` };
}

/** What a read-back looks for in article bodies. ASCII: Znuny on MySQL loses 4-byte characters. */
export function noteMarker(decisionId: string): string {
  return `triaged decision ${decisionId}`;
}

/** A ticket in neither German nor English, or too short to tell, gets English. */
export function noteLanguage(setting: 'de' | 'en' | 'ticket', detected: string | null): 'de' | 'en' {
  if (setting !== 'ticket') return setting;
  return detected === 'de' ? 'de' : 'en';
}

function builtInText(input: NoteInput, words: NoteWords): string {
  const { note } = input.decision;
  const why = note === null ? whySentence(input, words) : fill(note, input);
  const lines = [...changeLines(input, words), why, words.closing];
  if (input.mode === 'suggest') lines.unshift(words.suggestion);
  return lines.join('\n');
}

/** A rule's own note is nearer to the ticket than the general template, so it wins. */
function ownText(input: NoteInput, words: NoteWords): string | null {
  if (input.template === null || input.decision.note !== null) return null;
  const text = fill(input.template, input);
  // A template is written for apply ("moved to …"): in suggest mode it must not claim what was not done.
  return input.mode === 'suggest' ? `${words.suggestion}\n${text}` : text;
}

function changeLines({ plan }: NoteInput, words: NoteWords): string[] {
  const names = Object.keys(words.fields) as FieldName[];
  const lines = names.flatMap((name) => {
    const to = plan.fields[name];
    if (to === undefined) return [];
    return [`${words.fields[name]}: ${label(plan.before.fields[name])} → ${label(to)}`];
  });
  return lines.length > 0 ? lines : [`${words.fields.Queue}: ${words.unchanged}`];
}

function whySentence({ decision, prediction }: NoteInput, words: NoteWords): string {
  const category = categoryLabel(decision.category, decision.group);
  const sure = percent(decision.probability);
  const sentences: string[] = [];
  switch (decision.reason) {
    case 'rule':
      sentences.push(words.because(category, sure), ...runnerUp(decision, prediction, words));
      if (decision.rule !== null) sentences.push(words.rule(label(decision.rule)));
      break;
    case 'below-threshold':
      sentences.push(words.belowThreshold(category, sure, percent(decision.threshold)));
      sentences.push(...runnerUp(decision, prediction, words));
      break;
    case 'unknown':
      return words.unknown;
    case 'no-rule':
      sentences.push(words.noRule(category));
      break;
    case 'rule-leaves':
      sentences.push(words.ruleLeaves(category));
      if (decision.rule !== null) sentences.push(words.rule(label(decision.rule)));
  }
  if (!prediction.calibrated) sentences.push(words.uncalibrated);
  return sentences.join(' ');
}

/** The next category, where it is at least half as probable as the named one. */
function runnerUp(decision: Decision, prediction: Prediction, words: NoteWords): string[] {
  const named = prediction.categories.find(({ name }) => name === decision.category);
  const next = prediction.categories.find(({ name }) => name !== decision.category);
  if (!named || !next || next.probability < named.probability / 2) return [];
  return [words.runnerUp(categoryLabel(next.name, next.group), percent(next.probability))];
}

function subjectOf({ plan, mode }: NoteInput, words: NoteWords): string {
  const start = mode === 'suggest' ? words.suggestionSubject : words.subject;
  const main = plan.fields.Queue ?? plan.fields.Priority;
  return (main === undefined ? start : `${start}: ${label(main)}`).slice(0, SUBJECT_CHARACTERS);
}

/** Unknown placeholders stay as they are, so that a typing mistake is seen. */
function fill(template: string, { decision, plan }: NoteInput): string {
  const { fields, before } = plan;
  const values = new Map<string, string | null | undefined>([
    ['category', decision.category],
    ['group', decision.group],
    ['probability', percent(decision.probability)],
    ['queue_from', before.fields.Queue ?? decision.fields.Queue],
    ['queue_to', fields.Queue ?? decision.fields.Queue],
    ['priority_from', before.fields.Priority ?? decision.fields.Priority],
    ['priority_to', fields.Priority ?? decision.fields.Priority],
    ['rule', decision.rule],
  ]);
  return template.replaceAll(/\{([a-z_]+)\}/g, (placeholder, name: string) =>
    values.has(name) ? label(values.get(name)) : placeholder,
  );
}

function categoryLabel(category: string, group: string): string {
  return group === '' || group === category ? label(category) : `${label(category)} (${label(group)})`;
}

/** Never 0 % or 100 %: a model is not that sure of anything. */
function percent(probability: number): string {
  return `${Math.min(99, Math.max(1, Math.round(probability * 100)))} %`;
}

/** One line: a name with a line break could pass for a line of ours. */
function label(value: string | null | undefined): string {
  return (
    visibleText(value ?? '')
      .replaceAll(/\s+/g, ' ')
      .trim() || NO_VALUE
  );
}
