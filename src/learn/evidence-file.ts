import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';
import type { LeftOut, LeftOutRow } from './cross-validate.ts';

/**
 * What encoders and heads said of the texts that they never saw, kept in the repository: calibration,
 * thresholds and figures can be made again without the hours of tuning that lie behind it.
 */
export type EvidenceFile = {
  /** `corpusHash`: other seeds or folds need other evidence */
  readonly texts: string;
  /** sha256 of each fold's encoder */
  readonly encoders: readonly string[];
  readonly leftOut: LeftOut;
};

const headSchema = z.strictObject({ texts: z.string(), encoders: z.array(z.string()), known: z.int() });
const rowSchema = z.strictObject({
  encoder: z.array(z.number()),
  lexical: z.array(z.number()),
  familiar: z.tuple([z.number(), z.number(), z.number()]),
});

/** Scores in thousandths: far below what changes a decision, and a file of half the size. */
const rounded = (values: ArrayLike<number>) => Array.from(values, (v) => Math.round(v * 1000) / 1000);

export function toLine(row: LeftOutRow): string {
  const { encoder, lexical, nearness, characterCoverage, pieceCoverage } = row;
  return JSON.stringify({
    encoder: rounded(encoder),
    lexical: rounded(lexical),
    familiar: rounded([nearness, characterCoverage, pieceCoverage]),
  });
}

export function fromLine(line: string): LeftOutRow {
  const { encoder, lexical, familiar } = rowSchema.parse(JSON.parse(line));
  const [nearness, characterCoverage, pieceCoverage] = familiar;
  return {
    encoder: Float64Array.from(encoder),
    lexical: Float64Array.from(lexical),
    nearness,
    characterCoverage,
    pieceCoverage,
  };
}

export async function writeEvidence(path: string, { texts, encoders, leftOut }: EvidenceFile): Promise<void> {
  const head = JSON.stringify({ texts, encoders, known: leftOut.known.length });
  const rows = [...leftOut.known, ...leftOut.unknown].map(toLine);
  await writeFile(path, `${[head, ...rows].join('\n')}\n`);
}

/** Errors: ConfigError `E_MODEL` where the evidence is of another corpus than `texts` (see `corpusHash`). */
export async function readEvidence(path: string, texts: string): Promise<EvidenceFile> {
  const [first = '', ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const head = headSchema.parse(JSON.parse(first));
  if (head.texts !== texts) {
    throw new ConfigError('E_MODEL', 'The evidence is of other seeds or folds than those in models/data.', {
      where: path,
      hint: 'Tune the folds again and run npm run model:evidence: models/training/README.md.',
    });
  }
  const rows = lines.map(fromLine);
  return {
    texts,
    encoders: head.encoders,
    leftOut: { known: rows.slice(0, head.known), unknown: rows.slice(head.known) },
  };
}
