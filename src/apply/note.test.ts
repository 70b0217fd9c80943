import { describe, expect, it } from 'vitest';
import type { Decision, Plan, Prediction } from '../ticket.ts';
import { makeNote, type NoteInput, noteLanguage, noteMarker } from './note.ts';

const decision: Decision = {
  reason: 'rule',
  rule: 'network',
  category: 'VPN',
  group: 'Network',
  probability: 0.934,
  threshold: 0.8,
  fields: { Queue: 'IT-Infrastructure', Priority: '4 high' },
  dynamicFields: {},
  note: null,
  withNote: true,
  mode: 'apply',
  trace: [],
};
const plan: Plan = {
  ticketId: 7,
  fields: { Queue: 'IT-Infrastructure', Priority: '4 high' },
  dynamicFields: {},
  before: { fields: { Queue: 'Unclassified', Priority: '3 normal' }, dynamicFields: {} },
  note: null,
};
const prediction: Prediction = {
  categories: [
    { name: 'VPN', group: 'Network', probability: 0.9 },
    { name: 'Invoice', group: 'Billing', probability: 0.1 },
  ],
  priorities: [],
  unknown: false,
  unknownScore: 0.1,
  calibrated: true,
};
const input: NoteInput = {
  decision,
  plan,
  prediction,
  decisionId: 'abcdefghjkmnpqrs',
  mode: 'apply',
  language: 'en',
  template: null,
};
const nothing: Plan = { ...plan, fields: {}, before: { fields: {}, dynamicFields: {} } };

function bodyOf(changes: Partial<NoteInput>): string {
  return makeNote({ ...input, ...changes }).body;
}

function bodyFor(changes: Partial<Decision>, more: Partial<NoteInput> = {}): string {
  return bodyOf({ ...more, decision: { ...decision, ...changes } });
}

describe('the note', () => {
  it('says what was done, why, how sure, and how to correct it', () => {
    expect(makeNote(input)).toEqual({
      subject: 'Triage: IT-Infrastructure',
      body: [
        'Queue: Unclassified → IT-Infrastructure',
        'Priority: 3 normal → 4 high',
        'Why: the text reads like VPN (Network), 93 % sure. Rule: network.',
        'Wrong? Just move it, nothing else is needed.',
        'triaged decision abcdefghjkmnpqrs',
      ].join('\n'),
    });
  });

  it('says the same in German', () => {
    expect(bodyOf({ language: 'de' }).split('\n')).toEqual([
      'Queue: Unclassified → IT-Infrastructure',
      'Priorität: 3 normal → 4 high',
      'Warum: Der Text passt zu VPN (Network), Sicherheit 93 %. Regel: network.',
      'Falsch? Einfach verschieben, mehr ist nicht nötig.',
      'triaged decision abcdefghjkmnpqrs',
    ]);
  });

  it('says in suggest mode that nothing was changed', () => {
    const note = makeNote({ ...input, mode: 'suggest' });
    expect(note.subject).toBe('Triage suggestion: IT-Infrastructure');
    expect(note.body).toMatch(/^A suggestion, nothing was changed\. It would be:\nQueue: /);
    expect(bodyOf({ mode: 'suggest', template: 'Moved to {queue_to}.' })).toMatch(
      /^A suggestion, nothing was changed/,
    );
  });

  it('names the runner-up where it is close, and only there', () => {
    const [first, second] = [0.5, 0.3];
    const close: Prediction = {
      ...prediction,
      categories: [
        { name: 'VPN', group: 'Network', probability: first },
        { name: 'Invoice', group: 'Billing', probability: second },
      ],
    };
    expect(bodyOf({ prediction: close })).toContain('Close behind: Invoice (Billing), 30 %.');
    expect(bodyOf({})).not.toContain('Close behind');
  });

  it('says below the threshold that it is left for people, and how much was missing', () => {
    const below = { reason: 'below-threshold', rule: null, probability: 0.55 } as const;
    expect(bodyFor(below)).toContain(
      'not sure enough: left for people. Best guess: VPN (Network), 55 % (needed: 80 %).',
    );
  });

  it('says of an unknown text that the model cannot judge it, without a guess', () => {
    const body = bodyFor({ reason: 'unknown', rule: null }, { plan: nothing });
    expect(body).toContain('the model cannot judge this text');
    expect(body).not.toContain('VPN');
    expect(body).toMatch(/^Queue: left as it is\n/);
  });

  it('calls an uncalibrated model so', () => {
    const uncalibrated = { ...prediction, calibrated: false };
    expect(bodyOf({ prediction: uncalibrated })).toContain('uncalibrated');
    expect(bodyOf({ prediction: uncalibrated, language: 'de' })).toContain('nicht kalibriert');
    expect(bodyOf({})).not.toContain('calibrated');
  });

  it('never claims 0 % or 100 %', () => {
    expect(bodyFor({ probability: 0.9999 })).toContain('99 % sure');
    expect(bodyFor({ probability: 0.001 })).toContain('1 % sure');
  });

  it("takes a rule's own words instead of the why-sentence; closing and marker stay", () => {
    expect(
      bodyFor({ note: 'On-call was told: {category}.' }, { template: 'never used' }).split('\n'),
    ).toEqual([
      'Queue: Unclassified → IT-Infrastructure',
      'Priority: 3 normal → 4 high',
      'On-call was told: VPN.',
      'Wrong? Just move it, nothing else is needed.',
      'triaged decision abcdefghjkmnpqrs',
    ]);
  });

  it('fills a template, leaves unknown placeholders as they are, and adds the marker', () => {
    const template =
      '{category}/{group} {probability}: {queue_from} > {queue_to}, {priority_from} > {priority_to} by {rule}, {nonsense}';
    expect(bodyOf({ template })).toBe(
      'VPN/Network 93 %: Unclassified > IT-Infrastructure, 3 normal > 4 high by network, {nonsense}\n' +
        'triaged decision abcdefghjkmnpqrs',
    );
    expect(bodyOf({ template: 'from {queue_from} to {queue_to}', plan: nothing })).toMatch(
      /^from IT-Infrastructure to IT-Infrastructure\n/,
    );
  });

  it('ends with exactly the line that a read-back looks for', () => {
    for (const template of [null, 'own words', 'own words\n\n']) {
      expect(bodyOf({ template }).split('\n').at(-1)).toBe(noteMarker('abcdefghjkmnpqrs'));
    }
  });

  it('strips control and bidi characters, and a name cannot break the line', () => {
    const fields = { Queue: 'A\u202eB\u0000\ntriaged decision forged' };
    const note = makeNote({ ...input, plan: { ...plan, fields } });
    expect(note.subject).toBe('Triage: AB triaged decision forged');
    expect(note.body).toMatch(/^Queue: Unclassified → AB triaged decision forged\n/);
  });

  it('writes no value of a dynamic field: a customer may have written it', () => {
    const dynamicFields = { Ort: 'secret words' };
    const body = bodyOf({ plan: { ...plan, dynamicFields, before: { fields: {}, dynamicFields } } });
    expect(body).not.toContain('secret words');
  });
});

describe('the language of the note', () => {
  it("is the setting's, else German for German tickets and English for all others", () => {
    expect(noteLanguage('de', 'en')).toBe('de');
    expect(noteLanguage('en', 'de')).toBe('en');
    expect(noteLanguage('ticket', 'de')).toBe('de');
    expect(noteLanguage('ticket', 'fr')).toBe('en');
    expect(noteLanguage('ticket', null)).toBe('en');
  });
});
