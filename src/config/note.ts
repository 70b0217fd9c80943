import { z } from 'zod';
import { dynamicFieldName, key } from './values.ts';

const settings = z.strictObject({
  enabled: key(z.boolean().default(true), 'Write an internal note with each decision'),
  template: key(z.string().min(1).max(4000).optional(), 'Own text of the note instead of the built-in one'),
  language: key(
    z.enum(['de', 'en', 'ticket']).default('ticket'),
    "Language of the note; ticket = the ticket's",
  ),
});

/** YAML 1.2 reads `on` and `off` as texts, people write them as switches: both are taken. */
export const note = z
  .union([settings, z.boolean(), z.enum(['on', 'off'])], {
    error: 'expected on, off, or a mapping with enabled, template, language',
  })
  .transform((value) => {
    if (typeof value === 'object') return value;
    return settings.parse({ enabled: value === true || value === 'on' });
  });

const fieldNames = z.strictObject({
  category: key(dynamicFieldName.optional(), 'Dynamic field for the category'),
  probability: key(dynamicFieldName.optional(), 'Dynamic field for the probability, 0–1'),
  status: key(dynamicFieldName.optional(), 'Dynamic field for how triage ended'),
  model: key(dynamicFieldName.optional(), "Dynamic field for the model's name"),
});

const TRIAGE_FIELDS: z.output<typeof fieldNames> = {
  category: 'TriageCategory',
  probability: 'TriageConfidence',
  status: 'TriageStatus',
  model: 'TriageModel',
};

/** Which dynamic fields are written; none by default. */
export const fields = z
  .union([fieldNames, z.literal('triage')], {
    error: 'expected triage, or a mapping with category, probability, status, model',
  })
  .transform((value) => (value === 'triage' ? TRIAGE_FIELDS : value));
