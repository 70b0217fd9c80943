import { z } from 'zod';
import { isMapping } from './key-path.ts';
import { rule, ruleName } from './rule.ts';
import { evenIfWrong, fraction, key, text, znunyName } from './values.ts';

const expectation = z
  .strictObject({
    queue: key(znunyName.optional(), 'Queue that the ticket must get'),
    priority: key(znunyName.optional(), 'Priority that the ticket must get'),
  })
  .superRefine((value, context) => {
    if (value.queue !== undefined || value.priority !== undefined) return;
    context.addIssue({ code: 'custom', message: 'expects nothing: give it queue or priority' });
  }, evenIfWrong);

const test = z
  .strictObject({
    name: key(text.optional(), 'Name in the report of `triaged check`'),
    subject: key(text.optional(), 'Subject of the ticket'),
    body: key(text.optional(), 'Text of the ticket'),
    expect: key(expectation, 'What the decision must be'),
  })
  .superRefine((value, context) => {
    if (value.subject !== undefined || value.body !== undefined) return;
    context.addIssue({ code: 'custom', message: 'has no ticket: give it subject or body' });
  }, evenIfWrong);

const rules = z.array(rule).superRefine((list: unknown, context) => {
  if (!Array.isArray(list)) return;
  const seen = new Map<string, number>();
  for (const [index, entry] of list.entries()) {
    if (!isMapping(entry)) continue;
    const name = ruleName(entry, index);
    const first = seen.get(name);
    if (first === undefined) seen.set(name, index);
    else {
      const message = `is the name of rule ${first + 1} already: logs and metrics could not tell them apart`;
      context.addIssue({ code: 'custom', path: [index, 'name'], message });
    }
  }
}, evenIfWrong);

export const routing = z.strictObject({
  default_queue: key(
    znunyName.optional(),
    'Where tickets go that are below the threshold or fit no rule; without it they stay where they are',
  ),
  default_priority: key(
    znunyName.default('3 normal'),
    'The priority that your Znuny gives a ticket when nobody chose one; the model alone changes no other',
  ),
  min_confidence: key(
    fraction.optional(),
    "Least probability of an outcome. Default: the model's own threshold for 95 % precision, else 0.8",
  ),
  min_priority_confidence: key(
    fraction.default(0.7),
    'Least probability for a priority from the model alone',
  ),
  max_priority: key(
    znunyName.default('4 high'),
    'The highest priority that the model alone may set; a rule may set more',
  ),
  max_changes_per_hour: key(
    z.int().min(0).max(1_000_000).default(300),
    'Brake: tickets above this wait; 0 = no limit',
  ),
  rules: key(rules.default([]), 'First match per category wins'),
  tests: key(z.array(test).default([]), 'Ticket texts and what must become of them, run by `triaged check`'),
});
