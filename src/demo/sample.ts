import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';

const WAYS = [
  'mail',
  'html-mail',
  'panel',
  'portal',
  'agent-phone',
  'agent-moved',
  'agent-locked',
  'agent-note',
  'out-of-office',
  'bounce',
  'process',
  'generic-agent',
] as const;

const sampleSchema = z.object({
  way: z.enum(WAYS).default('mail'),
  from: z.string().default('Erika Muster <erika.muster@kunde.example>'),
  subject: z.string(),
  body: z.string().default(''),
  /** where a person would put it; null or absent: nothing is expected */
  expectedQueue: z.string().nullable().default(null),
  /** Znuny fails on this one, whatever is sent: it must end in quarantine and stop nothing */
  poison: z.boolean().default(false),
});

/** One sample ticket and the way in which it comes into the simulated Znuny. */
export type Sample = z.infer<typeof sampleSchema>;

/** Samples of a JSON-lines file. Throws ConfigError with file:line for a line that is none. */
export async function readSamples(file: string): Promise<readonly Sample[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ConfigError('E_CONFIG', 'the file of sample tickets cannot be read', { where: file, cause });
  });
  const samples: Sample[] = [];
  // Windows editors put a byte order mark before the first line.
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() !== '') samples.push(readLine(line, `${file}:${index + 1}`));
  }
  if (samples.length === 0) throw new ConfigError('E_CONFIG', 'there is no ticket in it', { where: file });
  return samples;
}

function readLine(line: string, where: string): Sample {
  const hint = 'Each line is a JSON object with subject, body and, where one is expected, expectedQueue.';
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new ConfigError('E_CONFIG', 'the line is no JSON', { where, hint });
  }
  const parsed = sampleSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError('E_CONFIG', `${issue?.path.join('.') || 'the line'}: ${issue?.message}`, {
    where,
    hint,
  });
}
