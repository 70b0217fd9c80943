import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { describeError } from '../errors.ts';
import type { ModelInput } from './classifier.ts';
import { ChildClassifier } from './supervisor.ts';
import { writeTestModel } from './test-model.ts';

// The real worker with the real runtime, on small models made here.
let directory: string;
const running: ChildClassifier[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'triaged worker '));
});
afterEach(() => Promise.all(running.splice(0).map((classifier) => classifier.stop())));
afterAll(() => rm(directory, { recursive: true }));

const labels = { network: ['vpn', 'wlan'], billing: ['invoice', 'rechnung'] };

function start(
  modelDirectory: string,
  more: { priorityModelDirectory?: string; workerModule?: URL } = {},
): ChildClassifier {
  const classifier = new ChildClassifier({ modelDirectory, threads: 1, ...more });
  running.push(classifier);
  return classifier;
}

function input(subject: string, body = ''): ModelInput {
  return { subject, body, language: null };
}

describe('a folder with triaged.json', () => {
  let classifier: ChildClassifier;

  beforeAll(async () => {
    const folder = await writeTestModel(join(directory, 'full'), {
      labels,
      priorities: { '2 low': ['sometime'], '4 high': ['urgent'] },
      unknownWords: ['alien'],
      poison: 'poison',
      manifest: {},
    });
    classifier = new ChildClassifier({ modelDirectory: folder, threads: 1 });
    await classifier.start();
  });
  afterAll(() => classifier.stop());

  test('gives category, priority and unknown score from the three outputs of one graph', async () => {
    const [network, billing, strange] = await classifier.classify([
      input('VPN', 'is down, urgent!'),
      input('Rechnung', 'sometime'),
      input('invoice of an alien'),
    ]);

    expect(network?.categories[0]).toMatchObject({ name: 'network', group: 'network group' });
    expect(network?.priorities[0]?.name).toBe('4 high');
    expect(network).toMatchObject({ unknown: false, unknownScore: 0, calibrated: true });
    expect(billing?.categories[0]?.name).toBe('billing');
    expect(billing?.priorities[0]?.name).toBe('2 low');
    expect(strange).toMatchObject({ unknown: true, unknownScore: 1 });
    expect(classifier.info).toMatchObject({ name: 'test-model', threshold: 0.7, priorityThreshold: 0.75 });
    expect(classifier.stats().childResidentBytes).toBeGreaterThan(50_000_000);
  });

  test('the answer to a text does not depend on its neighbours', async () => {
    const texts = ['vpn', 'invoice for the wlan', 'vpn vpn wlan and very much more text', ''].map((text) =>
      input(text),
    );

    const together = await classifier.classify(texts);
    const alone = [];
    for (const text of texts) alone.push(...(await classifier.classify([text])));

    expect(together).toEqual(alone);
  });

  test('an empty text has a category, and is unknown', async () => {
    const [empty] = await classifier.classify([input('')]);

    expect(empty?.categories).toHaveLength(2);
    expect(empty).toMatchObject({ unknown: true, unknownScore: 1 });
  });

  test('a text of 1 MB is cut: bounded time, and the loop of the parent stays free', async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const begin = performance.now();

    const answers = await classifier.classify([
      input('vpn', 'x'.repeat(1_000_000)),
      input('vpn', 'invoice '.repeat(125_000)),
      input('漢'.repeat(1_000_000), 'vpn'),
      input('', '\u0000 \ud800'.repeat(250_000)),
    ]);

    delay.disable();
    expect(answers[0]?.categories[0]?.name).toBe('network');
    expect(answers[1]?.categories[0]?.name).toBe('billing');
    expect(performance.now() - begin).toBeLessThan(5000);
    expect(delay.max / 1e6).toBeLessThan(400);
  });

  test('words behind the token limit are not read', async () => {
    const [within, beyond] = await classifier.classify([
      input('vpn', `${'filler '.repeat(50)} alien`),
      input('vpn', `${'filler '.repeat(70)} alien`),
    ]);

    expect([within?.unknown, beyond?.unknown]).toEqual([true, false]);
  });

  test('numbers that are not finite are an error, and the next text is judged by a fresh child', async () => {
    const error = await classifier.classify([input('vpn'), input('poison')]).catch(describeError);
    const [after] = await classifier.classify([input('vpn')]);

    expect(error).toMatch(/nonsense.*E_CLASSIFIER/);
    expect(after?.categories[0]?.name).toBe('network');
    expect(classifier.stats().restarts).toBe(1);
  });
});

test('a plain folder and a second one for priorities need no triaged.json, and no network', async () => {
  const folder = await writeTestModel(join(directory, 'plain'), { labels });
  const priority = await writeTestModel(join(directory, 'priority'), {
    labels: { low: ['sometime'], high: ['urgent'] },
  });
  const classifier = start(folder, {
    priorityModelDirectory: priority,
    workerModule: await offlineWorker(),
  });
  await classifier.start();

  const [prediction] = await classifier.classify([input('wlan', 'urgent')]);

  expect(prediction?.categories[0]).toMatchObject({ name: 'network', group: 'network' });
  expect(prediction?.priorities[0]?.name).toBe('high');
  expect(prediction?.calibrated).toBe(false);
});

test('a model that is not here is never fetched', async () => {
  const child = fork(await offlineWorker(), { execArgv: [], serialization: 'advanced' });
  const outcome = Promise.race([once(child, 'message'), once(child, 'exit')]);
  const main = { directory: 'acme/tickets', dtype: 'q8', maxTokens: 64 };

  child.send({
    type: 'load',
    main,
    outputs: { priority: null, unknownScore: null },
    priority: null,
    threads: 1,
  });
  const [answer] = await outcome;
  child.kill('SIGKILL');

  expect(answer).toMatchObject({ type: 'failed' }); // 99: it tried
});

test('a text that is cut keeps its closing token, as in training', async () => {
  const folder = await writeTestModel(join(directory, 'closed'), {
    labels: { closed: ['[SEP]'], open: ['nothing'] },
  });
  const classifier = start(folder);
  await classifier.start();

  const [cut] = await classifier.classify([input('long', 'text '.repeat(300))]);

  expect(cut?.categories[0]?.name).toBe('closed');
  expect(cut?.categories[0]?.probability).toBeGreaterThan(0.5);
});

test('a graph that is damaged, or of another model, is the fault of the folder', async () => {
  const damaged = await writeTestModel(join(directory, 'damaged'), { labels });
  const size = (await readFile(join(damaged, 'onnx/model.onnx'))).length;
  await truncate(join(damaged, 'onnx/model.onnx'), Math.floor(size / 2));
  const other = await writeTestModel(join(directory, 'other'), { labels });
  await writeFile(join(other, 'config.json'), '{"model_type":"bert","id2label":{"0":"a","1":"b","2":"c"}}');
  const silent = await writeTestModel(join(directory, 'silent'), {
    labels,
    manifest: { outputs: { unknownScore: 'strangeness' } },
  });

  const errors = await Promise.all(
    [damaged, other, silent].map((folder) => start(folder).start().catch(describeError)),
  );

  expect(errors[0]).toMatch(/cannot be loaded: .*E_MODEL/);
  expect(errors[1]).toMatch(/gives 2 category numbers, the folder names 3.*E_MODEL/);
  expect(errors[2]).toMatch(/no output "strangeness", it has logits.*E_MODEL/);
});

test.runIf(process.platform === 'linux')(
  'the child dies with its parent, and not by a Ctrl-C to both',
  async () => {
    const folder = await writeTestModel(join(directory, 'orphan'), { labels });
    const program = join(directory, 'parent.mjs');
    await writeFile(
      program,
      `const { ChildClassifier } = await import(${JSON.stringify(new URL('./supervisor.ts', import.meta.url).href)});
     const classifier = new ChildClassifier({ modelDirectory: ${JSON.stringify(folder)}, threads: 1 });
     await classifier.start();
     process.send('ready');`,
    );
    const parent = fork(program, { execArgv: [] });
    await once(parent, 'message');
    const child = Number((await readFile(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8')).trim());

    process.kill(child, 'SIGINT');
    process.kill(child, 'SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const survived = await exists(child);
    parent.kill('SIGKILL');
    await expect.poll(() => exists(child), { timeout: 5000 }).toBe(false);

    expect(survived).toBe(true);
  },
);

/** The worker in a process that exits with 99 as soon as it wants a name resolved or a connection. */
async function offlineWorker(): Promise<URL> {
  const path = join(directory, 'offline.mjs');
  await writeFile(
    path,
    `import net from 'node:net'; import dns from 'node:dns';
     const refuse = () => process.exit(99);
     net.Socket.prototype.connect = refuse; dns.lookup = refuse; globalThis.fetch = refuse;
     await import(${JSON.stringify(new URL('./worker.ts', import.meta.url).href)});`,
  );
  return pathToFileURL(path);
}

async function exists(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null);
  return status !== null && !status.includes('State:\tZ');
}
