import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A simulated Znuny in a process of its own, so that its work does not count as the daemon's. */
export type ZnunyProcess = { readonly url: string; readonly password: string; stop(): Promise<void> };

export async function startZnuny(tickets: number): Promise<ZnunyProcess> {
  const child = fork(new URL('./znuny-child.ts', import.meta.url), [String(tickets)]);
  const [message] = (await once(child, 'message')) as [{ url: string; password: string }];
  return {
    ...message,
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
