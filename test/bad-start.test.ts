import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { writeTestModel } from '../src/classify/test-model.ts';
import { commands } from '../src/cli/commands.ts';
import { dispatch } from '../src/cli/dispatch.ts';
import { botCalls, inJournal, notReady, ready } from './support/ask.ts';
import { botNotes, expectTriaged, isTriaged } from './support/judge.ts';
import { until } from './support/until.ts';
import { QUICK, RULES, type Settings, WORDS, World } from './support/world.ts';

const MODEL = ['models', 'triage-de-en'] as const;

/** Starts, expects the end with 78, and answers what stood on stderr. */
async function refused(world: World, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const waiting = world.mail();
  const daemon = world.spawn({ env });
  expect(await daemon.exit, daemon.log.tail()).toBe(78);
  expect(daemon.errors).toMatch(/^triaged run: /);
  // An explanation, not a stack.
  expect(daemon.errors).not.toMatch(/\n\s+at /);
  expect(botCalls(world, 'TicketUpdate')).toEqual([]);
  expect(botNotes(world.ticket(waiting))).toEqual([]);
  return daemon.errors;
}

/** The same within this process, for what ends before anything is begun: a process of its own costs a second. */
async function refusedHere(world: World): Promise<string> {
  const error: string[] = [];
  const code = await dispatch(commands, ['run', '--config', world.configFile], {
    env: {},
    signal: new AbortController().signal,
    onHangup: () => {},
    terminal: { out: () => {}, error: (line) => error.push(line), interactive: false },
  });
  expect(code).toBe(78);
  expect(error).toHaveLength(1);
  expect(error[0]).toMatch(/^triaged run: /);
  expect(readdirSync(world.folder)).not.toContain('triaged.db');
  expect(world.simulator.calls).toEqual([]);
  return error.join();
}

/** What was wrong is mended: the same folder has to work at once. */
async function worksNow(world: World): Promise<void> {
  const { daemon } = await world.start();
  await ready(daemon.port);
}

function settings(world: World, more: Settings): void {
  world.configure(more);
}

describe('a wrong file ends the start with 78, and nothing stands', () => {
  test.each<{ what: string; config: Settings; says: readonly (string | RegExp)[]; here?: boolean }>([
    {
      what: 'an unknown key',
      config: { routing: { defualt_queue: 'Support' } },
      says: [/config\.yaml:\d+:\d+: routing\.defualt_queue/, 'default_queue'],
    },
    {
      what: 'a value of a wrong type',
      here: true,
      config: { intake: { poll: { interval_seconds: 'often' } } },
      says: [/config\.yaml:\d+:\d+: intake\.poll\.interval_seconds/, 'number'],
    },
    {
      what: 'a missing secret',
      here: true,
      config: { connector: { password: `\${NOT_GIVEN}` } },
      says: [/config\.yaml:\d+:\d+: connector\.password/, 'NOT_GIVEN is not set', 'NOT_GIVEN_FILE'],
    },
    {
      what: 'a rule for a category that the model does not have',
      config: { routing: { rules: [{ name: 'tele', category: 'Telephony', queue: 'Support' }] } },
      says: ['rule "tele"', 'Telephony', 'Network'],
    },
    {
      what: 'a model that is not there',
      config: { model: { model_name: 'nobody/knows' } },
      says: ['nobody/knows', 'onnx/model_quantized.onnx', 'shipped model: triage-de-en', 'E_MODEL'],
    },
  ])('$what', async ({ config, says, here }) => {
    const world = await World.open();
    settings(world, config);
    const errors = await (here ? refusedHere(world) : refused(world));
    for (const part of says) expect(errors).toMatch(part);
    expect(world.simulator.calls).toEqual([]);
  });

  test('no file at all, a folder in its place, and one that is no text', async () => {
    const world = await World.open();
    rmSync(world.configFile);
    expect(await refusedHere(world)).toMatch(/config\.yaml: the configuration does not exist/);
    writeFileSync(world.configFile, Buffer.from([0xff, 0xfe, 0x00, 0x41]));
    expect(await refusedHere(world)).toMatch(/is not UTF-8/);
    writeFileSync(world.configFile, 'connector: {url: "https://x"\nrouting: [');
    expect(await refusedHere(world)).toMatch(/config\.yaml:\d+:\d+: /);
    expect(readdirSync(world.folder).toSorted()).toEqual(['config.yaml', 'models']);
  });
});

describe('a model that cannot be used ends the start with 78', () => {
  test('its file is cut off', async () => {
    const world = await World.open();
    const graph = join(world.folder, ...MODEL, 'onnx', 'model.onnx');
    truncateSync(graph, 300);
    const errors = await refused(world);
    expect(errors).toContain('model.onnx');
    expect(errors).toMatch(/sha256|checksum/);
    expect(errors).toContain('E_MODEL');

    await writeTestModel(join(world.folder, ...MODEL), WORDS);
    await worksNow(world);
  });

  test('its file is cut off, and no manifest tells the checksum', async () => {
    const { manifest: _, ...plain } = WORDS;
    const world = await World.open({ model: plain });
    truncateSync(join(world.folder, ...MODEL, 'onnx', 'model.onnx'), 300);
    const errors = await refused(world);
    expect(errors).toContain('E_MODEL');
    expect(errors).toContain(join(world.folder, ...MODEL));
  });

  test('no rule knows its labels', async () => {
    const world = await World.open({ model: { labels: { LABEL_0: ['vpn'], LABEL_1: ['invoice'] } } });
    const errors = await refused(world);
    expect(errors).toContain('rule "network"');
    expect(errors).toContain('LABEL_0');
  });
});

describe('a journal that cannot be used ends the start with 78', () => {
  test('it is damaged', async () => {
    const world = await World.open();
    writeFileSync(world.journalFile, 'this was a journal once'.repeat(500));
    const errors = await refused(world);
    expect(errors).toContain(world.journalFile);
    expect(errors).toMatch(/damaged.*move the file aside/);

    rmSync(world.journalFile);
    await worksNow(world);
  });

  test('it is of a newer version', async () => {
    const world = await World.open();
    const { daemon } = await world.start();
    await ready(daemon.port);
    await daemon.stop();
    const database = new DatabaseSync(world.journalFile);
    database.exec('PRAGMA user_version = 99');
    database.close();
    const errors = await refused(world);
    expect(errors).toMatch(/newer/);
    expect(errors).toContain('99');
  });

  test('another daemon holds it', async () => {
    const world = await World.open();
    const { daemon } = await world.start();
    await ready(daemon.port);
    const second = world.spawn();
    expect(await second.exit).toBe(78);
    expect(second.errors).toMatch(new RegExp(`pid ${process.pid}`));
    await ready(daemon.port);
  });
});

test('a port that is taken ends the start with 78, and the journal is free again', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as AddressInfo;
  const world = await World.open();
  settings(world, { server: { listen: `127.0.0.1:${port}` } });
  const errors = await refused(world);
  expect(errors).toContain(`127.0.0.1:${port}`);
  expect(errors).toContain('another program listens there');

  world.configure();
  await worksNow(world);
});

describe('a Znuny that is not what the file says ends the start with 78', () => {
  test.each<{ what: string; connector: Settings; says: readonly (string | RegExp)[] }>([
    {
      what: 'the web service has another name',
      connector: { web_service: 'TicketTraige' },
      says: ['"TicketTraige"', 'is it valid?', 'Admin > Web Services'],
    },
    {
      what: 'the path is wrong',
      connector: { base_path: '/helpdesk/nph-genericinterface.pl' },
      says: ['/helpdesk/nph-genericinterface.pl', 'HTTP 404', 'base_path'],
    },
  ])('$what', async ({ connector, says }) => {
    const world = await World.open();
    settings(world, { connector });
    const errors = await refused(world);
    for (const part of says) expect(errors).toMatch(part);
    expect(errors).toContain('E_ZNUNY_URL');
    expect(botCalls(world, 'SessionCreate')).toEqual([]);

    world.configure();
    await worksNow(world);
  });
});

test('a queue that does not exist makes its tickets wait, says so once, and all land after it was made and SIGHUP', async () => {
  const world = await World.open({
    config: { routing: { rules: [{ name: 'lab', category: 'Billing', queue: 'Lab' }, ...RULES] } },
  });
  const billing = world.mails(4, { subject: 'invoice', body: 'rechnung invoice' });
  const network = world.mails(3);
  const daemon = world.spawn();
  const { port } = await daemon.log.seen('started');
  await until('the others are triaged', () => network.every((id) => isTriaged(world, id)), {
    why: () => daemon.log.tail(),
  });
  const sentence = await notReady(Number(port), 'rules');
  expect(sentence).toContain('lab');
  const counts = () => inJournal(world, (journal) => journal.counts());
  await until('all four wait', async () => (await counts()).deferred === 4);
  expect(await counts()).toMatchObject({ quarantined: 0, left: 0, applying: 0 });
  const rows = await inJournal(world, (journal) => journal.tickets({ states: ['deferred'], limit: 10 }));
  expect(rows.map(({ reason }) => reason)).toEqual(Array(4).fill('config'));
  const loud = daemon.log.with('rule does not fit Znuny, its tickets wait');
  expect(loud).toHaveLength(1);
  expect(loud[0]?.level).toBe('error');
  expect(JSON.stringify(loud[0])).toContain('Lab');

  world.simulator.addQueue({ name: 'Lab' });
  daemon.signal('SIGHUP');
  await until('all have landed', () => billing.every((id) => isTriaged(world, id)), {
    why: () => daemon.log.tail(),
  });
  for (const id of billing) expectTriaged(world.ticket(id), 'Lab', '3 normal');
  await ready(Number(port));
});

test('a queue that was made, or a rule that was mended, before a restart lets its tickets land at once', async () => {
  const world = await World.open();
  world.configure({ routing: { rules: [{ name: 'lab', category: 'Network', queue: 'Lab' }] } });
  const ids = world.mails(3);
  // Waits as long as in earnest: ten minutes.
  const tempo = { ...QUICK, configDelayMs: 600_000 };
  const first = await world.start({ tempo });
  await until('all wait', async () => (await world.counts()).deferred === 3);
  await first.daemon.stop();

  world.configure();
  const { log } = await world.start({ tempo });
  await until('all have landed', () => ids.every((id) => isTriaged(world, id)), { why: () => log.tail() });
  for (const id of ids) expectTriaged(world.ticket(id));
});
