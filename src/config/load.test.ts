import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, describeError } from '../errors.ts';
import { loadConfig } from './load.ts';
import { DEFAULT_MODEL_NAME } from './model.ts';
import { CONNECTOR, load, problems, temporaryFolder, writeConfig } from './testing.ts';

const GUIDE = new URL('../../test/fixtures/guide-config.yaml', import.meta.url).pathname;
const EXAMPLE = new URL('../../config.example.yaml', import.meta.url).pathname;
const ENV = { ZNUNY_PASSWORD: 'hunter2-secret' };

describe('a good file', () => {
  test("the guide's file loads as it is and gets the documented defaults", () => {
    const { config } = loadConfig({ file: GUIDE, env: ENV });

    expect(config.mode).toBe('apply');
    expect(config.model.model_name).toBe('softoft/ticket-classifier-de');
    expect(config.routing.default_queue).toBe('Unclassified');
    expect(config.routing.rules.map(({ category, queue, priority }) => [category, queue, priority])).toEqual([
      [['Network'], 'IT-Infrastructure', '4 high'],
      [['Billing'], 'Accounting', '3 normal'],
    ]);
    expect(config.connector.password.reveal()).toBe('hunter2-secret');
    expect(config.connector).toMatchObject({
      web_service: 'TicketTriage',
      settle_seconds: 60,
      max_concurrency: 2,
      auth: 'session',
    });
    expect(config.intake).toMatchObject({ states: ['new'], poll: { interval_seconds: 10 } });
    expect(config.routing).toMatchObject({
      default_priority: '3 normal',
      min_priority_confidence: 0.7,
      max_priority: '4 high',
      max_changes_per_hour: 300,
    });
    expect(config.note).toEqual({ enabled: true, language: 'ticket' });
    expect(config.fields).toEqual({});
    expect(config.journal).toEqual({ path: './data/triaged.db', retention_days: 365 });
    expect(config.server.listen).toBe('127.0.0.1:8080');
  });

  test('the example loads without a warning, observes, and has a rule for each group but Other, which goes to the default queue', () => {
    const { config, warnings } = loadConfig({ file: EXAMPLE, env: ENV });

    expect(warnings).toEqual([]);
    expect(config.mode).toBe('observe');
    expect(config.model.model_name).toBe(DEFAULT_MODEL_NAME);
    expect(config.routing.rules.map(({ category, queue }) => `${category} ${queue}`)).toEqual([
      'Network IT-Infrastructure',
      'IT IT-Service',
      'Billing Accounting',
      'Support Customer-Service',
    ]);
  });

  test('a byte order mark and Windows line ends make no difference', () => {
    const plain = load(`${CONNECTOR}mode: observe\n`);
    const windows = load(`\ufeff${CONNECTOR}mode: observe\n`.replaceAll('\n', '\r\n'));

    expect(windows.config.mode).toBe('observe');
    expect(windows.hash).toBe(plain.hash);
  });

  test('a section whose keys are all commented out counts as not there', () => {
    const { config } = load(`${CONNECTOR}intake:\n  # states: [new]\nnote:\nfields:\nrouting:\n  rules:\n`);

    expect(config.intake.states).toEqual(['new']);
    expect(config.note.enabled).toBe(true);
    expect(config.routing.rules).toEqual([]);
  });

  test.each([
    ['on', true],
    ['off', false],
    ['true', true],
    ['false', false],
    ['{enabled: false}', false],
  ])('note: %s is taken', (written, enabled) => {
    expect(load(`${CONNECTOR}note: ${written}\n`).config.note.enabled).toBe(enabled);
  });

  test('fields: triage stands for the preset, and single fields may be named', () => {
    expect(load(`${CONNECTOR}fields: triage\n`).config.fields).toEqual({
      category: 'TriageCategory',
      probability: 'TriageConfidence',
      status: 'TriageStatus',
      model: 'TriageModel',
    });
    expect(load(`${CONNECTOR}fields: {status: MyStatus}\n`).config.fields).toEqual({ status: 'MyStatus' });
  });

  test('anchors and aliases work', () => {
    const { config } = load(`${CONNECTOR}intake: {states: &s [new, open], queues: *s}\n`);

    expect(config.intake.queues).toEqual(['new', 'open']);
  });

  test('it tells its folder and where each value stands, also of what is not there', () => {
    const file = writeConfig(`${CONNECTOR}routing:\n  rules:\n    - {category: A, queue: B}\n`);

    const loaded = loadConfig({ file, env: { PW: 'x' } });

    expect(join(loaded.directory, 'config.yaml')).toBe(file);
    expect(loaded.position(['routing', 'rules', 0, 'queue'])).toBe(`${file}:4:28`);
    expect(loaded.position(['routing', 'rules', 0, 'priority'])).toBe(`${file}:4:7`);
    expect(loaded.position(['log', 'level'])).toBe(`${file}:1:1`);
  });

  test('the hash depends on what is configured, not on the order of keys or the secrets', () => {
    const one = load(`${CONNECTOR}mode: observe\nlog: {level: warn}\n`);
    const same = load(`log: {level: warn}\nmode: observe\n${CONNECTOR}`, { env: { PW: 'another-one' } });
    const other = load(`${CONNECTOR}mode: suggest\nlog: {level: warn}\n`);

    expect(one.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(same.hash).toBe(one.hash);
    expect(other.hash).not.toBe(one.hash);
  });
});

describe('a bad file', () => {
  test('every problem is listed, in the order of the file, with place, key and what to do', () => {
    const found = problems(
      `mode: aply\n${CONNECTOR}routing:\n  min_confidence: 1.5\n  rules:\n    - {category: N, prioritty: 4 high, queue: 4711}\n`,
    );

    expect(found).toEqual([
      '1:7 mode: expected one of observe, suggest, apply; did you mean apply?',
      '4:19 routing.min_confidence: must be at most 1',
      '6:21 routing.rules[0].prioritty: unknown key; did you mean priority?',
      '6:47 routing.rules[0].queue: expected text, found the number 4711: put it in quotes: "4711"',
    ]);
  });

  test('loadConfig throws one ConfigError that holds them all', () => {
    const file = writeConfig('mode: aply\nlog: {level: loud}\n');

    let thrown: unknown;
    try {
      loadConfig({ file, env: {} });
    } catch (error) {
      thrown = error;
    }

    expect(thrown).toBeInstanceOf(ConfigError);
    const text = describeError(thrown);
    expect(text).toContain(`${file}: 3 problems:`);
    expect(text).toContain(`${file}:1:7: mode:`);
    expect(text).toContain(`${file}:2:14: log.level:`);
    expect(text).toContain('connector: is missing');
    expect(text).toContain('[E_CONFIG]');
  });

  test('a key in the wrong section is sent home, camelCase is understood', () => {
    expect(
      problems(`${CONNECTOR}min_priority_confidence: 0.5\nlog: {Level: info}\nrouting: {maxPriority: x}\n`),
    ).toEqual([
      '2:1 min_priority_confidence: unknown key here; did you mean routing.min_priority_confidence?',
      '3:7 log.Level: unknown key; did you mean level?',
      '4:11 routing.maxPriority: unknown key; did you mean max_priority?',
    ]);
  });

  test('a key that resembles nothing gets the list of those that are known', () => {
    expect(problems(`${CONNECTOR}log: {colour: red}\n`)).toEqual([
      '2:7 log.colour: unknown key; known here: level, pretty',
    ]);
  });

  test('keys of later features are not taken', () => {
    const found = problems(`${CONNECTOR}model: {examples: {A: b}}\nrouting: {precision: 0.95}\n`);

    expect(found).toHaveLength(2);
  });

  test.each([
    ['', 'FILE : is empty: begin with config.example.yaml'],
    ['# only a comment\n', 'FILE : is empty: begin with config.example.yaml'],
    ['- a\n', 'FILE : must be a mapping (key: value) with connector, model, routing …'],
    ['mode:\n\tx: 1\n', '2:1 : the line is indented with a tab: YAML wants blanks'],
    ['mode: apply\nmode: observe\n', '2:1 : the line stands twice in the same mapping: remove one'],
    [
      'mode: "apply\n',
      '2:1 : the line lacks a closing quote or bracket, or a colon with a blank after a key',
    ],
    [
      'mode: apply\n---\nmode: apply\n',
      '2:1 : the line begins a second document with ---: one file holds one configuration',
    ],
    [
      'mode: !js apply\n',
      '1:11 : the line begins with ! and so names a type that does not exist here: put the value in quotes',
    ],
    ['__proto__: {mode: apply}\n', '1:1 : the line __proto__ is no key: remove it'],
    ['log: {__proto__: {level: x}}\n', '1:7 : the line __proto__ is no key: remove it'],
    ['mode: &a [*a]\n', '1:11 : the line is an alias (*name) that contains itself: write the value out'],
  ])('%j is refused with a place', (content, expected) => {
    expect(problems(content)[0]).toBe(expected);
  });

  test('an alias bomb is refused at once (F38)', () => {
    const names = 'abcdefghi';
    const lines = [...names].map((name, index) => {
      const inner = index === 0 ? 'x' : `*${names[index - 1]}`;
      return `${name}: &${name} [${Array(9).fill(inner).join(', ')}]`;
    });

    const started = performance.now();
    const found = problems(lines.join('\n'));

    expect(found[0]).toContain('so many aliases');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('brackets nested without end are an error, not a crash', () => {
    const found = problems(`mode: ${'['.repeat(50_000)}`);

    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(10);
  });

  test('a missing file, a directory and a file that is not UTF-8 are told apart', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'config.yaml'));

    expect(() => loadConfig({ file: join(folder, 'none.yaml') })).toThrow('does not exist');
    expect(() => loadConfig({ file: join(folder, 'config.yaml') })).toThrow('is a directory');
    expect(problems(Uint8Array.from([0x6d, 0xff, 0xfe]))[0]).toContain('is not UTF-8');
  });

  test('a newer version of the format says so', () => {
    expect(problems(`version: 2\n${CONNECTOR}`)[0]).toContain(
      'expected 1: a newer file needs a newer triaged',
    );
  });

  test('a list where a mapping is wanted, and a null where a value is wanted, are named', () => {
    expect(problems(`${CONNECTOR}log: [info]\nrouting: {default_queue: }\n`)).toEqual([
      '2:6 log: expected a mapping (key: value), found a list',
      '3:26 routing.default_queue: has no value: expected text, or remove the key',
    ]);
  });
});
