import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { modelsFolder } from '../../src/learn/corpus.ts';
import { shippedCategories, znunyPriorities } from '../../src/learn/shipped-categories.ts';

/**
 * Tickets that nobody trains on and no number is fitted on: worlds of their own, each matter written once in
 * German and once in English, labelled by two hands that saw neither each other nor the writer's label.
 */
export const judgeFolder = join(modelsFolder, 'data', 'judge');

const textSchema = z.strictObject({ subject: z.string(), body: z.string() });
const label = { category: z.string(), priority: z.string() };
const matterSchema = z.strictObject({
  id: z.string(),
  hard: z.boolean(),
  /** what two of writer, first and second hand say; the writer's where all three differ */
  ...label,
  written: z.strictObject(label),
  first: z.strictObject(label),
  second: z.strictObject(label),
  de: textSchema,
  en: textSchema,
});
const unknownSchema = z.strictObject({
  id: z.string(),
  lang: z.string(),
  topic: z.string(),
  subject: z.string(),
  body: z.string(),
});

type RawMatter = z.infer<typeof matterSchema>;
export type Label = { readonly category: number; readonly priority: number };

export type Matter = Label & {
  readonly id: string;
  readonly world: string;
  readonly hard: boolean;
  readonly written: Label;
  readonly first: Label;
  readonly second: Label;
  readonly de: { readonly subject: string; readonly body: string };
  readonly en: { readonly subject: string; readonly body: string };
};

export type UnknownTicket = z.infer<typeof unknownSchema>;

async function lines(file: string): Promise<unknown[]> {
  const text = await readFile(join(judgeFolder, file), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

const numberOf = new Map(shippedCategories.map(({ name }, i) => [name.toLowerCase(), i]));

function toLabel({ category, priority }: { category: string; priority: string }): Label {
  const number = numberOf.get(category);
  const level = znunyPriorities.indexOf(priority);
  if (number === undefined || level < 0) throw new Error(`no such label: ${category}, ${priority}`);
  return { category: number, priority: level };
}

function toMatter(world: string, raw: RawMatter): Matter {
  const { id, hard, de, en } = raw;
  return {
    ...toLabel(raw),
    id,
    world,
    hard,
    written: toLabel(raw.written),
    first: toLabel(raw.first),
    second: toLabel(raw.second),
    de,
    en,
  };
}

export async function readMatters(): Promise<Matter[]> {
  const files = (await readdir(judgeFolder)).filter(
    (file) => file.endsWith('.jsonl') && !['unknown.jsonl', shortFile].includes(file),
  );
  return (await Promise.all(files.toSorted().map(readWorld))).flat();
}

async function readWorld(file: string): Promise<Matter[]> {
  const raw = await lines(file);
  return raw.map((line) => toMatter(file.replace('.jsonl', ''), matterSchema.parse(line)));
}

const shortFile = 'short.jsonl';

/** Matters told in under ten words, of many desks; judged apart from the three worlds. */
export const readShort = (): Promise<Matter[]> => readWorld(shortFile);

/** Messages of other trades and in other languages: none of the categories is theirs. */
export async function readUnknown(): Promise<UnknownTicket[]> {
  return (await lines('unknown.jsonl')).map((line) => unknownSchema.parse(line));
}
