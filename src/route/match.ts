import type { CleanText, Ticket } from '../ticket.ts';
import { type WallClock, within } from './hours.ts';
import { type CompiledRule, PATTERN_KEYS, type PatternKey } from './rule.ts';

/** A ticket as it came, as far as rules look at it. */
export type RoutedTicket = {
  readonly ticket: Ticket;
  readonly text: CleanText;
  /** From of the article that was read */
  readonly sender: string;
};

/** `why` is made of keys, names of the configuration and numbers, never of ticket text. */
export type Match = { readonly matched: boolean; readonly why: string };

/** Does the `when` of a rule hold? The first condition that fails is told. */
export function matchWhen(rule: CompiledRule, input: RoutedTicket, clock: WallClock): Match {
  const { when } = rule.options;
  const { ticket, text } = input;
  const told: string[] = [];
  for (const [key, value] of [
    ['priority', ticket.priority],
    ['queue', ticket.queue],
    ['language', text.language],
  ] as const) {
    const wanted = when[key];
    if (wanted === undefined) continue;
    if (value === null || !wanted.includes(value)) return fails(`${key} is ${value ?? 'not known'}`);
    told.push(`${key} is ${value}`);
  }
  const texts: Record<PatternKey, readonly string[]> = {
    customer: [ticket.customerUser, ticket.customerId],
    sender: [input.sender],
    // the title still has what cleaning takes away, such as [EXTERN]
    subject: [text.subject, ticket.title],
    body: [text.body],
  };
  for (const key of PATTERN_KEYS) {
    const patterns = rule.patterns[key];
    if (patterns.length === 0) continue;
    if (!patterns.some((pattern) => texts[key].some((value) => pattern.matcher(value).find()))) {
      return fails(`${key} does not match`);
    }
    told.push(`${key} matches`);
  }
  if (rule.hours.length > 0) {
    const at = clock(ticket.createdAt);
    if (!rule.hours.some((span) => within(span, at))) return fails('created outside these hours');
    told.push('created in these hours');
  }
  return { matched: true, why: told.join(', ') };
}

function fails(why: string): Match {
  return { matched: false, why };
}
