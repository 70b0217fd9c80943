import type { ModelInfo } from '../classify/classifier.ts';

/** What stands where an administrator has to put a queue; `triaged check` finds each that is left. */
const QUEUE = 'QUEUE';

/**
 * The part of config.yaml that uses this model: its labels with their own names, its groups, and one rule a
 * category. Texts are written as JSON writes them, which YAML reads: no label can break out of its quotes.
 */
export function configStub(name: string, categories: ModelInfo['categories']): string {
  const names = categories.map((category) => category.name);
  const groups = Map.groupBy(categories, ({ group }) => group);
  return [
    'model:',
    '  provider: hf-local',
    `  model_name: ${value(name)}`,
    "  labels: # the model's label: the name that rules, notes and reports use",
    ...names.map((label) => `    ${key(label)}: ${value(label)}`),
    '  groups: # a rule may name a group instead of each category',
    ...[...groups].map(
      ([group, members]) => `    ${key(group)}: [${members.map((member) => value(member.name)).join(', ')}]`,
    ),
    '',
    'routing:',
    `  # default_queue: ${value('Unclassified')} # what the model is not sure of; without it such tickets stay`,
    `  rules: # put your queues in place of ${QUEUE}`,
    ...names.map((label) => `    - {category: ${value(label)}, queue: ${QUEUE}}`),
  ].join('\n');
}

/** Characters that a terminal obeys or that nobody sees: written as escapes. */
const UNSEEN = /[\u007F-\u00A0\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/g;

function key(text: string): string {
  return JSON.stringify(text).replace(
    UNSEEN,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** In a value, not in a key, `${` asks for a variable. */
function value(text: string): string {
  return key(text).replaceAll('${', () => '$${');
}
