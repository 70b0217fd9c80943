import type { ModelInfo } from '../classify/classifier.ts';
import { sourceQueues } from '../config/derived.ts';
import type { KeyPath } from '../config/key-path.ts';
import type { LoadedConfig } from '../config/load.ts';

/** What the configuration calls by a name that only Znuny can confirm. */
export type NameKind =
  | 'Queue'
  | 'State'
  | 'Priority'
  | 'Type'
  | 'Service'
  | 'Owner'
  | 'Responsible'
  | 'DynamicField';

/** source: tickets are taken from there; target: put there; condition: only compared; optional: a default of ours */
export type NameUse = 'source' | 'target' | 'condition' | 'optional';

export type UsedName = {
  readonly kind: NameKind;
  readonly name: string;
  /** of a dynamic field: a value that triage would write */
  readonly value?: string;
  readonly uses: ReadonlySet<NameUse>;
  /** first place in the file */
  readonly where: string;
};

/** Every such name once, in the order of the file's sections. */
export function usedNames(loaded: LoadedConfig, model: ModelInfo | null): readonly UsedName[] {
  const { config, position } = loaded;
  const { intake, routing, fields } = config;
  const names = new Map<string, UsedName>();
  const add = (kind: NameKind, name: string, use: NameUse, path: KeyPath, value?: string) => {
    const key = JSON.stringify([kind, name, value]);
    const known = names.get(key);
    const uses = new Set([...(known?.uses ?? []), use]);
    const where = known?.where ?? position(path);
    names.set(key, { kind, name, uses, where, ...(value === undefined ? {} : { value }) });
  };

  for (const [index, queue] of sourceQueues(config).entries()) {
    if (intake.queues) add('Queue', queue, 'source', ['intake', 'queues', index]);
    else if (queue === routing.default_queue) add('Queue', queue, 'source', ['routing', 'default_queue']);
    else add('Queue', queue, 'optional', ['intake', 'queues']);
  }
  if (routing.default_queue !== undefined) {
    add('Queue', routing.default_queue, 'target', ['routing', 'default_queue']);
  }
  for (const [index, state] of intake.states.entries())
    add('State', state, 'condition', ['intake', 'states', index]);
  for (const [index, login] of intake.portal_users.entries()) {
    // an id may stand there too, which needs no proof
    if (!/^\d+$/.test(login)) add('Owner', login, 'condition', ['intake', 'portal_users', index]);
  }
  add('Priority', routing.default_priority, 'condition', ['routing', 'default_priority']);
  for (const priority of raisedTo(model?.priorities ?? [], routing)) {
    add('Priority', priority, 'target', ['routing', 'max_priority']);
  }
  for (const [index, rule] of routing.rules.entries()) {
    const at = (...path: KeyPath) => ['routing', 'rules', index, ...path];
    for (const [key, kind] of FIELDS) {
      const name = rule[key];
      if (name !== undefined) add(kind, name, 'target', at(key));
    }
    for (const queue of rule.when?.queue ?? []) add('Queue', queue, 'condition', at('when', 'queue'));
    for (const priority of rule.when?.priority ?? [])
      add('Priority', priority, 'condition', at('when', 'priority'));
    for (const [name, value] of Object.entries(rule.dynamic_fields ?? {})) {
      add('DynamicField', name, 'target', at('dynamic_fields', name), value);
    }
  }
  const samples = {
    category: model?.categories[0]?.name ?? 'Network',
    probability: '0.950',
    status: 'rule',
    model: model?.name ?? config.model.model_name,
  };
  for (const key of ['category', 'probability', 'status', 'model'] as const) {
    const name = fields[key];
    if (name !== undefined) add('DynamicField', name, 'target', ['fields', key], samples[key]);
  }
  return [...names.values()];
}

/** What the model alone may set: it raises from the default to the maximum, in its own order. */
function raisedTo(
  priorities: readonly string[],
  limits: { readonly default_priority: string; readonly max_priority: string },
): readonly string[] {
  const lowest = priorities.indexOf(limits.default_priority);
  return lowest < 0 ? [] : priorities.slice(lowest + 1, priorities.indexOf(limits.max_priority) + 1);
}

const FIELDS = [
  ['queue', 'Queue'],
  ['priority', 'Priority'],
  ['state', 'State'],
  ['type', 'Type'],
  ['service', 'Service'],
  ['owner', 'Owner'],
  ['responsible', 'Responsible'],
] as const satisfies readonly (readonly [string, NameKind])[];
