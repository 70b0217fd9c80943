import type { Decision } from '../ticket.ts';

/** Names of the dynamic fields that keep what triage thought; a field without a name is not written. */
export type FieldSettings = {
  readonly category?: string | undefined;
  readonly probability?: string | undefined;
  readonly status?: string | undefined;
  readonly model?: string | undefined;
};

/** Values for the configured dynamic fields: labels and numbers that we own, never ticket text. */
export function bookkeeping(
  fields: FieldSettings,
  decision: Decision,
  modelName: string,
): Record<string, string> {
  const values: readonly (readonly [string | undefined, string])[] = [
    [fields.category, decision.category],
    [fields.probability, decision.probability.toFixed(3)],
    [fields.status, decision.reason],
    [fields.model, modelName],
  ];
  return Object.fromEntries(
    values.filter((pair): pair is readonly [string, string] => pair[0] !== undefined),
  );
}
