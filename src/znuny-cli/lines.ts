import { ConfigError, describeError, isKnownError, TransientError } from '../errors.ts';
import { errorFacts } from '../znuny/call-context.ts';
import { parseObject } from './data.ts';
import type { Answered, Data } from './operation.ts';

export type LinesReport = {
  readonly done: number;
  /** numbers of lines, from 1 */
  readonly failed: readonly number[];
  /** nothing after this line was taken, and why; null where all lines were */
  readonly stopped: { readonly after: number; readonly why: string } | null;
};

export type LinesOptions = {
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly write: (line: string) => void;
  readonly progress: (done: number, failed: number) => void;
};

/** Znuny cannot be reached: the lines that follow would all fail. */
const STRIKES = 5;

/**
 * One call for each line, `concurrency` at a time, in any order; each answer goes out at once under its line's
 * number, so that what was written is known whatever happens next. A line is sent once, whatever becomes of it.
 */
export async function runLines(
  lines: AsyncIterable<string>,
  call: (data: Data) => Promise<Answered>,
  { concurrency, signal, write, progress }: LinesOptions,
): Promise<LinesReport> {
  const source = lines[Symbol.asyncIterator]();
  const failed: number[] = [];
  let [number, done, strikes] = [0, 0, 0];
  let why: string | null = null;

  const fail = (line: number, error: unknown) => {
    failed.push(line);
    const facts = isKnownError(error) ? errorFacts(error) : { message: describeError(error) };
    write(JSON.stringify({ line, error: facts }));
    strikes = error instanceof TransientError ? strikes + 1 : 0;
    if (concernsAll(error) || strikes >= STRIKES) why ??= describeError(error);
  };
  const one = async (line: number, text: string) => {
    const data = parseObject(text);
    if (data === null) return fail(line, new ConfigError('E_CONFIG', `line ${line} is no JSON object`));
    try {
      const { answer, failed: partly } = await call(data);
      write(JSON.stringify({ line, ...answer }));
      strikes = 0;
      if (partly) failed.push(line);
    } catch (error) {
      fail(line, error);
    }
  };
  const worker = async () => {
    while (why === null && !signal.aborted) {
      const next = await source.next();
      if (next.done) return;
      number += 1;
      const line = number;
      if (next.value.trim() === '') continue;
      await one(line, next.value);
      done += 1;
      progress(done, failed.length);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));

  if (signal.aborted) why ??= 'interrupted';
  return {
    done,
    failed: failed.sort((a, b) => a - b),
    stopped: why === null ? null : { after: number, why },
  };
}

/** Not about this line: no other would fare better. */
function concernsAll(error: unknown): boolean {
  if (!(error instanceof ConfigError)) return false;
  return (
    error.code === 'E_ZNUNY_AUTH' || error.code === 'E_ZNUNY_URL' || error.code === 'E_ZNUNY_UNREACHABLE'
  );
}
