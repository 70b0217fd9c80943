import { expect } from 'vitest';
import type { ZnunyHistoryEntry } from '../src/znuny/types.ts';
import { PRIORITY } from './daemon.ts';
import type { Stage } from './stage.ts';

async function ownRows(stage: Stage, id: number): Promise<readonly ZnunyHistoryEntry[]> {
  const { userId } = await stage.znuny.sessionGet();
  const by = stage.target.agent === undefined ? stage.znuny : stage.agentClient(stage.target.agent);
  // What the bot did when it made the ticket itself is no triage.
  const own = (await stage.history(id, by)).filter(({ CreateBy }) => CreateBy === userId);
  return own.filter(({ HistoryType }) =>
    ['Move', 'PriorityUpdate', 'AddNote', 'StateUpdate'].includes(HistoryType),
  );
}

const count = (rows: readonly ZnunyHistoryEntry[], type: string) =>
  rows.filter(({ HistoryType }) => HistoryType === type).length;

/** Moved once, raised once, one internal note that names its decision. */
export async function expectTriaged(stage: Stage, id: number): Promise<void> {
  const ticket = await stage.get(id);
  const rows = await ownRows(stage, id);
  const notes = ticket.Article.slice(1);
  expect({
    id,
    queue: ticket.Queue,
    priority: ticket.Priority,
    moves: count(rows, 'Move'),
    priorities: count(rows, 'PriorityUpdate'),
    notes: count(rows, 'AddNote'),
    shown: notes.map(({ IsVisibleForCustomer }) => IsVisibleForCustomer),
    marked: notes.every(({ Body }) => /triaged decision [a-z2-9]{16}\s*$/.test(Body)),
    state: ticket.State,
    owner: ticket.OwnerID,
  }).toEqual({
    id,
    queue: stage.target.targetQueue,
    priority: PRIORITY,
    moves: 1,
    priorities: 1,
    notes: 1,
    shown: [0],
    marked: true,
    state: 'new',
    owner: ticket.OwnerID,
  });
}

export async function expectUntouched(stage: Stage, id: number): Promise<void> {
  expect(await ownRows(stage, id)).toEqual([]);
}

/** At any moment: no second move, no second note. */
export async function expectNeverTwice(stage: Stage, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    const rows = await ownRows(stage, id);
    expect([id, count(rows, 'Move') <= 1, count(rows, 'AddNote') <= 1]).toEqual([id, true, true]);
  }
}
