import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openJournal } from './sqlite.ts';

const CHILD = fileURLToPath(new URL('./kill-nine.child.ts', import.meta.url));
const STEPS = ['seen', 'claimed', 'decided', 'applying', 'applied'];

/** Starts the writer, kills it with SIGKILL after `milliseconds` of writing, answers what it acknowledged. */
async function killedWriter(
  file: string,
  firstId: number,
  milliseconds: number,
): Promise<Map<number, string>> {
  const child = spawn(process.execPath, [CHILD, file, String(firstId)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let output = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    output += chunk;
  });
  await once(child.stdout, 'data');
  setTimeout(() => child.kill('SIGKILL'), milliseconds);
  const [, signal] = (await closed) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');

  // The last line may be torn; what stands before it was acknowledged.
  const lines = output.split('\n').slice(0, -1);
  return new Map(lines.map((line) => [Number(line.split(' ')[0]), line.split(' ')[1] ?? '']));
}

test('kill -9 loses no acknowledged write and frees the lock', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'triaged-kill-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'journal.db');
  const acknowledged = new Map<number, string>();
  for (let round = 0; round < 5; round += 1) {
    const told = await killedWriter(file, round * 100_000 + 1, 60 + Math.random() * 120);
    for (const [id, step] of told) acknowledged.set(id, step);

    const journal = await openJournal({ file, now: Date.now });

    for (const [id, step] of acknowledged) {
      const state = (await journal.ticket(id))?.state ?? 'missing';
      const recovered = state === 'seen' && ['claimed', 'decided'].includes(step);
      expect(recovered || STEPS.indexOf(state) >= STEPS.indexOf(step), `${id}: ${step} → ${state}`).toBe(
        true,
      );
      if (STEPS.indexOf(state) >= STEPS.indexOf('decided')) {
        const decision = await journal.decision(`d${id}`);
        expect(decision?.sends).toBe(STEPS.indexOf(state) >= STEPS.indexOf('applying') ? 1 : 0);
        expect(decision?.outcome).toBe(state === 'applied' ? 'applied' : null);
      }
      expect((await journal.transitions(id)).at(-1)?.to).toBe(state);
    }
    // Only the ticket in hand can be open; it is ended so that the next round's claim takes its own.
    await journal.recover(Date.now());
    for (const row of await journal.claim(10, Date.now())) {
      await journal.move(row.ticketId, { to: 'left', reason: 'gone' }, Date.now());
      acknowledged.delete(row.ticketId);
    }
    await journal.close();
  }
  // Enough to mean something, however slow the disk is.
  expect(acknowledged.size).toBeGreaterThan(10);
});
