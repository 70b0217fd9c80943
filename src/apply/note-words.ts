import type { FieldName } from '../ticket.ts';

/** The built-in sentences of the note. Labels in, sentences out; German without "du" and "Sie". */
export type NoteWords = {
  readonly subject: string;
  readonly suggestionSubject: string;
  /** first line of the body in suggest mode */
  readonly suggestion: string;
  readonly fields: Readonly<Record<FieldName, string>>;
  readonly unchanged: string;
  readonly because: (category: string, sure: string) => string;
  readonly runnerUp: (category: string, probability: string) => string;
  readonly rule: (name: string) => string;
  readonly uncalibrated: string;
  readonly belowThreshold: (category: string, probability: string, needed: string) => string;
  readonly unknown: string;
  readonly noRule: (category: string) => string;
  readonly ruleLeaves: (category: string) => string;
  readonly closing: string;
};

export const NOTE_WORDS: Readonly<Record<'de' | 'en', NoteWords>> = {
  en: {
    subject: 'Triage',
    suggestionSubject: 'Triage suggestion',
    suggestion: 'A suggestion, nothing was changed. It would be:',
    fields: {
      Queue: 'Queue',
      Priority: 'Priority',
      State: 'State',
      Type: 'Type',
      Service: 'Service',
      Owner: 'Owner',
      Responsible: 'Responsible',
      Lock: 'Lock',
    },
    unchanged: 'left as it is',
    because: (category, sure) => `Why: the text reads like ${category}, ${sure} sure.`,
    runnerUp: (category, probability) => `Close behind: ${category}, ${probability}.`,
    rule: (name) => `Rule: ${name}.`,
    uncalibrated: 'The model is uncalibrated: take its percentages as a rough guide.',
    belowThreshold: (category, probability, needed) =>
      `Why: not sure enough: left for people. Best guess: ${category}, ${probability} (needed: ${needed}).`,
    unknown: 'Why: the model cannot judge this text: left for people.',
    noRule: (category) =>
      `Why: the text reads like ${category}, but no rule says where that goes: left for people.`,
    ruleLeaves: (category) => `Why: the text reads like ${category}, which stays where it is.`,
    closing: 'Wrong? Just move it, nothing else is needed.',
  },
  de: {
    subject: 'Triage',
    suggestionSubject: 'Triage-Vorschlag',
    suggestion: 'Nur ein Vorschlag, nichts wurde geändert. Es wäre:',
    fields: {
      Queue: 'Queue',
      Priority: 'Priorität',
      State: 'Status',
      Type: 'Typ',
      Service: 'Service',
      Owner: 'Besitzer',
      Responsible: 'Verantwortlich',
      Lock: 'Sperre',
    },
    unchanged: 'bleibt, wie es ist',
    because: (category, sure) => `Warum: Der Text passt zu ${category}, Sicherheit ${sure}.`,
    runnerUp: (category, probability) => `Knapp dahinter: ${category}, ${probability}.`,
    rule: (name) => `Regel: ${name}.`,
    uncalibrated: 'Das Modell ist nicht kalibriert: Die Prozente sind nur ein grober Anhalt.',
    belowThreshold: (category, probability, needed) =>
      `Warum: nicht sicher genug, das entscheidet besser ein Mensch. Am ehesten: ${category}, ${probability} (nötig: ${needed}).`,
    unknown: 'Warum: Das Modell kann diesen Text nicht beurteilen, das entscheidet besser ein Mensch.',
    noRule: (category) =>
      `Warum: Der Text passt zu ${category}, aber keine Regel sagt, wohin damit. Das entscheidet besser ein Mensch.`,
    ruleLeaves: (category) => `Warum: Der Text passt zu ${category}, und das bleibt, wo es ist.`,
    closing: 'Falsch? Einfach verschieben, mehr ist nicht nötig.',
  },
};
