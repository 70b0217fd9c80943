import type { TicketSearchQuery } from '../znuny/types.ts';
import type { Data, FlagHelp, Flags, Operation } from './operation.ts';
import { wrong } from './ticket-flags.ts';

/** Option, Znuny's key, what stands for the value. Each may be repeated: the values are alternatives. */
const LISTS = {
  title: ['Title', 'TEXT', 'title; * stands for anything'],
  number: ['TicketNumber', 'N', 'ticket number'],
  queue: ['Queues', 'NAME', 'queue by its full name'],
  'queue-id': ['QueueIDs', 'ID', 'queue by id'],
  state: ['States', 'NAME', 'state'],
  'state-type': ['StateType', 'TYPE', 'type of state: new, open, closed, "pending reminder" …'],
  priority: ['Priorities', 'NAME', 'priority'],
  type: ['Types', 'NAME', 'type'],
  lock: ['Locks', 'NAME', 'lock or unlock'],
  'owner-id': ['OwnerIDs', 'ID', "owner's id (Znuny searches by id only)"],
  'responsible-id': ['ResponsibleIDs', 'ID', "responsible agent's id"],
  customer: ['CustomerUserLogin', 'LOGIN', "customer's login"],
  'customer-id': ['CustomerID', 'ID', "customer's company"],
  'sort-by': ['SortBy', 'KEY', 'Age (default), TicketNumber, Changed, Priority …'],
  'order-by': ['OrderBy', 'ORDER', 'Down (default) or Up, as many as --sort-by'],
} as const;

const TEXTS = {
  subject: ['MIMEBase_Subject', 'TEXT', 'words in the subject of an article'],
  body: ['MIMEBase_Body', 'TEXT', 'words in the text of an article'],
  from: ['MIMEBase_From', 'TEXT', 'sender of an article'],
} as const;

const TIMES = {
  created: 'TicketCreateTime',
  changed: 'TicketLastChangeTime',
  closed: 'TicketCloseTime',
} as const;
const BOUNDS = { after: 'Newer', before: 'Older' } as const;

const TIME_FLAGS: readonly (readonly [string, string])[] = Object.entries(TIMES).flatMap(([name, key]) =>
  Object.entries(BOUNDS).map(([side, bound]) => [`${name}-${side}`, `${key}${bound}`] as const),
);

const NUMERIC = /-id$/;

export const search: Operation = {
  name: 'search',
  summary: 'TicketSearch: ids of the tickets that fit everything that is asked for',
  usage: '[--queue NAME …] [--state NAME …] [--title "*TEXT*"] [--created-after TIME] [--limit N] …',
  example:
    'triaged znuny search --queue Raw --state-type new --state-type open --created-after 60 --limit 50',
  flags: flagsOf(),
  takesData: true,
  async read({ flags }) {
    return { ...lists(flags), ...texts(flags), ...times(flags), ...fields(flags), ...rest(flags) };
  },
  async call(data, { client }) {
    // The client checks keys and values at run time, since Znuny would search for everything else.
    const TicketID = await client.ticketSearch(data as TicketSearchQuery);
    return { answer: { TicketID }, failed: false };
  },
};

function flagsOf(): Record<string, FlagHelp> {
  const list = Object.entries(LISTS).map(([flag, [, value, description]]): [string, FlagHelp] => [
    flag,
    { type: 'string', multiple: true, value, description },
  ]);
  const text = Object.entries(TEXTS).map(([flag, [, value, description]]): [string, FlagHelp] => [
    flag,
    { type: 'string', value, description },
  ]);
  const time = TIME_FLAGS.map(([flag]): [string, FlagHelp] => {
    const description = `${flag.replace('-', ' ')} TIME: minutes ago, or "2026-11-24 08:00:00" in Znuny's zone`;
    return [flag, { type: 'string', value: 'TIME', description }];
  });
  return {
    ...Object.fromEntries([...list, ...text, ...time]),
    field: {
      type: 'string',
      multiple: true,
      value: 'NAME=VALUE',
      description: 'dynamic field; * stands for anything, NAME= finds it unset (needs a POST route)',
    },
    'sub-queues': { type: 'boolean', description: 'sub-queues of --queue, too' },
    limit: { type: 'string', value: 'N', description: "at most so many (Znuny's default: 500)" },
  };
}

function lists(flags: Flags): Data {
  return Object.fromEntries(
    Object.entries(LISTS).flatMap(([flag, [key]]) => {
      const values = flags.texts(flag);
      if (values.length === 0) return [];
      return [[key, NUMERIC.test(flag) && key.endsWith('IDs') ? values.map(Number) : values]];
    }),
  );
}

function texts(flags: Flags): Data {
  return Object.fromEntries(
    Object.entries(TEXTS).flatMap(([flag, [key]]) => {
      const text = flags.text(flag);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}

function times(flags: Flags): Data {
  const asked: Record<string, string | number> = {};
  for (const [flag, key] of TIME_FLAGS) {
    const text = flags.text(flag);
    if (text === undefined) continue;
    if (/^\d+(\.\d+)?$/.test(text)) asked[`${key}Minutes`] = Number(text);
    else asked[`${key}Date`] = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text} 00:00:00` : text;
  }
  return asked;
}

function fields(flags: Flags): Data {
  return Object.fromEntries(
    flags.texts('field').map((text) => {
      const [, name, value = ''] = /^([A-Za-z\d]+)=(.*)$/s.exec(text) ?? [];
      if (name === undefined) throw wrong('field', 'NAME=VALUE');
      const operator =
        value === '' ? { Empty: 1 } : value.includes('*') ? { Like: value } : { Equals: value };
      return [`DynamicField_${name}`, operator];
    }),
  );
}

function rest(flags: Flags): Data {
  const limit = flags.text('limit');
  if (limit !== undefined && !/^[1-9]\d*$/.test(limit)) throw wrong('limit', 'a number above 0');
  return {
    ...(flags.flag('sub-queues') ? { UseSubQueues: 1 } : {}),
    ...(limit === undefined ? {} : { Limit: Number(limit) }),
  };
}
