import { isKnownError } from '../errors.ts';

const MAX_CAUSES = 5;

/**
 * An error as plain log fields. The stack is told of defects only: an expected error is understood by its
 * code, place and hint. Secrets are taken out later, from the whole line.
 */
export function errorFacts(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: String(error) };
  const causes = causesOf(error);
  const facts = { name: error.name, message: error.message, ...(causes.length > 0 ? { causes } : {}) };
  if (!isKnownError(error)) return { ...facts, code: 'E_INTERNAL', stack: error.stack };
  return {
    ...facts,
    code: error.code,
    ...(error.where === undefined ? {} : { where: error.where }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

/** Bounded, for a metric label. */
export function errorCode(error: unknown): string {
  return isKnownError(error) ? error.code : 'E_INTERNAL';
}

function causesOf(error: Error): readonly string[] {
  const causes: string[] = [];
  let cause: unknown = error.cause;
  while (cause !== undefined && cause !== null && causes.length < MAX_CAUSES) {
    causes.push(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}
