import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { answer, create, fields, folder, type Got, triaged, type Written, znuny } from './command.ts';
import { needs, promise } from './stage.ts';

const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, index) => index));

promise('create by options makes the ticket that they name, and search finds it', async ({ stage }) => {
  const text = join(folder(), 'text.txt');
  writeFileSync(text, 'Größe 97 %\nzweite Zeile\n');
  const written = await create(stage, 'by options', ['--body-file', text, '--sender', 'customer']);
  const ticket = await stage.get(written.TicketID);
  expect(ticket).toMatchObject({
    TicketNumber: written.TicketNumber,
    Title: `${stage.mark} by options`,
    Queue: stage.target.sourceQueue,
    State: 'new',
    Priority: '3 normal',
  });
  const [article] = ticket.Article;
  expect(article).toMatchObject({
    ArticleID: written.ArticleIDs[0],
    IsVisibleForCustomer: 0,
    SenderType: 'customer',
  });
  expect(article?.Body.trim()).toBe('Größe 97 %\nzweite Zeile');
  const found = znuny(stage, [
    'search',
    '--title',
    ticket.Title,
    '--queue',
    ticket.Queue,
    '--state',
    'new',
    '--json',
  ]);
  expect((await found).out).toBe(`{"TicketID":[${written.TicketID}]}\n`);
});

promise('create by --data from standard input, with options over it', async ({ stage }) => {
  const data = { Ticket: { Title: 'under', Priority: '1 very low' }, Article: { Subject: 's', Body: 'b' } };
  const words = ['create', '--data', '-', '--title', `${stage.mark} data`, ...fields(stage)];
  const { TicketID } = await answer<Written>(znuny(stage, words, { input: JSON.stringify(data) }));
  stage.adopt(TicketID);
  const ticket = await stage.get(TicketID);
  expect(ticket).toMatchObject({ Title: `${stage.mark} data`, Priority: '3 normal' });
  expect(ticket.Article[0]).toMatchObject({ Subject: 's', Body: expect.stringMatching(/^b\s*$/) });
});

promise(
  'get by id and by number --save writes attachments with the bytes that went in',
  async ({ stage }) => {
    const [from, to] = [folder(), folder()];
    writeFileSync(join(from, 'all bytes.bin'), ALL_BYTES);
    const more = ['--body', 'b', '--attach', join(from, 'all bytes.bin')];
    const { TicketID, TicketNumber } = await create(stage, 'attached', more);
    for (const name of [String(TicketID), TicketNumber]) {
      const target = join(to, name);
      const { Ticket } = await answer<Got>(znuny(stage, ['get', name, '--fields', '--save', target]));
      expect(Ticket).toMatchObject([{ TicketID, TicketNumber, Title: `${stage.mark} attached` }]);
      const saved = readdirSync(target).find((file) => file.endsWith('all bytes.bin')) ?? '';
      expect(readFileSync(join(target, saved))).toEqual(ALL_BYTES);
    }
  },
);

promise('get of several, one of which is missing: exit code 1, the others are there', async ({ stage }) => {
  const { id } = await stage.make();
  const { code, out } = await znuny(stage, ['get', String(id), '2000000000']);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    Ticket: [{ TicketID: id }],
    Failed: [{ Ticket: '2000000000', Error: { code: 'E_ZNUNY_ACCESS', mayBeWritten: false } }],
  });
});

promise(
  'update by number --attach writes a note with the file, and history tells of it',
  async ({ stage }) => {
    const { id, number } = await stage.make();
    const file = join(folder(), 'protokoll.txt');
    writeFileSync(file, 'größer\n');
    const words = ['update', number, '--priority', '4 high', '--subject', 'note', '--body', 'b', '--quiet'];
    const { TicketID } = await answer<Written>(znuny(stage, [...words, '--attach', file]));
    expect(TicketID).toBe(id);
    const ticket = await stage.get(id, { Attachments: 1 });
    expect(ticket.Priority).toBe('4 high');
    const [attachment] = ticket.Article.at(-1)?.Attachment ?? [];
    expect([attachment?.Filename, attachment?.ContentType.split(';')[0]]).toEqual([
      'protokoll.txt',
      'text/plain',
    ]);
    expect(Buffer.from(attachment?.Content ?? '', 'base64').toString()).toBe('größer\n');
    type Told = { TicketHistory: { TicketID: number; History: { HistoryType: string }[] }[] };
    const { TicketHistory } = await answer<Told>(znuny(stage, ['history', number]));
    expect(TicketHistory.map(({ TicketID: told }) => told)).toEqual([id]);
    const types = TicketHistory[0]?.History.map(({ HistoryType }) => HistoryType);
    expect(types).toEqual(expect.arrayContaining(['NewTicket', 'PriorityUpdate', 'AddNote']));
  },
);

promise('update --field sets a dynamic field and clears it', async ({ stage, skip }) => {
  const name = needs({ stage, skip }, 'textField');
  const { id } = await stage.make();
  await answer(znuny(stage, ['update', String(id), '--field', `${name}=a=b`]));
  expect((await stage.get(id)).DynamicField[name]).toBe('a=b');
  await answer(znuny(stage, ['update', String(id), '--field', `${name}=`]));
  expect((await stage.get(id)).DynamicField[name] ?? '').toBe('');
});

promise('session create, get and remove: a session for scripts, until its end', async ({ stage }) => {
  const { SessionID } = await answer<{ SessionID: string }>(znuny(stage, ['session', 'create']));
  const bySession = (...args: readonly string[]) => {
    const { url, webService } = stage.target;
    const where = ['--url', url, '--web-service', webService, '--session-env', 'SESSION'];
    return triaged([...args, ...where], { env: { SESSION: SessionID } });
  };
  const { userId } = await stage.znuny.sessionGet();
  expect(await answer(bySession('session', 'get'))).toMatchObject({ UserID: userId });
  expect(await answer(bySession('search', '--title', `${stage.mark} no such`))).toEqual({ TicketID: [] });
  const env = { SESSION: SessionID };
  const removed = znuny(stage, ['session', 'remove', '--session-env', 'SESSION'], { env });
  expect(await answer(removed)).toEqual({ Removed: true });
  const { code, out, error } = await bySession('search', '--title', stage.mark);
  expect(code).toBe(78);
  expect(error).toContain('E_ZNUNY_AUTH');
  expect(out + error).not.toContain(SessionID);
});

promise(
  'delete where Znuny has none: exit code 78, says what to do instead, nothing changes',
  async ({ stage }) => {
    const { id } = await stage.make();
    const history = await stage.history(id);
    const { code, out, error } = await znuny(stage, ['delete', String(id), '--json']);
    expect(code).toBe(78);
    expect(error.replaceAll('\n', ' ')).toMatch(/cannot delete tickets.*Close the ticket.*archive/);
    expect(JSON.parse(out)).toMatchObject({ Error: { operation: 'TicketDelete', mayBeWritten: false } });
    expect(await stage.history(id)).toEqual(history);
  },
);

promise(
  '--lines, one of them wrong: exit code 1, a line of JSON for each, the report names it',
  async ({ stage }) => {
    const file = join(folder(), 'tickets.jsonl');
    const line = (Title: string, more: object) =>
      JSON.stringify({ Ticket: { Title: `${stage.mark} ${Title}`, ...more }, Article: { Body: 'b' } });
    writeFileSync(
      file,
      [line('line 1', {}), line('line 2', { Queue: 'No such queue' }), line('line 3', {})].join('\n'),
    );
    const words = ['create', '--lines', file, '--concurrency', '1', ...fields(stage)];
    const { code, out, error } = await znuny(stage, words);
    const lines = out
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
    for (const { TicketID } of lines) if (TicketID !== undefined) stage.adopt(TicketID);
    expect([code, error.trim()]).toEqual([1, '1 of 3 failed: lines 2']);
    expect(lines).toMatchObject([
      { line: 1, TicketID: expect.any(Number) },
      { line: 2, error: { code: 'E_ZNUNY_NAME', mayBeWritten: false } },
      { line: 3, TicketID: expect.any(Number) },
    ]);
    const found = await stage.znuny.ticketSearch({ Title: `${stage.mark} line *` });
    expect(found.toSorted((a, b) => a - b)).toEqual([lines[0].TicketID, lines[2].TicketID]);
  },
);

promise.for([
  ['an unknown web service', 78, 'E_ZNUNY_URL', ['--web-service', 'NoSuchWebService']],
  ['an unknown login', 78, 'E_ZNUNY_AUTH', ['--user', 'nobody-of-the-suite', '--password-env', 'NOBODY']],
  ['an unknown option', 78, 'E_CONFIG', ['--no-such-option']],
  ['a port where nothing listens', 75, 'E_ZNUNY_UNREACHABLE', ['--url', 'CLOSED']],
] as const)('%s: exit code %i with %s, and no secret is shown', async ([, exit, name, args], { stage }) => {
  const { baseUrl } = await stage.endpoint();
  const words = ['search', '--title', stage.mark, '--json'];
  const closed = `http://127.0.0.1:${await freePort()}`;
  // A target's URL may be the whole web service's, which no other name can join.
  const script = ['--url', baseUrl.replace(/\/Webservice(?:ID)?\/[^/]*$/, '')];
  const more = args.map((word) => (word === 'CLOSED' ? closed : word));
  const where = more.includes('--url') ? [] : script;
  const env = { NOBODY: 'no-password-of-anybody-5f1c' };
  const { code, out, error } = await znuny(stage, [...words, ...where, ...more], { env });
  expect([code, error]).toEqual([exit, expect.stringContaining(name)]);
  expect(out + error).not.toContain(env.NOBODY);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
