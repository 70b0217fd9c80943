import type { JournalReader } from '../../src/journal/journal.ts';
import { readJournal } from '../../src/journal/sqlite.ts';
import type { OperationName, SimulatorCall } from '../../src/simulator/types.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

export type Readiness = { readonly status: number; readonly ready: boolean; readonly reasons: string[] };

/** What `/readyz` answers. */
export async function readiness(port: number): Promise<Readiness> {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  const body = (await response.json()) as { ready: boolean; reasons: string[] };
  return { status: response.status, ...body };
}

/** Waits until `/readyz` names this condition as not fulfilled, and answers its sentence. */
export async function notReady(port: number, condition: string, timeoutMs?: number): Promise<string> {
  let sentence: string | undefined;
  let last: Readiness | undefined;
  await until(
    `not ready because of ${condition}`,
    async () => {
      last = await readiness(port);
      sentence = last.reasons.find((reason) => reason.startsWith(`${condition}: `));
      return sentence !== undefined && last.status === 503;
    },
    { timeoutMs, why: () => JSON.stringify(last) },
  );
  return sentence ?? '';
}

export async function ready(port: number, timeoutMs?: number): Promise<void> {
  let last: Readiness | undefined;
  await until(
    'ready',
    async () => {
      last = await readiness(port);
      return last.status === 200;
    },
    { timeoutMs, why: () => JSON.stringify(last) },
  );
}

/** The journal as a command beside the daemon reads it. */
export async function inJournal<T>(world: World, ask: (journal: JournalReader) => Promise<T>): Promise<T> {
  const journal = await readJournal({ file: world.journalFile });
  try {
    return await ask(journal);
  } finally {
    await journal.close();
  }
}

/** Calls of the bot's; the probes of routes at start have no login. */
export function botCalls(world: World, operation: OperationName): readonly SimulatorCall[] {
  return world.simulator.calls.filter(
    (call) =>
      call.operation === operation && (call.user === 'otai-bot' || call.data.UserLogin === 'otai-bot'),
  );
}
