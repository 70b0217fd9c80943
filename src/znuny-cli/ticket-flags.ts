import { ConfigError } from '../errors.ts';
import { readAttachment } from './attachments.ts';
import { readTextFile } from './data.ts';
import type { Data, FlagHelp, Flags } from './operation.ts';

/** Options of create and update, each with the key of Znuny that it fills. */
const TICKET = {
  title: ['Title', 'TEXT', 'title, at most 255 characters'],
  queue: ['Queue', 'NAME', 'queue by its full name, Parent::Child'],
  state: ['State', 'NAME', 'state, e.g. open, "closed successful", "pending reminder"'],
  priority: ['Priority', 'NAME', 'priority, e.g. "3 normal"'],
  customer: ['CustomerUser', 'LOGIN', "customer's login or address"],
  'customer-id': ['CustomerID', 'ID', "customer's company"],
  owner: ['Owner', 'LOGIN', 'owner; also locks the ticket unless --lock unlock'],
  responsible: ['Responsible', 'LOGIN', 'responsible agent'],
  lock: ['Lock', 'NAME', 'lock or unlock'],
  type: ['Type', 'NAME', 'type'],
  service: ['Service', 'NAME', 'service'],
  sla: ['SLA', 'NAME', 'SLA'],
} as const;

const ARTICLE = {
  subject: ['Subject', 'TEXT', "article's subject"],
  body: ['Body', 'TEXT', "article's text"],
  'content-type': ['ContentType', 'TYPE', 'default text/plain; charset=utf8'],
  channel: ['CommunicationChannel', 'NAME', 'Internal (default), Email, Phone …'],
  sender: ['SenderType', 'TYPE', 'agent (default), customer or system'],
  from: ['From', 'TEXT', "article's sender"],
  to: ['To', 'TEXT', "article's recipient"],
  cc: ['Cc', 'TEXT', 'copy to'],
} as const;

type Row = readonly [string, string, string];
const help = (rows: Readonly<Record<string, Row>>): Record<string, FlagHelp> =>
  Object.fromEntries(
    Object.entries(rows).map(([flag, [, value, description]]) => [
      flag,
      { type: 'string', value, description },
    ]),
  );

export const TICKET_FLAGS: Readonly<Record<string, FlagHelp>> = {
  ...help(TICKET),
  pending: {
    type: 'string',
    value: 'TIME',
    description: 'pending until: minutes from now, or "2026-11-30 08:00" in the agent\'s zone',
  },
  ...help(ARTICLE),
  'body-file': { type: 'string', value: 'FILE', description: "article's text from a UTF-8 file" },
  visible: { type: 'boolean', description: 'the customer sees the article' },
  quiet: { type: 'boolean', description: 'no mail to agents about the article' },
  'time-unit': { type: 'string', value: 'N', description: 'time to account, in the units of your Znuny' },
  field: {
    type: 'string',
    multiple: true,
    value: 'NAME=VALUE',
    description: 'dynamic field; repeatable, several of one name make a list',
  },
  attach: { type: 'string', multiple: true, value: 'FILE', description: 'attachment; repeatable' },
};

/** `{Ticket, Article, DynamicField, Attachment}` as far as options speak of them. */
export async function ticketData(flags: Flags): Promise<Data> {
  const ticket = { ...filled(TICKET, flags), ...pendingOf(flags) };
  const article = { ...filled(ARTICLE, flags), ...(await bodyOf(flags)), ...articleExtras(flags) };
  const fields = dynamicFields(flags.texts('field'));
  const attachments = await Promise.all(flags.texts('attach').map(readAttachment));
  return {
    ...(Object.keys(ticket).length > 0 ? { Ticket: ticket } : {}),
    ...(Object.keys(article).length > 0 ? { Article: article } : {}),
    ...(fields.length > 0 ? { DynamicField: fields } : {}),
    ...(attachments.length > 0 ? { Attachment: attachments } : {}),
  };
}

function filled(rows: Readonly<Record<string, Row>>, flags: Flags): Data {
  return Object.fromEntries(
    Object.entries(rows).flatMap(([flag, [key]]) => {
      const text = flags.text(flag);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}

function pendingOf(flags: Flags): Data {
  const text = flags.text('pending');
  if (text === undefined) return {};
  if (/^\d+$/.test(text)) return { PendingTime: { Diff: Number(text) } };
  const parts = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)$/.exec(text)?.slice(1).map(Number);
  if (!parts) throw wrong('pending', 'minutes from now, or a time like "2026-11-30 08:00"');
  const [Year, Month, Day, Hour, Minute] = parts;
  return { PendingTime: { Year, Month, Day, Hour, Minute } };
}

async function bodyOf(flags: Flags): Promise<Data> {
  const file = flags.text('body-file');
  if (file === undefined) return {};
  if (flags.text('body') !== undefined) throw wrong('body-file', 'alone: --body gives a text, too');
  return { Body: await readTextFile(file) };
}

function articleExtras(flags: Flags): Data {
  const unit = flags.text('time-unit');
  if (unit !== undefined && !/^\d+(\.\d+)?$/.test(unit)) throw wrong('time-unit', 'a number');
  return {
    ...(flags.flag('visible') ? { IsVisibleForCustomer: 1 } : {}),
    ...(flags.flag('quiet') ? { NoAgentNotify: 1 } : {}),
    ...(unit === undefined ? {} : { TimeUnit: Number(unit) }),
  };
}

function dynamicFields(texts: readonly string[]): readonly Data[] {
  const values = new Map<string, string[]>();
  for (const text of texts) {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === '') throw wrong('field', 'NAME=VALUE (NAME= clears the field)');
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return [...values].map(([Name, list]) => ({ Name, Value: list.length === 1 ? (list[0] ?? '') : list }));
}

export function wrong(flag: string, expected: string): ConfigError {
  const name = flag === 'TICKET' ? flag : `--${flag}`;
  return new ConfigError('E_CONFIG', `${name} must be ${expected}`, {
    hint: 'See triaged znuny --help.',
  });
}
