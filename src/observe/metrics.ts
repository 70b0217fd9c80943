import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { JournalReader } from '../journal/journal.ts';
import { errorCode } from './error-facts.ts';
import type { TicketEvent, TriagedEvent } from './events.ts';
import { endOutcome, OUTCOMES, stageOf } from './ticket-facts.ts';

const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const INFERENCE_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const PROBABILITIES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

export type MetricSources = {
  /** asked at each scrape */
  readonly journal: Pick<JournalReader, 'counts' | 'oldestPending'>;
  readonly clock: () => number;
};

/** The metrics of one daemon, in a registry of its own. `observe` turns an event into counts. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #on = [this.#registry];
  readonly #tickets = this.#counter('triaged_tickets_total', 'Tickets by how they ended', ['outcome']);
  readonly #stageErrors = this.#counter('triaged_stage_errors_total', 'Failures by stage and code', [
    'stage',
    'code',
  ]);
  readonly #ruleMatches = this.#counter('triaged_rule_matches_total', 'Tickets decided by a rule', ['rule']);
  readonly #conflicts = this.#counter(
    'triaged_conflicts_total',
    'Races: a person acted at the moment of a write',
    [],
  );
  readonly #restarts = this.#counter('triaged_classifier_restarts_total', 'Restarts of the classifier', []);
  readonly #confidence = new Histogram({
    name: 'triaged_prediction_confidence',
    help: 'Probability of the outcome that was decided, by its category',
    labelNames: ['category'],
    buckets: PROBABILITIES,
    registers: this.#on,
  });
  readonly #requests = new Histogram({
    name: 'triaged_znuny_request_duration_seconds',
    help: 'Duration of requests to Znuny',
    labelNames: ['operation', 'status'],
    buckets: REQUEST_SECONDS,
    registers: this.#on,
  });
  readonly #inference = new Histogram({
    name: 'triaged_inference_duration_seconds',
    help: 'Time a ticket spent in the classifier, its batch included',
    buckets: INFERENCE_SECONDS,
    registers: this.#on,
  });
  readonly #lastPoll = this.#gauge(
    'triaged_poll_last_success_timestamp_seconds',
    'Time of the last complete poll',
    [],
  );
  readonly #buildInfo = this.#gauge('triaged_build_info', 'Always 1; the version is in the label', [
    'version',
  ]);
  readonly #configHash = this.#gauge('triaged_config_hash', 'Hash of the loaded configuration', []);
  readonly #reloadOk = this.#gauge(
    'triaged_config_last_reload_successful',
    '1 where the last load succeeded',
    [],
  );
  readonly #reloadAt = this.#gauge(
    'triaged_config_last_reload_success_timestamp_seconds',
    'Time of the last successful load',
    [],
  );
  readonly #pending = this.#gauge(
    'triaged_oldest_pending_seconds',
    'Age of the ticket that waits longest, 0 if none',
    [],
  );
  readonly #states = this.#gauge('triaged_journal_tickets', 'Tickets in the journal by state', ['state']);
  readonly #sources: MetricSources;

  constructor(sources: MetricSources) {
    this.#sources = sources;
    // An alert on a series that does not exist yet never fires: all outcomes are there from the start.
    for (const outcome of OUTCOMES) this.#tickets.inc({ outcome }, 0);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The page of `/metrics`; asks the journal for what is a state rather than an event. */
  async render(): Promise<string> {
    const { journal, clock } = this.#sources;
    for (const [state, count] of Object.entries(await journal.counts())) this.#states.set({ state }, count);
    const oldest = await journal.oldestPending();
    this.#pending.set(oldest === null ? 0 : Math.max(0, clock() - oldest) / 1_000);
    return this.#registry.metrics();
  }

  observe(event: TriagedEvent): void {
    switch (event.kind) {
      case 'ticket':
        this.#observeTicket(event);
        break;
      case 'verified':
        if (event.verification === 'race') this.#conflicts.inc();
        break;
      case 'poll done':
        this.#lastPoll.set(event.at / 1_000);
        break;
      case 'poll failed':
      case 'login refused':
        this.#countError('receiving', event.error);
        break;
      case 'write unclear':
      case 'rule blocked':
        this.#countError('sending', event.error);
        break;
      case 'znuny request':
        this.#requests.observe(
          { operation: event.operation, status: event.status },
          event.milliseconds / 1_000,
        );
        break;
      case 'classifier restarted':
        this.#restarts.inc();
        break;
      case 'started':
        this.#buildInfo.set({ version: event.version }, 1);
        this.#loaded(event.configHash, event.at);
        break;
      case 'reload ok':
        this.#loaded(event.configHash, event.at);
        break;
      case 'reload refused':
        this.#reloadOk.set(0);
        break;
      default:
    }
  }

  #observeTicket(event: TicketEvent): void {
    const { passage, arrow, error } = event;
    const { classify } = passage.milliseconds;
    if (classify !== undefined) this.#inference.observe(classify / 1_000);
    if (error !== undefined) this.#countError(stageOf(event), error);
    const outcome = endOutcome(arrow.to);
    if (outcome === null) return;
    this.#tickets.inc({ outcome });
    const decision = passage.decision ?? passage.record?.decision;
    if (decision === undefined) return;
    this.#confidence.observe({ category: decision.category }, decision.probability);
    if (decision.rule !== null) this.#ruleMatches.inc({ rule: decision.rule });
  }

  #countError(stage: string, error: unknown): void {
    this.#stageErrors.inc({ stage, code: errorCode(error) });
  }

  #loaded(configHash: string, at: number): void {
    // 48 bits of the hash: a gauge is a double. It only has to differ between two configurations.
    this.#configHash.set(Number.parseInt(configHash.slice(0, 12), 16) || 0);
    this.#reloadOk.set(1);
    this.#reloadAt.set(at / 1_000);
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: this.#on });
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Gauge<Label> {
    return new Gauge({ name, help, labelNames: [...labelNames], registers: this.#on });
  }
}
