import { ConfigError, type KnownError, PermanentError, TransientError } from '../errors.ts';
import { isRecord, type Payload, plain } from './answer.ts';
import { type CallContext, details, unclear, ZnunyRefusal } from './call-context.ts';
import type { WireAnswer } from './transport.ts';
import { garbled, transportText } from './transport-error.ts';

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

/**
 * Znuny checks parameters, login and rights before the first write and starts those texts with the operation's
 * name. Whatever else a write answers may have come in the middle: the missing PendingTime does (recording 105).
 */
function operationError(code: string, text: string, context: CallContext): KnownError {
  const { operation, writes } = context;
  const said = saidBy(context, code, text.replace(`${operation}: `, ''));
  const told = code === '' ? `Error: ${said.message}` : said.message;
  const beforeAnyWrite = code !== '' && text.startsWith(`${operation}: `);
  if (writes && !beforeAnyWrite) {
    const message = `${operation}: Znuny reported an error after it may have begun to write (${told})`;
    return unclear(context, message, { said });
  }
  switch (code.slice(code.lastIndexOf('.') + 1)) {
    case 'AuthFail':
    case 'SessionInvalid':
      return new ConfigError(
        'E_ZNUNY_AUTH',
        `${operation}: Znuny refused the login or the session (${told})`,
        details(context, { hint: AUTH_HINT, said }),
      );
    case 'AccessDenied':
      return accessDenied(said, context);
    case 'InvalidParameter':
      return invalidParameter(text, said, context);
    case 'MissingParameter':
      if (/SessionID is required/.test(text)) {
        const hint =
          'A proxy may have dropped the body or the X-OTRS-Header-… headers; allow POST on the routes.';
        const message = `${operation}: the credentials did not reach Znuny (${told})`;
        return new ConfigError('E_ZNUNY_URL', message, details(context, { hint, said }));
      }
  }
  return refusedRequest(told, said, context);
}

function saidBy(context: CallContext, code: string, text: string): ZnunyRefusal {
  const short = (value: string) => context.scrub(plain(value)).slice(0, 300);
  return new ZnunyRefusal(context.operation, short(code), short(text));
}

function refusedRequest(told: string, said: ZnunyRefusal, context: CallContext): PermanentError {
  const message = `${context.operation}: Znuny refused the request (${told})`;
  return new PermanentError('E_ZNUNY_REQUEST', message, details(context, { said }));
}

/** A wrong password, maintenance mode and a locked agent get the same answer. */
export const AUTH_HINT =
  'Wrong password, or Znuny is in maintenance mode, or the agent was locked by PasswordMaxLoginFailed: Znuny does not tell which.';

function accessDenied(said: ZnunyRefusal, context: CallContext): KnownError {
  const { operation } = context;
  if (operation === 'TicketCreate') {
    const hint = 'Give the agent the right create (or rw) on the group of that queue.';
    const message = `TicketCreate: no right on the queue (${said.message})`;
    return new ConfigError('E_ZNUNY_ACCESS', message, details(context, { hint, said }));
  }
  const hint =
    'The agent lacks the right (rw on the queue to write, ro to read) or there is no such ticket: Znuny does not tell which.';
  const message = `${operation}: no access to the ticket (${said.message})`;
  return new PermanentError('E_ZNUNY_ACCESS', message, details(context, { hint, said }));
}

/** Fields whose values an administrator chose; they may stand in a message. */
const NAMES = ['Queue', 'State', 'Priority', 'Owner', 'Responsible', 'Lock', 'Type', 'Service', 'SLA'];

function invalidParameter(text: string, said: ZnunyRefusal, context: CallContext): KnownError {
  const { operation } = context;
  const field = /(\w+)->(?:\w+ID or \w+->)?(\w+)/.exec(text);
  const [part, name] = [field?.[1] ?? '', field?.[2] ?? ''];
  const unknown = (what: string) => `${operation}: Znuny does not know ${what} (${said.message})`;
  if (part === 'DynamicField') {
    const what = name === 'Name' ? 'a dynamic field of' : 'a value of';
    const hint = 'Create the field in Znuny, or the key in its list, or correct the name.';
    const message = unknown(`${what} ${fieldNames(context)}`);
    return new ConfigError('E_ZNUNY_NAME', message, details(context, { hint, said }));
  }
  if (part === 'Ticket' && NAMES.includes(name)) {
    const ticket = isRecord(context.data.Ticket) ? context.data.Ticket : {};
    const value = plain(String(ticket[name] ?? ticket[`${name}ID`] ?? ''));
    const hint =
      'Correct the name or create it in Znuny; names are case-sensitive, a sub-queue is written Parent::Child.';
    return new ConfigError('E_ZNUNY_NAME', unknown(`${name} "${value}"`), details(context, { hint, said }));
  }
  if (name === 'CustomerUser') {
    return new PermanentError('E_ZNUNY_NAME', unknown('the CustomerUser'), details(context, { said }));
  }
  return refusedRequest(said.message, said, context);
}

function fieldNames(context: CallContext): string {
  const fields = context.data.DynamicField;
  const names = (Array.isArray(fields) ? fields : [fields])
    .filter(isRecord)
    .map((field) => String(field.Name));
  return names.join(', ');
}

function fault(text: string, context: CallContext): KnownError {
  const said = saidBy(context, '', text);
  // A missing right on the target and a lock wait of the database give the same text (shapes 365).
  const code = /^Ticket \w+ could not be updated/.test(said.message) ? 'E_ZNUNY_ACCESS' : 'E_ZNUNY_UNCLEAR';
  if (context.writes) {
    return unclear(context, `${context.operation}: Znuny stopped half way (${said.message})`, { code, said });
  }
  const message = `${context.operation}: Znuny failed (${said.message})`;
  return new TransientError('E_ZNUNY_ANSWER', message, details(context, { said }));
}
