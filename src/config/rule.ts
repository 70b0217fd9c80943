import { z } from 'zod';
import { isMapping } from './key-path.ts';
import {
  dynamicFieldName,
  evenIfWrong,
  fraction,
  key,
  mode,
  oneOrMore,
  pattern,
  text,
  znunyName,
} from './values.ts';

const names = (what: string) => oneOrMore(znunyName, what);
const patterns = oneOrMore(pattern, 'a regular expression');

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d';
const hours = z
  .string()
  .regex(
    new RegExp(`^(?:${DAY}(?:-${DAY})?(?:,${DAY}(?:-${DAY})?)* )?${TIME}-(?:${TIME}|24:00)$`),
    'must look like 08:00-17:00 or Mon-Fri 08:00-17:00',
  );

const when = z.strictObject({
  priority: key(names('a priority').optional(), 'Priority as the ticket came'),
  queue: key(names('a queue').optional(), 'Queue that the ticket came to'),
  language: key(
    oneOrMore(
      z.string().regex(/^[a-z]{2}$/, 'must be two small letters, as de or en'),
      'a language',
    ).optional(),
    'Language of the text, ISO 639-1',
  ),
  customer: key(patterns.optional(), 'Pattern of the customer user or the customer number'),
  sender: key(patterns.optional(), "Pattern of the first article's sender"),
  subject: key(patterns.optional(), 'Pattern of the subject'),
  body: key(patterns.optional(), 'Pattern of the cleaned text'),
  hours: key(
    oneOrMore(hours, 'a span').optional(),
    "When the ticket was created, in Znuny's time zone: 08:00-17:00 or Mon-Fri 08:00-17:00",
  ),
});

export const rule = z
  .strictObject({
    name: key(text.max(100).optional(), 'Name in logs, metrics and `explain`'),
    category: key(
      oneOrMore(text, 'a category').optional(),
      'Category or group of the model, one or a list; without it the rule fits every category',
    ),
    when: key(when.optional(), 'What else must be true of the ticket as it came'),
    min_confidence: key(fraction.optional(), 'Threshold of this rule instead of routing.min_confidence'),
    mode: key(mode.optional(), 'Stricter than the global mode for this rule; the stricter of both holds'),
    queue: key(znunyName.optional(), 'Move the ticket to this queue'),
    priority: key(znunyName.optional(), 'Set this priority'),
    state: key(znunyName.optional(), 'Set this state'),
    type: key(znunyName.optional(), 'Set this type'),
    service: key(znunyName.optional(), 'Set this service'),
    owner: key(znunyName.optional(), 'Login of the new owner'),
    responsible: key(znunyName.optional(), 'Login of the new responsible agent'),
    lock: key(z.enum(['lock', 'unlock']).optional(), 'Lock or unlock the ticket'),
    dynamic_fields: key(z.record(dynamicFieldName, text).optional(), 'Dynamic fields and their new values'),
    note: key(
      z.union([text, z.literal(false)], { error: 'expected a text, or false' }).optional(),
      'Own text of the internal note, or false for none',
    ),
    leave: key(z.boolean().optional(), 'Leave the ticket to people, untouched'),
    continue: key(
      z.boolean().default(false),
      'Add the other actions and go on; the queue is decided by a later rule',
    ),
  })
  .superRefine((value: unknown, context) => {
    if (!isMapping(value)) return;
    for (const { path, message } of contradictions(value)) {
      context.addIssue({ code: 'custom', path, message });
    }
  }, evenIfWrong);

export type Rule = z.output<typeof rule>;

const CHANGES = [
  'queue',
  'priority',
  'state',
  'type',
  'service',
  'owner',
  'responsible',
  'lock',
  'dynamic_fields',
  'note',
];

type Contradiction = { readonly path: string[]; readonly message: string };

function contradictions(value: Record<string, unknown>): Contradiction[] {
  const changes = CHANGES.filter((action) => value[action] !== undefined);
  const leaves = value.leave === true;
  const goesOn = value.continue === true;
  const found: Contradiction[] = [];
  if (changes.length === 0 && !leaves) {
    found.push({ path: [], message: `does nothing: give it one of ${CHANGES.join(', ')}, or leave: true` });
  }
  if (leaves && changes.length > 0) {
    found.push({
      path: ['leave'],
      message: `contradicts ${changes.join(', ')}: a ticket that is left stays untouched`,
    });
  }
  if (leaves && goesOn) {
    found.push({ path: ['continue'], message: 'contradicts leave: true, which ends the decision' });
  }
  if (goesOn && value.queue !== undefined) {
    found.push({
      path: ['continue'],
      message: 'contradicts queue: only a rule that does not go on decides the queue',
    });
  }
  return found;
}

/** The name in logs and metrics: its own, or its place and its categories: `#2 Billing`. */
export function ruleName(
  value: { readonly name?: unknown; readonly category?: unknown },
  index: number,
): string {
  if (typeof value.name === 'string') return value.name;
  const categories = [value.category ?? 'any'].flat().filter((category) => typeof category === 'string');
  return `#${index + 1} ${categories.join(', ')}`;
}
