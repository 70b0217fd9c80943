import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readMatters, readShort, readUnknown } from '../bench/model/judge.ts';
import { DEMO_TICKETS } from '../src/demo/demo.ts';
import { modelsFolder } from '../src/learn/corpus.ts';
import { shippedCategories } from '../src/learn/shipped-categories.ts';
import { type NamedText, nearDuplicates } from './support/near-duplicates.ts';

type Row = {
  subject: string;
  body: string;
  lang?: string;
  category?: string;
  priority?: string;
  pair?: string;
};

async function rows(path: string): Promise<Row[]> {
  const text = await readFile(path, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line): Row => JSON.parse(line));
}

async function folderRows(name: string): Promise<{ file: string; row: Row }[]> {
  const folder = join(modelsFolder, 'data', name);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.jsonl'));
  const found = await Promise.all(
    files.map(async (file) => (await rows(join(folder, file))).map((row) => ({ file, row }))),
  );
  return found.flat();
}

const textOf = ({ subject, body }: { subject: string; body: string }) => `${subject} ${body}`;
const named = (kind: string, list: readonly { subject: string; body: string }[]): NamedText[] =>
  list.map((row, i) => ({ name: `${kind} ${i}`, text: textOf(row) }));

const seeds = await folderRows('seed');
const training = await folderRows('unknown');
const matters = await readMatters();
const unknown = await readUnknown();
const short = await readShort();
const judged = matters.flatMap(({ de, en }) => [de, en]);

describe('near-duplicates', () => {
  test('are found, and only they are', () => {
    const pairs = nearDuplicates([
      { name: 'a', text: 'The printer on the second floor does not print any more.' },
      { name: 'b', text: 'The printer on the third floor does not print any more!' },
      { name: 'c', text: 'My invoice for March has not come yet.' },
    ]);

    expect(pairs.map(({ left, right }) => `${left}${right}`)).toEqual(['ab']);
  });

  test('are under 2 % of the seeds', () => {
    const pairs = nearDuplicates(
      named(
        'seed',
        seeds.map(({ row }) => row),
      ),
    );

    expect(new Set(pairs.flatMap(({ left, right }) => [left, right])).size).toBeLessThan(0.02 * seeds.length);
  });

  test('there are none between what is trained on and judge or demo', async () => {
    const trained = named(
      'trained',
      [...seeds, ...training].map(({ row }) => row),
    );
    const kept = [
      ...named('judge', judged),
      ...named(
        'short',
        short.flatMap(({ de, en }) => [de, en]),
      ),
      ...named('unknown', unknown),
      ...named('demo', await rows(DEMO_TICKETS)),
    ];

    const pairs = nearDuplicates([...trained, ...kept]).filter(
      ({ left, right }) => left.startsWith('trained') !== right.startsWith('trained'),
    );

    expect(pairs).toEqual([]);
  });
});

describe('seeds', () => {
  const worlds = Map.groupBy(seeds, ({ file }) => file);

  test('there are 31 worlds of about 196 tickets, and folds name them all', () => {
    expect([...worlds.values()].filter((list) => list.length >= 190).length).toBe(31);
  });

  test('every world has every category in both languages', () => {
    for (const [world, list] of worlds) {
      const kinds = new Set(list.map(({ row }) => `${row.category} ${row.lang}`));
      expect(kinds.size, world).toBe(2 * shippedCategories.length);
    }
  });

  test('there are one-liners and long mails, and every priority', () => {
    const words = seeds.map(({ row }) => textOf(row).trim().split(/\s+/).length);
    const share = (ok: (n: number) => boolean) => words.filter(ok).length / words.length;

    expect(share((n) => n < 15)).toBeGreaterThan(0.1);
    expect(share((n) => n > 80)).toBeGreaterThan(0.1);
    const priorities = Map.groupBy(seeds, ({ row }) => row.priority);
    for (const list of priorities.values()) expect(list.length).toBeGreaterThan(0.04 * seeds.length);
    expect(priorities.size).toBe(5);
  });

  test('a pair is one matter in two languages with the same labels', () => {
    const pairs = Map.groupBy(
      seeds.filter(({ row }) => row.pair),
      ({ file, row }) => `${file} ${row.pair}`,
    );

    expect(pairs.size).toBeGreaterThan(100);
    for (const [name, list] of pairs) {
      expect(list.map(({ row }) => row.lang).sort(), name).toEqual(['de', 'en']);
      expect(new Set(list.map(({ row }) => `${row.category} ${row.priority}`)).size, name).toBe(1);
    }
  });
});

describe('the judge', () => {
  test('has three worlds of 140 matters, all categories alike, a good part of them hard', () => {
    const worlds = Map.groupBy(matters, ({ world }) => world);

    expect([...worlds.values()].map((list) => list.length)).toEqual([140, 140, 140]);
    const categories = Map.groupBy(matters, ({ category }) => category);
    expect(categories.size).toBe(shippedCategories.length);
    for (const list of categories.values()) expect(list.length).toBeGreaterThanOrEqual(20);
    expect(matters.filter(({ hard }) => hard).length).toBeGreaterThanOrEqual(100);
  });

  test('has 200 unknown tickets, 40 of them in other languages, of about the length of the others', () => {
    const other = unknown.filter(({ lang }) => lang !== 'de' && lang !== 'en');
    const median = (list: readonly { subject: string; body: string }[]) =>
      list.map((row) => textOf(row).split(/\s+/).length).toSorted((a, b) => a - b)[
        Math.floor(list.length / 2)
      ] ?? 0;

    expect([unknown.length, other.length]).toEqual([200, 40]);
    expect(median(unknown) / median(judged)).toBeGreaterThan(0.6);
    expect(median(unknown) / median(judged)).toBeLessThan(1.6);
  });

  test('has 100 more matters of under ten words, of every category', () => {
    const words = short
      .flatMap(({ de, en }) => [de, en])
      .map((text) => textOf(text).trim().split(/\s+/).length);

    expect(short.length).toBe(100);
    expect(Math.max(...words)).toBeLessThan(10);
    expect(new Set(short.map(({ category }) => category)).size).toBe(shippedCategories.length);
  });

  test('nothing that trains reads it', async () => {
    const learn = join(modelsFolder, '..', 'src', 'learn');
    const python = join(modelsFolder, 'training');
    for (const folder of [learn, python]) {
      for (const file of (await readdir(folder)).filter((f) => /\.(ts|py)$/.test(f))) {
        expect(await readFile(join(folder, file), 'utf8'), file).not.toMatch(/judge'|data\/judge/);
      }
    }
  });
});
