import { expect } from 'vitest';
import type { TicketSearchQuery } from '../src/znuny/types.ts';
import { call, type RawAnswer } from './raw.ts';
import { needs, promise, type Stage } from './stage.ts';

let stock: Promise<readonly number[]> | undefined;

/** Two tickets: what filters is told from what Znuny ignores. */
function prepared(stage: Stage): Promise<readonly number[]> {
  stock ??= prepare(stage);
  return stock;
}

async function prepare(stage: Stage): Promise<readonly number[]> {
  const first = await stage.make({ Ticket: { Title: 'traps first' } });
  const second = await stage.make({ Ticket: { Title: 'traps second', Queue: stage.target.targetQueue } });
  return [first.id, second.id];
}

const mine = (stage: Stage) => ({ Title: `${stage.mark} traps*` });

/** Ids of a raw answer, null where it is an error. */
function idsOf({ status, json }: RawAnswer): readonly number[] | null {
  if (status !== 200 || typeof json !== 'object' || json === null || 'Error' in json) return null;
  const { TicketID = [] } = json as { readonly TicketID?: readonly string[] };
  return TicketID.map(Number).toSorted((a, b) => a - b);
}

/** The client's refusal; fails where it sent a search all the same. */
async function refusal(stage: Stage, query: TicketSearchQuery): Promise<unknown> {
  const sent: string[] = [];
  const client = stage.client({ onCall: ({ operation }) => sent.push(operation) });
  const error = await client.ticketSearch(query).catch((thrown: unknown) => thrown);
  expect(sent).not.toContain('TicketSearch');
  return error;
}

const refused = (words: string) => ({
  kind: 'permanent',
  code: 'E_ZNUNY_REQUEST',
  message: expect.stringContaining(words),
});

promise('TicketSearch raw: ids are texts, one hit is a list too, and none is {}', async ({ stage }) => {
  const [first, second] = await prepared(stage);
  const one = await stage.raw('TicketSearch', { ...mine(stage), Queues: [stage.target.targetQueue] });
  expect([one.status, one.json]).toEqual([200, { TicketID: [String(second)] }]);
  const none = await stage.raw('TicketSearch', { Title: `${stage.mark} nothing` });
  expect([none.status, none.json]).toEqual([200, {}]);
  expect(await stage.znuny.ticketSearch({ Title: `${stage.mark} nothing` })).toEqual([]);
  expect(await stage.znuny.ticketSearch({ ...mine(stage), TicketID: Number(first) })).toEqual([first]);
});

promise.for([
  ['Queues', 'sourceQueue', 'No such queue'],
  ['States', 'new', 'no such state'],
  ['Priorities', '3 normal', '9 none'],
  ['Locks', 'unlock', 'tied'],
] as const)(
  'TicketSearch with an unknown name in %s, even among known ones: nothing is found, and there is no error',
  async ([key, known, unknown], { stage }) => {
    const good = known === 'sourceQueue' ? stage.target.sourceQueue : known;
    await prepared(stage);
    expect(await stage.znuny.ticketSearch({ ...mine(stage), [key]: [good] })).not.toEqual([]);
    expect(await stage.znuny.ticketSearch({ ...mine(stage), [key]: unknown })).toEqual([]);
    expect(await stage.znuny.ticketSearch({ ...mine(stage), [key]: [good, unknown] })).toEqual([]);
  },
);

promise('TicketSearch with an unknown SortBy: Znuny finds nothing, the client refuses', async ({ stage }) => {
  await prepared(stage);
  const wrong = { ...mine(stage), SortBy: 'Importance', OrderBy: 'Up' } as const;
  expect(idsOf(await stage.raw('TicketSearch', wrong))).toEqual([]);
  expect(await refusal(stage, wrong)).toMatchObject(refused('SortBy must be a sort key that Znuny knows'));
});

promise.for(['2000-01-01T00:00:00Z', 'yesterday', '2000-01-01'])(
  'TicketSearch with the date %s: Znuny finds nothing, the client refuses',
  async (date, { stage }) => {
    const ids = await prepared(stage);
    const query = (TicketCreateTimeNewerDate: string) => ({ ...mine(stage), TicketCreateTimeNewerDate });
    expect(idsOf(await stage.raw('TicketSearch', query('2000-01-01 00:00:00')))).toEqual(ids);
    expect(idsOf(await stage.raw('TicketSearch', query(date)))).toEqual([]);
    expect(await refusal(stage, query(date))).toMatchObject(refused('TicketCreateTimeNewerDate must be'));
  },
);

promise(
  'TicketSearch with an unknown parameter: Znuny ignores it and finds all, the client refuses and names the nearest',
  async ({ stage }) => {
    const ids = await prepared(stage);
    const wrong = { ...mine(stage), Queuez: ['No such queue'] };
    expect(idsOf(await stage.raw('TicketSearch', wrong))).toEqual(ids);
    expect(await refusal(stage, wrong)).toMatchObject(refused('Queuez'));
    expect(await refusal(stage, wrong)).toMatchObject(refused('Queues'));
    const singular = { ...mine(stage), Queue: 'No such queue' };
    expect(idsOf(await stage.raw('TicketSearch', singular))).toEqual(ids);
    expect(await refusal(stage, singular)).toMatchObject(refused('did you mean Queues'));
  },
);

promise('TicketSearch with an empty list: Znuny does not filter, the client refuses', async ({ stage }) => {
  const ids = await prepared(stage);
  const wrong = { ...mine(stage), Queues: [] };
  expect(idsOf(await stage.raw('TicketSearch', wrong))).toEqual(ids);
  expect(await refusal(stage, wrong)).toMatchObject(refused('Queues must be'));
});

promise('TicketSearch with an empty text: Znuny does not filter, the client refuses', async ({ stage }) => {
  const ids = await prepared(stage);
  const wrong = { ...mine(stage), States: '' };
  expect(idsOf(await stage.raw('TicketSearch', wrong))).toEqual(ids);
  expect(await refusal(stage, wrong)).toMatchObject(refused('States must be'));
});

promise.for([
  ['one OrderBy', 'Up'],
  ['a list of one OrderBy', ['Up']],
  ['no OrderBy', undefined],
] as const)(
  'TicketSearch with two SortBy and %s: Znuny finds nothing, the client refuses',
  async ([, OrderBy], { stage }) => {
    await prepared(stage);
    const wrong: TicketSearchQuery = {
      ...mine(stage),
      SortBy: ['Priority', 'Age'],
      ...(OrderBy === undefined ? {} : { OrderBy }),
    };
    expect(idsOf(await stage.raw('TicketSearch', wrong))).toEqual([]);
    expect(await refusal(stage, wrong)).toMatchObject(refused('OrderBy'));
  },
);

promise('TicketSearch by a dynamic field that is none: Znuny ignores it and finds all', async ({ stage }) => {
  const ids = await prepared(stage);
  const wrong = { ...mine(stage), DynamicField_NoSuchFieldOfTheSuite: { Equals: 'x' } };
  expect(idsOf(await stage.raw('TicketSearch', wrong))).toEqual(ids);
});

promise(
  'TicketSearch raw by a dynamic field as a plain value: ignored, all is found',
  async ({ stage, skip }) => {
    const name = needs({ stage, skip }, 'textField');
    const ids = await prepared(stage);
    const wrong = { ...mine(stage), [`DynamicField_${name}`]: 'no such value' };
    expect(idsOf(await stage.raw('TicketSearch', wrong))).toEqual(ids);
  },
);

promise('TicketSearch by GET: the same tickets, lists included', async ({ stage, skip }) => {
  const client = stage.client({ webService: needs({ stage, skip }, 'getOnlyService') });
  const [first, second] = await prepared(stage);
  const { sourceQueue, targetQueue } = stage.target;
  const found = await client.ticketSearch({
    ...mine(stage),
    Queues: [sourceQueue, targetQueue],
    SortBy: ['Title', 'Age'],
    OrderBy: ['Up', 'Up'],
  });
  expect(found).toEqual([first, second]);
  expect(await client.ticketSearch({ ...mine(stage), Queues: targetQueue })).toEqual([second]);
});

promise(
  'TicketSearch by GET with a dynamic field: Znuny ignores it and finds all, the client refuses',
  async ({ stage, skip }) => {
    const client = stage.client({ webService: needs({ stage, skip }, 'getOnlyService') });
    const name = needs({ stage, skip }, 'textField');
    const ids = await prepared(stage);
    const endpoint = await client.resolveEndpoint();
    expect(endpoint.routes.TicketSearch?.method).toBe('GET');
    const SessionID = await stage.session();
    const query = { SessionID, ...mine(stage), [`DynamicField_${name}`]: 'no such value' };
    expect(idsOf(await call(endpoint, 'TicketSearch', query))).toEqual(ids);
    const error = await client
      .ticketSearch({ ...mine(stage), [`DynamicField_${name}`]: { Equals: 'no such value' } })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'config',
      code: 'E_ZNUNY_URL',
      message: expect.stringContaining(`DynamicField_${name}`),
    });
  },
);
