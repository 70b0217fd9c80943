import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { writeTestModel } from '../src/classify/test-model.ts';
import { commands } from '../src/cli/commands.ts';
import { dispatch } from '../src/cli/dispatch.ts';
import { loadConfig } from '../src/config/load.ts';
import { filesIn } from '../src/models/folder-files.ts';
import { type PullAround, pullModel } from '../src/models/pull.ts';
import { type Files, TestHub } from '../src/models/test-hub.ts';
import { type Answer, House, WORDS } from './cli-harness.ts';

const REPO = 'softoft/ticket-classifier-de';
const GRAPH = 'onnx/model_quantized.onnx';
let plain: Files;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'triaged-repo-'));
  await writeTestModel(folder, { labels: WORDS.labels, graph: GRAPH });
  plain = await contents(folder);
  rmSync(folder, { recursive: true });
});

async function contents(folder: string): Promise<Files> {
  const files: Record<string, Uint8Array> = {};
  for (const path of await filesIn(folder)) files[path] = readFileSync(join(folder, path));
  return files;
}

/** Beside what is needed a repository holds much that is not. */
function withMore(files: Files): Files {
  return {
    ...files,
    'README.md': '# A classifier',
    LICENSE: 'MIT',
    'model.safetensors': 'x'.repeat(5_000),
    'onnx/model.onnx': 'the large one',
    'training_args.bin': 'x',
    '.gitattributes': '*.onnx filter=lfs',
  };
}

async function hub(): Promise<TestHub> {
  const server = await new TestHub().start();
  onTestFinished(() => server.stop());
  return server;
}

class PullingHouse extends House {
  readonly env: Record<string, string> = {};

  async pull(server: { readonly url: string }, ...args: readonly string[]): Promise<Answer> {
    const out: string[] = [];
    const error: string[] = [];
    const name = args[0]?.startsWith('--') ? [REPO, ...args] : args.length === 0 ? [REPO] : args;
    const line = ['models', '--config', this.config, '--hub', server.url, 'pull', ...name];
    const code = await dispatch(commands, line, {
      env: this.env,
      signal: new AbortController().signal,
      onHangup: () => {},
      terminal: { out: (text) => out.push(text), error: (text) => error.push(text), interactive: false },
    });
    return { code, out: out.join('\n'), error: error.join('\n') };
  }

  get pulled(): string {
    return join(this.folder, 'models', ...REPO.split('/'));
  }

  /** names beside the models that are no models */
  get unfinished(): readonly string[] {
    const root = join(this.folder, 'models');
    return existsSync(root) ? readdirSync(root).filter((name) => name.startsWith('.')) : [];
  }
}

test('a model is pulled with its pin, found by its name in the configuration, and classifies', async () => {
  const server = await hub();
  const sha = server.commit(REPO, withMore(plain));
  const house = new PullingHouse();

  const { code, out } = await house.pull(server);

  expect(code).toBe(0);
  expect(readdirSync(house.pulled).sort()).toEqual([
    'LICENSE',
    'README.md',
    'config.json',
    'onnx',
    'pulled.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ]);
  expect(readdirSync(join(house.pulled, 'onnx'))).toEqual(['model_quantized.onnx']);
  const pin = JSON.parse(readFileSync(join(house.pulled, 'pulled.json'), 'utf8'));
  expect(pin).toMatchObject({ source: { kind: 'hub', hub: server.url, repo: REPO, revision: sha } });
  expect(pin.files[GRAPH]).toEqual({
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    bytes: (plain[GRAPH] as Uint8Array).length,
  });
  expect(house.unfinished).toEqual([]);

  // what is printed is the configuration that uses it
  house.write(out);
  expect(
    loadConfig({ file: house.config, env: { ZNUNY_PASSWORD: 'a-password' } }).config.model.model_name,
  ).toBe(REPO);
  const lines = join(house.folder, 'lines.jsonl');
  writeFileSync(lines, '{"subject":"wlan","body":"vpn"}\n');
  const classified = await house.triaged('classify', '--file', lines);
  expect(JSON.parse(classified.out)).toMatchObject({ category: 'Network' });
  const listed = JSON.parse((await house.triaged('models', 'list', '--json')).out);
  expect(listed).toContainEqual(
    expect.objectContaining({ name: REPO, usedBy: ['model.model_name'], source: `${REPO}@${sha}` }),
  );
});

test('the token goes to the hub and never to the store, into a message or a file', async () => {
  const server = await hub();
  server.token = 'hf_very-secret';
  server.commit(REPO, plain);
  const house = new PullingHouse();

  const without = await house.pull(server);
  expect(without).toMatchObject({ code: 78, error: expect.stringMatching(/gated.*HF_TOKEN.*E_HUB/s) });
  house.env.HF_TOKEN = 'hf_wrong-one';
  const wrong = await house.pull(server);
  expect(wrong).toMatchObject({ code: 78, error: expect.stringContaining('HF_TOKEN is not accepted') });
  house.env.HF_TOKEN = 'hf_very-secret';
  const right = await house.pull(server);

  expect(right.code).toBe(0);
  expect(server.seen.filter(({ host }) => host === 'store').length).toBeGreaterThan(0);
  for (const { host, authorization } of server.seen.slice(-6)) {
    expect(authorization).toBe(host === 'hub' ? 'Bearer hf_very-secret' : undefined);
  }
  const told = [without, wrong, right].flatMap(({ out, error }) => [out, error]).join('\n');
  expect(told + readFileSync(join(house.pulled, 'pulled.json'), 'utf8')).not.toMatch(/secret|wrong-one/);
});

test('a model that is not there is named, a hub that is not there is worth another try', async () => {
  const server = await hub();
  const house = new PullingHouse();

  expect(await house.pull(server, 'acme/none', '--revision', 'v2')).toMatchObject({
    code: 78,
    error: expect.stringMatching(/no model "acme\/none" at revision "v2" \(HTTP 404, RepoNotFound\)/),
  });
  const { url } = server;
  await server.stop();
  expect(await house.pull({ url })).toMatchObject({
    code: 75,
    error: expect.stringMatching(/cannot be reached.*ECONNREFUSED.*E_HUB/),
  });
  expect(existsSync(join(house.folder, 'models', 'softoft'))).toBe(false);
});

test.each(['ticket-classifier-de', 'a/b/c', 'https://huggingface.co/a/b', '../a', 'a/..', 'a/b?c'])(
  '%j is no org/name, and nothing is asked',
  async (name) => {
    const server = await hub();
    const { code, error } = await new PullingHouse().pull(server, name);
    expect({ code, error }).toMatchObject({
      code: 78,
      error: expect.stringMatching(/no org\/name|no name for/),
    });
    expect(server.seen).toEqual([]);
  },
);

test.each(['../../etc/cron.d/x', '/etc/passwd', 'onnx\\..\\..\\x', 'a//b', 'c:x'])(
  'a repository that names a file %j is refused as a whole',
  async (path) => {
    const server = await hub();
    server.commit(REPO, plain);
    server.strange.push(path);
    const house = new PullingHouse();

    const { code, error } = await house.pull(server);

    expect({ code, error }).toMatchObject({
      code: 78,
      error: expect.stringContaining('would leave the folder'),
    });
    expect(server.seen).toHaveLength(1);
    expect(existsSync(house.pulled)).toBe(false);
  },
);

test('a triaged.json cannot name files outside of its folder either', async () => {
  const server = await hub();
  server.commit(REPO, { ...plain, 'triaged.json': '{"files": {"../../x": "00"}}' });
  const house = new PullingHouse();
  expect(await house.pull(server)).toMatchObject({
    code: 78,
    error: expect.stringMatching(/triaged\.json lists "\.\.\/\.\.\/x", outside/),
  });
  expect(house.unfinished).toEqual([]);
});

test('a repository without ONNX is told how to be converted, before anything is fetched', async () => {
  const server = await hub();
  const { [GRAPH]: _, 'tokenizer.json': __, ...rest } = plain;
  server.commit(REPO, { ...rest, 'vocab.txt': 'a', 'model.safetensors': 'weights' });
  const house = new PullingHouse();

  const { code, error } = await house.pull(server);

  expect(code).toBe(78);
  expect(error).toMatch(/tokenizer\.json is missing/);
  expect(error).toMatch(
    /model\.safetensors holds weights of PyTorch only: docs\/models\.md says how to convert/,
  );
  expect(server.seen).toHaveLength(1);
});

test('a download that breaks off leaves nothing under the name, and the next pull goes on there', async () => {
  const server = await hub();
  server.commit(REPO, plain);
  server.breaks.set(GRAPH, 100);
  const house = new PullingHouse();

  const first = await house.pull(server);
  expect(first).toMatchObject({ code: 75, error: expect.stringMatching(/broke off.*Run it again/) });
  expect(first.error).not.toContain('signature');
  expect(existsSync(house.pulled)).toBe(false);
  expect(JSON.parse((await house.triaged('models', 'list', '--json')).out)).toHaveLength(1);

  const before = server.seen.length;
  const second = await house.pull(server);

  expect(second.code).toBe(0);
  const later = server.seen.slice(before);
  expect(later.find(({ host, url }) => host === 'store' && url.includes(GRAPH))?.range).toBe('bytes=100-');
  // what was complete is not fetched again
  expect(later.filter(({ url }) => url.endsWith('/config.json'))).toEqual([]);
  expect(house.unfinished).toEqual([]);
  expect((await house.triaged('models', 'verify', REPO)).code).toBe(0);
});

test('a wrong checksum is exit code 78, and nothing of it is kept', async () => {
  const server = await hub();
  server.commit(REPO, plain);
  server.forged.set(GRAPH, 'x'.repeat((plain[GRAPH] as Uint8Array).length));
  const house = new PullingHouse();

  const { code, error } = await house.pull(server);

  expect({ code, error }).toMatchObject({ code: 78, error: expect.stringContaining('the hub says') });
  expect(existsSync(house.pulled)).toBe(false);
  expect(house.unfinished).toEqual([]);
});

const MAIN = { repo: REPO, revision: 'main', force: false };

function aroundOf(server: TestHub, house: House): PullAround {
  return {
    places: { configDirectory: house.folder, shippedDirectory: join(house.folder, 'none') },
    now: () => '2026-01-01T00:00:00Z',
    signal: new AbortController().signal,
    hub: server.url,
    token: undefined,
    env: {},
    onProgress: () => {},
  };
}

test('Ctrl-C ends a download that stands still; nothing has the name, and the next pull goes on', async () => {
  const server = await hub();
  server.commit(REPO, plain);
  server.stalls.add('tokenizer.json');
  const house = new PullingHouse();
  const stop = new AbortController();
  const pulling = pullModel(MAIN, { ...aroundOf(server, house), signal: stop.signal });
  const ended = pulling.then(
    () => 'pulled',
    () => 'ended',
  );
  await expect.poll(() => server.stalls.size).toBe(0);

  stop.abort();

  expect(await ended).toBe('ended');
  expect(existsSync(house.pulled)).toBe(false);
  const told: [number, number][] = [];
  const onProgress = (done: number, total: number) => told.push([done, total]);
  expect(await pullModel(MAIN, { ...aroundOf(server, house), onProgress })).toMatchObject({ kind: 'pulled' });
  const total = Object.values(plain).reduce((sum, content) => sum + content.length, 0);
  expect(told.at(-1)).toEqual([total, total]);
  expect(house.unfinished).toEqual([]);
});

test('nothing but the command reaches for a hub', async () => {
  const sources = join(import.meta.dirname, '..', 'src');
  const users = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('models/') && !file.includes('.test.'))
    .filter((file) =>
      /models\/(?:pull|hub|fetch-all|download)/.test(readFileSync(join(sources, file), 'utf8')),
    );
  expect(users).toEqual(['cli/models.ts']);
});

test('a file that is larger than the hub said, or than allowed, ends the download', async () => {
  const server = await hub();
  server.commit(REPO, plain);
  const house = new PullingHouse();
  const around = aroundOf(server, house);
  await expect(pullModel(MAIN, { ...around, limitBytes: 900 })).rejects.toThrow(/larger than the \d+ bytes/);

  server.tellsChecksums = false;
  server.forged.set(GRAPH, 'x'.repeat(1_000_000));
  await expect(pullModel(MAIN, { ...around, limitBytes: 50_000 })).rejects.toThrow(/larger than the/);
  expect(house.unfinished).toEqual([]);
});

test('a revision that moves while it is fetched changes nothing: one commit is one model', async () => {
  const server = await hub();
  const first = server.commit(REPO, { ...plain, 'README.md': 'one' });
  server.afterListing = () => server.commit(REPO, { ...plain, 'README.md': 'two', GRAPH: 'other' });
  const house = new PullingHouse();

  expect((await house.pull(server)).code).toBe(0);
  expect(readFileSync(join(house.pulled, 'README.md'), 'utf8')).toBe('one');

  server.afterListing = () => {};
  const moved = await house.pull(server);
  expect(moved).toMatchObject({ code: 78, error: expect.stringContaining('Give --force') });
  const pinned = await house.pull(server, '--revision', first);
  expect(pinned).toMatchObject({ code: 0, out: expect.stringContaining('nothing was changed') });
  const forced = await house.pull(server, '--force');
  expect(forced.code).toBe(0);
  expect(readFileSync(join(house.pulled, 'README.md'), 'utf8')).toBe('two');
  expect(house.unfinished).toEqual([]);
});

test('a commit that has other contents than at an earlier pull is refused', async () => {
  const server = await hub();
  const sha = server.commit(REPO, plain);
  const house = new PullingHouse();
  expect((await house.pull(server)).code).toBe(0);
  const file = join(house.pulled, 'pulled.json');
  const pin = JSON.parse(readFileSync(file, 'utf8'));
  pin.files[GRAPH].sha256 = '0'.repeat(64);
  writeFileSync(file, JSON.stringify(pin));

  for (const args of [[], ['--force'], ['--revision', sha]]) {
    const { code, error } = await house.pull(server, ...args);
    expect({ code, error }).toMatchObject({
      code: 78,
      error: expect.stringContaining('an earlier pull of the same commit found 0000'),
    });
  }
});

test('a pulled model that was altered is found by verify, by the next pull, and at start', async () => {
  const server = await hub();
  server.commit(REPO, withMore(plain));
  const house = new PullingHouse();
  const { out } = await house.pull(server);
  house.write(out);
  const config = join(house.pulled, 'config.json');
  writeFileSync(config, readFileSync(config, 'utf8').replace('"Network"', '"Billing2"'));

  const verified = await house.triaged('models', 'verify', REPO);
  expect(verified).toMatchObject({
    code: 78,
    out: expect.stringMatching(/DAMAGED.*\n.*config\.json: .*pulled\.json says/),
  });
  expect((await house.pull(server)).error).toContain('--force');
  const lines = join(house.folder, 'lines.jsonl');
  writeFileSync(lines, '{"subject":"wlan"}\n');
  expect(await house.triaged('classify', '--file', lines)).toMatchObject({
    code: 78,
    error: expect.stringMatching(/config\.json is damaged or was changed.*pulled\.json says/),
  });
  expect((await house.pull(server, '--force')).code).toBe(0);
  expect((await house.triaged('classify', '--file', lines)).code).toBe(0);
});

test('a graph that does not load never gets the name', async () => {
  const server = await hub();
  server.commit(REPO, { ...plain, [GRAPH]: 'no graph at all' });
  const house = new PullingHouse();
  expect(await house.pull(server)).toMatchObject({ code: 78, error: expect.stringContaining('E_MODEL') });
  expect(existsSync(house.pulled)).toBe(false);
  expect(house.unfinished).toEqual([]);
});

test('the proxy of the environment is taken, and NO_PROXY is heeded', async () => {
  const server = await hub();
  server.commit(REPO, plain);
  const asked: string[] = [];
  // plain http goes through a proxy as a request for the whole address
  const proxy = createServer((request, response) => {
    asked.push(request.url ?? '');
    const onward = get(request.url ?? '', { headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

  const house = new PullingHouse();
  house.env.http_proxy = address;
  expect((await house.pull(server)).code).toBe(0);
  expect(asked.length).toBeGreaterThan(0);

  const other = new PullingHouse();
  Object.assign(other.env, { http_proxy: address, NO_PROXY: '127.0.0.1' });
  asked.splice(0);
  expect((await other.pull(server)).code).toBe(0);
  expect(asked).toEqual([]);
});

test.each([
  ['ftp://hub', 'no address of a hub'],
  ['http://hub.example.com', 'plain http'],
  ['https://user:hidden@hub.example.com', 'HF_TOKEN'],
])('a hub at %s is refused', async (url, words) => {
  const { code, error } = await new PullingHouse().pull({ url });
  expect({ code, error }).toMatchObject({ code: 78, error: expect.stringContaining(words) });
  expect(error).not.toContain('hidden');
});

test('the shipped form, with triaged.json, comes whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'triaged-repo-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await writeTestModel(folder, { ...WORDS, graph: GRAPH });
  const server = await hub();
  server.commit(REPO, await contents(folder));
  const house = new PullingHouse();

  const { code, out } = await house.pull(server);

  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('# calibrated') });
  expect((await house.triaged('models', 'verify', REPO)).out).toContain('triaged.json and pulled.json');
});
