import { join, resolve } from 'node:path';
import type { SettleSettings } from '../apply/settle.ts';
import type { ModelInfo } from '../classify/classifier.ts';
import type { ModelPlaces } from '../classify/locate-model.ts';
import { lookbackHours, sourceQueues } from '../config/derived.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { PollOptions } from '../intake/poll.ts';
import type { PipelineSettings } from '../pipeline.ts';
import { compileRouting } from './routing.ts';

const HOUR_MS = 3_600_000;

/** Everything that a reload replaces, made from one configuration: swapped as a whole or not at all. */
export type Live = {
  readonly loaded: LoadedConfig;
  readonly settings: PipelineSettings & SettleSettings;
  readonly poll: PollOptions & { readonly notBefore: number };
  readonly pollIntervalMs: number;
};

export type Tempo = {
  /** waits after own failures of a ticket, ms */
  readonly retryDelaysMs: readonly number[];
  readonly znunyDelayMs: number;
  readonly configDelayMs: number;
};

export const USUAL_TEMPO: Tempo = {
  retryDelaysMs: [10_000, 60_000],
  znunyDelayMs: 15_000,
  configDelayMs: 600_000,
};

/** Throws ConfigError where the rules do not fit the model. */
export function makeLive(
  loaded: LoadedConfig,
  facts: {
    readonly model: ModelInfo;
    readonly ownUserId: number;
    readonly firstStart: number;
    readonly tempo: Tempo;
  },
): Live {
  const { config } = loaded;
  const notBefore = facts.firstStart - lookbackHours(config) * HOUR_MS;
  const place = {
    queues: sourceQueues(config),
    subQueues: config.intake.sub_queues,
    states: config.intake.states,
    notBefore,
  };
  return {
    loaded,
    poll: place,
    pollIntervalMs: config.intake.poll.interval_seconds * 1_000,
    settings: {
      ...facts.tempo,
      maxAttempts: 3,
      maxSends: 3,
      guard: {
        ownUserId: facts.ownUserId,
        sourceQueues: place.queues,
        subQueues: place.subQueues,
        states: place.states,
        portalUsers: config.intake.portal_users,
        notBefore,
      },
      ownUserId: facts.ownUserId,
      settleMs: config.connector.settle_seconds * 1_000,
      maxChangesPerHour: config.routing.max_changes_per_hour,
      routing: compileRouting(config, facts.model),
      note: {
        enabled: config.note.enabled,
        language: config.note.language,
        template: config.note.template ?? null,
      },
      fields: Object.keys(config.fields).length > 0 ? config.fields : null,
      configHash: loaded.hash,
    },
  };
}

/** Paths in the file are relative to its folder, not to where the program was started. */
export function fromConfigFolder(loaded: LoadedConfig, path: string): string {
  return resolve(loaded.directory, path);
}

/** `section`: the configuration's folder, and its section `model`. */
export function modelPlaces(section: {
  readonly directory: string;
  readonly model: { readonly directory?: string | undefined };
}): ModelPlaces {
  const { directory } = section.model;
  return {
    configDirectory: section.directory,
    ...(directory === undefined ? {} : { modelDirectory: directory }),
    // the same place from src/daemon and from dist/daemon
    shippedDirectory: join(import.meta.dirname, '..', '..', 'models', 'shipped'),
  };
}
