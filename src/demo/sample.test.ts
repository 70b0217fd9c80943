import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../errors.ts';
import { readSamples } from './sample.ts';

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'triaged-samples-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'tickets.jsonl');
  writeFileSync(file, text);
  return file;
}

test('a byte order mark, Windows line ends and blank lines do no harm', async () => {
  const samples = await readSamples(
    fileOf(
      '\uFEFF{"subject":"VPN","body":"geht nicht"}\r\n\r\n{"subject":"Rechnung","expectedQueue":"Accounting"}',
    ),
  );
  expect(samples).toMatchObject([
    { subject: 'VPN', body: 'geht nicht', expectedQueue: null },
    { subject: 'Rechnung', body: '', expectedQueue: 'Accounting' },
  ]);
});

test.each([
  ['{"body":"x"}', /subject/],
  ['{"subject":"a","expectedQueue":5}', /expectedQueue/],
  ['subject,body', /no JSON/],
])('a line that is no ticket is named with its number: %s', async (line, words) => {
  const file = fileOf(`{"subject":"fine"}\n${line}\n`);
  const error = await readSamples(file).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigError);
  expect(error).toMatchObject({ where: `${file}:2`, message: expect.stringMatching(words) });
});
