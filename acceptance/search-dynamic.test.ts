import { expect } from 'vitest';
import type { DynamicFieldSearch, TicketSearchQuery } from '../src/znuny/types.ts';
import { type Making, needs, promise, type Stage } from './stage.ts';

const by = (name: string, search: DynamicFieldSearch): Pick<TicketSearchQuery, `DynamicField_${string}`> => ({
  [`DynamicField_${name}`]: search,
});

/** Tickets of one word, each with its value of the field, `null` for none; found ones come back by their position. */
async function stocked(
  stage: Stage,
  word: string,
  Name: string,
  values: readonly (string | number | readonly string[] | null)[],
) {
  const ids: number[] = [];
  for (const Value of values) {
    const making: Making = { Ticket: { Title: `dynamic ${word}` } };
    const { id } = await stage.make(Value === null ? making : { ...making, DynamicField: [{ Name, Value }] });
    ids.push(id);
  }
  const Title = `${stage.mark} dynamic ${word}`;
  const positions = (found: readonly number[]) => found.map((id) => ids.indexOf(id));
  return {
    find: async (search: DynamicFieldSearch) =>
      positions(await stage.znuny.ticketSearch({ Title, ...by(Name, search) })).toSorted(),
    sorted: async (OrderBy: 'Up' | 'Down') =>
      positions(
        await stage.znuny.ticketSearch({
          Title,
          SortBy: `DynamicField_${Name}`,
          OrderBy,
          ...by(Name, { Empty: 0 }),
        }),
      ),
    all: async () => positions(await stage.znuny.ticketSearch({ Title })).toSorted(),
  };
}

type Stocked = Awaited<ReturnType<typeof stocked>>;
let texts: Promise<Stocked> | undefined;

const FOUND: readonly (readonly [name: string, search: DynamicFieldSearch, found: readonly number[]])[] = [
  ['Equals', { Equals: 'ticket-2' }, [1]],
  ['Equals, a list of alternatives', { Equals: ['ticket-1', 'ticket-3'] }, [0, 2]],
  ['Equals, a part of a value: none', { Equals: 'ticket' }, []],
  ['Like with *', { Like: 'ticket*' }, [0, 1, 2]],
  ['Like in another case', { Like: '*CKET-2' }, [1]],
  ['Like, a list of alternatives', { Like: ['*-1', 'other*'] }, [0, 3]],
  ['Like without wildcards, a part of a value: none', { Like: 'ticket' }, []],
  ['Empty 1', { Empty: 1 }, [4]],
  ['Empty 0', { Empty: 0 }, [0, 1, 2, 3]],
  ['GreaterThan', { GreaterThan: 'ticket-1' }, [1, 2]],
  ['GreaterThanEquals', { GreaterThanEquals: 'ticket-2' }, [1, 2]],
  ['SmallerThan', { SmallerThan: 'ticket-2' }, [0, 3]],
  ['SmallerThanEquals', { SmallerThanEquals: 'ticket-2' }, [0, 1, 3]],
  [
    'GreaterThanEquals and SmallerThanEquals, both required',
    { GreaterThanEquals: 'ticket-1', SmallerThanEquals: 'ticket-2' },
    [0, 1],
  ],
];

promise.for(FOUND)(
  'TicketSearch by a dynamic field, %s: finds exactly those',
  async ([, search, found], { stage, skip }) => {
    const Name = needs({ stage, skip }, 'textField');
    texts ??= stocked(stage, 'text', Name, ['ticket-1', 'ticket-2', 'ticket-3', 'other-1', null]);
    expect(await (await texts).find(search)).toEqual(found);
  },
);

promise(
  'TicketSearch with SortBy a dynamic field: comes in the order of its values',
  async ({ stage, skip }) => {
    const Name = needs({ stage, skip }, 'textField');
    const { sorted } = await stocked(stage, 'order', Name, ['b', 'c', 'a', null]);
    expect(await sorted('Up')).toEqual([2, 0, 1]);
    expect(await sorted('Down')).toEqual([1, 0, 2]);
  },
);

promise('TicketSearch by a cleared dynamic field: empty again', async ({ stage, skip }) => {
  const Name = needs({ stage, skip }, 'textField');
  const { find } = await stocked(stage, 'cleared', Name, ['full', 'emptied']);
  const [id = 0] = await stage.znuny.ticketSearch({
    Title: `${stage.mark} dynamic cleared`,
    ...by(Name, { Equals: 'emptied' }),
  });
  await stage.znuny.ticketUpdate({ TicketID: id, DynamicField: [{ Name, Value: '' }] });
  expect(await find({ Empty: 1 })).toEqual([1]);
  expect(await find({ Empty: 0 })).toEqual([0]);
});

promise('TicketSearch by a dropdown: by its keys', async ({ stage, skip }) => {
  const { name, keys } = needs({ stage, skip }, 'dropdownField');
  const [one = '', other = ''] = keys;
  const { find } = await stocked(stage, 'dropdown', name, [one, other, null]);
  expect(await find({ Equals: one })).toEqual([0]);
  expect(await find({ Equals: [one, other] })).toEqual([0, 1]);
  expect(await find({ Empty: 1 })).toEqual([2]);
});

promise('TicketSearch by a multiselect: one of its keys is enough', async ({ stage, skip }) => {
  const { name, keys } = needs({ stage, skip }, 'multiselectField');
  const [one = '', other = ''] = keys;
  const { find } = await stocked(stage, 'multi', name, [[one, other], [one], null]);
  expect(await find({ Equals: one })).toEqual([0, 1]);
  expect(await find({ Equals: other })).toEqual([0]);
  expect(await find({ Empty: true })).toEqual([2]);
});

promise('TicketSearch by a date field: from and to, both included', async ({ stage, skip }) => {
  const name = needs({ stage, skip }, 'dateField');
  const days = ['2026-02-26 08:00:00', '2026-02-27 08:00:00', '2026-02-28 08:00:00'] as const;
  const { find, sorted } = await stocked(stage, 'date', name, [...days, null]);
  expect(await find({ GreaterThanEquals: days[1] })).toEqual([1, 2]);
  expect(await find({ SmallerThanEquals: days[1] })).toEqual([0, 1]);
  expect(await find({ GreaterThan: days[0], SmallerThan: days[2] })).toEqual([1]);
  expect(await find({ Equals: days[2] })).toEqual([2]);
  expect(await sorted('Down')).toEqual([2, 1, 0]);
});

promise('TicketSearch by a checkbox', async ({ stage, skip }) => {
  const name = needs({ stage, skip }, 'checkboxField');
  const { find } = await stocked(stage, 'check', name, [1, 0, null]);
  expect(await find({ Equals: 1 })).toEqual([0]);
  expect(await find({ Equals: 0 })).toEqual([1]);
  expect(await find({ Empty: 1 })).toEqual([2]);
});

promise('TicketSearch by two dynamic fields: both are required', async ({ stage, skip }) => {
  const text = needs({ stage, skip }, 'textField');
  const { name, keys } = needs({ stage, skip }, 'dropdownField');
  const [Value = ''] = keys;
  const { id } = await stage.make({
    Ticket: { Title: 'two fields' },
    DynamicField: [
      { Name: text, Value: 'both' },
      { Name: name, Value },
    ],
  });
  await stage.make({ Ticket: { Title: 'two fields' }, DynamicField: [{ Name: text, Value: 'both' }] });
  const found = await stage.znuny.ticketSearch({
    Title: `${stage.mark} two fields`,
    ...by(text, { Equals: 'both' }),
    ...by(name, { Equals: Value }),
  });
  expect(found).toEqual([id]);
});
