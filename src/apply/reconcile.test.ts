import { expect, test } from 'vitest';
import { BOT_ID, decisionOn, START } from '../../test/support/workbench.ts';
import type { StoredDecision } from '../journal/journal.ts';
import type { Article, Decision, HistoryEntry, Ticket } from '../ticket.ts';
import { readBack, verification } from './reconcile.ts';

const row = (type: string, createBy: number, articleId = 0): HistoryEntry => ({
  type,
  name: '%%',
  articleId,
  createBy,
  createTime: '2026-11-24 08:00:00',
  queueId: 2,
});
const article = (id: number, body: string, createBy = 1): Article => ({
  id,
  senderType: createBy === 1 ? 'customer' : 'agent',
  channel: 'Email',
  from: 'Erika Muster <erika.muster@kunde.example>',
  subject: 'VPN',
  body,
  createBy,
  visibleForCustomer: true,
  incomingTime: START / 1_000,
});
const CORE = [row('NewTicket', 1), row('CustomerUpdate', 1), row('EmailCustomer', 1, 10)];

const TICKET: Ticket = {
  id: 7,
  number: '2026112410000071',
  title: 'VPN',
  queue: 'Raw',
  queueId: 2,
  priority: '3 normal',
  state: 'new',
  stateType: 'new',
  lock: 'unlock',
  type: 'Unclassified',
  service: '',
  sla: '',
  owner: 'root@localhost',
  ownerId: 1,
  responsible: 'root@localhost',
  responsibleId: 1,
  createBy: 1,
  changeBy: 1,
  created: '2026-11-24 08:00:00',
  changed: '2026-11-24 08:00:00',
  createdAt: START,
  readAt: START,
  customerUser: 'erika.muster',
  customerId: 'lab-firma',
  dynamicFields: {},
  articles: [article(10, 'does not connect')],
  history: CORE,
};

function decided(decision: Partial<Decision> = {}): StoredDecision {
  const times = {
    decidedAt: START,
    applyingAt: START,
    sends: 1,
    outcome: null,
    verification: null,
    endedAt: null,
  };
  return { ...decisionOn(TICKET, decision), ...times };
}
const note = (stored: StoredDecision) => article(11, stored.plan.note?.body ?? '', BOT_ID);
const read = (stored: StoredDecision, now: Partial<Ticket>) =>
  readBack(stored, { ...TICKET, ...now }, BOT_ID);

test('a ticket as it was before misses the whole plan', () => {
  const stored = decided();

  expect(read(stored, {})).toMatchObject({ kind: 'missing', rest: stored.plan });
});

test.each<[string, Decision['fields'], string, Partial<Ticket>]>([
  ['priority', { Priority: '4 high' }, 'PriorityUpdate', { priority: '2 low' }],
  ['state', { State: 'open' }, 'StateUpdate', { state: 'closed successful' }],
  ['owner', { Owner: 'anna' }, 'OwnerUpdate', { owner: 'bert', ownerId: 4 }],
  ['lock', { Lock: 'lock' }, 'Lock', { lock: 'unlock' }],
])('our own row proves the %s, whatever an agent made of it since', (_, fields, type, now) => {
  const stored = decided({ fields, withNote: false });
  const history = [...CORE, row(type, BOT_ID), row(type, 3)];

  expect(read(stored, { ...now, history })).toEqual({ kind: 'everything there' });
});

test('a value that nobody is known to have set is not overwritten', () => {
  expect(read(decided(), { priority: '5 very high' })).toEqual({
    kind: 'conflict',
    detail: 'Priority has another value',
  });
});

test("a note of ours that is not among the articles read counts as this decision's", () => {
  const stored = decided();
  const history = [...CORE, row('Move', BOT_ID), row('PriorityUpdate', BOT_ID), row('AddNote', BOT_ID, 11)];

  expect(read(stored, { history, articles: [article(50, 'newest')] })).toEqual({ kind: 'everything there' });
});

test('a note of another decision is not taken for this one', () => {
  const stored = decided();
  const other = note(decided());
  const history = [...CORE, row('AddNote', BOT_ID, other.id)];

  expect(read(stored, { history, articles: [other, ...TICKET.articles] })).toMatchObject({
    kind: 'missing',
    rest: { note: stored.plan.note },
  });
});

test("a dynamic field that somebody, or Znuny's own way of writing, changed is not sent again", () => {
  const stored = decided({ fields: {}, withNote: false, dynamicFields: { Due: '2026-12-01' } });

  expect(read(stored, {})).toMatchObject({ kind: 'missing', rest: { dynamicFields: { Due: '2026-12-01' } } });
  expect(read(stored, { dynamicFields: { Due: '2026-12-01 00:00:00' } })).toEqual({
    kind: 'everything there',
  });
});

test('equal looks have equal fingerprints, others have not', () => {
  const stored = decided();
  const fingerprint = (now: Partial<Ticket>) => {
    const seen = read(stored, now);
    return seen.kind === 'missing' ? seen.fingerprint : seen.kind;
  };
  const moved = { queue: 'IT-Infrastructure', history: [...CORE, row('Move', BOT_ID)] };

  expect(fingerprint({ changed: '2026-11-24 08:09:00' })).toBe(fingerprint({}));
  expect(fingerprint(moved)).not.toBe(fingerprint({}));
});

test.each<[ReturnType<typeof verification>, string, readonly HistoryEntry[]]>([
  ['verified', 'our rows alone', [row('Move', BOT_ID), row('AddNote', BOT_ID, 11)]],
  ['verified', 'a correction by an agent afterwards', [row('Move', BOT_ID), row('Move', 3)]],
  ['race', 'an agent just before us', [row('Lock', 3), row('Move', BOT_ID)]],
  ['race', "a job of the administrator's just before us", [row('PriorityUpdate', 1), row('Move', BOT_ID)]],
  ['verified', "a customer's follow-up before us", [row('FollowUp', 1, 11), row('Move', BOT_ID)]],
  ['unverified', 'no row of ours', []],
])('history says %s: %s', (outcome, _, rows) => {
  expect(verification(decided(), [...CORE, ...rows], BOT_ID)).toBe(outcome);
});

test('dynamic fields alone leave no decision row, and are verified all the same', () => {
  const stored = decided({ fields: {}, withNote: false, dynamicFields: { TriageCategory: 'Network' } });

  expect(verification(stored, CORE, BOT_ID)).toBe('verified');
});
