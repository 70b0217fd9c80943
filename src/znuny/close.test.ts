import { afterEach, expect, test } from 'vitest';
import { AmbiguousError } from '../errors.ts';
import { FIXTURE_PASSWORD } from '../simulator/fixture.ts';
import { Simulator } from '../simulator/simulator.ts';
import { ZnunyClient } from './client.ts';

let simulator: Simulator;
afterEach(() => simulator.stop());

test('a close waits for a write, but not longer than its grace: the effect is then unknown', async () => {
  simulator = new Simulator();
  await simulator.start();
  const { id } = simulator.receiveMail({ subject: 'VPN', queue: 'Unclassified' });
  const client = new ZnunyClient({
    url: simulator.url,
    userLogin: 'otai-bot',
    password: () => FIXTURE_PASSWORD,
    closeGraceMs: 300,
  });
  await client.login();
  simulator.faults.add({ kind: 'silence', operation: 'TicketUpdate', applied: true });

  const arrived = new Promise<void>((resolve) => {
    simulator.onCall(({ operation }) => {
      if (operation === 'TicketUpdate') resolve();
    });
  });
  const write = client
    .ticketUpdate({ TicketID: id, Ticket: { Queue: 'Accounting' } })
    .catch((error) => error);
  await arrived;
  const began = performance.now();
  await client.close();

  expect(performance.now() - began).toBeGreaterThan(250);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(await write).toBeInstanceOf(AmbiguousError);
});
