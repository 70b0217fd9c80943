import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { READ_AT, recordedTickets } from '../../test/shape-tickets.ts';
import type { HistoryEntry, LeftReason, Ticket } from '../ticket.ts';
import { ARTICLE_PATIENCE_MS, decisionsIn, type GuardContext, guard, MIN_AGE_MS } from './guard.ts';

const shapes = recordedTickets();
const CONTEXT: GuardContext = {
  now: READ_AT,
  ownUserId: 2,
  sourceQueues: [...new Set([...shapes.values()].map(({ ticket }) => ticket.queue))],
  subQueues: false,
  states: ['new'],
  portalUsers: [],
  notBefore: 0,
};

type Expected = 'ours' | 'wait' | LeftReason;

/** What must become of each way in which a ticket came in and of what others left in it, by recording. */
const EXPECTED: readonly (readonly [number, Expected])[] = [
  [204, 'ours'], // mail
  [206, 'ours'], // dispatched by address
  [208, 'ours'], // Postmaster filter set queue and priority
  [210, 'ours'], // priority by a trusted sender's header
  [212, 'ours'],
  [214, 'locked'], // owner and lock by header
  [216, 'ours'], // customer panel
  [218, 'ours'],
  [220, 'entered by an agent'], // phone ticket
  [222, 'state'],
  [224, 'locked'],
  [226, 'state'], // outgoing mail
  [228, 'entered by an agent'],
  [231, 'ours'], // TicketCreate of a portal or monitoring
  [234, 'ours'],
  [237, 'ours'],
  [240, 'ours'],
  [243, 'locked'],
  [246, 'ours'],
  [249, 'locked'],
  [252, 'ours'],
  [254, 'ours'], // an agent only looked at it
  [256, 'owner'],
  [258, 'locked'],
  [260, 'owner'], // locked and unlocked again: the owner stays
  [262, 'locked'],
  [264, 'someone decided'], // an agent's note
  [266, 'locked'],
  [268, 'someone decided'], // moved by the queue's drop-down: owner, lock and state untouched
  [270, 'ours'], // linked
  [272, 'merged'],
  [274, 'someone decided'], // merge target
  [278, 'someone decided'], // GenericAgent
  [280, 'owner'],
  [282, 'someone decided'],
  [284, 'process ticket'],
  [287, 'process ticket'],
  [289, 'someone decided'],
  [291, 'automatic mail'], // out of office
  [293, 'automatic mail'], // bounce
  [295, 'state'], // bounce of an agent's mail, a follow-up
  [297, 'ours'], // follow-up mail
  [299, 'state'], // follow-up in the panel opens the ticket
  [301, 'ours'], // somebody else's out-of-office mail is a follow-up only
  [309, 'ours'], // auto-reply queue
  [311, 'automatic mail'],
  [313, 'automatic mail'],
  // Sent as bulk mail, a header that the interface does not show; the text "Out of office 3 / away" says enough.
  [315, 'automatic mail'],
  [317, 'ours'],
  [338, 'ours'],
  [351, 'ours'], // escalation and notification rows
  [358, 'already triaged'],
  [361, 'already triaged'],
  [363, 'already triaged'],
  [366, 'ours'], // our update ended in a lock wait: nothing was written
  [395, 'state'], // closed as junk by a filter
  [403, 'already triaged'],
  [412, 'wait'], // read without articles
  [414, 'ours'], // mail, where types and services are on
  [416, 'ours'], // TicketCreate there
  [418, 'someone decided'], // TicketCreate that makes another agent responsible
  [420, 'someone decided'], // an agent changed the type
  [422, 'someone decided'], // a GenericAgent set the first service, which reads like a birth row
  [424, 'ours'], // type, service and SLA by a trusted sender's header
  [426, 'ours'], // time accounted, nothing else
  [428, 'someone decided'], // an agent watches it
];

function shape(number: number): Ticket {
  const found = shapes.get(number);
  if (!found) throw new Error(`no recorded pair ${number} in test/shapes`);
  return found.ticket;
}

function verdict(ticket: Ticket, changes: Partial<GuardContext> = {}): Expected {
  const answer = guard(ticket, { ...CONTEXT, ...changes });
  return answer.kind === 'left' ? answer.reason : answer.kind;
}

const named = EXPECTED.map(([number, expected]) => ({
  number,
  expected,
  name: shapes.get(number)?.name ?? '?',
}));
const ours = named.filter(({ expected }) => expected === 'ours').map(({ number }) => number);

describe('the guard on recorded tickets', () => {
  it.each(named)('$number $name → $expected', ({ number, expected }) => {
    expect(verdict(shape(number))).toBe(expected);
  });

  it('is asked about every recorded ticket', () => {
    expect(EXPECTED.map(([number]) => number)).toEqual([...shapes.keys()].sort((a, b) => a - b));
  });

  it("leaves whatever lies outside the guide's source queues", () => {
    const sourceQueues = ['Raw', 'Postmaster', 'Unclassified'];
    for (const { number } of named) {
      const ticket = shape(number);
      const answer = verdict(ticket, { sourceQueues });
      if (sourceQueues.includes(ticket.queue)) expect(answer).toBe(verdict(ticket));
      else expect(['not a source queue', 'process ticket']).toContain(answer);
    }
    expect(verdict(shape(206), { sourceQueues })).toBe('not a source queue');
    expect(verdict(shape(208), { sourceQueues })).toBe('not a source queue');
  });

  it('takes a phone ticket of an agent that is named as a portal user, by login or id', () => {
    expect(verdict(shape(220), { portalUsers: ['anna.agent'] })).toBe('ours');
    expect(verdict(shape(220), { portalUsers: ['3'] })).toBe('ours');
    expect(verdict(shape(220), { portalUsers: ['bert.agent'] })).toBe('entered by an agent');
  });

  it('leaves what an administrator enters as root@localhost in an agent form', () => {
    for (const number of [220, 228]) {
      const { history, ...ticket } = shape(number);
      const byRoot = history.map((row) => ({ ...row, createBy: 1, name: row.name.replace(/%%3$/, '%%1') }));
      expect(verdict({ ...ticket, createBy: 1, ownerId: 1, history: byRoot })).toBe('entered by an agent');
    }
  });

  it('names the row and the user of a decision, for the log', () => {
    expect(guard(shape(268), CONTEXT)).toMatchObject({ detail: 'Move by user 3' });
  });
});

const OTHERS = fc.integer({ min: 1, max: 50 }).filter((id) => id !== CONTEXT.ownUserId);
const DECIDING = [
  'Move',
  'PriorityUpdate',
  'StateUpdate',
  'Lock',
  'Unlock',
  'Merged',
  'Forward',
  'SendAnswer',
  'AddNote',
  'TitleUpdate',
  'TypeUpdate',
  'ServiceUpdate',
  'SLAUpdate',
  'ResponsibleUpdate',
  'SetPendingTime',
  'PhoneCallAgent',
  'EmailAgent',
  'Subscribe',
] as const;
const HARMLESS = [
  'NewTicket',
  'CustomerUpdate',
  'FollowUp',
  'Misc',
  'SendAutoReply',
  'SendAgentNotification',
  'SendCustomerNotification',
  'EscalationResponseTimeStart',
  'EscalationSolutionTimeStop',
  'TicketDynamicFieldUpdate',
  'TicketLinkAdd',
  'TicketLinkDelete',
] as const;

type Row = Pick<HistoryEntry, 'type' | 'createBy'> & Partial<HistoryEntry>;

function withRow(ticket: Ticket, row: Row): Ticket {
  const entry = { name: '%%x', articleId: 0, createTime: ticket.created, queueId: ticket.queueId, ...row };
  return { ...ticket, history: [...ticket.history, entry] };
}

describe('any untouched ticket', () => {
  it('is left as soon as somebody else decided anything, root included', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ours),
        fc.constantFrom(...DECIDING),
        OTHERS,
        fc.boolean(),
        (number, type, createBy, ofArticle) => {
          const ticket = shape(number);
          const articleId = ofArticle ? Math.max(...ticket.history.map((row) => row.articleId)) + 1 : 0;
          expect(verdict(withRow(ticket, { type, createBy, articleId }))).toBe('someone decided');
        },
      ),
    );
  });

  it('is left when an owner is set, unless its creator took it itself', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ours), OTHERS, fc.integer({ min: 1, max: 50 }), (number, by, owner) => {
        const ticket = shape(number);
        const self = by === owner && by === ticket.createBy;
        const set = withRow(ticket, { type: 'OwnerUpdate', createBy: by, name: `%%some.body%%${owner}` });
        expect(verdict(set)).toBe(self ? 'ours' : 'someone decided');
      }),
    );
  });

  it('stays ours whatever harmless rows anybody leaves in it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ours),
        fc.constantFrom(...HARMLESS),
        fc.integer({ min: 1, max: 50 }),
        (number, type, createBy) => {
          expect(verdict(withRow(shape(number), { type, createBy }))).toBe('ours');
        },
      ),
    );
  });

  it('is already triaged once our own user has moved it, changed its priority or left a note', () => {
    for (const type of ['Move', 'PriorityUpdate', 'AddNote']) {
      expect(verdict(withRow(shape(204), { type, createBy: CONTEXT.ownUserId }))).toBe('already triaged');
    }
  });
});

describe('a note', () => {
  const note: HistoryEntry = {
    type: 'AddNote',
    name: '%%x',
    articleId: 9_999,
    createBy: 5,
    createTime: '',
    queueId: 1,
  };

  it("is harmless where it is the customer's, a decision where it is an agent's", () => {
    const ticket = shape(204);
    const first = ticket.articles[0];
    if (!first) throw new Error('recording 204 has an article');
    const withNote = (senderType: 'customer' | 'agent'): Ticket => ({
      ...ticket,
      articles: [first, { ...first, id: note.articleId, senderType }],
      history: [...ticket.history, note],
    });
    expect(verdict(withNote('customer'))).toBe('ours');
    expect(verdict(withNote('agent'))).toBe('someone decided');
  });
});

describe('a ticket that Znuny is still writing', () => {
  const young = (ticket: Ticket, ageMs: number): Ticket => ({ ...ticket, createdAt: READ_AT - ageMs });

  it('waits until it is 5 s old', () => {
    expect(guard(young(shape(204), 1_000), CONTEXT)).toEqual({ kind: 'wait', until: READ_AT + 4_000 });
    expect(verdict(young(shape(204), MIN_AGE_MS))).toBe('ours');
  });

  it('waits for its first article for 10 minutes, then is left', () => {
    const empty = { ...shape(204), articles: [], history: shape(204).history.slice(0, 2) };
    expect(verdict(empty)).toBe('wait');
    expect(verdict(young(empty, ARTICLE_PATIENCE_MS - 1))).toBe('wait');
    expect(verdict(young(empty, ARTICLE_PATIENCE_MS))).toBe('no article');
  });

  it('waits for a whole number of milliseconds, whatever its age', () => {
    const empty = { ...shape(204), articles: [], createdAt: READ_AT - 60_001 };
    expect(guard(empty, CONTEXT)).toEqual({ kind: 'wait', until: READ_AT + 30_001 });
  });

  it('is not taken for decided when its article came between the two reads', () => {
    expect(verdict({ ...shape(204), articles: [] })).toBe('wait');
    expect(verdict({ ...shape(216), articles: [] })).toBe('wait');
  });

  it("is not taken for an agent's while the row that tells TicketCreate is not there", () => {
    const ticket = shape(231);
    const history = ticket.history.slice(0, 2);
    expect(verdict({ ...ticket, ownerId: 1, articles: [], history })).toBe('wait');
    expect(verdict({ ...ticket, ownerId: 1, history })).toBe('wait');
  });
});

describe('before all else', () => {
  it('a ticket from before the first start is left', () => {
    expect(verdict(shape(204), { notBefore: READ_AT })).toBe('before start');
  });

  it('one from the second of the first start is not: its age comes in whole seconds', () => {
    const { createdAt } = shape(204);
    expect(verdict(shape(204), { notBefore: createdAt + 999 })).toBe('ours');
    expect(verdict(shape(204), { notBefore: createdAt + 1_000 })).toBe('before start');
  });

  it('sub-queues are taken only where that is wanted', () => {
    const ticket = { ...shape(204), queue: 'Raw::Mail' };
    expect(verdict(ticket, { sourceQueues: ['Raw'] })).toBe('not a source queue');
    expect(verdict(ticket, { sourceQueues: ['Raw'], subQueues: true })).toBe('ours');
    expect(verdict({ ...ticket, queue: 'Rawer' }, { sourceQueues: ['Raw'], subQueues: true })).toBe(
      'not a source queue',
    );
  });
});

describe('decisions in a history', () => {
  it('do not depend on which articles were read, first or newest', () => {
    const ticket = shape(309);
    expect(decisionsIn(ticket)).toEqual([]);
    expect(decisionsIn({ ...ticket, articles: ticket.articles.toReversed() })).toEqual([]);
    expect(decisionsIn({ ...ticket, articles: [] })).toEqual([]);
  });

  it("hold an agent's bounce of the very first article, whose row carries that article's id", () => {
    for (const number of [204, 231]) {
      const ticket = shape(number);
      const [first] = ticket.articles;
      const row = {
        type: 'Bounce',
        name: '%%',
        articleId: first?.id ?? 0,
        createBy: 3,
        createTime: '',
        queueId: 1,
      };
      expect(verdict({ ...ticket, history: [...ticket.history, row] })).toBe('someone decided');
    }
  });

  it('name the person rather than the rows that Znuny wrote beside: a merge', () => {
    expect(guard(shape(274), CONTEXT)).toMatchObject({ detail: 'Merged by user 3' });
  });
});
