import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commands } from '../src/cli/commands.ts';
import { dispatch } from '../src/cli/dispatch.ts';
import { HttpServer } from '../src/server/http-server.ts';
import { House } from './cli-harness.ts';

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');
const METRICS = { contentType: 'text/plain', render: async () => '' };

async function serve(reasons: readonly string[]): Promise<number> {
  const server = new HttpServer({ host: '127.0.0.1', port: 0, health: { reasons }, metrics: METRICS });
  const { port } = await server.start();
  onTestFinished(() => server.stop());
  return port;
}

test.each(commands.map(({ name }) => name))(
  '%s --help shows an example that calls it, and --json',
  async (name) => {
    const { code, out } = await new House().triaged(name, '--help');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Example:\\n.*triaged ${name}\\b`));
    expect(out).toContain('--json');
  },
);

test('an unknown command or option names the nearest known one or the help', async () => {
  const house = new House();
  expect(await house.triaged('chekc')).toMatchObject({ code: 78, error: expect.stringContaining('"check"') });
  expect(await house.triaged('check', '--ofline')).toMatchObject({
    code: 78,
    error: expect.stringContaining('triaged check --help'),
  });
});

test('--help lists every command, and no command at all is a mistake', async () => {
  const lines: string[] = [];
  const surroundings = {
    env: {},
    signal: new AbortController().signal,
    onHangup: () => {},
    terminal: { out: (line: string) => lines.push(line), error: () => {}, interactive: false },
  };
  expect(await dispatch(commands, ['--help'], surroundings)).toBe(0);
  for (const { name } of commands) expect(lines.join('\n')).toContain(`  ${name} `);
  expect(await dispatch(commands, [], surroundings)).toBe(78);
});

test('config prints every default, masks the secrets, and warns about those in plain text', async () => {
  const house = new House();
  house.write('server: {auth: {username: m, password: plain-secret}}\n');
  const { code, out, error } = await house.triaged('config', '--set', 'mode=observe');
  expect(code).toBe(0);
  expect(out).toContain('mode: observe');
  expect(out).toContain('max_changes_per_hour: 300');
  expect(out + error).not.toMatch(/plain-secret|simulator-password/);
  expect(out).toContain('<secret>');
  expect(error).toContain('a secret stands in plain text');
  expect(JSON.parse((await house.triaged('config', '--json')).out)).toMatchObject({ mode: 'apply' });
});

test('a wrong file is exit code 78 with its place', async () => {
  const house = new House();
  house.write('mode: aply\n');
  const { code, error } = await house.triaged('config');
  expect({ code, error }).toMatchObject({ code: 78, error: expect.stringMatching(/config\.yaml:2:7: mode/) });
});

test('healthcheck is fine as long as the daemon lives, ready or not, on every address too', async () => {
  const house = new House();
  house.write(`server: {listen: "0.0.0.0:${await serve([])}"}\n`);
  expect(await house.triaged('healthcheck')).toEqual({ code: 0, out: 'alive and ready', error: '' });
  house.write(`server: {listen: "127.0.0.1:${await serve(['znuny: not connected yet'])}"}\n`);
  expect((await house.triaged('healthcheck')).out).toBe('alive, not ready: znuny: not connected yet');
  expect(await house.triaged('healthcheck', '--json')).toMatchObject({
    code: 0,
    out: '{"alive":true,"ready":false,"reasons":["znuny: not connected yet"]}',
  });
});

test('Ctrl-C ends a command that waits for a Znuny that never answers', async () => {
  let asked = () => {};
  const question = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const silent = createServer(() => asked());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close());
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const house = new House();
  await house.model();
  house.write(undefined, `http://127.0.0.1:${port}`);
  const env = { ...process.env, ZNUNY_PASSWORD: 'x' };
  const child = spawn(process.execPath, [MAIN, 'check', '--config', house.config], { env });
  const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));

  await question;
  child.kill('SIGINT');

  expect(await ended).toBe('SIGINT');
});

test('healthcheck fails where nobody listens, and after two seconds where nobody answers', async () => {
  const silent = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const house = new House();
  house.write(`server: {listen: "127.0.0.1:${port}"}\n`);

  const began = Date.now();
  const { code, error } = await house.triaged('healthcheck');
  expect({ code, error }).toMatchObject({
    code: 1,
    error: expect.stringContaining('did not answer within 2 s'),
  });
  expect(Date.now() - began).toBeLessThan(4_000);

  await new Promise((resolve) => silent.close(resolve));
  const refused = await house.triaged('healthcheck');
  expect(refused).toMatchObject({ code: 1, error: expect.stringContaining('the daemon does not run') });
});

test.each([
  [['--port', 'abc'], '--port must be a whole number from 0 to 65535, not "abc"'],
  [['--tickets', '-1x'], '--tickets'],
])('simulate %j is a mistake that is named', async (args, words) => {
  const answer = await new House().triaged('simulate', ...args);
  expect(answer).toMatchObject({ code: 78, error: expect.stringContaining(words) });
});

test('simulate on a port that is taken says so', async () => {
  const port = await serve([]);
  const answer = await new House().triaged('simulate', '--port', String(port));
  expect(answer).toMatchObject({ code: 78, error: expect.stringContaining(`cannot listen on port ${port}`) });
});
