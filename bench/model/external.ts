import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ChildClassifier } from '../../src/classify/supervisor.ts';
import { auroc } from '../../src/learn/calibrate.ts';
import { type Answered, answer, type RawText } from './answers.ts';
import type { Line } from './quality.ts';
import { three } from './statistics.ts';

/** Enough for two digits. */
const most = 1000;

async function unzipped(path: string): Promise<string> {
  return gunzipSync(await readFile(path)).toString('utf8');
}

/** The first column of a CSV file whose first column is quoted text; the head line is left out. */
function firstColumn(csv: string): string[] {
  return csv
    .split('\n')
    .slice(1)
    .map((line) => /^(?:"((?:[^"]|"")*)"|([^,]*)),/.exec(line))
    .flatMap((match) => match?.[1]?.replaceAll('""', '"') ?? match?.[2] ?? [])
    .filter((text) => text !== '');
}

const bodies = (texts: readonly string[]): RawText[] =>
  texts
    .filter((_, i) => i % Math.max(1, Math.floor(texts.length / most)) === 0)
    .slice(0, most)
    .map((body) => ({ subject: '', body }));

const clincSets = ['test', 'oos_test'] as const;

/** Texts that lie beside the project only: read where they are present, never part of it. */
async function sets(folder: string): Promise<{ name: string; texts: RawText[] }[]> {
  const found: { name: string; texts: RawText[] }[] = [];
  const clinc = join(folder, 'clinc', 'data_full.json.gz');
  if (existsSync(clinc)) {
    const all: Record<string, [string, string][]> = JSON.parse(await unzipped(clinc));
    found.push({
      name: 'clinc (questions to an assistant)',
      texts: bodies(clincSets.flatMap((set) => (all[set] ?? []).map(([text]) => text))),
    });
  }
  const banking = join(folder, 'banking77', 'test.csv.gz');
  if (existsSync(banking)) {
    found.push({
      name: 'banking77 (questions to a bank)',
      texts: bodies(firstColumn(await unzipped(banking))),
    });
  }
  const tickets = join(folder, 'it-tickets', 'val.jsonl.gz');
  if (existsSync(tickets)) {
    const rows = (await unzipped(tickets))
      .trimEnd()
      .split('\n')
      .map((line): { text?: string } => JSON.parse(line));
    found.push({
      name: 'it-tickets (real IT tickets)',
      texts: bodies(rows.flatMap(({ text }) => text ?? [])),
    });
  }
  return found;
}

/** How strange sets of other kinds look beside the judge's tickets, and how many the default configuration moves. */
export async function externalLines(
  classifier: ChildClassifier,
  folder: string | undefined,
  known: readonly Answered[],
  moved: (answered: Answered) => boolean,
): Promise<Line[]> {
  if (folder === undefined) return [];
  const lines: Line[] = [];
  for (const { name, texts } of await sets(folder)) {
    const answers = await answer(classifier, texts);
    const score = ({ prediction }: Answered) => prediction.unknownScore;
    const share = answers.filter(moved).length / answers.length;
    lines.push([
      name,
      `AUROC ${three(auroc(answers.map(score), known.map(score)))}, moved ${(100 * share).toFixed(1)} of 100 (${texts.length} texts)`,
      '',
    ]);
  }
  return lines;
}
