import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as forward } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacks } from '../../test/support/needs.ts';
import { FIXTURE_PASSWORD } from '../simulator/fixture.ts';
import { Simulator } from '../simulator/simulator.ts';
import { ZnunyClient, type ZnunyClientOptions } from './client.ts';

/** A proxy in front of Znuny that lets nobody in without a certificate of its authority. */
describe.skipIf(lacks('openssl', 'version'))(
  'behind a proxy that wants a client certificate (needs openssl)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'znuny-mtls-'));
    const file = (name: string) => join(folder, name);
    const simulator = new Simulator();
    const cleanups: (() => unknown)[] = [];
    let url = '';

    const openssl = (args: string) =>
      execFileSync('openssl', args.split(' '), { stdio: 'ignore', cwd: folder });
    const KEY = 'req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';

    beforeAll(async () => {
      openssl(`${KEY} -x509 -days 2 -subj /CN=authority -keyout ca.key -out ca.pem`);
      openssl(
        `${KEY} -x509 -days 2 -subj /CN=x -addext subjectAltName=DNS:localhost -keyout server.key -out server.pem`,
      );
      openssl(`${KEY} -subj /CN=triaged -keyout bot.key -out bot.csr`);
      openssl('x509 -req -in bot.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out bot.pem');
      openssl(`${KEY} -x509 -days 2 -subj /CN=stranger -keyout stranger.key -out stranger.pem`);
      await simulator.start();
      const server = createTlsServer(
        {
          key: readFileSync(file('server.key')),
          cert: readFileSync(file('server.pem')),
          ca: readFileSync(file('ca.pem')),
          requestCert: true,
          rejectUnauthorized: true,
        },
        (incoming, response) => {
          const { method, url: path, headers } = incoming;
          const onward = forward(simulator.url + path, { method, headers }, (answer) => {
            response.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(response);
          });
          incoming.pipe(onward);
        },
      );
      await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
      url = `https://localhost:${(server.address() as AddressInfo).port}`;
      cleanups.push(
        () => server.close(),
        () => simulator.stop(),
      );
    });
    afterAll(async () => {
      for (const cleanup of cleanups) await cleanup();
      rmSync(folder, { recursive: true });
    });

    function clientOf(options: Partial<ZnunyClientOptions>): ZnunyClient {
      const client = new ZnunyClient({
        url,
        userLogin: 'otai-bot',
        password: () => FIXTURE_PASSWORD,
        caFile: file('server.pem'),
        timeoutMs: 5_000,
        ...options,
      });
      cleanups.unshift(() => client.close());
      return client;
    }

    test('one that the proxy knows opens the way to every operation', async () => {
      const clientCert = { certFile: file('bot.pem'), keyFile: file('bot.key') };
      const client = clientOf({ clientCert });
      const { ticketId } = await client.ticketCreate({
        Ticket: {
          Title: 'mTLS',
          Queue: 'Raw',
          State: 'new',
          Priority: '3 normal',
          CustomerUser: 'erika.muster',
        },
        Article: { Subject: 'mTLS', Body: 'through the proxy' },
      });
      expect((await client.ticketGet([ticketId])).tickets[0]?.Title).toBe('mTLS');
    });

    test.each([
      ['none', undefined],
      ["a stranger's", 'stranger'],
    ])('with %s the error says that a certificate is wanted, and where to name it', async (_, name) => {
      const clientCert = name && { certFile: file(`${name}.pem`), keyFile: file(`${name}.key`) };
      const before = simulator.calls.length;
      const error = await clientOf(clientCert ? { clientCert } : {})
        .ticketSearch({})
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        kind: 'config',
        code: 'E_ZNUNY_URL',
        hint: expect.stringContaining('client_cert'),
      });
      expect(simulator.calls).toHaveLength(before);
    });

    test('a key that does not belong to the certificate is told before anything is sent', async () => {
      const clientCert = { certFile: file('bot.pem'), keyFile: file('stranger.key') };
      const error = await clientOf({ clientCert })
        .ticketSearch({})
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ kind: 'config', hint: expect.stringContaining('client_cert') });
    });
  },
);
