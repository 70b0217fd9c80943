import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findings } from './check-findings.ts';
import { House, USUAL, WORDS } from './cli-harness.ts';

async function house(rest?: string, url?: string): Promise<House> {
  const made = new House();
  await made.model();
  made.write(rest, url);
  return made;
}

test('every problem of the file is told at once, with its place, and exit code 78', async () => {
  const here = await house(`
routing:
  default_queu: Unclassified
  rules:
    - {category: Network}
`);
  const { code, errors } = await findings(here, '--offline');
  expect(code).toBe(78);
  expect(errors).toEqual([
    expect.stringMatching(/config\.yaml:4:3: routing\.default_queu: .*default_queue/),
    expect.stringMatching(/config\.yaml:6:7: routing\.rules\[0\]: does nothing/),
  ]);
});

test('offline means that Znuny is not asked', async () => {
  const here = await house(USUAL, 'http://127.0.0.1:9');
  expect(await findings(here, '--offline')).toMatchObject({ code: 0, ok: true, errors: [], warnings: [] });
});

test('a model that is not there is the file’s fault: exit code 78, and every place is named', async () => {
  const here = await house(USUAL.replace('words', 'softoft/other'));
  const { code, errors } = await findings(here, '--offline');
  expect(code).toBe(78);
  expect(errors).toEqual([expect.stringContaining('No model "softoft/other" is here; looked at')]);
});

test('a model file that differs from its checksum is refused', async () => {
  const here = await house();
  writeFileSync(join(here.folder, 'models', 'words', 'tokenizer_config.json'), '{}');
  const { code, errors } = await findings(here, '--offline');
  expect(code).toBe(78);
  expect(errors).toEqual([expect.stringContaining('tokenizer_config.json')]);
});

test('a model without triaged.json is called uncalibrated, which only --strict forbids', async () => {
  const here = new House();
  await here.model({ labels: WORDS.labels });
  here.write();
  const loose = await findings(here, '--offline');
  expect(loose).toMatchObject({ code: 0, ok: true });
  expect(loose.warnings).toEqual([expect.stringContaining('not calibrated')]);
  expect(await findings(here, '--offline', '--strict')).toMatchObject({ code: 78, ok: false });
});

test('rules that the model does not know, that never act, and a missing default are told at their place', async () => {
  const here = await house(`
model: {model_name: words}
routing:
  rules:
    - {category: Network, queue: IT-Infrastructure}
    - {category: Network, queue: Support}
    - {category: Netwrok, queue: Support}
`);
  const { code, errors, warnings } = await findings(here, '--offline');
  expect(code).toBe(78);
  expect(errors).toEqual([
    expect.stringMatching(/config\.yaml:8:7: .*"Netwrok".*did you mean "Network"/),
    expect.stringMatching(/config\.yaml:7:7: .*can never act/),
  ]);
  expect(warnings.join('\n')).toContain('no default_queue');
});

test('routing.tests run through cleaning, model and rules; a failing one says what came instead', async () => {
  const here = await house(`${USUAL}  tests:
    - {name: wifi, subject: wlan, expect: {queue: IT-Infrastructure, priority: 4 high}}
    - {name: bill, subject: "Re: rechnung", expect: {queue: Accounting, priority: 3 normal}}
    - {name: print, subject: drucker, expect: {queue: Accounting}}
`);
  const { code, errors, fine } = await findings(here, '--offline');
  expect(code).toBe(78);
  expect(errors).toEqual([
    expect.stringMatching(
      /config\.yaml:14:7: test "print" fails: queue is Support, expected Accounting \(rule/,
    ),
  ]);
  expect(fine).toContainEqual(expect.stringMatching(/^wifi: IT-Infrastructure, 4 high/));
  expect(fine).toContainEqual(expect.stringMatching(/^bill: Accounting, 3 normal/));
});

test('a running daemon is named and not disturbed, and triage that is paused is a warning', async () => {
  const here = await house();
  const journal = await here.journal();
  await journal.setFact('paused', '1');

  const { code, fine, warnings } = await findings(here, '--offline');

  expect(code).toBe(0);
  expect(fine).toContainEqual(expect.stringContaining(`a daemon (pid ${process.pid}`));
  expect(warnings).toEqual([expect.stringContaining('triage is paused')]);
  await journal.setFact('paused', null);
});

test('a journal that cannot be written is the environment’s fault: exit code 1', async () => {
  const here = await house();
  mkdirSync(join(here.folder, 'data'));
  writeFileSync(here.journalFile, 'this is no database, only a text that is long enough to look at');
  expect(await findings(here, '--offline')).toMatchObject({
    code: 1,
    errors: [expect.stringContaining('triaged.db')],
  });
  const away = await house(`${USUAL}journal: {path: /proc/nowhere/data/triaged.db}\n`);
  expect(await findings(away, '--offline')).toMatchObject({ code: 1, ok: false });
});
