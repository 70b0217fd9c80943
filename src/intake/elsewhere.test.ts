import { expect, test } from 'vitest';
import { BOT, Workbench } from '../../test/support/workbench.ts';
import { newTicketsElsewhere } from './elsewhere.ts';

test('new tickets in other queues are counted by queue, as far as the bot sees them', async () => {
  const bench = await Workbench.open();
  bench.simulator.setRights(BOT, 'HR', []);
  bench.mail();
  bench.mail({ queue: 'Sales' });
  bench.mail({ queue: 'Sales' });
  bench.mail({ queue: 'HR' });
  bench.mail({ queue: 'Accounting', state: 'open' });

  const counts = await newTicketsElsewhere(bench.client, ['new'], (queue) => queue === 'Raw');

  expect([...counts]).toEqual([['Sales', 2]]);
});

test('more tickets than one read holds are all counted', async () => {
  const bench = await Workbench.open();
  for (let index = 0; index < 230; index += 1) bench.mail({ queue: 'Sales' });

  const counts = await newTicketsElsewhere(bench.client, ['new'], () => false);

  expect(counts.get('Sales')).toBe(230);
});
