import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { commands } from '../src/cli/commands.ts';
import { dispatch } from '../src/cli/dispatch.ts';
import { FIXTURE_PASSWORD } from '../src/simulator/fixture.ts';
import { Simulator, type SimulatorOptions } from '../src/simulator/simulator.ts';
import { type Reply, TestServer } from '../src/znuny/test-server.ts';
import { House, USUAL } from './cli-harness.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'triaged-znuny-'));
const ENV: NodeJS.ProcessEnv = { PASSWORD: FIXTURE_PASSWORD };

async function simulate(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = new Simulator(options);
  await simulator.start();
  onTestFinished(() => simulator.stop());
  return simulator;
}

type Ran = { readonly code: number; readonly out: string; readonly error: string; readonly json: Json };
/** Tests look into answers as scripts do. */
type Json = ReturnType<typeof JSON.parse>;

async function znuny(
  url: string,
  args: readonly string[],
  env = ENV,
  signal = new AbortController().signal,
): Promise<Ran> {
  const lines: string[] = [];
  const errors: string[] = [];
  const login = args.includes('--session-env') ? [] : ['--user', 'otai-bot', '--password-env', 'PASSWORD'];
  const code = await dispatch(commands, ['znuny', ...args, '--url', url, ...login], {
    env,
    signal,
    onHangup: () => {},
    terminal: { out: (line) => lines.push(line), error: (line) => errors.push(line), interactive: false },
  });
  const out = lines.join('\n');
  return { code, out, error: errors.join('\n'), json: parsed(out) };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const NEW = ['--queue', 'Raw', '--state', 'new', '--priority', '3 normal', '--customer', 'erika.muster'];

let simulator: Simulator;
const run = (...args: readonly string[]) => znuny(simulator.url, args);
const writes = () =>
  simulator.calls.filter((call) => /TicketCreate|TicketUpdate/.test(call.operation ?? '') && call.user);

beforeEach(async () => {
  simulator = await simulate();
});

describe('triaged znuny', () => {
  test('creates a ticket with article, fields and attachments, and gives them back as files', async () => {
    const [from, to] = [folder(), folder()];
    writeFileSync(join(from, 'graph.png'), Buffer.from([0x89, 0x50, 0xff, 0x00]));
    const created = await run(
      ...['create', '--title', 'Disk full', ...NEW, '--body', '97 %', '--field', 'TriageCategory=Hardware'],
      ...['--attach', join(from, 'graph.png'), '--pending', '60', '--owner', 'anna', '--lock', 'unlock'],
    );
    expect(created).toMatchObject({ code: 0, error: '' });
    const { TicketNumber, TicketID, ArticleIDs } = created.json;
    expect(ArticleIDs).toHaveLength(1);

    const got = await run('get', TicketNumber, '--fields', '--save', to);
    const [ticket] = got.json.Ticket;
    expect(ticket).toMatchObject({
      TicketID,
      Title: 'Disk full',
      Queue: 'Raw',
      Owner: 'anna',
      Lock: 'unlock',
    });
    expect(ticket.DynamicField).toMatchObject({ TriageCategory: 'Hardware' });
    expect(ticket.Article[0]).toMatchObject({ Subject: 'Disk full', Body: '97 %', IsVisibleForCustomer: 0 });
    const [saved] = readdirSync(to);
    expect(saved).toBe(`${TicketNumber}-${ArticleIDs[0]}-1-graph.png`);
    expect(ticket.Article[0].Attachment[0]).toMatchObject({
      ContentType: 'image/png',
      SavedAs: join(to, saved ?? ''),
    });
    expect(readFileSync(join(to, saved ?? ''))).toEqual(Buffer.from([0x89, 0x50, 0xff, 0x00]));
  });

  test('the name of an attachment leads to no other place and no hidden file', async () => {
    const to = folder();
    const names = [
      '../../../etc/passwd',
      '..',
      '.bashrc',
      'a\u0000b\u202egnp.exe',
      'C:\\x\\CON',
      `${'😀'.repeat(90)}.pdf`,
    ];
    const Attachment = names.map((Filename) => ({ Filename, ContentType: 'text/plain', Content: 'eA==' }));
    const file = join(folder(), 'data.json');
    writeFileSync(file, JSON.stringify({ Attachment }));
    await run('create', '--title', 'x', ...NEW, '--body', 'x', '--data', `@${file}`);

    expect(await run('get', '1', '--save', to)).toMatchObject({ code: 0 });

    const saved = readdirSync(to).sort();
    expect(saved).toHaveLength(names.length);
    for (const name of saved) {
      expect(name).toMatch(/^\d{16}-1-\d-[^/\\\p{Cc}\p{Cf}]+$/u);
      expect(Buffer.byteLength(name)).toBeLessThan(200);
    }
    expect(saved[0]).toMatch(/-1-passwd$/);
  });

  test('searches by every option that names a parameter', async () => {
    await run('create', '--title', 'VPN down', ...NEW, '--body', 'no tunnel', '--field', 'TriageStatus=open');
    await run('create', '--title', 'Invoice', ...NEW, '--body', 'money', '--priority', '5 very high');
    const ids = async (...args: readonly string[]) => (await run('search', ...args)).json.TicketID;

    expect(await ids('--title', '*vpn*', '--queue', 'Raw', '--state', 'new', '--lock', 'unlock')).toEqual([
      1,
    ]);
    expect(await ids('--priority', '5 very high', '--state-type', 'new', '--state-type', 'open')).toEqual([
      2,
    ]);
    expect(await ids('--body', '*tunnel*')).toEqual([1]);
    expect(await ids('--field', 'TriageStatus=o*')).toEqual([1]);
    expect(await ids('--field', 'TriageStatus=')).toEqual([2]);
    expect(
      await ids('--created-after', '5', '--sort-by', 'TicketNumber', '--order-by', 'Down', '--limit', '1'),
    ).toEqual([2]);
    expect(await ids('--created-before', '2020-01-01')).toEqual([]);
    expect(await ids('--owner-id', '2', '--customer', 'erika.muster', '--queue-id', '2')).toHaveLength(2);
    expect(await ids('--data', '{"DynamicField_TriageStatus":{"Equals":["open","x"]},"Limit":5}')).toEqual([
      1,
    ]);
  });

  test('one ticket that cannot be read does not lose the others, and is named', async () => {
    await run('create', '--title', 'a', ...NEW, '--body', 'x');
    const got = await run('get', '1', '999', '2026000000000000');
    expect(got.code).toBe(1);
    expect(got.json.Ticket).toHaveLength(1);
    expect(got.json.Failed.map((one: Json) => [one.Ticket, one.Error.code])).toEqual([
      ['999', 'E_ZNUNY_ACCESS'],
      ['2026000000000000', 'E_ZNUNY_ACCESS'],
    ]);
    const byData = await run('get', '--data', '{"TicketID":[1,999]}');
    expect(byData.json.Failed[0]).toMatchObject({
      Ticket: 999,
      Error: { znunyCode: 'TicketGet.AccessDenied' },
    });
    expect(byData.json.Ticket).toHaveLength(1);
  });

  test('updates by id, by number and by data, and the history tells of it', async () => {
    const { TicketNumber } = (await run('create', '--title', 'a', ...NEW, '--body', 'x')).json;
    await run('update', '1', '--queue', 'Support', '--field', 'TriageStatus=moved');
    await run('update', TicketNumber, '--state', 'pending reminder', '--pending', '2026-12-24 08:00');
    await run(
      'update',
      '--data',
      `{"TicketNumber":"${TicketNumber}","Ticket":{"Priority":"1 very low"}}`,
      '--quiet',
      '--subject',
      'Note',
      '--body',
      'b',
    );

    expect(simulator.ticket(1)).toMatchObject({
      queue: 'Support',
      state: 'pending reminder',
      priority: '1 very low',
    });
    const told = await run('history', TicketNumber);
    const types = told.json.TicketHistory[0].History.map((row: Json) => row.HistoryType);
    expect(types).toEqual(
      expect.arrayContaining(['NewTicket', 'Move', 'StateUpdate', 'PriorityUpdate', 'AddNote']),
    );
  });

  test('Znuny deletes nothing: delete says so and what to do instead; an add-on with a route is used', async () => {
    await run('create', '--title', 'a', ...NEW, '--body', 'x');
    const refused = await run('delete', '1', '--json');
    expect(refused.code).toBe(78);
    expect(refused.error).toMatch(/cannot delete tickets.*Close the ticket.*archive/);
    expect(refused.json.Error).toMatchObject({ operation: 'TicketDelete', mayBeWritten: false });

    const server = await new TestServer(({ operation }) =>
      operation === 'TicketGet' ? { body: { Ticket: [{ TicketID: 7 }] } } : { body: { Success: 1 } },
    ).start();
    onTestFinished(() => server.stop());
    const deleted = await znuny(server.url, ['delete', '7', '--route', 'TicketDelete=POST /TicketDelete']);
    expect(deleted.json).toEqual({ TicketID: [7], Failed: [] });
    expect(server.calls('TicketDelete').map(({ data }) => data.TicketID)).toEqual([7]);
  });

  test('a session for scripts is made, told, used and ended; others leave none behind', async () => {
    const { SessionID } = (await run('session', 'create')).json;
    const env = { SESSION: SessionID };
    const withSession = (...args: readonly string[]) =>
      znuny(simulator.url, [...args, '--session-env', 'SESSION'], env);
    expect((await withSession('session', 'get')).json).toMatchObject({ UserID: 2, UserLogin: 'otai-bot' });
    expect((await withSession('search', '--queue', 'Raw')).code).toBe(0);
    expect(simulator.state.sessions.size).toBe(1);
    await run('search', '--queue', 'Raw');
    expect(simulator.state.sessions.size).toBe(1);

    const named = ['--session-env', 'SESSION', '--user', 'otai-bot', '--password-env', 'PASSWORD'];
    const removed = await znuny(simulator.url, ['session', 'remove', ...named], { ...ENV, ...env });
    expect(removed.json).toEqual({ Removed: true });
    expect(simulator.state.sessions.size).toBe(0);
    expect((await run('session', 'remove')).error).toContain('session remove: which one?');

    const ended = await withSession('create', '--title', 'a', ...NEW, '--body', 'x');
    expect(ended).toMatchObject({ code: 78 });
    expect(ended.error).toMatch(/session has ended.*another address/);
    expect(simulator.tickets()).toHaveLength(0);
  });

  test('many lines go two at a time; those that failed are named, and nothing is sent twice', async () => {
    const file = join(folder(), 'tickets.jsonl');
    const line = (Ticket: object) => JSON.stringify({ Ticket, Article: { Body: 'x' } });
    const lines = Array.from({ length: 40 }, (_, index) => line({ Title: `ticket ${index + 1}` }));
    lines[6] = 'not JSON';
    lines[11] = '';
    lines[19] = line({ Title: 'x', Queue: 'Nowhere' });
    lines[29] = line({ Titel: 'x' });
    writeFileSync(file, `${lines.join('\n')}\n`);
    simulator.faults.add({ kind: 'partial-body', operation: 'TicketCreate', skip: 12 });
    let [now, most] = [0, 0];
    simulator.onCall(async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 3));
      now -= 1;
    });

    const ran = await run('create', ...NEW, '--lines', file);

    const answers: Json[] = ran.out.split('\n').map((text) => JSON.parse(text));
    const failed = answers.filter(({ error }) => error);
    expect(answers).toHaveLength(39);
    expect(failed.map(({ error }) => error.code).sort()).toEqual([
      'E_CONFIG',
      'E_ZNUNY_NAME',
      'E_ZNUNY_REQUEST',
      'E_ZNUNY_UNCLEAR',
    ]);
    const unclear = failed.find(({ error }) => error.mayBeWritten);
    expect(unclear.error.whatToDo).toContain('Search for the ticket before');
    expect(ran.code).toBe(1);
    const numbers = failed.map(({ line: number }) => number).sort((a, b) => a - b);
    expect(ran.error).toBe(`4 of 39 failed: lines ${numbers.join(', ')}`);
    expect(numbers).toEqual(expect.arrayContaining([7, 20, 30]));
    // The one whose answer broke was written, and once.
    expect(simulator.tickets()).toHaveLength(36);
    expect(new Set(simulator.tickets().map(({ title }) => title)).size).toBe(36);
    expect(most).toBe(2);
  });

  test('lines stop where no other would fare better', async () => {
    const file = join(folder(), 'tickets.jsonl');
    writeFileSync(file, '{"Ticket":{"Priority":"1 very low"},"TicketID":1}\n'.repeat(50));
    simulator.setPassword('otai-bot', 'another');
    const ran = await run('update', '--lines', file);
    expect(ran.code).toBe(1);
    expect(ran.error).toMatch(/stopped after line \d, nothing further was sent/);
    // One wrong login, since Znuny locks an agent after a few.
    expect(
      simulator.calls.filter(
        ({ errorCode, operation, data }) => operation === 'SessionCreate' && errorCode && data.UserLogin,
      ),
    ).toHaveLength(1);

    await simulator.stop();
    const unreachable = await run('update', '--lines', file);
    expect(unreachable.out.split('\n').length).toBeLessThan(8);
    expect(unreachable.error).toContain('nothing further was sent');
  });

  test('an interrupt waits for what is under way and says where it stopped', async () => {
    const file = join(folder(), 'tickets.jsonl');
    const lines = Array.from({ length: 500 }, (_, index) => ({
      Ticket: { Title: `${index}` },
      Article: { Body: 'x' },
    }));
    writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
    const controller = new AbortController();
    simulator.onCall(() => {
      if (simulator.tickets().length === 9) controller.abort();
    });
    const ran = await znuny(simulator.url, ['create', ...NEW, '--lines', file], ENV, controller.signal);
    expect(ran.code).toBe(1);
    const made = simulator.tickets().length;
    expect(made).toBeLessThan(15);
    expect(ran.out.split('\n')).toHaveLength(made);
    expect(ran.error).toBe(`stopped after line ${made}, nothing further was sent: interrupted`);
  });

  test('the configuration says where Znuny is where no --url does', async () => {
    const house = new House();
    house.write(undefined, simulator.url);
    await run('create', '--title', 'a', ...NEW, '--body', 'x');
    const found = await house.triaged('znuny', 'search', '--queue', 'Raw', '--json');
    expect(found).toEqual({ code: 0, out: '{"TicketID":[1]}', error: '' });
    const stray = await house.triaged('znuny', 'search', '--user', 'anna');
    expect(stray).toMatchObject({ code: 78 });
    expect(stray.error).toContain('--user goes with --url');
  });

  test("the configuration names the route of an add-on's TicketDelete", async () => {
    const house = new House();
    const znunyWithAddOn = await house.znuny({ addOn: ['TicketDelete'] });
    const { id } = znunyWithAddOn.receiveMail({ subject: 'spam', queue: 'Raw' });
    const routes = '{TicketDelete: {method: DELETE, path: /TicketDelete}}';
    writeFileSync(
      house.config,
      `connector: {url: "${znunyWithAddOn.url}", username: otai-bot, password: "\${ZNUNY_PASSWORD}", routes: ${routes}}\n${USUAL}`,
    );
    const deleted = await house.triaged('znuny', 'delete', String(id), '--json');
    expect(deleted).toEqual({ code: 0, out: `{"TicketID":[${id}],"Failed":[]}`, error: '' });
    expect(znunyWithAddOn.tickets()).toEqual([]);
  });

  test('each operation has its own help with an example', async () => {
    for (const name of ['create', 'search', 'get', 'update', 'delete', 'history', 'session']) {
      const { out, code } = await run(name, '--help');
      expect(code).toBe(0);
      expect(out).toContain(`triaged znuny ${name}`);
      expect(out.split('Example:')[1]).toContain(`triaged znuny ${name}`);
    }
  });

  test('a program takes standard input and output', { timeout: 30_000 }, async () => {
    const main = join(import.meta.dirname, '..', 'src', 'main.ts');
    const args = [
      main,
      'znuny',
      'create',
      '--url',
      simulator.url,
      '--user',
      'otai-bot',
      '--password-env',
      'PASSWORD',
    ];
    const child = spawn(process.execPath, [...args, '--lines', '-', ...NEW], {
      env: { ...process.env, ...ENV },
    });
    child.stdin.end('{"Ticket":{"Title":"by pipe"},"Article":{"Body":"x"}}\n');
    const out: Buffer[] = [];
    for await (const chunk of child.stdout) out.push(chunk);
    expect(JSON.parse(Buffer.concat(out).toString())).toMatchObject({ line: 1, TicketID: 1 });
    expect(simulator.ticket(1)?.title).toBe('by pipe');
  });
});

describe('bad input', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['no operation', [], /which operation\? create, search/],
    ['an unknown operation', ['merge'], /there is no "merge": create, search/],
    ['an option of another operation', ['create', '--save', 'x'], /create knows no --save/],
    ['an unknown option', ['create', '--titel', 'x'], /Unknown option '--titel'/],
    ['data that is no JSON', ['create', '--data', '{'], /--data: is no JSON object/],
    ['a list for data', ['create', '--data', '[]'], /is no JSON object/],
    [
      'a file that is not there',
      ['create', '--data', '@/nowhere/x.json'],
      /nowhere\/x.json: cannot be read \(ENOENT\)/,
    ],
    ['an attachment that is not there', ['create', '--attach', '/nowhere/a'], /nowhere\/a: cannot be read/],
    ['lines that are not there', ['create', '--lines', '/nowhere/a'], /nowhere\/a: cannot be read/],
    ['a strange ticket', ['get', 'abc'], /TICKET must be a ticket's id or number/],
    ['no ticket', ['get'], /which TICKET\?/],
    ['two tickets for one write', ['update', '1', '2'], /takes one TICKET/],
    ['an update of nothing in particular', ['update', '--queue', 'Raw'], /which TICKET\?/],
    ['a pending time that is none', ['update', '1', '--pending', 'tomorrow'], /--pending must be minutes/],
    ['a field without a value', ['update', '1', '--field', 'x'], /--field must be NAME=VALUE/],
    ['concurrency without end', ['create', '--lines', 'x', '--concurrency', '1000'], /--concurrency must be/],
    ['a route that is none', ['search', '--route', 'TicketSearch=/x'], /--route "TicketSearch=\/x" is none/],
    ['a session action', ['session', 'destroy'], /create, get or remove\?/],
    [
      'a parameter of a wrong type',
      ['create', '--data', '{"Ticket":{"Title":5}}'],
      /Ticket.Title must be a text/,
    ],
    [
      'a parameter that Znuny ignores',
      ['update', '--data', '{"TicketID":1,"Ticket":{"Queu":"x"}}'],
      /Ticket.Queu is no parameter \(did you mean Queue\?\)/,
    ],
    [
      'an attachment without article',
      [
        'update',
        '--data',
        '{"TicketID":1,"Attachment":[{"Filename":"a","ContentType":"b","Content":"eA=="}]}',
      ],
      /Attachment needs an Article/,
    ],
    [
      'content that is not base64',
      ['create', '--data', '{"Attachment":[{"Filename":"a","ContentType":"b","Content":"é"}]}'],
      /Attachment\[0\].Content must be base64/,
    ],
    [
      'a search that Znuny would not filter',
      ['search', '--data', '{"Owner":"bert"}'],
      /Owner is no parameter \(did you mean OwnerIDs/,
    ],
    ['an empty filter', ['search', '--queue', ''], /Queues must be a text that is not empty/],
    [
      'a time that finds nothing',
      ['search', '--created-after', '2026-11-24T00:00:00Z'],
      /TicketCreateTimeNewerDate must be a time like/,
    ],
    [
      'a sort key that finds nothing',
      ['search', '--sort-by', 'Foo', '--order-by', 'Up'],
      /SortBy must be a sort key/,
    ],
  ])('%s is a clear error, and nothing is written', async (_, args, text) => {
    const ran = await run(...args);
    expect(ran.code).toBeGreaterThan(0);
    expect(ran.error).toMatch(text);
    expect(ran.error).not.toContain('    at ');
    expect(writes()).toEqual([]);
  });

  test('a variable that is not set is named', async () => {
    const ran = await znuny(simulator.url, ['search'], {});
    expect(ran).toMatchObject({ code: 78 });
    expect(ran.error).toContain('the variable PASSWORD is not set');
  });

  test.each<[string, SimulatorOptions, readonly string[], readonly string[], RegExp]>([
    ['an unknown web service', {}, ['--web-service', 'Nope'], [], /check the web service's name "Nope"/],
    ['a wrong route', {}, ['--route', 'TicketCreate=POST /Nope'], [], /no such route/],
    ['a wrong method', {}, ['--route', 'TicketCreate=PUT /TicketCreate'], [], /no such route/],
    [
      'a body over MaxLength',
      { maxLength: 4000 },
      [],
      ['--body', 'x'.repeat(5000)],
      /too long.*413.*MaxLength/,
    ],
  ])('%s is a clear error, and nothing is written', async (_, options, flags, more, text) => {
    const other = await simulate(options);
    const ran = await znuny(other.url, ['create', '--title', 'a', ...NEW, '--body', 'x', ...more, ...flags]);
    expect(ran.code).toBeGreaterThan(0);
    expect(ran.error.replaceAll('\n', ' ')).toMatch(text);
    expect(other.tickets()).toEqual([]);
  });

  test('where reads are GET only, a dynamic field search is refused and everything else works', async () => {
    const other = await simulate({ getOnly: true });
    await znuny(other.url, ['create', '--title', 'a', ...NEW, '--body', 'x']);
    expect((await znuny(other.url, ['search', '--queue', 'Raw'])).json).toEqual({ TicketID: [1] });
    const refused = await znuny(other.url, ['search', '--field', 'TriageStatus=x']);
    expect(refused.error).toContain('DynamicField_TriageStatus cannot be asked for by GET');
  });

  const html = '<html><title>502 Bad Gateway</title></html>';
  test.each<[string, Reply, RegExp]>([
    ['a Latin-1 answer', { body: Buffer.from('{"TicketID":"7","x":"B\xfcro"}', 'latin1') }, /no UTF-8/],
    [
      "a proxy's page",
      { status: 502, headers: { 'content-type': 'text/html' }, body: html },
      /error page.*502 Bad Gateway/,
    ],
    ['truncated JSON', { half: '{"TicketID":"7","Tick' }, /UND_ERR_SOCKET|without an answer|closed/],
    ['a 50 MB answer', { body: `{"TicketID":"7"}${' '.repeat(50_000_000)}` }, /larger than the limit/],
  ])('%s to a write says that it may have been made, and it is sent once', async (_, reply, text) => {
    const server = await new TestServer(() => reply).start();
    onTestFinished(() => server.stop());
    const ran = await znuny(server.url, ['create', '--title', 'a', ...NEW, '--body', 'x', '--json']);
    expect(ran.code).toBe(1);
    expect(ran.error).toMatch(text);
    expect(ran.json.Error).toMatchObject({ mayBeWritten: true, operation: 'TicketCreate' });
    expect(ran.json.Error.whatToDo).toContain('Search for the ticket');
    expect(server.calls('TicketCreate')).toHaveLength(1);
  });

  test('a session of another address is refused, and not made anew', async () => {
    const server = await new TestServer(({ operation }) => ({
      body: {
        Error: {
          ErrorCode: `${operation}.AuthFail`,
          ErrorMessage: `${operation}: User could not be authenticated!`,
        },
      },
    })).start();
    onTestFinished(() => server.stop());
    const env = { SESSION: 'session-of-another-host' };
    const ran = await znuny(
      server.url,
      ['create', '--title', 'a', ...NEW, '--body', 'x', '--session-env', 'SESSION'],
      env,
    );
    expect(ran).toMatchObject({ code: 78 });
    expect(ran.error).toContain('SessionCheckRemoteIP');
    expect(ran.error).not.toContain('session-of-another-host');
    expect(server.calls('SessionCreate')).toEqual([]);
    expect(server.calls('TicketCreate')).toHaveLength(1);
  });
});
