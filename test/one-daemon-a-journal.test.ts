import { expect, test } from 'vitest';
import { expectTriaged } from './support/judge.ts';
import { World } from './support/world.ts';

test('a second daemon on the same journal refuses with 78 and names the first, which goes on', async () => {
  const world = await World.open();
  const first = world.spawn();
  await first.loggedIn();

  const second = world.spawn();
  expect(await second.exit).toBe(78);
  expect(second.errors).toContain(`pid ${first.pid}`);
  expect(second.errors).toContain('E_JOURNAL');

  const id = world.mail();
  await first.log.seen('ticket triaged', { ticketId: id, outcome: 'applied' });
  expectTriaged(world.ticket(id));
});

test('a journal whose daemon was killed is free at once', async () => {
  const world = await World.open();
  const first = world.spawn();
  await first.loggedIn();
  await first.kill();

  const second = world.spawn();
  await second.loggedIn();
});
