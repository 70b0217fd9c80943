import type { Dispatcher } from 'undici';
import { ConfigError, type KnownError, TransientError } from '../errors.ts';

type Where = { readonly hub: string; readonly token?: string | undefined };

export function hubError(message: string, { hub }: Where, hint?: string): ConfigError {
  return new ConfigError('E_HUB', message, { where: hub, ...(hint === undefined ? {} : { hint }) });
}

/** No answer, or half of one: it may be better later. */
export function fromNetwork(error: unknown, what: string, where: string): KnownError {
  const code = codeOf(error);
  if (/CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|^ERR_SSL|^ERR_TLS/.test(code)) {
    const hint = 'Where a proxy opens TLS, name its authority in NODE_EXTRA_CA_CERTS.';
    return new ConfigError('E_HUB', `No trusted TLS connection for ${what} (${code}).`, { where, hint });
  }
  const told = code === '' ? '' : ` (${code})`;
  return new TransientError('E_HUB', `The hub cannot be reached, or broke off, for ${what}${told}.`, {
    where,
    cause: error,
    hint: 'Run it again: what is complete is not fetched twice. A proxy is named by https_proxy, a mirror by --hub.',
  });
}

/** What a status means; the hub names its reasons in X-Error-Code. */
export async function fromStatus(
  answer: Dispatcher.ResponseData,
  what: string,
  where: Where,
): Promise<KnownError> {
  const { statusCode: status, headers } = answer;
  const reason = [headers['x-error-code'] ?? ''].flat()[0] ?? '';
  await answer.body.dump().catch(() => {});
  const told = `(HTTP ${status}${/^\w{1,40}$/.test(reason) ? `, ${reason}` : ''})`;
  switch (status) {
    case 401:
    case 403: {
      // huggingface.co answers 401 for a name that does not exist, too, as long as nobody is logged in
      const hint =
        where.token === undefined
          ? 'Check the name; for a private or gated model set HF_TOKEN to a token that may read it.'
          : 'HF_TOKEN is not accepted for it: accept the terms of the model on the hub, or take another token.';
      return hubError(
        `The hub does not give ${what}: it is private, gated or not there ${told}.`,
        where,
        hint,
      );
    }
    case 404:
    case 410:
      return hubError(`The hub has no ${what} ${told}.`, where, 'Check the name (org/name) and --revision.');
    case 407:
      return hubError(
        `The proxy wants a login ${told}.`,
        where,
        'Give it in https_proxy: http://user:password@proxy:port.',
      );
  }
  if (status === 429 || status >= 500) {
    return new TransientError('E_HUB', `The hub does not serve ${what} now ${told}.`, { where: where.hub });
  }
  return hubError(`The hub refuses ${what} ${told}.`, where, 'Is this the address of a hub? See --hub.');
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return 'cause' in error ? codeOf(error.cause) : '';
}
