import { ConfigError } from '../errors.ts';
import { buildClient } from '../wiring/parts.ts';
import { ZnunyClient } from '../znuny/client.ts';
import type { Route } from '../znuny/types.ts';
import { OPERATIONS } from '../znuny/types.ts';
import type { CommandCall, OptionHelp } from './command.ts';
import { loadFor } from './config-option.ts';

export const CONNECTION_OPTIONS = {
  url: { type: 'string', value: 'URL', description: "Znuny's address, in place of a configuration" },
  'web-service': { type: 'string', value: 'NAME', description: 'with --url (default: TicketTriage)' },
  user: { type: 'string', value: 'LOGIN', description: 'with --url: the agent' },
  'password-env': { type: 'string', value: 'NAME', description: 'with --url: variable with the password' },
  'session-env': { type: 'string', value: 'NAME', description: 'with --url: variable with a SessionID' },
  'header-env': {
    type: 'string',
    multiple: true,
    value: 'HEADER=NAME',
    description: 'with --url: a header (token, API key) and the variable with its value; repeatable',
  },
  route: {
    type: 'string',
    multiple: true,
    value: 'ROUTE',
    description: 'with --url: "OPERATION=METHOD /path"; repeatable',
  },
  'ca-file': { type: 'string', value: 'FILE', description: 'with --url: PEM of a further authority' },
  'client-cert': { type: 'string', value: 'FILE', description: 'with --url: PEM of a client certificate' },
  'client-key': { type: 'string', value: 'FILE', description: 'with --url: PEM of its key' },
  'allow-http': { type: 'boolean', description: 'with --url: plain http beyond this machine' },
} as const satisfies Record<string, OptionHelp>;

/** The Znuny of `--url`, else that of the configuration. Secrets come from variables: arguments can be seen by all. */
export function connect(call: CommandCall, maxConcurrency: number | undefined): ZnunyClient {
  const url = call.text('url');
  if (url !== undefined) return fromOptions(call, url, maxConcurrency);
  const stray = Object.keys(CONNECTION_OPTIONS).find(
    (name) => call.texts(name).length > 0 || call.flag(name),
  );
  if (stray !== undefined)
    throw wrong(`--${stray} goes with --url, and there is none`, 'Give --url, or a configuration alone.');
  const sets = maxConcurrency === undefined ? [] : [`connector.max_concurrency=${maxConcurrency}`];
  const texts = (name: string) => (name === 'set' ? [...call.texts('set'), ...sets] : call.texts(name));
  return buildClient(loadFor({ text: call.text, texts, env: call.env }));
}

/** Whether the session is the caller's, who goes on using it. */
export function hasOwnSession(call: CommandCall): boolean {
  return call.text('session-env') !== undefined;
}

function fromOptions(call: CommandCall, url: string, maxConcurrency: number | undefined): ZnunyClient {
  const webService = call.text('web-service');
  const user = call.text('user');
  const password = call.text('password-env');
  const session = call.text('session-env');
  const headers = call.texts('header-env');
  const [caFile, certFile, keyFile] = [
    call.text('ca-file'),
    call.text('client-cert'),
    call.text('client-key'),
  ];
  if ((user === undefined) !== (password === undefined)) {
    throw wrong(
      '--user and --password-env go together',
      'Name the agent and the variable with its password.',
    );
  }
  if (user === undefined && session === undefined && headers.length === 0 && certFile === undefined) {
    throw wrong(
      'who asks is missing',
      'Give --user with --password-env, or --session-env, or --header-env with a token.',
    );
  }
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw wrong('--client-cert and --client-key go together', 'Name both files.');
  }
  const routes = routesOf(call.texts('route'));
  return new ZnunyClient({
    url,
    allowHttp: call.flag('allow-http'),
    headers: Object.fromEntries(headers.map((text) => header(call, text))),
    ...(webService === undefined ? {} : { webService }),
    ...(user === undefined || password === undefined
      ? { auth: 'headers' }
      : { userLogin: user, password: variable(call, password) }),
    ...(session === undefined ? {} : { sessionId: variable(call, session) }),
    ...(caFile === undefined ? {} : { caFile }),
    ...(certFile === undefined || keyFile === undefined ? {} : { clientCert: { certFile, keyFile } }),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    ...(Object.keys(routes).length === 0 ? {} : { routes }),
  });
}

function variable(call: CommandCall, name: string): () => string {
  const value = call.env[name] ?? '';
  if (value === '') {
    throw wrong(
      `the variable ${name} is not set`,
      `Export it, e.g. from a file: export ${name}="$(cat FILE)".`,
    );
  }
  return () => value;
}

function header(call: CommandCall, text: string): [string, () => string] {
  const [, name = '', from = ''] = /^([A-Za-z\d-]+)=(\w+)$/.exec(text) ?? [];
  if (name === '') throw wrong('--header-env must be HEADER=NAME', 'NAME is the variable with the value.');
  return [name, variable(call, from)];
}

function routesOf(texts: readonly string[]): Record<string, Route> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, method, path = ''] = /^(\w+)=(GET|POST|PUT|PATCH|DELETE) (\/\S*)$/.exec(text) ?? [];
      const operation = OPERATIONS.find((known) => known === name);
      if (operation === undefined || method === undefined) {
        throw wrong(
          `--route "${text}" is none`,
          `Write it like "TicketDelete=DELETE /Ticket/:TicketID", with one of ${OPERATIONS.join(', ')}.`,
        );
      }
      return [operation, { method: method as Route['method'], path }];
    }),
  );
}

function wrong(message: string, hint: string): ConfigError {
  return new ConfigError('E_CONFIG', message, { hint });
}
