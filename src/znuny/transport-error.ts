import { ConfigError, type KnownError, PermanentError, TransientError } from '../errors.ts';
import { type CallContext, details, unclear, ZnunyRefusal } from './call-context.ts';
import type { WireAnswer, WireFailure } from './transport.ts';

/** Why no answer came. A write that may have left is Ambiguous whatever broke it. */
export function fromFailure(failure: WireFailure, context: CallContext): KnownError {
  const { operation } = context;
  const told = (hint: string | undefined) => details(context, hint === undefined ? {} : { hint });
  if (context.writes && failure.sent) {
    return unclear(context, `${operation}: ${NO_ANSWER[failure.reason]}${codeOf(failure)}`);
  }
  const message = `${operation}: ${failure.silent ? NO_ANSWER[failure.reason] : (BROKEN[failure.reason] ?? NO_ANSWER[failure.reason])}${codeOf(failure)}`;
  if (failure.reason === 'tls') {
    const hint = failure.code.startsWith('ERR_OSSL')
      ? 'Check client_cert: a PEM certificate, and the key that belongs to it.'
      : 'Check the certificate of Znuny: name, expiry, and its issuer (ca_file).';
    return new ConfigError('E_ZNUNY_UNREACHABLE', message, told(hint));
  }
  if (failure.reason === 'too-large') {
    const hint = 'Ask for fewer tickets or for no attachments.';
    return new PermanentError('E_ZNUNY_ANSWER', message, told(hint));
  }
  return new TransientError('E_ZNUNY_UNREACHABLE', message, told(HINT[failure.reason]));
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
const HINT: { readonly [Reason in WireFailure['reason']]?: string } = {
  refused: 'Check that Znuny runs and that a firewall lets this host through.',
  dns: 'Check the host name in the URL and the resolver of this host.',
  closed: 'If this stays so, check the web service: its name, is it valid?',
};

function codeOf(failure: WireFailure): string {
  return failure.code === '' ? '' : ` (${failure.code})`;
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

export function transportText(
  answer: WireAnswer,
  payload: { readonly text: string; readonly html: boolean },
  context: CallContext,
): KnownError {
  const { operation } = context;
  const { status } = answer;
  const text = context.scrub(`HTTP ${status}${payload.text === '' ? '' : `: ${payload.text}`}`).slice(0, 200);
  const said = new ZnunyRefusal(operation, '', text);
  const told = (message: string) => `${operation}: ${message} (${text})`;
  const url = (message: string, hint: string) =>
    new ConfigError('E_ZNUNY_URL', told(message), details(context, { hint, said }));
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
      const message = told('the request is too long');
      return new PermanentError('E_ZNUNY_REQUEST', message, details(context, { hint, said }));
    }
    case 429:
      return new TransientError('E_ZNUNY_UNREACHABLE', told('too many requests'), details(context, { said }));
  }
  if (status === 500 && BEFORE_OPERATION.test(payload.text)) {
    const message = told('Znuny could not read the request');
    return new PermanentError('E_ZNUNY_REQUEST', message, details(context, { said }));
  }
  if (context.writes) return unclear(context, told('a proxy or Znuny answered with an error page'), { said });
  const code = status >= 500 ? 'E_ZNUNY_UNREACHABLE' : 'E_ZNUNY_ANSWER';
  return new TransientError(code, told('no answer of the Generic Interface'), details(context, { said }));
}

/** Znuny's transport says these before it calls the operation: nothing was written. */
const BEFORE_OPERATION =
  /^(?:Error while decoding request|Unsupported request content|Could not read input data)/;

function redirected(answer: WireAnswer, context: CallContext): KnownError {
  const to = URL.parse(answer.location, 'http://relative.invalid');
  const target = to && to.hostname !== 'relative.invalid' ? to.origin : 'another path';
  const message = `${context.operation}: Znuny redirects to ${target}; redirects are not followed`;
  return new ConfigError('E_ZNUNY_URL', message, details(context, { hint: 'Configure the final URL.' }));
}
