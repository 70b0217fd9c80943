import { parseArgs } from 'node:util';
import { ConfigError } from '../src/errors.ts';
import { type Account, OPTIONAL, type Target } from './target.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** Flags of everything that works on a given Znuny. */
export const TARGET_FLAGS = {
  url: text,
  'web-service': text,
  user: text,
  'password-env': text,
  'source-queue': text,
  'target-queue': text,
  'customer-user': text,
  agent: text,
  'agent-password-env': text,
  'agent-interface': text,
  'sub-queue': text,
  'read-only-queue': text,
  'move-into-queue': text,
  'forbidden-queue': text,
  type: text,
  service: text,
  sla: text,
  responsible: flag,
  'text-field': text,
  'dropdown-field': text,
  'multiselect-field': text,
  'date-field': text,
  'checkbox-field': text,
  'article-field': text,
  'sample-web-service': text,
  'get-only-web-service': text,
  'small-web-service': text,
  'keep-alive-web-service': text,
  'invalid-web-service': text,
  'delete-web-service': text,
  'guide-queues': flag,
  'webhook-port': text,
  'webhook-header': text,
  'webhook-secret-env': text,
} as const;

export const REQUIRED_HELP = `  --url URL                 origin, or the whole web-service URL
  --user LOGIN              the bot's agent
  --password-env NAME       variable with its password
  --web-service NAME        default TicketTriage
  --source-queue NAME       rw for the bot; default Raw
  --target-queue NAME       rw for the bot; default Misc
  --customer-user NAME      login or address of the tickets' customer; default acceptance@example.com`;

/** One line for each thing that a Znuny may lack. */
export function optionalHelp(): string {
  return Object.values(OPTIONAL)
    .map(([flags, what]) => `  ${flags}\n      ${what}`)
    .join('\n');
}

type Values = { readonly [Name in keyof typeof TARGET_FLAGS]?: string | boolean | undefined };

/** Errors: ConfigError E_CONFIG, which names the flag. */
export function parseFlags<More extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(
  args: readonly string[],
  more: More,
) {
  try {
    return parseArgs({ args: [...args], options: { ...TARGET_FLAGS, ...more }, allowPositionals: false })
      .values;
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error), 'See --help.');
  }
}

/** The target that the flags describe, null where no `--url` is among them. */
export function targetOf(values: Values, env: NodeJS.ProcessEnv): Target | null {
  const get = (name: keyof Values): string | undefined => {
    const value = values[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const url = get('url');
  if (url === undefined) {
    const [stray] = Object.keys(TARGET_FLAGS).filter((name) => values[name as keyof Values] !== undefined);
    if (stray !== undefined) throw wrong(`--${stray} goes with --url, and there is none`, 'Give --url.');
    return null;
  }
  const account = (login: keyof Values, password: keyof Values): Account | undefined => {
    const [name, variable] = [get(login), get(password)];
    if (name === undefined && variable === undefined) return undefined;
    if (name === undefined || variable === undefined)
      throw wrong(
        `--${login} and --${password} go together`,
        'Name the agent and the variable with its password.',
      );
    return { login: name, password: fromVariable(env, variable) };
  };
  const bot = account('user', 'password-env');
  if (bot === undefined)
    throw wrong(
      '--user and --password-env are missing',
      'Name the agent and the variable with its password.',
    );
  const agent = account('agent', 'agent-password-env');
  const webhook = webhookOf(get('webhook-port'), get('webhook-header'), get('webhook-secret-env'), env);
  return withoutUndefined({
    url,
    bot,
    agent,
    webService: get('web-service') ?? 'TicketTriage',
    sourceQueue: get('source-queue') ?? 'Raw',
    targetQueue: get('target-queue') ?? 'Misc',
    customerUser: get('customer-user') ?? 'acceptance@example.com',
    agentInterface: get('agent-interface'),
    subQueue: get('sub-queue'),
    readOnlyQueue: get('read-only-queue'),
    moveIntoQueue: get('move-into-queue'),
    forbiddenQueue: get('forbidden-queue'),
    type: get('type'),
    service: get('service'),
    sla: get('sla'),
    responsible: isOn(values.responsible),
    textField: get('text-field'),
    dropdownField: withKeys('dropdown-field', get('dropdown-field')),
    multiselectField: withKeys('multiselect-field', get('multiselect-field')),
    dateField: get('date-field'),
    checkboxField: get('checkbox-field'),
    articleField: get('article-field'),
    sampleService: get('sample-web-service'),
    getOnlyService: get('get-only-web-service'),
    smallService: withBytes(get('small-web-service')),
    keepAliveService: get('keep-alive-web-service'),
    invalidService: get('invalid-web-service'),
    deleteService: get('delete-web-service'),
    guideQueues: isOn(values['guide-queues']),
    webhook,
  });
}

function isOn(value: string | boolean | undefined): true | undefined {
  return value === true ? true : undefined;
}

function fromVariable(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name] ?? '';
  if (value === '') throw wrong(`the variable ${name} is not set`, `Export it: export ${name}=…`);
  return value;
}

function withKeys(name: string, value: string | undefined) {
  if (value === undefined) return undefined;
  const [field = '', keys = ''] = value.split('=');
  const list = keys.split(',').filter((key) => key !== '');
  if (field === '' || list.length < 2)
    throw wrong(`--${name} must be NAME=KEY,KEY`, 'Name the field and two of its keys.');
  return { name: field, keys: list };
}

function withBytes(value: string | undefined) {
  if (value === undefined) return undefined;
  const [, name = '', bytes = ''] = /^([^=]+)=(\d+)$/.exec(value) ?? [];
  if (name === '')
    throw wrong('--small-web-service must be NAME=BYTES', 'BYTES is the MaxLength of that web service.');
  return { name, maxLength: Number(bytes) };
}

function webhookOf(
  port: string | undefined,
  header: string | undefined,
  secret: string | undefined,
  env: NodeJS.ProcessEnv,
): Target['webhook'] {
  if (port === undefined) return undefined;
  if (!/^\d+$/.test(port) || header === undefined || secret === undefined)
    throw wrong(
      '--webhook-port, --webhook-header and --webhook-secret-env go together',
      'They say what Znuny calls, and what it sends.',
    );
  return { port: Number(port), header, secret: fromVariable(env, secret) };
}

type Given<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** An absent flag is an absent key. */
function withoutUndefined<T extends object>(value: T): Given<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Given<T>;
}

function wrong(message: string, hint: string): ConfigError {
  return new ConfigError('E_CONFIG', message, { hint });
}
