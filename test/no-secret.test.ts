import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FIXTURE_CUSTOMERS } from '../src/simulator/fixture.ts';
import { isTriaged } from './support/judge.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

/** Planted where a leak would hurt: no two share a part. */
const CANARIES = {
  password: 'pw-Kx7vQ2mZ9',
  wrongPassword: 'wp-Ty5cH8nB3',
  webhookSecret: 'ws-Lr4dJ6gS1',
  headerSecret: 'hs-Wb9fN3kD7',
  serverPassword: 'sp-Gm2zX8vP5',
  subject: 'subjectcanaryquokka',
  body: 'bodycanarynarwhal',
  customer: 'Canaria Customersdottir',
  address: 'canaria@numbat.example',
};

test('no secret and no ticket text in log, metrics, journal and readiness, through success and failure', {
  timeout: 60_000,
}, async () => {
  const world = await World.open({
    simulator: {
      customers: [
        ...FIXTURE_CUSTOMERS,
        {
          login: 'canaria',
          name: CANARIES.customer,
          email: CANARIES.address,
          customerId: 'numbat',
        },
      ],
    },
    config: {
      connector: { headers: { 'x-proxy-key': `\${HEADER_SECRET}` }, timeout_seconds: 2 },
      intake: {
        webhook: {
          enabled: true,
          auth: { type: 'header', header: 'x-triage-token', secrets: [`\${WEBHOOK_SECRET}`] },
        },
      },
      server: { auth: { username: 'prom', password: `\${SERVER_PASSWORD}` } },
      routing: {
        max_changes_per_hour: 0,
        rules: [
          { name: 'network', category: 'Network', queue: 'IT-Infrastructure' },
          { name: 'nowhere', category: 'Billing', queue: 'No Such Queue' },
        ],
      },
      log: { level: 'debug' },
    },
  });
  world.simulator.setPassword('otai-bot', CANARIES.password);
  const env = {
    WORLD_PASSWORD: CANARIES.password,
    HEADER_SECRET: CANARIES.headerSecret,
    WEBHOOK_SECRET: CANARIES.webhookSecret,
    SERVER_PASSWORD: CANARIES.serverPassword,
  };
  const from = `${CANARIES.customer} <${CANARIES.address}>`;
  const text = (words: string) => ({
    from,
    subject: `${CANARIES.subject} ${words}`,
    body: `${CANARIES.body} ${words} ${words} ${words}`,
  });
  const seen: string[] = [];

  const wrong = world.spawn({ env: { ...env, WORLD_PASSWORD: CANARIES.wrongPassword } });
  expect(await wrong.exit).toBe(78);

  const good = world.mail(text('vpn wlan vpn wlan vpn'));
  world.mail(text('invoice rechnung invoice rechnung'));
  const unsure = world.mail(text('something else'));
  const poison = world.mail(text('gift vpn'));
  const gone = world.mail(text('vpn wlan'));
  const { faults } = world.simulator;
  faults.add({ kind: 'die', after: 'article', operation: 'TicketUpdate', ticketId: good });
  faults.add({ kind: 'error', code: 'Odd', ticketId: gone, times: 50 });
  faults.add({ kind: 'partial-body', operation: 'TicketGet', times: 2, skip: 2 });
  const daemon = world.spawn({ env });
  const { port } = await daemon.log.seen('started');
  const url = `http://127.0.0.1:${port}`;
  await until('good and unsure are triaged', () => isTriaged(world, good) && isTriaged(world, unsure), {
    why: () => daemon.log.tail(),
  });
  await daemon.log.seen('rule does not fit Znuny, its tickets wait');
  await daemon.log.seen('ticket failed, trying again', { ticketId: poison });

  // Wrong and right calls of the webhook, and what stands behind the routes.
  const call = (token: string, id: number | string) =>
    fetch(`${url}/webhook`, {
      method: 'POST',
      headers: { 'x-triage-token': token },
      body: JSON.stringify({ TicketID: id, Title: CANARIES.subject }),
    });
  const answers = [
    await call(CANARIES.wrongPassword, 1),
    await call(CANARIES.webhookSecret, 999_999),
    await call(CANARIES.webhookSecret, CANARIES.body),
    await fetch(`${url}/metrics`),
    await fetch(`${url}/nothing/${CANARIES.body}`),
    await fetch(`${url}/readyz`),
    await fetch(`${url}/metrics`, {
      headers: { authorization: `Basic ${btoa(`prom:${CANARIES.serverPassword}`)}` },
    }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 202, 202, 401, 404, 503, 200]);
  for (const answer of answers) seen.push(await answer.text(), JSON.stringify([...answer.headers]));
  expect(seen.at(-2)).toContain('triaged_');

  // The password changes under it, Znuny goes away, and a reload fails.
  world.simulator.expireSessions();
  world.simulator.setPassword('otai-bot', 'another-password');
  await daemon.log.seen('login refused');
  world.configure({ connector: { password: CANARIES.wrongPassword, passwort: CANARIES.password } });
  daemon.signal('SIGHUP');
  await daemon.log.seen('configuration refused, the old one stays');
  await world.simulator.stop();
  expect((await daemon.terminate()).code).toBe(0);
  await world.simulator.start();

  for (const process of [wrong, daemon]) seen.push(process.output, process.errors);
  const all = [
    ...seen,
    ...readdirSync(world.folder)
      .filter((name) => name.startsWith('triaged.db'))
      .map((name) => readFileSync(join(world.folder, name), 'latin1')),
  ].join('\n');
  expect(all).toContain('SQLite format 3');
  for (const [what, canary] of Object.entries(CANARIES)) {
    for (const form of [
      canary,
      btoa(canary),
      encodeURIComponent(canary),
      Buffer.from(canary).toString('hex'),
    ]) {
      const at = all.indexOf(form);
      expect(at < 0 ? '' : `${what}: …${all.slice(Math.max(0, at - 200), at + 60)}`).toBe('');
    }
  }
  // Nor in what Znuny's web server would log.
  for (const { path } of world.simulator.calls) {
    for (const canary of Object.values(CANARIES)) expect(path).not.toContain(canary);
  }
});
