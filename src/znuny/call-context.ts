import { AmbiguousError, type ErrorDetails, isKnownError, type KnownError } from '../errors.ts';
import type { Json } from './answer.ts';
import { OPERATIONS, type OperationName } from './types.ts';

/** What an error may tell of its call: no parameter values but names that an administrator chose. */
export type CallContext = {
  readonly operation: OperationName;
  /** method and URL with the route's placeholders: no query, no session id */
  readonly where: string;
  /** TicketUpdate, TicketCreate, TicketDelete: a repeat may write a second time */
  readonly writes: boolean;
  readonly data: Json;
  /** takes the password, the session's id and header values out of a text */
  readonly scrub: (text: string) => string;
};

/** The `cause` of an error that a call ended with: which operation, and what Znuny said, as data. */
export class ZnunyRefusal extends Error {
  readonly operation: OperationName;
  /** Znuny's ErrorCode, e.g. `TicketUpdate.AccessDenied`; `''` where the answer held none */
  readonly znunyCode: string;
  /** Znuny's ErrorMessage or faultstring, one line, at most 300 characters, without secrets */
  readonly znunyText: string;

  constructor(operation: OperationName, znunyCode: string, znunyText: string) {
    super(znunyCode === '' ? znunyText : `${znunyCode}: ${znunyText}`);
    this.name = 'ZnunyRefusal';
    this.operation = operation;
    this.znunyCode = znunyCode;
    this.znunyText = znunyText;
  }
}

export type ErrorFacts = {
  /** ours, `E_…` */
  readonly code: string;
  readonly message: string;
  /** null where the error belongs to no call, e.g. a wrong option */
  readonly operation: OperationName | null;
  /** `''` where Znuny did not answer, or not with an error of its own */
  readonly znunyCode: string;
  readonly znunyText: string;
  /** true: the write may have been made; read back before anything is sent again */
  readonly mayBeWritten: boolean;
  /** null where the message says it all */
  readonly whatToDo: string | null;
};

/** An error of this client as data, for logs and for scripts that answer in JSON. */
export function errorFacts(error: KnownError): ErrorFacts {
  const said = refusalOf(error);
  return {
    code: error.code,
    message: error.message,
    operation: said?.operation ?? operationIn(error.message),
    znunyCode: said?.znunyCode ?? '',
    znunyText: said?.znunyText ?? '',
    mayBeWritten: error.kind === 'ambiguous',
    whatToDo: error.hint ?? null,
  };
}

/** Messages of calls begin with their operation, also where no answer came that could say it. */
function operationIn(message: string): OperationName | null {
  const [name] = /^(?:Session|Ticket)[A-Z]\w+(?=: )/.exec(message) ?? [];
  return OPERATIONS.find((known) => known === name) ?? null;
}

/** A login that is not repeated has the first refusal as its cause. */
function refusalOf(error: unknown): ZnunyRefusal | null {
  if (error instanceof ZnunyRefusal) return error;
  return isKnownError(error) ? refusalOf(error.cause) : null;
}

export function details(
  context: CallContext,
  more: { readonly hint?: string; readonly said?: ZnunyRefusal | undefined } = {},
): ErrorDetails {
  return {
    where: context.where,
    ...(more.hint === undefined ? {} : { hint: more.hint }),
    ...(more.said === undefined ? {} : { cause: more.said }),
  };
}

const READ_BACK =
  'Read the ticket back before anything is sent again; Znuny may finish the call minutes after it broke.';

export type Unclear = {
  readonly code?: 'E_ZNUNY_UNCLEAR' | 'E_ZNUNY_ACCESS';
  readonly said?: ZnunyRefusal;
};

/** A write of which nobody knows whether it was done. */
export function unclear(context: CallContext, message: string, more: Unclear = {}): AmbiguousError {
  const hint =
    context.operation === 'TicketCreate' ? 'Search for the ticket before it is created again.' : READ_BACK;
  return new AmbiguousError(
    more.code ?? 'E_ZNUNY_UNCLEAR',
    `${message}; the change may have been made`,
    details(context, { hint, said: more.said }),
  );
}
