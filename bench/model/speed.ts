import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { AutoTokenizer, env } from '@huggingface/transformers';
import * as ort from 'onnxruntime-node';
import { shippedFolder } from '../../src/learn/corpus.ts';
import { openShipped, type RawText } from './answers.ts';
import type { Line } from './quality.ts';

/** Tokens a text, special ones included. */
const lengths = [32, 64, 128, 256] as const;
const rounds = 60;

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Exactly so many tokens of real text, over and over; the last is the closing one. */
async function idsOfLength(length: number, texts: readonly RawText[]): Promise<number[]> {
  env.allowRemoteModels = false;
  const tokenizer = await AutoTokenizer.from_pretrained(shippedFolder, { local_files_only: true });
  const ids = tokenizer.encode(
    `query: ${texts.map(({ subject, body }) => `${subject}</s>${body}`).join(' ')}`,
  );
  return [...ids.slice(0, length - 1), ids.at(-1) ?? 2];
}

type Session = { run(ids: readonly number[], rows: number): Promise<void>; close(): Promise<void> };

async function open(path: string, threads: number): Promise<Session> {
  const session = await ort.InferenceSession.create(path, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    enableCpuMemArena: false,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  return {
    async run(ids, rows) {
      const all = Array.from({ length: rows }, () => ids).flat();
      const dims = [rows, ids.length];
      await session.run({
        input_ids: new ort.Tensor('int64', BigInt64Array.from(all, BigInt), dims),
        attention_mask: new ort.Tensor('int64', new BigInt64Array(all.length).fill(1n), dims),
      });
    },
    close: () => session.release(),
  };
}

/** p50 in ms of each session, by turns, so that a slow moment of the machine meets both alike. */
async function compare(
  sessions: readonly Session[],
  ids: readonly number[],
  rows: number,
): Promise<number[]> {
  const times: number[][] = sessions.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, session] of sessions.entries()) {
      const began = performance.now();
      await session.run(ids, rows);
      if (round >= 5) times[i]?.push(performance.now() - began);
    }
  }
  return times.map(median);
}

/**
 * Raw onnxruntime-node, shipped model beside encoder-start in the same run. Ratios hold on other machines, ms
 * do not.
 */
export async function speedLines(texts: readonly RawText[], start: string | undefined): Promise<Line[]> {
  const lines: Line[] = [];
  const shipped = join(shippedFolder, 'onnx', 'model_quantized.onnx');
  const other = start !== undefined && existsSync(start) ? start : undefined;
  for (const threads of [1, 2]) {
    const sessions = [await open(shipped, threads), ...(other ? [await open(other, threads)] : [])];
    for (const length of lengths) {
      const ids = await idsOfLength(length, texts);
      const [ours = Number.NaN, bare] = await compare(sessions, ids, 1);
      const beside =
        bare === undefined
          ? 'encoder-start is not there'
          : `${(ours / bare).toFixed(2)} x encoder-start (${bare.toFixed(1)} ms)`;
      const reach = length === 128 && threads === 1 ? '≤ 1.25 x' : '';
      lines.push([
        `p50, one ticket of ${length} tokens, ${threads} thread${threads > 1 ? 's' : ''}`,
        `${ours.toFixed(1)} ms, ${beside}`,
        reach,
      ]);
    }
    if (threads === 1 && sessions[0]) {
      const ids = await idsOfLength(128, texts);
      for (const rows of [4, 16]) {
        const [time = Number.NaN] = await compare(sessions.slice(0, 1), ids, rows);
        lines.push([
          `p50 a ticket of 128 tokens in batches of ${rows}, 1 thread`,
          `${(time / rows).toFixed(1)} ms`,
          '',
        ]);
      }
    }
    await Promise.all(sessions.map((session) => session.close()));
  }
  return lines;
}

/** The daemon's own child process: time until it serves, and its memory after a thousand tickets. */
export async function memoryLines(texts: readonly RawText[]): Promise<Line[]> {
  const began = performance.now();
  const classifier = await openShipped();
  const loaded = performance.now() - began;
  try {
    const inputs = Array.from({ length: 1000 }, (_, i) => {
      const { subject, body } = texts[i % texts.length] ?? { subject: '', body: '' };
      return { subject, body, language: null };
    });
    await classifier.classify(inputs);
    const bytes = classifier.stats().childResidentBytes ?? Number.NaN;
    return [
      ['child: process start to the first answer', `${(loaded / 1000).toFixed(2)} s`, ''],
      ['child: resident set after 1,000 tickets', `${(bytes / 1e6).toFixed(0)} MB`, '< 220 MB'],
    ];
  } finally {
    await classifier.stop();
  }
}
