import { expect, test } from 'vitest';
import { Cleanups } from './cleanups.ts';

test('what was put up last is taken down first', async () => {
  const done: string[] = [];
  const cleanups = new Cleanups();
  for (const name of ['journal', 'znuny', 'server']) cleanups.add(name, () => void done.push(name));

  expect(await cleanups.run()).toEqual([]);
  expect(done).toEqual(['server', 'znuny', 'journal']);
});

test('one that fails is named and stops no other', async () => {
  let closed = false;
  const cleanups = new Cleanups();
  cleanups.add('journal', () => {
    closed = true;
  });
  const error = new Error('busy');
  cleanups.add('server', () => Promise.reject(error));

  expect(await cleanups.run()).toEqual([{ name: 'server', error }]);
  expect(closed).toBe(true);
});

test('each runs once', async () => {
  let runs = 0;
  const cleanups = new Cleanups();
  cleanups.add('journal', () => {
    runs += 1;
  });
  await Promise.all([cleanups.run(), cleanups.run()]);
  await cleanups.run();

  expect(runs).toBe(1);
});
