import { beforeEach, expect, test } from 'vitest';
import { PermanentError, TransientError } from '../errors.ts';
import { type Fields, Glance } from './glance.ts';

const FIELDS: Fields = {
  queue: 'Raw',
  priority: '3 normal',
  state: 'new',
  ownerId: 1,
  lock: 'unlock',
  changed: '2026-11-24 08:00:00',
};

let now = 0;
let asked: (readonly number[])[] = [];
let answer: (ids: readonly number[]) => Promise<ReadonlyMap<number, Fields | null | Error>>;
let glance: Glance;

beforeEach(() => {
  now = 10_000;
  asked = [];
  answer = async (ids) => new Map(ids.map((id) => [id, FIELDS]));
  const readFields = (ids: readonly number[]) => {
    asked.push(ids);
    return answer(ids);
  };
  glance = new Glance({ readFields }, () => now);
});

test('one look serves all that wait, each of them for a second', async () => {
  glance.expect([1, 2, 3]);
  for (const id of [1, 2]) expect(await glance.fields(id)).toEqual(FIELDS);
  now += 1_000;
  expect(await glance.fields(3)).toEqual(FIELDS);
  expect(asked).toEqual([[1, 2, 3]]);
});

test('what was seen more than a second ago is looked at again, with those that still wait', async () => {
  glance.expect([1, 2, 3]);
  await glance.fields(1);
  glance.forget(1);
  now += 1_001;
  await glance.fields(2);
  expect(asked).toEqual([
    [1, 2, 3],
    [2, 3],
  ]);
});

test('two writers at once share a look that is under way', async () => {
  glance.expect([1, 2]);
  await Promise.all([glance.fields(1), glance.fields(2)]);
  expect(asked).toEqual([[1, 2]]);
});

test('a look counts from its beginning, however long the answer takes', async () => {
  glance.expect([1, 2]);
  answer = async (ids) => {
    now += 1_500;
    return new Map(ids.map((id) => [id, FIELDS]));
  };
  await glance.fields(1);
  await glance.fields(2);
  expect(asked).toHaveLength(2);
});

test('twenty at once at most, in the order of their writing, and the one that is asked for among them', async () => {
  glance.expect(Array.from({ length: 30 }, (_, index) => index + 1));
  await glance.fields(30);
  expect(asked[0]).toEqual([30, ...Array.from({ length: 19 }, (_, index) => index + 1)]);
});

test('a ticket that Znuny denies is null, one that could not be read throws, and the others are as they are', async () => {
  const broken = new PermanentError('E_ZNUNY_ANSWER', 'nothing that can be read');
  glance.expect([1, 2, 3]);
  answer = async () =>
    new Map<number, Fields | null | Error>([
      [1, null],
      [2, broken],
      [3, FIELDS],
    ]);
  expect(await glance.fields(1)).toBeNull();
  await expect(glance.fields(2)).rejects.toBe(broken);
  expect(await glance.fields(3)).toEqual(FIELDS);
  expect(asked).toHaveLength(1);
});

test('a look that failed is nobody’s: the next one looks again', async () => {
  const away = new TransientError('E_ZNUNY_UNREACHABLE', 'away');
  glance.expect([1, 2]);
  answer = async () => Promise.reject(away);
  await expect(glance.fields(1)).rejects.toBe(away);
  answer = async (ids) => new Map(ids.map((id) => [id, FIELDS]));
  expect(await glance.fields(2)).toEqual(FIELDS);
});

test('a clock that was set back makes every look old', async () => {
  glance.expect([1]);
  await glance.fields(1);
  now -= 60_000;
  await glance.fields(1);
  expect(asked).toHaveLength(2);
});
