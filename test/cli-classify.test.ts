import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ModelInput } from '../src/classify/classifier.ts';
import { TransientError } from '../src/errors.ts';
import { answerLines, linesOf } from '../src/terminal/answer-lines.ts';
import type { Prediction } from '../src/ticket.ts';
import { House } from './cli-harness.ts';

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');

type Line = Record<string, unknown>;

async function* chunks(...texts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === 'string' ? new TextEncoder().encode(text) : text;
}

function predict({ subject }: ModelInput): Prediction {
  return {
    categories: [{ name: subject, group: 'G', probability: 1 }],
    priorities: [],
    unknown: false,
    unknownScore: 0,
    calibrated: true,
  };
}

async function answers(
  texts: readonly string[],
  classify = async (inputs: readonly ModelInput[]) => inputs.map(predict),
) {
  const written: string[] = [];
  const failed = await answerLines(linesOf(chunks(...texts)), { classify }, (line) => written.push(line));
  return { failed, lines: written.map((line) => JSON.parse(line) as Line) };
}

test('each line gets one answer, in order, with exactly the promised fields', async () => {
  const house = new House();
  await house.model();
  house.write();
  const file = join(house.folder, 'tickets.jsonl');
  writeFileSync(
    file,
    `{"id":1,"subject":"wlan","body":"Hallo,\\n\\nwlan dringend"}\n\n{"id":"b","subject":"rechnung","body":""}\n{"subject":"","body":""}\n`,
  );

  const { code, out } = await house.triaged('classify', '--json', '--file', file);

  expect(code).toBe(0);
  const [first, second, empty, ...more] = out.split('\n').map((line) => JSON.parse(line) as Line);
  expect(more).toEqual([]);
  expect(Object.keys(first ?? {})).toEqual([
    'id',
    'category',
    'group',
    'probability',
    'categories',
    'priority',
    'priorityProbability',
    'language',
    'unknown',
    'unknownScore',
  ]);
  expect(first).toMatchObject({ id: 1, category: 'Network', group: 'Network group', priority: '4 high' });
  expect(second).toMatchObject({ id: 'b', category: 'Billing' });
  expect(empty).toMatchObject({ unknown: true, unknownScore: 1 });
  expect(empty).not.toHaveProperty('id');
});

test('a bad line gives an error in its place, the others their answer, and exit code 1 at the end', async () => {
  const house = new House();
  await house.model();
  house.write();
  const file = join(house.folder, 'tickets.jsonl');
  writeFileSync(
    file,
    '{"subject":"wlan"}\n{"subject":\n[]\n{"id":2}\n{"subject":5}\n{"id":3,"subject":"vpn"}',
  );

  const { code, out } = await house.triaged('classify', '--file', file);

  expect(code).toBe(1);
  const lines = out.split('\n').map((line) => JSON.parse(line) as Line);
  expect(lines.map(({ error, category }) => error ?? category)).toEqual([
    'Network',
    'line 2: no JSON',
    'line 3: expected {"id"?, "subject", "body"}',
    'line 4: expected {"id"?, "subject", "body"}',
    'line 5: subject must be a text',
    'Network',
  ]);
  expect(lines.at(-1)).toMatchObject({ id: 3 });
});

test('texts are cleaned as the daemon cleans them', async () => {
  const seen: ModelInput[] = [];
  const classify = async (inputs: readonly ModelInput[]) => {
    seen.push(...inputs);
    return inputs.map(predict);
  };
  await answers(
    ['{"subject":"Re: vpn","body":"Hallo,\\nvpn geht nicht\\n\\n> alt\\n\\n-- \\nMax"}'],
    classify,
  );
  expect(seen).toMatchObject([{ subject: 'vpn', body: 'vpn geht nicht' }]);
});

test('lines may be cut anywhere by the pipe, and U+2028 within a text ends no line', async () => {
  const bytes = new TextEncoder().encode('\uFEFF{"subject":"Büro\u2028 A"}\r\n{"subject":"b"}');
  const written: string[] = [];
  const single = chunks(...Array.from(bytes, (byte) => Uint8Array.of(byte)));
  const classify = async (inputs: readonly ModelInput[]) => inputs.map(predict);
  expect(await answerLines(linesOf(single), { classify }, (line) => written.push(line))).toBe(0);
  expect(written).toHaveLength(2);
});

test('what breaks the classifier breaks no other line', async () => {
  const classify = async (inputs: readonly ModelInput[]) => {
    if (inputs.some(({ subject }) => subject === 'poison')) {
      throw new TransientError('E_CLASSIFIER', 'The child died.');
    }
    return inputs.map(predict);
  };
  const { failed, lines } = await answers(
    ['a', 'poison', 'b'].map((subject) => `{"id":"${subject}","subject":"${subject}"}\n`),
    classify,
  );
  expect(failed).toBe(1);
  expect(lines.map(({ id, error }) => [id, error])).toEqual([
    ['a', undefined],
    ['poison', expect.stringContaining('The child died')],
    ['b', undefined],
  ]);
});

test('many lines go to the model in few calls', async () => {
  let calls = 0;
  const classify = async (inputs: readonly ModelInput[]) => {
    calls += 1;
    return inputs.map(predict);
  };
  const { lines } = await answers(
    [Array.from({ length: 640 }, (_, n) => `{"id":${n},"subject":"s"}`).join('\n')],
    classify,
  );
  expect(lines.map(({ id }) => id)).toEqual(Array.from({ length: 640 }, (_, n) => n));
  expect(calls).toBeLessThanOrEqual(12);
});

test('a file that is not there and a --set without a configuration are told, exit code 78', async () => {
  const house = new House();
  expect(await house.triaged('classify')).toMatchObject({ code: 78 });
  await house.model();
  house.write();
  const { code, error } = await house.triaged('classify', '--file', join(house.folder, 'none.jsonl'));
  expect({ code, error }).toMatchObject({ code: 78, error: expect.stringContaining('no such file') });
});

test('without a configuration the shipped model answers each line at once, while the input stays open', async () => {
  const house = new House();
  const child = spawn(process.execPath, [MAIN, 'classify', '--json'], { cwd: house.folder });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));

  child.stdin.write(
    '{"id":1,"subject":"Kein WLAN im zweiten Stock","body":"Seit heute früh geht das WLAN nicht."}\n',
  );
  await expect.poll(() => output.split('\n').length, { timeout: 15_000 }).toBe(2);
  child.stdin.end('{"id":2,"subject":"Rechnung 4711 doppelt abgebucht","body":"Bitte erstatten."}\n');

  expect(await ended).toBe(0);
  const lines = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  expect(lines).toMatchObject([
    { id: 1, category: 'Network', language: 'de', unknown: false },
    { id: 2, group: 'Billing', language: 'de', unknown: false },
  ]);
});
