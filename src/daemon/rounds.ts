import { isSourceQueue } from '../apply/guard.ts';
import type { Classifier } from '../classify/classifier.ts';
import { describeError, isKnownError, TransientError } from '../errors.ts';
import type { AccessProbe } from '../intake/access.ts';
import { newTicketsElsewhere } from '../intake/elsewhere.ts';
import { countOlder, pollOnce, type Search } from '../intake/poll.ts';
import { renumbered } from '../intake/renumbered.ts';
import type { Arrow, Journal, JournalRequest } from '../journal/journal.ts';
import type { Recorder } from '../observe/recorder.ts';
import type { BlockedRules } from '../pipeline.ts';
import type { TicketState } from '../ticket.ts';
import type { Live } from '../wiring/live.ts';
import type { ZnunyClient } from '../znuny/client.ts';
import type { Aftercare } from './aftercare.ts';
import type { Connection } from './connection.ts';
import type { Health } from './health.ts';
import { type Bell, onAbort, repeat } from './loop.ts';
import type { Worker } from './worker.ts';

const SETTLE_MS = 500;
const VERIFY_MS = 5_000;
const REQUESTS_MS = 1_000;
const IDLE_MS = 1_000;
const PRUNE_MS = 24 * 3_600_000;
/** an empty answer may mean a bot without rights: asked this often while polls stay empty */
const ACCESS_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

export type RoundsParts = {
  readonly journal: Journal;
  readonly client: Pick<ZnunyClient, 'ticketSearch' | 'ticketGet'>;
  readonly access: AccessProbe;
  readonly worker: Worker;
  readonly aftercare: Aftercare;
  readonly connection: Connection;
  readonly classifier: Pick<Classifier, 'stats'>;
  readonly health: Health;
  readonly recorder: Recorder;
  readonly blocked: BlockedRules;
  readonly live: () => Live;
  readonly clock: () => number;
  readonly bell: Bell;
};

/** The daemon's rounds: poll, work, settle, verify, requests. Each repeats without overlapping itself. */
export class Rounds {
  readonly #parts: RoundsParts;
  #accessAskedAt = 0;
  #restarts = 0;
  #numbersDue = true;

  constructor(parts: RoundsParts) {
    this.#parts = parts;
  }

  /** Resolves when all rounds have ended after `signal`. */
  async run(signal: AbortSignal): Promise<void> {
    const { live, recorder, connection, aftercare, bell } = this.#parts;
    const failed = (loop: string) => (error: unknown) => {
      recorder.record({ kind: 'loop failed', loop, error });
      // A full disk: what cannot be announced is not written, so nothing is triaged until rows fit again.
      if (isKnownError(error) && error.code === 'E_JOURNAL')
        this.#parts.health.fail('journal', error.message);
    };
    const every = (milliseconds: number) => () => milliseconds;
    const stopped = onAbort(signal, () => this.#parts.worker.stop());
    await Promise.all([
      repeat({
        signal,
        // Without a login each poll would only say again what readiness says.
        work: async () => {
          if (!this.#parts.health.failing('login')) await this.#poll();
        },
        failed: (error) => this.#pollFailed(error),
        intervalMs: () => live().pollIntervalMs,
      }),
      repeat({
        signal,
        work: async () => {
          await this.#work(signal);
          this.#parts.health.pass('journal');
        },
        failed: failed('work'),
        intervalMs: every(IDLE_MS),
        bell,
      }),
      repeat({
        signal,
        work: () => this.#whileConnected(() => aftercare.settle()),
        failed: failed('settle'),
        intervalMs: every(SETTLE_MS),
      }),
      repeat({
        signal,
        work: () => this.#whileConnected(() => aftercare.verify()),
        failed: failed('verify'),
        intervalMs: every(VERIFY_MS),
      }),
      repeat({
        signal,
        work: () => this.#requests(),
        failed: failed('requests'),
        intervalMs: every(REQUESTS_MS),
      }),
      repeat({
        signal,
        work: () => connection.keepLoggedIn(signal),
        failed: failed('login'),
        intervalMs: every(REQUESTS_MS),
      }),
      repeat({ signal, work: () => this.#prune(), failed: failed('prune'), intervalMs: every(PRUNE_MS) }),
    ]);
    await stopped;
  }

  /** Once at start, for the log: new tickets from before the start, and those in other queues. */
  async tellWhatIsLeftAlone(signal: AbortSignal): Promise<void> {
    const { client, live, recorder, clock } = this.#parts;
    const { poll } = live();
    const search: Search = (query) => client.ticketSearch(query);
    try {
      const older = await countOlder(search, poll, clock() - poll.notBefore);
      if (sum(older) > 0) recorder.record({ kind: 'older tickets', queues: Object.fromEntries(older) });
      const place = { sourceQueues: poll.queues, subQueues: poll.subQueues };
      const elsewhere = await newTicketsElsewhere(client, poll.states, (queue) =>
        isSourceQueue(queue, place),
      );
      const queues = Object.fromEntries(elsewhere);
      if (elsewhere.size > 0) recorder.record({ kind: 'other queues hold tickets', queues });
    } catch (error) {
      // News for people only: triage does not wait for it.
      if (!signal.aborted) recorder.record({ kind: 'loop failed', loop: 'overview', error });
    }
  }

  /** At start, after a reload, and with rights that came back: what was refused or not searched may be there now. */
  async lookAgain(): Promise<void> {
    const { blocked, journal, health, clock, bell } = this.#parts;
    blocked.clear();
    health.pass('rules');
    await journal.wake('config', clock());
    // Other queues or states than the last polls asked for: their tickets may be days old.
    await journal.setFact('last_wide_poll', null);
    bell.ring();
  }

  /** An id from the webhook, a hint only: the guard reads and judges it like any other. */
  async announced(ticketId: number): Promise<void> {
    const seen = await this.#parts.journal.see([ticketId], 'webhook', this.#parts.clock());
    if (seen.length > 0) this.#parts.bell.ring();
  }

  async #whileConnected(work: () => Promise<void>): Promise<void> {
    const { health } = this.#parts;
    if (!health.failing('znuny') && !health.failing('login')) await work();
  }

  async #poll(): Promise<void> {
    const { client, journal, live, health, recorder, clock, bell, access } = this.#parts;
    const startedAt = clock();
    const result = await pollOnce((query) => client.ticketSearch(query), journal, live().poll, clock());
    const { found, seen, wide, minutes } = result;
    const milliseconds = clock() - startedAt;
    recorder.record({
      kind: 'poll done',
      found,
      fresh: seen.length,
      wide,
      minutes,
      milliseconds,
      at: clock(),
    });
    for (const condition of ['znuny', 'poll'] as const) {
      if (health.pass(condition)) recorder.record({ kind: 'recovered', condition });
    }
    // At start and once an hour: a look at each known ticket is too much for every poll.
    if (wide || this.#numbersDue) await this.#seeRenumbered(result.known);
    this.#numbersDue = false;
    if (result.seen.length > 0) bell.ring();
    const condition = 'rights';
    if (found > 0) return this.#hasRights();
    if (Math.abs(clock() - this.#accessAskedAt) < ACCESS_MS) return;
    this.#accessAskedAt = clock();
    if (!access.hasEvidence) return this.#gatherEvidence();
    // An agent made invalid goes on with its session and finds nothing, without a word (shapes 405–411).
    const sentence = 'the bot can no longer read tickets that it read before: is the agent still valid?';
    if (await access.lost()) {
      if (health.fail(condition, sentence)) recorder.record({ kind: 'degraded', condition, sentence });
    } else await this.#hasRights();
  }

  /** What was refused for want of rights may work now. */
  async #hasRights(): Promise<void> {
    const { health, recorder } = this.#parts;
    const condition = 'rights';
    if (!health.pass(condition)) return;
    recorder.record({ kind: 'recovered', condition });
    await this.lookAgain();
  }

  /** After a restart nothing was read yet: which tickets of earlier runs can be read now? */
  async #gatherEvidence(): Promise<void> {
    const { journal, client, access } = this.#parts;
    const rows = await journal.tickets({ states: ENDED, limit: EVIDENCE_TICKETS });
    if (rows.length === 0) return;
    const { tickets } = await client.ticketGet(
      rows.map((row) => row.ticketId),
      {},
    );
    access.remember(tickets.map((ticket) => ticket.TicketID));
  }

  /** Ids of a restored or cloned Znuny are other tickets: seen anew. What is in hand tells that itself at its next read. */
  async #seeRenumbered(known: readonly number[]): Promise<void> {
    const { client, journal, recorder, clock, bell } = this.#parts;
    for (const { row, ticket } of await renumbered(client, journal, known)) {
      if (IN_HAND.includes(row.state)) continue;
      await journal.replace(row.ticketId, 'poll', clock());
      recorder.record({ kind: 'other ticket', row, ticket });
      bell.ring();
    }
  }

  #pollFailed(error: unknown): void {
    const { health, recorder } = this.#parts;
    const condition = error instanceof TransientError ? 'znuny' : 'poll';
    const sentence = isKnownError(error) ? error.message : describeError(error);
    recorder.record({ kind: 'poll failed', error });
    if (health.fail(condition, sentence)) recorder.record({ kind: 'degraded', condition, sentence });
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { worker, journal, health, blocked, clock } = this.#parts;
    for (const [rule, { until }] of blocked) if (until <= clock()) blocked.delete(rule);
    if (blocked.size === 0) health.pass('rules');
    else health.fail('rules', `Znuny refuses what these rules want: ${[...blocked.keys()].join(', ')}`);
    // Back pressure: while Znuny is away or triage is paused, tickets wait in the journal, not in memory.
    while (!signal.aborted && !health.failing('znuny') && !health.failing('login')) {
      if ((await journal.fact('paused')) !== null) return;
      if (await worker.braked()) return;
      if (!(await worker.once())) return;
    }
  }

  async #requests(): Promise<void> {
    this.#watchClassifier();
    for (const request of await this.#parts.journal.takeRequests()) {
      try {
        await this.#carryOut(request);
        this.#parts.recorder.record({ kind: 'request', request, done: true });
      } catch (error) {
        this.#parts.recorder.record({ kind: 'request', request, done: false, why: describeError(error) });
      }
    }
  }

  #watchClassifier(): void {
    const { restarts } = this.#parts.classifier.stats();
    for (; this.#restarts < restarts; this.#restarts += 1) {
      this.#parts.recorder.record({
        kind: 'classifier restarted',
        reason: 'it died or did not answer in time',
      });
    }
  }

  async #carryOut(request: JournalRequest): Promise<void> {
    const { journal, clock, bell } = this.#parts;
    const now = clock();
    if ('ticketId' in request) await journal.move(request.ticketId, ARROWS[request.kind], now);
    else if (request.kind === 'pause') await journal.setFact('paused', '1');
    else {
      await journal.setFact('paused', null);
      await journal.wake('paused', now);
    }
    bell.ring();
  }

  async #prune(): Promise<void> {
    const { journal, live, clock } = this.#parts;
    await journal.prune(clock() - live().loaded.config.journal.retention_days * DAY_MS);
  }
}

const ENDED: readonly TicketState[] = ['applied', 'left', 'observed', 'suggested'];
const EVIDENCE_TICKETS = 5;
const IN_HAND: readonly TicketState[] = ['claimed', 'decided', 'applying'];

/** What a person's request does to a ticket. */
const ARROWS = {
  hold: { to: 'held' },
  release: { to: 'seen', reason: 'released' },
  retry: { to: 'seen', reason: 'retried' },
} as const satisfies Record<string, Arrow>;

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
