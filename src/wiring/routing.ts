import type { ModelInfo } from '../classify/classifier.ts';
import { type Rule, ruleName } from '../config/rule.ts';
import type { Config } from '../config/schema.ts';
import { compileRules, type Routing, type RoutingOptions, type RuleOptions } from '../route/rule.ts';
import type { FieldName } from '../ticket.ts';

/** Where neither the file nor the model says how sure is sure enough. */
const UNCALIBRATED_THRESHOLD = 0.8;

/** The rules of the file, ready to decide. Throws ConfigError where one does not fit the model. */
export function compileRouting(
  config: Config,
  model: Pick<ModelInfo, 'categories' | 'priorities' | 'threshold'>,
): Routing {
  return compileRules(routingOptions(config, model), model);
}

/** The file's section in the words of route/; `check` and `explain` use it too. */
export function routingOptions(
  config: Config,
  model: Pick<ModelInfo, 'priorities' | 'threshold'>,
): RoutingOptions {
  const { routing } = config;
  return {
    rules: routing.rules.map(ruleOptions),
    defaultQueue: routing.default_queue ?? null,
    defaultPriority: routing.default_priority,
    minConfidence: routing.min_confidence ?? model.threshold ?? UNCALIBRATED_THRESHOLD,
    minPriorityConfidence: routing.min_priority_confidence,
    maxPriority: routing.max_priority,
    priorities: model.priorities,
    mode: config.mode,
    timeZone: config.connector.time_zone ?? 'UTC',
  };
}

const FIELD_KEYS = {
  queue: 'Queue',
  priority: 'Priority',
  state: 'State',
  type: 'Type',
  service: 'Service',
  owner: 'Owner',
  responsible: 'Responsible',
  lock: 'Lock',
} as const satisfies Partial<Record<keyof Rule, FieldName>>;

function ruleOptions(rule: Rule, index: number): RuleOptions {
  const fields = Object.entries(FIELD_KEYS).flatMap(([key, name]) => {
    const value = rule[key as keyof typeof FIELD_KEYS];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    name: ruleName(rule, index),
    categories: rule.category ?? [],
    when: rule.when ?? {},
    fields: Object.fromEntries(fields),
    dynamicFields: rule.dynamic_fields ?? {},
    leave: rule.leave ?? false,
    continue: rule.continue,
    ...(rule.min_confidence === undefined ? {} : { minConfidence: rule.min_confidence }),
    ...(rule.mode === undefined ? {} : { mode: rule.mode }),
    ...(rule.note === undefined ? {} : { note: rule.note }),
  };
}
