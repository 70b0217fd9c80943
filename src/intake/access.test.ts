import { beforeEach, expect, test } from 'vitest';
import { BOT, Workbench } from '../../test/support/workbench.ts';

let bench: Workbench;
beforeEach(async () => {
  bench = await Workbench.open();
});

test('a deleted ticket is no loss while another one can be read', async () => {
  const [gone, other] = [bench.mail(), bench.mail()];
  bench.access.remember([gone, other]);
  bench.simulator.deleteTicket(gone);

  expect(await bench.access.lost(gone)).toBe(false);
});

test('some of the remembered tickets may be gone', async () => {
  const ids = [bench.mail(), bench.mail(), bench.mail()];
  bench.access.remember(ids);
  for (const id of ids.slice(0, 2)) bench.simulator.deleteTicket(id);

  expect(await bench.access.lost()).toBe(false);
});

test('a bot made invalid has lost its rights', async () => {
  bench.access.remember([bench.mail(), bench.mail()]);
  bench.simulator.setUserValid(BOT, false);

  expect(await bench.access.lost()).toBe(true);
});

test('a bot that nothing was read with yet is judged by whether it finds any ticket', async () => {
  bench.mail();
  expect(await bench.access.lost()).toBe(false);
  bench.simulator.setUserValid(BOT, false);

  expect(await bench.access.lost()).toBe(true);
});

test('a bot whose targets give move_into only has not lost its rights by moving', async () => {
  bench.simulator.setRights(BOT, 'IT-Infrastructure', ['move_into']);
  const [moved, waiting] = [bench.mail(), bench.mail()];
  bench.access.remember([moved]);
  await bench.client.ticketUpdate({ TicketID: moved, Ticket: { Queue: 'IT-Infrastructure' } });
  bench.access.forget(moved);

  expect(bench.access.hasEvidence).toBe(false);
  expect(await bench.access.lost(moved)).toBe(false);
  bench.access.remember([waiting]);
  expect(await bench.access.lost(moved)).toBe(false);
});

test('a loss is believed for some seconds, so that a batch costs one look; a fine answer never is', async () => {
  bench.access.remember([bench.mail()]);
  bench.simulator.setUserValid(BOT, false);
  await bench.access.lost();
  bench.simulator.clearCalls();

  expect(await bench.access.lost()).toBe(true);
  expect(bench.simulator.calls).toEqual([]);

  bench.simulator.setUserValid(BOT, true);
  bench.now += 5_000;
  expect(await bench.access.lost()).toBe(false);
  bench.simulator.setUserValid(BOT, false);
  expect(await bench.access.lost()).toBe(true);
});

test('a clock that was set back does not keep a loss alive', async () => {
  bench.access.remember([bench.mail()]);
  bench.simulator.setUserValid(BOT, false);
  await bench.access.lost();
  bench.simulator.setUserValid(BOT, true);
  bench.now -= 3_600_000;

  expect(await bench.access.lost()).toBe(false);
});

test('an unreachable Znuny is neither', async () => {
  bench.access.remember([bench.mail()]);
  await bench.simulator.stop();

  await expect(bench.access.lost()).rejects.toMatchObject({ kind: 'transient' });
});
