import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeTestModel } from '../src/classify/test-model.ts';
import { loadConfig } from '../src/config/load.ts';
import { configStub } from '../src/models/stub.ts';
import { compileRouting } from '../src/wiring/routing.ts';
import { House, WORDS } from './cli-harness.ts';

type Listed = {
  readonly name: string;
  readonly place: string;
  readonly usedBy: readonly string[];
  readonly hiddenBy: string | null;
  readonly calibrated: boolean;
  readonly languages: readonly string[];
  readonly bytes: number;
  readonly categories: readonly {
    readonly name: string;
    readonly group: string;
    readonly description: string;
  }[];
  readonly problem: string | null;
};

const ENV = { ZNUNY_PASSWORD: 'a-password' };

async function list(house: House, ...args: readonly string[]): Promise<readonly Listed[]> {
  const { code, out } = await house.triaged('models', 'list', '--json', ...args);
  expect(code).toBe(0);
  return JSON.parse(out);
}

async function plainFolder(house: House, name = 'plain'): Promise<string> {
  return writeTestModel(join(house.folder, name), { labels: WORDS.labels });
}

test('list works without a configuration and says what each category of the shipped model means', async () => {
  const house = new House();

  const [shipped, ...more] = await list(house);
  const { out, error } = await house.triaged('models');

  expect(more).toEqual([]);
  expect(shipped).toMatchObject({ place: 'shipped', usedBy: [], calibrated: true, problem: null });
  expect(shipped?.languages).toEqual(['de', 'en']);
  for (const { name, group, description } of shipped?.categories ?? []) {
    expect(out).toMatch(new RegExp(`^ +${name} +${group} +`, 'm'));
    expect(description).toMatch(/^[A-Z].{20,}\.$/);
    expect(out).toContain(description);
  }
  expect(error).toContain('none of them is in use');
});

test('list finds every model that can be named, in the order of the search, and marks the used one', async () => {
  const house = new House();
  await house.model();
  await writeTestModel(join(house.folder, 'store', 'acme', 'tickets'), { labels: WORDS.labels });
  await writeTestModel(join(house.folder, 'store', 'words'), WORDS);
  house.write(
    'model: {model_name: words, directory: store, labels: {Network: Netz}, groups: {IT: [Netz]}}\n',
  );

  const found = await list(house);
  const { out } = await house.triaged('models', 'list');

  expect(found.map(({ name, place }) => `${place}: ${name}`)).toEqual([
    'models: words',
    'directory: acme/tickets',
    'directory: words',
    'shipped: triage-de-en',
  ]);
  expect(found.map(({ usedBy }) => usedBy.length)).toEqual([1, 0, 0, 0]);
  expect(found[2]?.hiddenBy).toBe(join(house.folder, 'models', 'words'));
  // as rules have to name them
  expect(found[0]?.categories[0]).toMatchObject({ name: 'Netz', group: 'IT' });
  expect(found[1]?.categories[0]).toMatchObject({ name: 'Network', group: 'Network' });
  expect(out).toMatch(/^\* words {2}/m);
  expect(out).toContain('not calibrated; languages not told');
});

test('list marks a model that is named by a path', async () => {
  const house = new House();
  await plainFolder(house);
  house.write('model: {model_name: ./plain}\n');
  expect(await list(house)).toContainEqual(
    expect.objectContaining({ name: './plain', place: 'path', usedBy: ['model.model_name'] }),
  );
});

test('a broken folder is listed with what is wrong; folders of other things and unfinished ones are not', async () => {
  const house = new House();
  const models = join(house.folder, 'models');
  await house.model();
  rmSync(join(models, 'words', 'tokenizer.json'));
  mkdirSync(join(models, 'empty'));
  mkdirSync(join(models, 'org', 'half', 'onnx'), { recursive: true });
  mkdirSync(join(models, 'notes'));
  writeFileSync(join(models, 'notes', 'todo.txt'), 'x');
  await writeTestModel(join(models, '.adding-1'), WORDS);
  house.write('model: {model_name: gone}\n');

  const problems = (await list(house)).map(({ name, problem }) => [name, problem]);
  const { out, error } = await house.triaged('models', 'list');

  expect(problems).toEqual([
    ['empty', expect.stringContaining('lacks config.json, tokenizer.json')],
    ['org/half', expect.stringContaining('lacks config.json')],
    ['words', expect.stringContaining('lacks tokenizer.json')],
    ['triage-de-en', null],
  ]);
  expect(out).toContain('BROKEN: ');
  expect(error).toContain('names "gone", which is not here');
});

test('what is wrong elsewhere in the file stops no work on models, what is wrong with the model does', async () => {
  const house = new House();
  await house.model();
  writeFileSync(
    house.config,
    `connector: {url: "nonsense", password: "\${NOT_SET}"}\nrouting: {rules: 5}\nmodel: {model_name: words}\n`,
  );
  expect((await list(house))[0]).toMatchObject({ name: 'words', usedBy: ['model.model_name'] });
  const { code, error } = await house.triaged('models', 'list', '--set', 'model.modelname=x');
  expect({ code, error }).toMatchObject({ code: 78, error: expect.stringContaining('model_name') });
});

test('verify names each file that is not as it was, and is exit code 78 then', async () => {
  const house = new House();
  await house.model();
  const words = join(house.folder, 'models', 'words');
  expect(await house.triaged('models', 'verify')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/ok +words .*4 files as in triaged\.json\nok +triage-de-en/),
  });

  writeFileSync(join(words, 'tokenizer_config.json'), '{}');
  rmSync(join(words, 'onnx', 'model.onnx'));
  const { code, out } = await house.triaged('models', 'verify', 'words');

  expect(code).toBe(78);
  expect(out).toMatch(/^DAMAGED words/);
  expect(out).toMatch(/tokenizer_config\.json: 2 bytes with sha256 [0-9a-f]{64}, triaged\.json says/);
  expect(out).toMatch(/onnx\/model\.onnx: is missing; triaged\.json lists it/);
  const [verdict] = JSON.parse((await house.triaged('models', 'verify', 'words', '--json')).out);
  expect(verdict.bad.map(({ path }: { path: string }) => path).sort()).toEqual([
    'onnx/model.onnx',
    'tokenizer_config.json',
  ]);
  expect((await house.triaged('models', 'verify', 'none')).code).toBe(78);
});

test('verify says where there is no checksum to compare with', async () => {
  const house = new House();
  await writeTestModel(join(house.folder, 'models', 'plain'), { labels: WORDS.labels });
  const { code, out } = await house.triaged('models', 'verify', 'plain');
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('without checksums') });
});

test('add tries a model, copies what is needed, and prints the configuration that uses it', async () => {
  const house = new House();
  const source = await plainFolder(house);
  for (const extra of ['model.safetensors', 'optimizer.pt', 'README.md', 'LICENSE']) {
    writeFileSync(join(source, extra), 'x');
  }

  const { code, out } = await house.triaged('models', 'add', source, '--name', 'acme/tickets');

  expect(code).toBe(0);
  const added = join(house.folder, 'models', 'acme', 'tickets');
  expect(readdirSync(added).sort()).toEqual([
    'LICENSE',
    'README.md',
    'added.json',
    'config.json',
    'onnx',
    'tokenizer.json',
    'tokenizer_config.json',
  ]);
  expect(readdirSync(join(house.folder, 'models'))).toEqual(['acme']);
  expect(out).toMatch(/# tried \(de\): "Kein WLAN im zweiten Stock" is Network, \d\d\.\d %/);
  expect(out).toMatch(/# tried \(en\): "Invoice 4711 was charged twice" is Billing, \d\d\.\d %/);
  expect(out).toContain('# not calibrated');
  house.write(out);
  const { config } = loadConfig({ file: house.config, env: ENV });
  expect(config.model.model_name).toBe('acme/tickets');
  expect(config.routing.rules.map(({ category }) => category)).toEqual([
    ['Network'],
    ['Billing'],
    ['Hardware'],
  ]);
  const check = await house.triaged('check', '--offline');
  expect(check).toMatchObject({ code: 0, out: expect.stringContaining('no errors') });
  expect((await house.triaged('models', 'verify', 'acme/tickets')).out).toContain('6 files as in added.json');
});

test('the printed configuration loads and fits the rules, whatever the labels are', () => {
  const names = [
    'a: b',
    '{x}',
    '"quoted"',
    "it's",
    '- dash',
    '#hash',
    'über',
    `\${HOME}`,
    'yes',
    '1',
    '\u202eevil\u009b',
  ];
  const categories = names.map((name, index) => ({
    name,
    group: index < 3 ? '*one*' : name,
    description: '',
  }));
  const house = new House();
  house.write(configStub('acme/tickets', categories));

  const { config } = loadConfig({ file: house.config, env: ENV });

  expect(config.routing.rules.map(({ category }) => category)).toEqual(names.map((name) => [name]));
  expect(Object.keys(config.model.labels)).toEqual(expect.arrayContaining(names));
  expect(Object.values(config.model.labels).sort()).toEqual([...names].sort());
  expect(config.model.groups['*one*']).toEqual(names.slice(0, 3));
  expect(configStub('x', categories)).not.toMatch(/\u202e|\u009b/);
  const info = {
    name: 'x',
    directory: '/x',
    hash: '',
    categories,
    priorities: [],
    calibrated: false,
    threshold: null,
    priorityThreshold: null,
    languages: [],
  };
  expect(() => compileRouting(config, info)).not.toThrow();
});

test('add goes to model.directory where the configuration has one, and not behind a model that comes first', async () => {
  const house = new House();
  const source = await plainFolder(house);
  house.write('model: {directory: store}\n');
  expect((await house.triaged('models', 'add', source)).code).toBe(0);
  expect(existsSync(join(house.folder, 'store', 'plain', 'added.json'))).toBe(true);

  await house.model();
  const hidden = await house.triaged('models', 'add', source, '--name', 'words');
  expect(hidden).toMatchObject({ code: 78, error: expect.stringContaining('comes first') });
});

test('add overwrites nothing without --force, and with it the old model is gone', async () => {
  const house = new House();
  const source = await plainFolder(house);
  const add = (...more: readonly string[]) => house.triaged('models', 'add', source, '--name', 'm', ...more);
  const config = join(house.folder, 'models', 'm', 'config.json');
  expect((await add()).code).toBe(0);
  const before = readFileSync(config, 'utf8');

  await writeTestModel(source, { labels: { Yes: ['ja'], No: ['nein'] } });
  expect(await add()).toMatchObject({ code: 78, error: expect.stringContaining('--force') });
  expect(readFileSync(config, 'utf8')).toBe(before);
  expect((await add('--force')).out).toContain('# labels: Yes, No');

  expect(readdirSync(join(house.folder, 'models'))).toEqual(['m']);
  expect((await house.triaged('models', 'verify', 'm')).code).toBe(0);
});

test('what the disk refuses is told as that', async () => {
  const house = new House();
  const source = await plainFolder(house);
  writeFileSync(join(house.folder, 'models'), 'a file');
  expect(await house.triaged('models', 'add', source)).toMatchObject({
    code: 78,
    error: expect.stringMatching(/cannot be stored: a file stands where a folder must be/),
  });
});

test('a model that lies in its place already is not added to itself', async () => {
  const house = new House();
  const source = await writeTestModel(join(house.folder, 'models', 'm'), { labels: WORDS.labels });
  expect(await house.triaged('models', 'add', source, '--force')).toMatchObject({
    code: 78,
    error: expect.stringContaining('model.model_name: m finds it already'),
  });
  expect((await house.triaged('models', 'verify', 'm')).code).toBe(0);
});

test('a folder of models is never replaced by a model, nor does one lie within another', async () => {
  const house = new House();
  const source = await plainFolder(house);
  const add = (name: string) => house.triaged('models', 'add', source, '--force', '--name', name);
  expect((await add('acme/tickets')).code).toBe(0);

  expect(await add('acme')).toMatchObject({ code: 78, error: expect.stringContaining('a folder of models') });
  expect(await add('acme/tickets/x')).toMatchObject({ code: 78, error: expect.stringContaining('no name') });
  expect((await add('single')).code).toBe(0);
  expect(await add('single/x')).toMatchObject({ code: 78, error: expect.stringContaining('a model itself') });
  for (const name of ['../out', '.hidden', 'a/..', '/abs', 'a b']) {
    expect(await add(name)).toMatchObject({
      code: 78,
      error: expect.stringContaining('no name for a model'),
    });
  }
});

test.each([
  ['config.json', /config\.json is missing: it names the labels/],
  ['tokenizer.json', /tokenizer\.json is missing: .*use_fast=True/],
  ['tokenizer_config.json', /tokenizer_config\.json is missing/],
  ['onnx/model.onnx', /onnx\/model_quantized\.onnx \(or onnx\/model\.onnx\) is missing: docs\/models\.md/],
])('add without %s says so and leaves nothing behind', async (path, words) => {
  const house = new House();
  const source = await plainFolder(house);
  rmSync(join(source, path));
  const { code, error } = await house.triaged('models', 'add', source);
  expect({ code, error }).toMatchObject({ code: 78, error: expect.stringMatching(words) });
  expect(existsSync(join(house.folder, 'models', 'plain'))).toBe(false);
});

test('add of a PyTorch folder tells how to convert it, one with the graph in the wrong place where it belongs', async () => {
  const house = new House();
  const source = await plainFolder(house);
  cpSync(join(source, 'onnx', 'model.onnx'), join(source, 'model.onnx'));
  rmSync(join(source, 'onnx'), { recursive: true });
  expect((await house.triaged('models', 'add', source)).error).toContain('there is model.onnx: put it there');
  rmSync(join(source, 'model.onnx'));
  writeFileSync(join(source, 'pytorch_model.bin'), 'x');
  const { error } = await house.triaged('models', 'add', source);
  expect(error).toMatch(
    /pytorch_model\.bin holds weights of PyTorch only: docs\/models\.md.*docs\/to-onnx\.py/,
  );
});

test('add takes no graph that does not load, no labels that do not fit it, and no choice of several', async () => {
  const house = new House();
  const source = await plainFolder(house);
  const config = JSON.parse(readFileSync(join(source, 'config.json'), 'utf8'));
  const write = (change: object) =>
    writeFileSync(join(source, 'config.json'), JSON.stringify({ ...config, ...change }));

  write({ id2label: { 0: 'a', 1: 'b' } });
  expect((await house.triaged('models', 'add', source)).error).toContain(
    'gives 3 category numbers, the folder names 2',
  );
  write({ problem_type: 'multi_label_classification' });
  expect((await house.triaged('models', 'add', source)).error).toContain('no choice of one');
  write({});
  writeFileSync(join(source, 'onnx', 'model.onnx'), 'no graph');
  expect(await house.triaged('models', 'add', source)).toMatchObject({ code: 78 });

  expect(readdirSync(join(house.folder, 'models'))).toEqual([]);
});

test('a model that was added keeps its record on the way to another machine, and an altered one is not taken', async () => {
  const house = new House();
  const source = await plainFolder(house);
  expect((await house.triaged('models', 'add', source, '--name', 'm')).code).toBe(0);
  const carried = join(house.folder, 'carried');
  cpSync(join(house.folder, 'models', 'm'), carried, { recursive: true });

  const there = new House();
  expect((await there.triaged('models', 'add', carried, '--name', 'm')).code).toBe(0);
  const record = (folder: string) => readFileSync(join(folder, 'models', 'm', 'added.json'), 'utf8');
  expect(record(there.folder)).toBe(record(house.folder));

  writeFileSync(join(carried, 'tokenizer_config.json'), '{"model_max_length": 64}');
  const { code, error } = await there.triaged('models', 'add', carried, '--name', 'n');
  expect({ code, error }).toMatchObject({
    code: 78,
    error: expect.stringMatching(
      /not what its checksums say:\n {2}tokenizer_config\.json: .*added\.json says/,
    ),
  });
});

test('a file that nobody recorded does not slip into a pinned model', async () => {
  const house = new House();
  const source = await plainFolder(house);
  expect((await house.triaged('models', 'add', source, '--name', 'm')).code).toBe(0);
  const onnx = join(house.folder, 'models', 'm', 'onnx');
  cpSync(join(onnx, 'model.onnx'), join(onnx, 'model_quantized.onnx'));
  house.write('model: {model_name: m}\n');

  const verified = await house.triaged('models', 'verify', 'm');
  const started = await house.triaged('classify', '--file', house.config);

  expect(verified).toMatchObject({
    code: 78,
    out: expect.stringContaining('no checksum for onnx/model_quantized.onnx'),
  });
  expect(started).toMatchObject({ code: 78, error: expect.stringContaining('added.json lists no checksum') });
});

test.each([
  [['models', 'lsit'], 'there is no "lsit": list, verify, add, pull'],
  [['models', 'add'], 'add takes one folder'],
  [['models', 'pull'], 'pull takes one ORG/NAME'],
  [['models', 'add', '/nowhere/at/all'], 'There is no such folder'],
])('%j is a mistake that is named', async (args, words) => {
  const { code, error } = await new House().triaged(...args);
  expect({ code, error }).toMatchObject({ code: 78, error: expect.stringContaining(words) });
});

test('the configuration that docs/models.md shows is what the program prints, and the commands are there', async () => {
  const document = readFileSync(join(import.meta.dirname, '..', 'docs', 'models.md'), 'utf8');
  const categories = ['Netzwerk', 'Rechnung', 'Drucker'].map((name) => ({
    name,
    group: name,
    description: '',
  }));
  expect(document).toContain(configStub('acme/tickets', categories));
  const { out } = await new House().triaged('models', '--help');
  for (const [option] of document.matchAll(/(?<=`)--[a-z0-9-]+/g)) {
    if (option !== '--fp32') expect(out).toContain(option);
  }
  for (const [action] of document.matchAll(/(?<=triaged models )[a-z]+/g)) expect(out).toContain(action);
});
