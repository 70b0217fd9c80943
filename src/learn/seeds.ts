import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import type { InputText } from './embed.ts';

export type Category = { readonly name: string; readonly group: string; readonly description: string };

/** A labelled ticket; `world` is the file it came from: one hand, one set of names. */
export type Example = InputText & {
  readonly world: string;
  readonly lang: string;
  /** tickets of one world that tell one matter in two languages share this; else '' */
  readonly pair: string;
  readonly category: number;
  readonly priority: number;
};

const labelled = z.object({
  lang: z.string(),
  pair: z.string().default(''),
  subject: z.string(),
  body: z.string(),
  category: z.string(),
  priority: z.string(),
});
const unlabelled = z.object({ subject: z.string(), body: z.string() });

async function readLines<T>(folder: string, schema: z.ZodType<T>): Promise<{ world: string; row: T }[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.jsonl')).sort();
  const rows: { world: string; row: T }[] = [];
  for (const file of files) {
    const lines = (await readFile(join(folder, file), 'utf8')).split('\n');
    for (const [i, line] of lines.entries()) {
      if (line.trim() === '') continue;
      const row = schema.safeParse(JSON.parse(line));
      if (!row.success) {
        throw new ConfigError('E_MODEL', `not a training ticket: ${row.error.issues[0]?.message ?? ''}`, {
          where: `${join(folder, file)}:${i + 1}`,
        });
      }
      rows.push({ world: file.replace('.jsonl', ''), row: row.data });
    }
  }
  return rows;
}

/** Labelled tickets of all `*.jsonl` in a folder, in a fixed order. */
export async function readExamples(
  folder: string,
  categories: readonly Category[],
  priorities: readonly string[],
  clean: (text: InputText) => InputText,
): Promise<Example[]> {
  const numberOf = new Map(categories.map((category, i) => [category.name.toLowerCase(), i]));
  return (await readLines(folder, labelled)).map(({ world, row }) => {
    const category = numberOf.get(row.category.toLowerCase());
    const priority = priorities.indexOf(row.priority);
    if (category === undefined || priority < 0) {
      throw new ConfigError('E_MODEL', `unknown label ${row.category} or ${row.priority}`, { where: world });
    }
    const { subject, body } = clean(row);
    return { world, lang: row.lang, pair: row.pair, category, priority, subject, body };
  });
}

export async function readTexts(folder: string, clean: (text: InputText) => InputText): Promise<InputText[]> {
  return (await readLines(folder, unlabelled)).map(({ row }) => {
    const { subject, body } = clean(row);
    return { subject, body };
  });
}
