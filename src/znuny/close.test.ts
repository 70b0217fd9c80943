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
  simulator.faults.add({ kind: 'silence', operation: 'TicketUpdate' });
  const client = new ZnunyClient({
    url: simulator.url,
    userLogin: 'otai-bot',
    password: () => FIXTURE_PASSWORD,
    closeGraceMs: 300,
  });
  await client.login();

  const write = client
    .ticketUpdate({ TicketID: id, Ticket: { Queue: 'Accounting' } })
    .catch((error) => error);
  while (!simulator.calls.some(({ operation }) => operation === 'TicketUpdate')) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const began = performance.now();
  await client.close();

  expect(performance.now() - began).toBeGreaterThan(250);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(await write).toBeInstanceOf(AmbiguousError);
});
