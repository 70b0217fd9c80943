import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { FIXTURE_PASSWORD } from '../src/simulator/fixture.ts';
import { Simulator } from '../src/simulator/simulator.ts';

const ROOT = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'triaged-package-'));
const app = join(folder, 'app');
let files: readonly string[] = [];

/** `npm pack` in a copy, so that package.json and dist of this checkout stay as they are. */
beforeAll(() => {
  const checkout = join(folder, 'checkout');
  mkdirSync(checkout);
  const left = new Set(['.git', 'node_modules', 'dist', 'data', '.tmp', 'test', 'bench']);
  for (const name of readdirSync(ROOT)) {
    if (!left.has(name)) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  const before = readFileSync(join(checkout, 'package.json'), 'utf8');
  const [packed] = JSON.parse(npm(checkout, ['pack', '--json', '--pack-destination', folder]));
  expect(readFileSync(join(checkout, 'package.json'), 'utf8')).toBe(before);
  files = packed.files.map(({ path }: { path: string }) => path);
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{"private": true, "type": "module"}');
  npm(app, [
    'install',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    join(folder, packed.filename),
  ]);
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function npm(cwd: string, args: readonly string[]): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Every operation, every kind of option and answer, as a stranger would write it. */
const SCRIPT = `
import { AmbiguousError, ConfigError, errorFacts, isKnownError, PermanentError, ZnunyClient } from 'triaged/znuny';
import type { TicketCreate, TicketSearchQuery, ZnunyTicket } from 'triaged/znuny';

const options = { url: process.env.ZNUNY_URL ?? '', userLogin: 'otai-bot', password: () => process.env.ZNUNY_PASSWORD ?? '' };
const znuny = new ZnunyClient({ ...options, timeoutMs: 5_000, maxConcurrency: 2, headers: { 'x-api-key': () => 'key' } });
const { sessionId } = await znuny.sessionCreate();
const { userId, userLogin } = await znuny.sessionGet();

const create: TicketCreate = {
  Ticket: { Title: 'From the package', Queue: 'Raw', State: 'new', PriorityID: 3, CustomerUser: 'erika.muster', Owner: 'root@localhost', Lock: 'unlock' },
  Article: { Subject: 's', Body: 'b', MimeType: 'text/plain', Charset: 'utf-8', CommunicationChannel: 'Phone', SenderType: 'customer', TimeUnit: 1, IsVisibleForCustomer: true },
  DynamicField: [{ Name: 'TriageStatus', Value: 'new' }],
  Attachment: [{ Filename: 'a.txt', ContentType: 'text/plain', Content: 'eA==' }],
};
const { ticketId, ticketNumber, articleIds } = await znuny.ticketCreate(create);
const query: TicketSearchQuery = {
  Title: '*package*', TicketNumber: ticketNumber, Queues: ['Raw'], QueueIDs: [2], States: 'new', StateType: ['new', 'open'], Locks: 'unlock',
  OwnerIDs: 1, CustomerUserLogin: 'erika.muster', MIMEBase_Body: '*b*', TicketCreateTimeNewerMinutes: 5, TicketLastChangeTimeNewerDate: '2020-01-01 00:00:00',
  DynamicField_TriageStatus: { Equals: 'new', Empty: 0 }, Limit: 5, SortBy: ['Age'], OrderBy: ['Up'],
};
const found = await znuny.ticketSearch(query);
const { tickets, failed } = await znuny.ticketGet([ticketId, 999], {
  AllArticles: 1, ArticleLimit: 5, ArticleOrder: 'DESC', ArticleSenderType: ['customer', 'agent'], DynamicFields: true, Extended: 1,
  Attachments: 1, GetAttachmentContents: 1, HTMLBodyAsAttachment: 0,
});
const ticket: ZnunyTicket | undefined = tickets[0];
await znuny.ticketUpdate({ TicketNumber: ticketNumber, Ticket: { State: 'pending reminder', PendingTime: { Diff: 60 } } });
await znuny.ticketUpdate({
  TicketID: ticketId, Ticket: { Title: 'Changed', Queue: 'Support', Priority: '4 high', Responsible: 'anna' },
  Article: { Subject: 'n', Body: 'n', NoAgentNotify: 1 }, DynamicField: [{ Name: 'TriageStatus', Value: '' }],
});
const { histories } = await znuny.ticketHistoryGet([ticketId]);
const refused = await znuny.ticketDelete(ticketId).catch((error: unknown) => error);
const wrong = await znuny.ticketUpdate({ TicketID: 999, Ticket: { Title: 'x' } }).catch((error: unknown) => error);
const given = new ZnunyClient({ url: options.url, sessionId: () => sessionId, credentials: 'header' });
const same = await given.ticketIdByNumber(ticketNumber);
await given.close();
await znuny.sessionRemove();
await znuny.close();
console.log(JSON.stringify({
  userLogin, userId, same: same === ticketId, found, articles: articleIds.length, body: ticket?.Article[0]?.Body,
  content: ticket?.Article[0]?.Attachment[0]?.Content, field: ticket?.DynamicField['TriageStatus'],
  failed: failed.map(({ ticketId: id }) => id), history: histories[0]?.entries.some(({ HistoryType }) => HistoryType === 'Move'),
  refused: refused instanceof ConfigError && isKnownError(refused) ? errorFacts(refused).operation : null,
  wrong: wrong instanceof PermanentError && !(wrong instanceof AmbiguousError) ? errorFacts(wrong) : null,
}));
`;

const WATCH = `
import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    if (/onnxruntime|transformers|sharp|\\/dist\\/(?:classify|config|journal|daemon)\\//.test(resolved.url)) {
      console.log('LOADED ' + resolved.url);
    }
    return resolved;
  },
});
`;

test('the package holds what was built: types, no TypeScript sources, no tests', () => {
  expect(files).toEqual(
    expect.arrayContaining(['dist/main.js', 'dist/znuny/public.js', 'dist/znuny/public.d.ts']),
  );
  expect(files).toEqual(
    expect.arrayContaining(['bin/triaged.js', 'LICENSE', 'README.md', 'config.schema.json']),
  );
  expect(files.filter((file) => /\.ts$/.test(file) && !/\.d\.ts$/.test(file))).toEqual([]);
  expect(files.filter((file) => /\.test\.|^(?:src|test|scripts|bench)\//.test(file))).toEqual([]);
});

test('neither the package nor what it needs brings a Node', () => {
  const manifest = JSON.parse(readFileSync(join(app, 'node_modules/triaged/package.json'), 'utf8'));
  expect(JSON.stringify(manifest)).not.toContain('node-linux');
  expect(manifest.devDependencies).toBeUndefined();
  const bins = readdirSync(join(app, 'node_modules/.bin'));
  expect(bins).toContain('triaged');
  expect(bins).not.toContain('node');
  expect(readdirSync(join(app, 'node_modules')).filter((name) => name.startsWith('node-'))).toEqual([]);
});

test('the installed command runs', async () => {
  const out = execFileSync(process.execPath, [
    join(app, 'node_modules/triaged/bin/triaged.js'),
    'znuny',
    '--help',
  ]);
  expect(out.toString()).toContain('triaged znuny create');
});

test('a script that uses every operation is typechecked', { timeout: 60_000 }, () => {
  writeFileSync(join(app, 'script.ts'), SCRIPT);
  const document = readFileSync(join(ROOT, 'docs/znuny-client.md'), 'utf8');
  const recipes = [...document.matchAll(/^```ts recipe=([\w-]+)\n([\s\S]*?)^```$/gm)];
  for (const [, name, code = ''] of recipes) writeFileSync(join(app, `recipe-${name}.ts`), code);
  const settings = { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: ['node'] };
  const compilerOptions = { ...settings, typeRoots: [join(ROOT, 'node_modules/@types')] };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const check = () => execFileSync(process.execPath, [tsc, '-p', app], { encoding: 'utf8' });
  expect(check()).toBe('');
  // It is our types that say so.
  writeFileSync(join(app, 'script.ts'), SCRIPT.replace("Queues: ['Raw']", 'Queues: [1]'));
  expect(check).toThrow();
  writeFileSync(join(app, 'script.ts'), SCRIPT);
});

test('it runs, and the model runtime is not loaded', { timeout: 60_000 }, async () => {
  const simulator = new Simulator();
  await simulator.start();
  onTestFinished(() => simulator.stop());
  writeFileSync(join(app, 'script.ts'), SCRIPT);
  writeFileSync(join(app, 'watch.mjs'), WATCH);
  const child = spawn(process.execPath, ['--import', './watch.mjs', 'script.ts'], {
    cwd: app,
    env: { ...process.env, ZNUNY_URL: simulator.url, ZNUNY_PASSWORD: FIXTURE_PASSWORD },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk);
  const out = Buffer.concat(chunks).toString();
  expect(out).not.toContain('LOADED');
  expect(JSON.parse(out)).toEqual({
    userLogin: 'otai-bot',
    userId: 2,
    same: true,
    found: [1],
    articles: 1,
    body: 'b',
    content: 'eA==',
    field: 'new',
    failed: [999],
    history: true,
    refused: 'TicketDelete',
    wrong: expect.objectContaining({ znunyCode: 'TicketUpdate.AccessDenied', mayBeWritten: false }),
  });
  expect(simulator.ticket(1)).toMatchObject({ title: 'Changed', queue: 'Support', priority: '4 high' });
  expect(simulator.state.sessions.size).toBe(0);
});
