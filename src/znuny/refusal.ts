import { AmbiguousError, ConfigError, type KnownError, PermanentError, TransientError } from '../errors.ts';
import { isRecord, type Json, type Payload, plain } from './answer.ts';
import type { WireAnswer, WireFailure } from './transport.ts';
import type { OperationName } from './types.ts';

/** What an error may tell of its call: no parameter values but names that an administrator chose. */
export type CallContext = {
  readonly operation: OperationName;
  /** method and URL with the route's placeholders: no query, no session id */
  readonly where: string;
  /** TicketUpdate and TicketCreate: a repeat may write a second time */
  readonly writes: boolean;
  readonly data: Json;
  /** takes the password, the session's id and header values out of a text */
  readonly scrub: (text: string) => string;
};

const READ_BACK =
  'Read the ticket back before anything is sent again; Znuny may finish the call minutes after it broke.';

/** Why no answer came. A write that may have left is Ambiguous whatever broke it. */
export function fromFailure(failure: WireFailure, context: CallContext): KnownError {
  const { operation, where } = context;
  if (context.writes && failure.sent) {
    return unclear(context, `${operation}: ${NO_ANSWER[failure.reason]}${codeOf(failure)}`);
  }
  const message = `${operation}: ${failure.silent ? NO_ANSWER[failure.reason] : (BROKEN[failure.reason] ?? NO_ANSWER[failure.reason])}${codeOf(failure)}`;
  if (failure.reason === 'tls') {
    const hint = 'Check the certificate of Znuny: name, expiry, and its issuer (ca_file).';
    return new ConfigError('E_ZNUNY_UNREACHABLE', message, { where, hint });
  }
  if (failure.reason === 'too-large') {
    const hint = 'Ask for fewer tickets or for no attachments.';
    return new PermanentError('E_ZNUNY_ANSWER', message, { where, hint });
  }
  return new TransientError('E_ZNUNY_UNREACHABLE', message, { where, ...HINT[failure.reason] });
}

const NO_ANSWER: Readonly<Record<WireFailure['reason'], string>> = {
  refused: 'Znuny takes no connection',
  dns: 'the name of the host cannot be resolved',
  tls: 'no trusted TLS connection to Znuny',
  timeout: 'no answer in time',
  closed: 'Znuny closed the connection without an answer',
  'too-large': 'the answer is larger than the limit',
  breaker: 'not sent, because Znuny was unreachable 5 times in a row',
  ended: 'the client was closed',
  other: 'the request failed',
};
const BROKEN: { readonly [Reason in WireFailure['reason']]?: string } = {
  timeout: 'the answer did not end in time',
  closed: 'the connection broke in the middle of the answer',
};
const HINT: { readonly [Reason in WireFailure['reason']]?: { readonly hint: string } } = {
  refused: { hint: 'Check that Znuny runs and that a firewall lets this host through.' },
  dns: { hint: 'Check the host name in the URL and the resolver of this host.' },
  closed: { hint: 'If this stays so, check the web service: its name, is it valid?' },
};

function codeOf(failure: WireFailure): string {
  return failure.code === '' ? '' : ` (${failure.code})`;
}

/** What is wrong with an answer; `null` where it holds data. */
export function fromPayload(answer: WireAnswer, payload: Payload, context: CallContext): KnownError | null {
  switch (payload.kind) {
    case 'data':
      return null;
    case 'error':
      return operationError(payload.code, payload.message, context);
    case 'fault':
      return fault(payload.message, context);
    case 'garbled':
      return garbled(payload.why, context);
    case 'text':
      return transportText(answer, payload, context);
  }
}

/** An answer that cannot be used; of a write nobody knows whether it was done. */
export function garbled(why: string, context: CallContext): KnownError {
  const message = `${context.operation}: the answer is not what the Generic Interface sends (${why})`;
  if (context.writes) return unclear(context, message);
  // Cut JSON is a broken connection; wrong bytes and wrong shapes come back the same.
  if (why === 'incomplete JSON')
    return new TransientError('E_ZNUNY_ANSWER', message, { where: context.where });
  const hint = 'Check that the web service has no mappings and that no proxy changes answers.';
  return new PermanentError('E_ZNUNY_ANSWER', message, { where: context.where, hint });
}

/**
 * Znuny checks parameters, login and rights before the first write and starts those texts with the operation's
 * name. Whatever else a write answers may have come in the middle: the missing PendingTime does (recording 105).
 */
function operationError(code: string, text: string, context: CallContext): KnownError {
  const { operation, where, writes } = context;
  const kind = code.slice(code.lastIndexOf('.') + 1);
  const said = context
    .scrub(plain(`${code === '' ? 'Error' : code}: ${text.replace(`${operation}: `, '')}`))
    .slice(0, 300);
  const beforeAnyWrite = code !== '' && text.startsWith(`${operation}: `);
  if (writes && !beforeAnyWrite) {
    return unclear(
      context,
      `${operation}: Znuny reported an error after it may have begun to write (${said})`,
    );
  }
  switch (kind) {
    case 'AuthFail':
    case 'SessionInvalid':
      return new ConfigError(
        'E_ZNUNY_AUTH',
        `${operation}: Znuny refused the login or the session (${said})`,
        {
          where,
          hint: AUTH_HINT,
        },
      );
    case 'AccessDenied':
      return accessDenied(said, context);
    case 'InvalidParameter':
      return invalidParameter(text, said, context);
    case 'MissingParameter':
      if (/SessionID is required/.test(text)) {
        const hint =
          'A proxy may have dropped the body or the X-OTRS-Header-… headers; allow POST on the routes.';
        return new ConfigError('E_ZNUNY_URL', `${operation}: the credentials did not reach Znuny (${said})`, {
          where,
          hint,
        });
      }
  }
  return new PermanentError('E_ZNUNY_REQUEST', `${operation}: Znuny refused the request (${said})`, {
    where,
  });
}

/** A wrong password, maintenance mode and a locked agent get the same answer. */
export const AUTH_HINT =
  'Wrong password, or Znuny is in maintenance mode, or the agent was locked by PasswordMaxLoginFailed: Znuny does not tell which.';

function accessDenied(said: string, context: CallContext): KnownError {
  const { operation, where } = context;
  if (operation === 'TicketCreate') {
    const hint = 'Give the agent the right create (or rw) on the group of that queue.';
    return new ConfigError('E_ZNUNY_ACCESS', `TicketCreate: no right on the queue (${said})`, {
      where,
      hint,
    });
  }
  const hint =
    'The agent lacks the right (rw on the queue to write, ro to read) or there is no such ticket: Znuny does not tell which.';
  return new PermanentError('E_ZNUNY_ACCESS', `${operation}: no access to the ticket (${said})`, {
    where,
    hint,
  });
}

/** Fields whose values an administrator chose; they may stand in a message. */
const NAMES = ['Queue', 'State', 'Priority', 'Owner', 'Responsible', 'Lock', 'Type', 'Service', 'SLA'];

function invalidParameter(text: string, said: string, context: CallContext): KnownError {
  const { operation, where } = context;
  const field = /(\w+)->(?:\w+ID or \w+->)?(\w+)/.exec(text);
  const [part, name] = [field?.[1] ?? '', field?.[2] ?? ''];
  if (part === 'DynamicField') {
    const what = name === 'Name' ? 'a dynamic field of' : 'a value of';
    const hint = 'Create the field in Znuny, or the key in its list, or correct the name.';
    return new ConfigError(
      'E_ZNUNY_NAME',
      `${operation}: Znuny does not know ${what} ${fieldNames(context)} (${said})`,
      { where, hint },
    );
  }
  if (part === 'Ticket' && NAMES.includes(name)) {
    const ticket = isRecord(context.data.Ticket) ? context.data.Ticket : {};
    const value = plain(String(ticket[name] ?? ticket[`${name}ID`] ?? ''));
    const hint =
      'Correct the name or create it in Znuny; names are case-sensitive, a sub-queue is written Parent::Child.';
    return new ConfigError('E_ZNUNY_NAME', `${operation}: Znuny does not know ${name} "${value}" (${said})`, {
      where,
      hint,
    });
  }
  if (name === 'CustomerUser') {
    return new PermanentError(
      'E_ZNUNY_NAME',
      `${operation}: Znuny does not know the CustomerUser (${said})`,
      { where },
    );
  }
  return new PermanentError('E_ZNUNY_REQUEST', `${operation}: Znuny refused the request (${said})`, {
    where,
  });
}

function fieldNames(context: CallContext): string {
  const fields = context.data.DynamicField;
  const names = (Array.isArray(fields) ? fields : [fields])
    .filter(isRecord)
    .map((field) => String(field.Name));
  return names.join(', ');
}

function fault(text: string, context: CallContext): KnownError {
  const said = context.scrub(plain(text)).slice(0, 300);
  // A missing right on the target and a lock wait of the database give the same text (shapes 365).
  const code = /^Ticket \w+ could not be updated/.test(said) ? 'E_ZNUNY_ACCESS' : 'E_ZNUNY_UNCLEAR';
  if (context.writes) return unclear(context, `${context.operation}: Znuny stopped half way (${said})`, code);
  return new TransientError('E_ZNUNY_ANSWER', `${context.operation}: Znuny failed (${said})`, {
    where: context.where,
  });
}

function transportText(
  answer: WireAnswer,
  payload: { readonly text: string; readonly html: boolean },
  context: CallContext,
): KnownError {
  const { operation, where } = context;
  const { status } = answer;
  const said = context.scrub(`HTTP ${status}${payload.text === '' ? '' : `: ${payload.text}`}`).slice(0, 200);
  const url = (message: string, hint: string) =>
    new ConfigError('E_ZNUNY_URL', `${operation}: ${message} (${said})`, { where, hint });
  if (/error while determine operation/i.test(payload.text)) {
    return url(
      'the web service has no such route',
      'Add the operation with this method and path to the web service.',
    );
  }
  if (status >= 300 && status < 400) return redirected(answer, context);
  switch (status) {
    case 400:
    case 404:
    case 405:
    case 501:
      return url(
        'no Generic Interface there',
        'Check the URL: scheme, host, and the path of nph-genericinterface.pl.',
      );
    case 401:
    case 403:
    case 407:
      return url(
        'a web server before Znuny refuses',
        'Give the proxy its login as headers, or let this host through.',
      );
    case 413:
    case 414: {
      const hint =
        status === 413
          ? 'Raise MaxLength of the web service.'
          : 'Allow POST on this route: a query string holds 8 kB.';
      return new PermanentError('E_ZNUNY_REQUEST', `${operation}: the request is too long (${said})`, {
        where,
        hint,
      });
    }
    case 429:
      return new TransientError('E_ZNUNY_UNREACHABLE', `${operation}: too many requests (${said})`, {
        where,
      });
  }
  if (status === 500 && BEFORE_OPERATION.test(payload.text)) {
    return new PermanentError('E_ZNUNY_REQUEST', `${operation}: Znuny could not read the request (${said})`, {
      where,
    });
  }
  if (context.writes)
    return unclear(context, `${operation}: a proxy or Znuny answered with an error page (${said})`);
  const code = status >= 500 ? 'E_ZNUNY_UNREACHABLE' : 'E_ZNUNY_ANSWER';
  return new TransientError(code, `${operation}: no answer of the Generic Interface (${said})`, { where });
}

/** Znuny's transport says these before it calls the operation: nothing was written. */
const BEFORE_OPERATION =
  /^(?:Error while decoding request|Unsupported request content|Could not read input data)/;

function redirected(answer: WireAnswer, context: CallContext): KnownError {
  const to = URL.parse(answer.location, 'http://relative.invalid');
  const target = to && to.hostname !== 'relative.invalid' ? to.origin : 'another path';
  return new ConfigError(
    'E_ZNUNY_URL',
    `${context.operation}: Znuny redirects to ${target}; redirects are not followed`,
    {
      where: context.where,
      hint: 'Configure the final URL.',
    },
  );
}

type Unclear = 'E_ZNUNY_UNCLEAR' | 'E_ZNUNY_ACCESS';
function unclear(context: CallContext, message: string, code: Unclear = 'E_ZNUNY_UNCLEAR'): AmbiguousError {
  const hint =
    context.operation === 'TicketCreate' ? 'Search for the ticket before it is created again.' : READ_BACK;
  return new AmbiguousError(code, `${message}; the change may have been made`, {
    where: context.where,
    hint,
  });
}
