import type { Classifier, ModelInput } from '../../src/classify/classifier.ts';
import { TransientError } from '../../src/errors.ts';
import { type BlockedRules, Pipeline, type PipelineSettings } from '../../src/pipeline.ts';
import { compileRules, type RoutingOptions, type RuleOptions } from '../../src/route/rule.ts';
import type { Mode, Prediction } from '../../src/ticket.ts';
import { APPLY_SETTINGS, SETTLE_SETTINGS, type Workbench } from './workbench.ts';

const CATEGORIES = [
  { name: 'Network', group: 'IT', description: '' },
  { name: 'Billing', group: 'Finance', description: '' },
];

/** What a text with the word POISON does to a real classifier's child: it dies. */
export const POISON = 'POISON';

/** In the place of the model: knows VPN and invoice, and cannot tell anything else. */
export class WordClassifier implements Classifier {
  readonly batches: number[] = [];
  readonly info = {
    name: 'words',
    directory: '/nowhere',
    hash: 'words-1',
    categories: CATEGORIES,
    priorities: [],
    calibrated: true,
    threshold: null,
    priorityThreshold: null,
    languages: [],
  };

  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  stats() {
    return { restarts: 0, childResidentBytes: null };
  }

  async classify(inputs: readonly ModelInput[]): Promise<readonly Prediction[]> {
    this.batches.push(inputs.length);
    if (inputs.some((input) => input.body.includes(POISON))) {
      throw new TransientError('E_CLASSIFIER', 'the child died on this batch');
    }
    return inputs.map((input) => predict(`${input.subject} ${input.body}`));
  }
}

function predict(text: string): Prediction {
  const network = text.includes('VPN') ? 0.95 : text.includes('invoice') ? 0.05 : 0.5;
  const scores = [
    { name: 'Network', group: 'IT', probability: network },
    { name: 'Billing', group: 'Finance', probability: 1 - network },
  ];
  return {
    categories: scores.toSorted((a, b) => b.probability - a.probability),
    priorities: [],
    unknown: false,
    unknownScore: 0.1,
    calibrated: true,
  };
}

export function rule(
  name: string,
  category: string,
  queue: string,
  more: Partial<RuleOptions> = {},
): RuleOptions {
  const base = { when: {}, dynamicFields: {}, leave: false, continue: false };
  return { ...base, name, categories: [category], fields: { Queue: queue }, ...more };
}

export const RULES = [
  rule('network', 'Network', 'IT-Infrastructure'),
  rule('billing', 'Billing', 'Accounting'),
];

export function pipelineSettings(
  routing: Partial<RoutingOptions> = {},
  more: Partial<PipelineSettings> = {},
): PipelineSettings {
  const options: RoutingOptions = {
    rules: RULES,
    defaultQueue: 'Unclassified',
    defaultPriority: '3 normal',
    minConfidence: 0.8,
    minPriorityConfidence: 0.7,
    maxPriority: '4 high',
    priorities: [],
    mode: 'apply' as Mode,
    timeZone: 'UTC',
    ...routing,
  };
  return {
    ...APPLY_SETTINGS,
    maxAttempts: 3,
    retryDelaysMs: [10_000, 60_000],
    znunyDelayMs: 15_000,
    configDelayMs: 600_000,
    routing: compileRules(options, { categories: CATEGORIES }),
    note: { enabled: true, language: 'en', template: null },
    fields: null,
    configHash: 'config-1',
    ...more,
  };
}

/** For the rooms that need both sets. */
export const SETTINGS = { ...pipelineSettings(), ...SETTLE_SETTINGS };

/** The real pipeline on a workbench, with words in the place of the model. */
export class PipelineBench {
  readonly bench: Workbench;
  readonly classifier = new WordClassifier();
  readonly blocked: BlockedRules = new Map();
  readonly pipeline: Pipeline;

  constructor(bench: Workbench) {
    this.bench = bench;
    const { journal, reader, applier, recorder, clock } = bench;
    const { classifier, blocked } = this;
    this.pipeline = new Pipeline({ journal, reader, classifier, applier, recorder, blocked, clock });
  }

  /** Sees these tickets, claims all that is due and drives it to its end. */
  async run(ids: readonly number[], settings: PipelineSettings = SETTINGS): Promise<void> {
    const { journal } = this.bench;
    await journal.see(ids, 'poll', this.bench.now);
    const rows = await journal.claim(1_000, this.bench.now);
    for (const decided of await this.pipeline.decide(rows, settings))
      await this.pipeline.apply(decided, settings);
  }

  async row(id: number) {
    const row = await this.bench.journal.ticket(id);
    if (!row) throw new Error(`the journal does not know ticket ${id}`);
    return row;
  }

  async states(ids: readonly number[]): Promise<readonly string[]> {
    return Promise.all(ids.map(async (id) => (await this.row(id)).state));
  }
}
