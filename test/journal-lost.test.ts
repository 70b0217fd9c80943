import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { botNotes, expectNeverTwice, expectTriaged, isTriaged } from './support/judge.ts';
import { until } from './support/until.ts';
import { World } from './support/world.ts';

test('a journal that is lost in the middle of 200 tickets leads to no second note', {
  timeout: 60_000,
}, async () => {
  const world = await World.open({
    simulator: { delays: { TicketUpdate: 10 } },
    config: { intake: { lookback_hours: 24 } },
  });
  // The unsure ones go to the default queue, a source queue: there they are new and found again.
  const sure = world.mails(100);
  const unsure = world.mails(100, { subject: 'hello', body: 'a text that says nothing' });
  const tickets = [...sure, ...unsure].sort(() => Math.random() - 0.5);
  const done = () => tickets.filter((id) => isTriaged(world, id)).length;

  for (const share of [70, 150]) {
    const daemon = world.spawn();
    await until(`${share} tickets are done`, () => done() >= share, { why: () => daemon.log.tail() });
    await daemon.kill();
    for (const rest of ['', '-wal', '-shm', '.lock', '.lock.json'])
      rmSync(`${world.journalFile}${rest}`, { force: true });
    expect(done()).toBeLessThan(200);
  }
  const doneBefore = unsure.filter((id) => isTriaged(world, id)).length;
  expect(doneBefore).toBeGreaterThan(20);
  const last = world.spawn();
  const again = () => last.log.with('ticket triaged').length;
  // The whole default queue is new to this journal: each of its tickets has to be judged once more.
  await until('all are done and judged again', () => done() === 200 && again() >= unsure.length, {
    why: () => last.log.tail(),
  });

  expectNeverTwice(world);
  for (const id of sure) expectTriaged(world.ticket(id));
  for (const id of unsure) {
    expect(world.ticket(id).queue).toBe('Unclassified');
    expect(botNotes(world.ticket(id))).toHaveLength(1);
  }
  const { length: known } = last.log.with('ticket triaged', { reason: 'already triaged' });
  expect(known).toBeGreaterThanOrEqual(doneBefore);
});
