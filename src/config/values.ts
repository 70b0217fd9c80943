import { RE2JS } from 're2js';
import { z } from 'zod';
import { Secret } from './secret.ts';

/**
 * Describes a key of the file. `restart`: a reload is not enough for a change of it.
 * `secret`: its value, and all below it, is never printed.
 */
export function key<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  facts: { readonly restart?: boolean; readonly secret?: boolean } = {},
): Schema {
  return schema.meta({ description, ...facts });
}

/** A name that Znuny knows. It compares names exactly, so a stray blank would never be found. */
export const znunyName = z
  .string()
  .max(200)
  .regex(/^\S(?:.*\S)?$/, 'must be one line that is not empty and neither begins nor ends with a blank');

/** Znuny allows no other characters in it. */
export const dynamicFieldName = z.string().regex(/^[A-Za-z0-9]+$/, 'must have letters and digits only');

export const text = z.string().min(1);

export const fraction = z.number().min(0).max(1);

/** 1 s – 1 h, in seconds */
export const seconds = z.number().min(1).max(3600);

export const mode = z.enum(['observe', 'suggest', 'apply']);

export const secretText = z.string().min(1).transform(toSecret);

function toSecret(value: string): Secret {
  return new Secret(value);
}

/** A value, or a list of values; always a list once loaded. */
export function oneOrMore<Schema extends z.ZodType>(schema: Schema, what: string) {
  return z
    .union([schema, z.array(schema).min(1)], { error: `expected ${what}, or a list of them` })
    .transform((value): z.output<Schema>[] => (Array.isArray(value) ? value : [value]));
}

const LONGEST_PATTERN = 1000;

/** A regular expression in RE2 syntax: linear in time, so no pattern can stall the daemon. */
export const pattern = z.string().superRefine((source, context) => {
  const problem = patternProblem(source);
  if (problem) context.addIssue({ code: 'custom', message: problem });
});

function patternProblem(source: string): string | null {
  if (source === '') return 'must not be empty: an empty pattern matches every ticket';
  if (source.length > LONGEST_PATTERN) return `must have at most ${LONGEST_PATTERN} characters`;
  try {
    RE2JS.compile(source);
    return null;
  } catch {
    return 'is no regular expression of RE2 (which has no look-around and no back-references)';
  }
}

/** A refinement that sees the whole mapping even where single keys of it are wrong, so all is told at once. */
export const evenIfWrong = {
  when: (payload: { readonly value: unknown }): boolean =>
    typeof payload.value === 'object' && payload.value !== null,
};
