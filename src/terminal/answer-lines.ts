import { z } from 'zod';
import { type Answer, toAnswer } from '../classify/answer.ts';
import type { Classifier } from '../classify/classifier.ts';
import { describeError } from '../errors.ts';
import { cleanText } from '../text/clean.ts';
import type { CleanText } from '../ticket.ts';

/** Lines judged at once: as many as have come in, so that a slow writer waits for no other line. */
const MOST_AT_ONCE = 64;

const questionSchema = z
  .object({
    id: z.union([z.string(), z.number()], { error: 'must be a text or a number' }).nullish(),
    subject: z.string({ error: 'must be a text' }).optional(),
    body: z.string({ error: 'must be a text' }).optional(),
  })
  .refine(({ subject, body }) => subject !== undefined || body !== undefined, {
    error: 'expected {"id"?, "subject", "body"}',
  });

type Id = string | number | undefined;
type Asked = { readonly id: Id; readonly text: CleanText } | { readonly id: Id; readonly error: string };
type Told = Answer | { readonly id?: string | number; readonly error: string };

/**
 * One answer line per question line, in order, as soon as it can be given. Blank lines are skipped. A line that
 * cannot be judged gives `{"error"}` in its place; answers how many did.
 */
export async function answerLines(
  lines: AsyncIterable<string>,
  classifier: Pick<Classifier, 'classify'>,
  write: (line: string) => void,
): Promise<number> {
  let failed = 0;
  let number = 0;
  for await (const batch of batches(lines)) {
    const asked = batch.flatMap((line) => {
      number += 1;
      return line.trim() === '' ? [] : [readQuestion(line, number)];
    });
    for (const told of await answer(asked, classifier)) {
      if ('error' in told) failed += 1;
      write(JSON.stringify(told));
    }
  }
  return failed;
}

/** Lines of UTF-8 chunks, cut at `\n` only: a JSON text may hold U+2028, at which node:readline would cut. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

const NOTHING_YET = Symbol('nothing yet');

async function* batches(lines: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  const iterator = lines[Symbol.asyncIterator]();
  let next = iterator.next();
  for (let first = await next; !first.done; first = await next) {
    const batch = [first.value];
    next = iterator.next();
    while (batch.length < MOST_AT_ONCE) {
      const ready = await Promise.race([next, aMoment()]);
      if (ready === NOTHING_YET || ready.done) break;
      batch.push(ready.value);
      next = iterator.next();
    }
    yield batch;
  }
}

function aMoment(): Promise<typeof NOTHING_YET> {
  return new Promise((resolve) => setImmediate(() => resolve(NOTHING_YET)));
}

function readQuestion(line: string, number: number): Asked {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { id: undefined, error: `line ${number}: no JSON` };
  }
  const parsed = questionSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const what = issue?.path[0] === undefined ? 'expected {"id"?, "subject", "body"}' : issue.message;
    return { id: undefined, error: `line ${number}: ${[...(issue?.path ?? []), what].join(' ')}` };
  }
  const { id, subject = '', body = '' } = parsed.data;
  return { id: id ?? undefined, text: cleanText({ subject, body }) };
}

async function answer(
  asked: readonly Asked[],
  classifier: Pick<Classifier, 'classify'>,
): Promise<readonly Told[]> {
  const texts = asked.flatMap((question) => ('text' in question ? [question.text] : []));
  try {
    const judged = texts.length === 0 ? [] : await classifier.classify(texts);
    let index = 0;
    return asked.map((question) => {
      if ('error' in question) return failure(question.id, question.error);
      const prediction = judged[index];
      index += 1;
      if (!prediction) throw new Error('The classifier answers each text.');
      return toAnswer(question.id, question.text.language, prediction);
    });
  } catch (error) {
    if (asked.length === 1) return [failure(asked[0]?.id, describeError(error))];
  }
  // One of them broke the child: alone, the others go on.
  const told: Told[] = [];
  for (const question of asked) told.push(...(await answer([question], classifier)));
  return told;
}

function failure(id: Id, error: string): Told {
  return id === undefined ? { error } : { id, error };
}
