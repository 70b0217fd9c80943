/**
 * The closed set of errors. Everything that the program expects to go wrong is one of these four;
 * anything else is a defect. What becomes of a ticket is not an error but an `Outcome` (ticket.ts).
 */

/** Bounded set, used as a metric label and printed as `E_…`, with an anchor in the README. */
export type ErrorCode =
  | 'E_CONFIG' // the file is wrong
  | 'E_MODEL' // the model folder is missing, damaged or does not fit the rules
  | 'E_JOURNAL' // corrupt, of a newer version, locked by another daemon, on a network file system
  | 'E_ZNUNY_URL' // no Generic Interface found there, wrong web service name, wrong route
  | 'E_ZNUNY_AUTH' // login refused: wrong password, maintenance mode or a locked agent look alike
  | 'E_ZNUNY_ACCESS' // AccessDenied: missing right or missing ticket, Znuny does not tell which
  | 'E_ZNUNY_NAME' // a queue, priority, state, field … that Znuny does not know
  | 'E_ZNUNY_REQUEST' // any other refusal of the request as such
  | 'E_ZNUNY_UNREACHABLE' // no connection, time-out, proxy error
  | 'E_ZNUNY_ANSWER' // an answer that is not what the Generic Interface sends
  | 'E_ZNUNY_UNCLEAR' // a write whose effect is unknown
  | 'E_HUB' // `models pull`: the hub is unreachable, refuses, or gives what is not what it says
  | 'E_CLASSIFIER' // the child crashed, hung or answered nonsense
  | 'E_INTERNAL';

export type ErrorDetails = {
  /** what an administrator should do about it, one sentence */
  readonly hint?: string;
  /** where it happened: file:line:col, operation, URL without secrets … */
  readonly where?: string;
  readonly cause?: unknown;
};

abstract class TriagedError extends Error {
  abstract readonly kind: 'config' | 'transient' | 'permanent' | 'ambiguous';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly where: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = details.hint;
    this.where = details.where;
  }
}

/** The configuration, the model or the environment does not fit: nothing to retry until a person changes it. */
export class ConfigError extends TriagedError {
  readonly kind = 'config';
}

/** Worth trying again later; nothing was written. */
export class TransientError extends TriagedError {
  readonly kind = 'transient';
}

/** This request will never succeed; nothing was written. Counts towards a ticket's attempts. */
export class PermanentError extends TriagedError {
  readonly kind = 'permanent';
}

/** A write was sent and its effect is unknown: read back before anything else (reliability.md 3.6). */
export class AmbiguousError extends TriagedError {
  readonly kind = 'ambiguous';
}

export type KnownError = ConfigError | TransientError | PermanentError | AmbiguousError;

export function isKnownError(error: unknown): error is KnownError {
  return error instanceof TriagedError;
}

/** `message (where): hint`, for a terminal or a log field; never contains ticket text or secrets. */
export function describeError(error: unknown): string {
  if (!isKnownError(error)) return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const where = error.where ? `${error.where}: ` : '';
  const message = /[.!?]$/.test(error.message) ? error.message : `${error.message}.`;
  const hint = error.hint ? ` ${error.hint}` : '';
  return `${where}${message}${hint} [${error.code}]`;
}
