import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ConfigError } from '../errors.ts';
import type { JournalCounts } from '../journal/journal.ts';
import { Metrics } from '../observe/metrics.ts';
import { HttpServer, type HttpServerOptions } from './http-server.ts';

const running: HttpServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

const journal = { counts: async () => ({ seen: 2 }) as JournalCounts, oldestPending: async () => null };

async function start(options: Partial<HttpServerOptions> = {}) {
  const metrics = new Metrics({ journal, clock: () => 0 });
  const server = new HttpServer({ host: '127.0.0.1', port: 0, health: { reasons: [] }, metrics, ...options });
  running.push(server);
  const { port } = await server.start();
  return { server, port, url: `http://127.0.0.1:${port}` };
}

test('healthz says that the process lives, whatever Znuny does', async () => {
  const { url } = await start({ health: { reasons: ['znuny: unreachable'] } });

  const response = await fetch(`${url}/healthz`);

  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok' });
});

test('readyz names what is missing, and follows it', async () => {
  const reasons: string[] = ['model: not loaded yet', 'poll: no complete poll yet'];
  const { url } = await start({ health: { reasons } });

  const before = await fetch(`${url}/readyz`);
  expect(before.status).toBe(503);
  expect(await before.json()).toEqual({ ready: false, reasons });

  reasons.length = 0;
  const after = await fetch(`${url}/readyz`);
  expect(after.status).toBe(200);
  expect(await after.json()).toEqual({ ready: true, reasons: [] });
});

test('metrics are in the format that Prometheus reads', async () => {
  const { url } = await start();

  const response = await fetch(`${url}/metrics`);

  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=/);
  expect(await response.text()).toContain('triaged_journal_tickets{state="seen"} 2');
});

test('with a login configured, metrics need it and health does not', async () => {
  const { url } = await start({ auth: { username: 'prometheus', password: 'p:w ü' } });
  const login = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

  expect((await fetch(`${url}/metrics`)).status).toBe(401);
  expect((await fetch(`${url}/metrics`, { headers: login('prometheus:wrong') })).status).toBe(401);
  expect((await fetch(`${url}/metrics`, { headers: login('prometheus:p:w ü') })).status).toBe(200);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

test('a defect behind a route is reported, not shown', async () => {
  const errors: unknown[] = [];
  const metrics = { contentType: 'text/plain', render: () => Promise.reject(new Error('canary-detail')) };
  const { url } = await start({ metrics, onError: (error) => errors.push(error) });

  const response = await fetch(`${url}/metrics`);

  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('canary-detail');
  expect(errors).toHaveLength(1);
});

test('without a webhook there is no such route, and other paths are not found', async () => {
  const { url } = await start();

  expect((await fetch(`${url}/webhook`, { method: 'POST' })).status).toBe(404);
  expect((await fetch(`${url}/`)).status).toBe(404);
  expect((await fetch(`${url}/healthz`, { method: 'POST' })).status).toBe(404);
});

test('a taken port is a clear error, and another start may follow', async () => {
  const { port } = await start();
  const second = new HttpServer({
    host: '127.0.0.1',
    port,
    health: { reasons: [] },
    metrics: new Metrics({ journal, clock: () => 0 }),
  });

  const error: unknown = await second.start().catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(ConfigError);
  expect(error).toMatchObject({ message: expect.stringContaining('another program listens there') });
  await second.stop();
});

test('start and stop may be called again and at the same time', async () => {
  const { server, port, url } = await start();

  expect(await server.start()).toEqual({ port });
  expect(server.port).toBe(port);
  await Promise.all([server.stop(), server.stop()]);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();

  const again = await server.start();
  expect((await fetch(`http://127.0.0.1:${again.port}/healthz`)).status).toBe(200);
});

test('stop does not wait for a caller that keeps its connection', async () => {
  const { server, port } = await start();
  const caller = connect(port, '127.0.0.1');
  caller.on('error', () => {});
  caller.write('POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab');
  await new Promise((resolve) => setTimeout(resolve, 50));

  const started = performance.now();
  await server.stop();
  caller.destroy();

  expect(performance.now() - started).toBeLessThan(3_000);
});
