import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeError } from '../errors.ts';
import type { ModelInput } from './classifier.ts';
import { ChildClassifier, type ChildClassifierOptions } from './supervisor.ts';
import { writeTestModel } from './test-model.ts';

// The child here is test-worker.ts, which misbehaves on words; the real worker is driven in worker.test.ts.
let directory: string;
const running: ChildClassifier[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'triaged-supervisor-'));
  await writeTestModel(directory, { labels: { long: ['a'], short: ['b'] } });
});
afterEach(() => Promise.all(running.splice(0).map((classifier) => classifier.stop())));
afterAll(() => rm(directory, { recursive: true }));

function classifier(options: Partial<ChildClassifierOptions> = {}): ChildClassifier {
  const made = new ChildClassifier({
    modelDirectory: directory,
    threads: 1,
    backoffMs: 50,
    workerModule: new URL('./test-worker.ts', import.meta.url),
    ...options,
  });
  running.push(made);
  return made;
}

function input(body: string): ModelInput {
  return { subject: 'ticket', body, language: null };
}

test.each([
  ['hangs', 'HANG', 'did not answer within 300 ms'],
  ['exits', 'EXIT', 'exit code 7'],
  ['dies by a signal', 'SEGV', 'SIGSEGV'],
  ['answers garbage', 'GARBAGE', 'nonsense'],
  ['leaves texts out', 'SHORT', 'nonsense'],
  ['answers another question', 'STALE', 'nonsense'],
  ['gives numbers that are not finite', 'NAN', 'nonsense'],
])('a child that %s is replaced; its batch fails, the next one works', async (_, word, message) => {
  const subject = classifier({ deadlineMs: 300 });
  await subject.start();

  const error = await subject.classify([input('fine'), input(word)]).catch(describeError);
  const [prediction] = await subject.classify([input('fine')]);

  expect(error).toContain(message);
  expect(error).toContain('E_CLASSIFIER');
  expect(prediction?.categories).toHaveLength(2);
  expect(subject.stats().restarts).toBe(1);
});

test.each(['REFUSE', 'PRIORITY'])(
  'a batch that the model itself fails on (%s) costs no child',
  async (word) => {
    const subject = classifier();
    await subject.start();

    const error = await subject.classify([input(word)]).catch(describeError);

    expect(error).toContain('E_CLASSIFIER');
    expect(await subject.classify([input('fine')])).toHaveLength(1);
    expect(subject.stats().restarts).toBe(0);
  },
);

test('answers come in the order of the texts, over several requests and several children', async () => {
  const subject = classifier({ workers: 2 });
  await subject.start();
  const texts = Array.from({ length: 70 }, (_, index) => input('x'.repeat((index * 37) % 70)));

  const [first, second] = await Promise.all([subject.classify(texts), subject.classify(texts.toReversed())]);

  // test-worker: the longer the text, the more probable the category "long"
  const expected = texts.map(({ body }) => 1 / (1 + Math.exp(-('ticket\n'.length + body.length) / 100)));
  const found = first.map(
    ({ categories }) => categories.find(({ name }) => name === 'long')?.probability ?? 0,
  );
  for (const [index, value] of expected.entries()) expect(found[index]).toBeCloseTo(value);
  expect(second.toReversed()).toEqual(first);
  expect(await subject.classify([])).toEqual([]);
});

test('a child that dies with nothing to do is replaced too', async () => {
  const subject = classifier();
  await subject.start();
  expect(subject.stats()).toMatchObject({ restarts: 0, childResidentBytes: expect.any(Number) });

  // answers, and exits 50 ms later
  await subject.classify([input('LATER')]);

  await expect.poll(() => subject.stats().restarts).toBe(1);
  await expect.poll(() => subject.stats().childResidentBytes).toBeGreaterThan(10_000_000);
  expect(await subject.classify([input('fine')])).toHaveLength(1);
});

test('replacements in a row come ever later, and a success forgets it', async () => {
  const subject = classifier({ backoffMs: 200 });
  await subject.start();
  const poisoned = async (): Promise<number> => {
    const begin = performance.now();
    await subject.classify([input('EXIT')]).catch(() => {});
    return performance.now() - begin;
  };

  await poisoned();
  const afterFirst = await poisoned();
  const afterSecond = await poisoned();
  const afterThird = await poisoned();

  expect(afterSecond).toBeGreaterThan(200);
  expect(afterThird).toBeGreaterThan(400);
  expect(afterFirst).toBeLessThan(afterThird);
  await subject.classify([input('fine')]);
  await poisoned();
  const begin = performance.now();
  await subject.classify([input('fine')]);
  expect(performance.now() - begin).toBeLessThan(afterThird);
});

test('a child that does not come up is told at the first start, with its last words', async () => {
  await writeFile(join(directory, 'EXIT-AT-START'), '');
  const subject = classifier();
  const exited = await subject.start().catch(describeError);
  await rm(join(directory, 'EXIT-AT-START'));

  await writeFile(join(directory, 'HANG-AT-START'), '');
  const hung = await classifier({ startDeadlineMs: 300 }).start().catch(describeError);
  await rm(join(directory, 'HANG-AT-START'));

  expect(exited).toContain('exit code 3: no memory for the model');
  expect(hung).toContain('did not answer within 300 ms');
  await subject.start();
  expect(await subject.classify([input('fine')])).toHaveLength(1);
});

test('a replacement that does not come up is no fault of the ticket, and is tried again', async () => {
  const subject = classifier({ backoffMs: 300 });
  await subject.start();
  await writeFile(join(directory, 'EXIT-AT-START'), '');
  const died = await subject.classify([input('EXIT')]).catch((error: unknown) => error);
  const waited = await subject.classify([input('fine')]).catch((error: unknown) => error);
  await rm(join(directory, 'EXIT-AT-START'));

  const recovered = await subject.classify([input('fine')]);

  expect(died).toMatchObject({ code: 'E_CLASSIFIER', where: undefined });
  expect(waited).toMatchObject({ code: 'E_CLASSIFIER', where: 'start' });
  expect(recovered).toHaveLength(1);
});

test('a replacement never runs a model that was changed meanwhile', async () => {
  const own = await mkdtemp(join(tmpdir(), 'triaged-changed-'));
  await writeTestModel(own, { labels: { long: ['a'], short: ['b'] } });
  const subject = classifier({ modelDirectory: own });
  await subject.start();

  await writeTestModel(own, { labels: { long: ['a', 'c'], short: ['b'] } });
  await subject.classify([input('EXIT')]).catch(() => {});
  const error = await subject.classify([input('fine')]).catch(describeError);
  await subject.stop();
  await rm(own, { recursive: true });

  expect(error).toMatch(/was changed while the classifier ran.*E_MODEL/);
});

test('start and stop may be repeated and overlap', async () => {
  const subject = classifier();
  await Promise.all([subject.start(), subject.start()]);
  await Promise.all([subject.stop(), subject.stop()]);
  const cut = subject.start().catch(describeError);
  await subject.stop();
  const again = subject.start();
  void subject.stop();
  const last = subject.start();

  expect(await cut).toContain('not running');
  expect(await again.catch(describeError)).toContain('not running');
  await last;
  expect(await subject.classify([input('fine')])).toHaveLength(1);
});

test('a stop during work rejects the work at once and leaves no process', async () => {
  const subject = classifier();
  await subject.start();
  const work = [subject.classify([input('HANG')]), subject.classify([input('fine')])].map((call) =>
    call.catch(describeError),
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  const begin = performance.now();

  await subject.stop();

  for (const error of await Promise.all(work)) expect(error).toMatch(/stopped|not running/);
  expect(performance.now() - begin).toBeLessThan(1000);
  expect(subject.stats().childResidentBytes).toBeNull();
  expect(await subject.classify([input('fine')]).catch(describeError)).toContain('not running');
});
