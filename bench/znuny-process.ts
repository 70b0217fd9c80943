import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Target } from '../acceptance/target.ts';
import { BOT, SOURCE_QUEUE } from '../src/demo/world.ts';

export const SAMPLES = join(import.meta.dirname, '..', 'src', 'demo', 'tickets.jsonl');

/** The demo's helpdesk; its address is told when it stands. */
export const SIMULATED: Omit<Target, 'url'> = {
  webService: 'TicketTriage',
  bot: BOT,
  sourceQueue: SOURCE_QUEUE,
  targetQueue: 'Accounting',
  customerUser: 'erika.muster',
};

/** A simulated Znuny in a process of its own, so that its work does not count as the daemon's. */
export type ZnunyProcess = { readonly url: string; stop(): Promise<void> };

export async function startZnuny(tickets: number): Promise<ZnunyProcess> {
  const child = fork(new URL('./znuny-child.ts', import.meta.url), [String(tickets)]);
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
