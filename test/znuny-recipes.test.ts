import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { FIXTURE_FIELDS, FIXTURE_PASSWORD } from '../src/simulator/fixture.ts';
import { Simulator } from '../src/simulator/simulator.ts';

const ROOT = join(import.meta.dirname, '..');
const DOCUMENT = readFileSync(join(ROOT, 'docs', 'znuny-client.md'), 'utf8');
const RECIPES = new Map(
  [...DOCUMENT.matchAll(/^```\w+ recipe=([\w-]+)\n([\s\S]*?)^```$/gm)].map(([, name = '', code = '']) => [
    name,
    code,
  ]),
);

let simulator: Simulator;
let folder: string;

beforeEach(async () => {
  // The recipes name tickets of this day.
  const now = Date.parse('2026-11-24T09:00:00Z');
  const fields = [...FIXTURE_FIELDS, { name: 'CrmAccount', type: 'text' as const }];
  simulator = new Simulator({ fields, now: () => now + performance.now() });
  await simulator.start();
  onTestFinished(() => simulator.stop());
  folder = mkdtempSync(join(tmpdir(), 'triaged-recipe-'));
});

/** The recipe as the document has it, `triaged` being this checkout. */
async function recipe(
  name: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const code = RECIPES.get(name);
  if (code === undefined) throw new Error(`docs/znuny-client.md has no recipe ${name}`);
  if (code.includes('triaged znuny')) {
    const shim = join(folder, 'triaged');
    writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'src', 'main.ts')}" "$@"\n`);
    chmodSync(shim, 0o755);
    return run('sh', ['-ec', code], env);
  }
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, code.replaceAll("'triaged/znuny'", `'${join(ROOT, 'src', 'znuny', 'public.ts')}'`));
  return run(process.execPath, [file, ...args], env);
}

async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(program, args, {
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${folder}${delimiter}${process.env.PATH}`,
      ZNUNY_URL: simulator.url,
      ZNUNY_PASSWORD: FIXTURE_PASSWORD,
      ...env,
    },
  });
  const chunks: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  const out = Buffer.concat(chunks).toString().trim();
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${out}`);
  return out;
}

test('monitoring creates one ticket for a problem, and a second alert adds to it', async () => {
  expect(await recipe('monitoring', ['db1', 'disk', '97 % of /var'])).toBe('created 1');
  expect(await recipe('monitoring', ['db1', 'disk', '98 % of /var'])).toBe('added to 1');
  expect(await recipe('monitoring', ['db2', 'disk', '91 % of /var'])).toBe('created 2');
  expect(simulator.ticket(1)).toMatchObject({ title: '[monitoring] db1: disk', priority: '4 high' });
  expect(simulator.ticket(1)?.articles.map(({ body }) => body)).toEqual(['97 % of /var', '98 % of /var']);
  expect(simulator.state.sessions.size).toBe(0);
  // Znuny reads such a title as a condition.
  const odd = ['db3', 'disk (root) & swap | "tmp" + 90%!'];
  expect(await recipe('monitoring', [...odd, 'full'])).toBe('created 3');
  expect(await recipe('monitoring', [...odd, 'fuller'])).toBe('added to 3');
});

test('monitoring looks before it creates again where the answer was lost', { timeout: 30_000 }, async () => {
  simulator.faults.add({ kind: 'reset-after', operation: 'TicketCreate', skip: 1 });
  expect(await recipe('monitoring', ['db1', 'disk', '97 %'])).toBe('created 1');
  expect(simulator.tickets()).toHaveLength(1);
});

test('monitoring creates a ticket by command', async () => {
  const out = await recipe('monitoring-command', [], {
    HOST: 'db1',
    SERVICE: 'disk',
    OUTPUT: '97 % of /var',
  });
  expect(JSON.parse(out)).toMatchObject({ TicketID: 1 });
  expect(simulator.ticket(1)).toMatchObject({ title: '[monitoring] db1: disk', queue: 'IT-Infrastructure' });
});

test('a CRM updates fields by lines and by program, and hears what failed', async () => {
  for (const subject of ['a', 'b']) simulator.receiveMail({ subject, body: 'x', queue: 'Raw' });
  const numbers = simulator.tickets().map(({ number }) => number);
  const lines = RECIPES.get('crm-lines') ?? '';
  // A ticket's number holds the day and counts up; the document shows one of some day.
  const shown = [...lines.matchAll(/"TicketNumber": "(\d+)"/g)].map(([, number = '']) => number);
  expect(shown).toHaveLength(2);
  const real = shown.reduce((text, number, index) => text.replace(number, numbers[index] ?? ''), lines);
  writeFileSync(join(folder, 'crm.jsonl'), `${real}{"TicketNumber": "2020010110000011"}\n`);

  const told = await recipe('crm');

  expect(simulator.ticket(1)?.fields).toEqual({ CrmAccount: '4711' });
  expect(simulator.ticket(2)).toMatchObject({ fields: { CrmAccount: '4712' }, priority: '4 high' });
  expect(told).toContain('1 of 3 failed: lines 3');
  expect(told).toContain('"line":3,"error":{"code":"E_ZNUNY_ACCESS"');

  const out = await recipe('crm-program', [
    JSON.stringify({ [numbers[0] ?? '']: '9000', 2020010110000011: '1' }),
  ]);
  expect(out.split('\n').sort()).toEqual([
    expect.stringMatching(/^2020010110000011: TicketUpdate: no access.* Written: no\. The agent lacks/),
    `${numbers[0]}: 9000`,
  ]);
  expect(simulator.ticket(1)?.fields).toEqual({ CrmAccount: '9000' });
});

test('a portal hands in a ticket with an attachment, and gets it back', async () => {
  const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00, 0xff]);
  const file = join(folder, 'picture.png');
  writeFileSync(file, picture);
  const number = await recipe('portal', ['erika.muster', 'Login fails', 'See the picture.', file]);
  expect(simulator.ticket(1)).toMatchObject({
    number,
    owner: 'root@localhost',
    lock: 'unlock',
    state: 'new',
  });
  expect(simulator.ticket(1)?.articles[0]).toMatchObject({
    senderType: 'customer',
    visibleForCustomer: true,
  });

  await recipe('portal-back');
  const [saved = ''] = readdirSync(join(folder, 'out'));
  expect(saved).toMatch(new RegExp(`^${number}-\\d+-1-screenshot\\.png$`));
  expect(readFileSync(join(folder, 'out', saved))).toEqual(picture);
});

test('a search on a phone finds by number, title and text', async () => {
  simulator.receiveMail({ subject: 'Printer jam', body: 'Tray 2', queue: 'Support' });
  simulator.receiveMail({ subject: 'Other', body: 'the printer again', queue: 'Raw' });
  simulator.receiveMail({ subject: 'Third', body: 'nothing', queue: 'Raw' });
  const number = simulator.ticket(3)?.number ?? '';
  expect((await recipe('mobile', ['printer'])).split('\n').sort()).toEqual(
    [
      `${simulator.ticket(1)?.number} | Printer jam | Support | new`,
      `${simulator.ticket(2)?.number} | Other | Raw | new`,
    ].sort(),
  );
  expect(await recipe('mobile', [number])).toBe(`${number} | Third | Raw | new`);
});

test('every recipe of the document is run here', () => {
  const tested = readFileSync(import.meta.filename, 'utf8');
  expect(RECIPES.size).toBe(8);
  for (const name of RECIPES.keys()) expect(tested).toContain(`'${name}'`);
});
