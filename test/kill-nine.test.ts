import { expect, test } from 'vitest';
import { expectNeverTwice, expectTriaged, isTriaged } from './support/judge.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

test('a daemon killed again and again amid 200 tickets triages each of them once', {
  timeout: 60_000,
}, async () => {
  const world = await World.open({ simulator: { delays: { TicketUpdate: 15 } } });
  const tickets = world.mails(200);
  const done = () => tickets.filter((id) => isTriaged(world, id)).length;

  for (const share of [20, 60, 130]) {
    const daemon = world.spawn();
    await until(`${share} tickets are done`, () => done() >= share, { why: () => daemon.log.tail() });
    await daemon.kill();
    expectNeverTwice(world);
    expect(done()).toBeLessThan(200);
  }
  const last = world.spawn();
  await until('all are done', () => done() === 200, { why: () => last.log.tail() });
  expect((await last.terminate()).code).toBe(0);

  for (const id of tickets) expectTriaged(world.ticket(id));
});
