import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FIXTURE_PASSWORD } from '../src/simulator/fixture.ts';
import { Simulator } from '../src/simulator/simulator.ts';
import { followDockerfile } from './image-steps.ts';

/** Builds what the image would hold and lets it triage one ticket of a simulated Znuny. */

const REPOSITORY = join(import.meta.dirname, '..');
const READY_MS = 120_000;
const QUEUES = [
  'Raw',
  'Postmaster',
  'Unclassified',
  'IT-Infrastructure',
  'IT-Service',
  'Accounting',
  'Customer-Service',
];

const folder = mkdtempSync(join(tmpdir(), 'triaged-image-'));
console.log(`building in ${folder}`);
try {
  const root = followDockerfile(REPOSITORY, folder);
  if (process.argv.includes('--build-only')) console.log(`built: ${root}`);
  else await prove(root);
} finally {
  if (!process.argv.includes('--keep')) rmSync(folder, { recursive: true });
}

async function prove(image: string): Promise<void> {
  const simulator = new Simulator({ queues: QUEUES });
  await simulator.start();
  const port = await freePort();
  const daemon = startDaemon(image, simulator.url, port);
  const output: string[] = [];
  for (const stream of [daemon.stdout, daemon.stderr])
    stream?.on('data', (data) => output.push(String(data)));
  try {
    await until(`${port} to be ready`, () => isReady(port), daemon);
    console.log('ready: /readyz answers 200');
    const { id } = simulator.receiveMail({
      subject: 'VPN is down',
      body: 'The VPN connection to the branch office is down since this morning.',
    });
    await until(`ticket ${id} to be moved`, async () => simulator.ticket(id)?.queue !== 'Raw', daemon);
    console.log(`triaged: ticket ${id} is in ${simulator.ticket(id)?.queue}`);
    const stopping = performance.now();
    daemon.kill('SIGTERM');
    const [code] = await once(daemon, 'exit');
    if (code !== 0) throw new Error(`SIGTERM ended the daemon with exit code ${code}`);
    console.log(`stopped in ${Math.round(performance.now() - stopping)} ms`);
  } catch (error) {
    console.error(output.join(''));
    throw error;
  } finally {
    if (daemon.exitCode === null) daemon.kill('SIGKILL');
    await simulator.stop();
  }
}

/** As the image's entry does it, with this machine's folders for /config and /data. */
function startDaemon(image: string, url: string, port: number): ChildProcess {
  const config = join(folder, 'config');
  mkdirSync(config);
  cpSync(join(REPOSITORY, 'config.example.yaml'), join(config, 'config.yaml'));
  const sets = [
    `journal.path=${join(image, 'data', 'triaged.db')}`,
    `server.listen=127.0.0.1:${port}`,
    `connector.url=${url}`,
    'mode=apply',
    'intake.poll.interval_seconds=1',
  ];
  const entry = readFileSync(join(image, 'usr/local/bin/triaged'), 'utf8');
  if (!entry.includes('exec node /app/dist/main.js'))
    throw new Error('ops/image/triaged starts something else');
  const args = ['run', '--config', join(config, 'config.yaml'), ...sets.flatMap((set) => ['--set', set])];
  return spawn(process.execPath, [join(image, 'app/dist/main.js'), ...args], {
    cwd: config,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ZNUNY_PASSWORD: FIXTURE_PASSWORD },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function until(what: string, condition: () => Promise<boolean>, daemon: ChildProcess): Promise<void> {
  const deadline = performance.now() + READY_MS;
  while (!(await condition())) {
    if (daemon.exitCode !== null) throw new Error(`the daemon ended with exit code ${daemon.exitCode}`);
    if (performance.now() > deadline) throw new Error(`waited ${READY_MS / 1000} s for ${what}`);
    await sleep(200);
  }
}

async function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    (response) => response.status === 200,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
