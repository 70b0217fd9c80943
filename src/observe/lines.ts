import { errorFacts } from './error-facts.ts';
import type { EventKind, EventOf, TriagedEvent } from './events.ts';
import type { LogFacts, LogLevel } from './log.ts';
import { endOutcome, ticketFacts } from './ticket-facts.ts';

export type Line = { readonly level: LogLevel; readonly message: string; readonly facts: LogFacts };

type Describer<Kind extends EventKind> = (event: EventOf<Kind>) => Line;

/** One entry per event: its level, its static message (so that lines can be grouped) and its fields. */
const LINES: { readonly [Kind in EventKind]: Describer<Kind> } = {
  ticket: ticketLine,
  'other ticket': ({ row, ticket }) =>
    line('warn', 'ticket id is known with another number: Znuny was restored or cloned', {
      ticketId: ticket.id,
      ticketNumber: ticket.number,
      knownNumber: row.ticketNumber,
    }),
  verified: ({ stored, verification }) =>
    line(
      verification === 'race' ? 'warn' : 'debug',
      verification === 'race' ? 'a person acted at the moment of the write' : 'write verified',
      {
        ticketId: stored.ticketId,
        ticketNumber: stored.ticketNumber,
        decisionId: stored.id,
        verification,
      },
    ),
  'write unclear': ({ ticketId, decisionId, error }) =>
    line('warn', 'answer to a write is unclear, reading back', {
      ticketId,
      decisionId,
      error: errorFacts(error),
    }),
  'rule blocked': ({ rule, error }) =>
    line('error', 'rule does not fit Znuny, its tickets wait', { rule, error: errorFacts(error) }),
  'rights lost': ({ ticketId }) => line('error', 'the agent lost its rights in Znuny', { ticketId }),
  'poll done': ({ kind: _, at: __, ...facts }) => line('debug', 'poll done', facts),
  'poll failed': ({ error }) => line('warn', 'poll failed, trying again', { error: errorFacts(error) }),
  'endpoint found': ({ endpoint: { baseUrl, credentials } }) =>
    line('info', 'endpoint found', { baseUrl, credentials }),
  'login refused': ({ failures, next, error }) =>
    line('error', 'login refused', { failures, next: time(next), error: errorFacts(error) }),
  'login waits': ({ until }) => line('warn', 'login waits after earlier refusals', { until: time(until) }),
  'logged in': ({ userId }) => line('info', 'logged in', { userId }),
  degraded: ({ condition, sentence }) => line('warn', 'not ready', { condition, why: sentence }),
  recovered: ({ condition }) => line('info', 'recovered', { condition }),
  'reload ok': ({ configHash, changed, needRestart }) =>
    line(needRestart.length > 0 ? 'warn' : 'info', 'configuration reloaded', {
      configHash,
      changed,
      needRestart,
    }),
  'reload refused': ({ error }) =>
    line('error', 'configuration refused, the old one stays', { error: errorFacts(error) }),
  brake: ({ limit, until }) =>
    line('warn', 'limit of changes per hour reached, tickets wait', { limit, until: time(until) }),
  'classifier restarted': ({ reason }) => line('warn', 'classifier restarted', { reason }),
  request: ({ request, done, why }) =>
    line('info', done ? 'request carried out' : 'request not carried out', {
      request,
      ...(why === undefined ? {} : { why }),
    }),
  'webhook dropped': ({ dropped }) =>
    line('warn', 'webhook calls dropped in a flood, polling finds their tickets', { dropped }),
  'other queues hold tickets': ({ queues }) =>
    line('info', 'other queues hold new tickets, they are not searched', { queues }),
  'older tickets': ({ queues }) => line('info', 'tickets from before the start are left alone', { queues }),
  'znuny request': ({ operation, status, milliseconds }) =>
    line('debug', 'znuny request', { operation, status, milliseconds }),
  caution: ({ what }) => line('warn', 'caution', { what }),
  'loop failed': ({ loop, error }) =>
    line('error', 'loop failed, trying again', { loop, error: errorFacts(error) }),
  started: ({ version, mode, configHash, facts }) =>
    line('info', 'started', { version, mode, configHash, ...facts }),
  stopping: ({ signal }) => line('info', 'stopping', { signal }),
  stopped: ({ milliseconds, failed }) =>
    line(failed.length > 0 ? 'warn' : 'info', 'stopped', { milliseconds, failed }),
};

export function lineOf(event: TriagedEvent): Line {
  // The table pairs each kind with its own event; TypeScript cannot see that through the index.
  const describe = LINES[event.kind] as (event: TriagedEvent) => Line;
  return describe(event);
}

function ticketLine(event: EventOf<'ticket'>): Line {
  const facts = {
    ...ticketFacts(event),
    ...(event.error === undefined ? {} : { error: errorFacts(event.error) }),
  };
  const { arrow } = event;
  if (arrow.to === 'quarantined') return line('warn', 'ticket quarantined', facts);
  if (endOutcome(arrow.to) !== null) return line('info', 'ticket triaged', facts);
  // Waiting is no outcome; only a failure of the ticket itself is worth a look before its attempts are used up.
  const failed = arrow.to === 'deferred' && arrow.reason === 'retry' && arrow.countsAsAttempt;
  return line(failed ? 'warn' : 'debug', failed ? 'ticket failed, trying again' : 'ticket waits', facts);
}

function line(level: LogLevel, message: string, facts: LogFacts): Line {
  return { level, message, facts };
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
