import { RE2JS } from 're2js';
import { ConfigError } from '../errors.ts';
import type { Fields, Mode } from '../ticket.ts';
import { type CategoryNames, categoriesNamed, unknownCategory } from './category-names.ts';
import { type HourSpan, parseHours, type WallClock, wallClock } from './hours.ts';

/** What must be true of the ticket as it came: every key given, one value of each. */
export type WhenOptions = {
  readonly priority?: readonly string[] | undefined;
  readonly queue?: readonly string[] | undefined;
  /** ISO 639-1 */
  readonly language?: readonly string[] | undefined;
  /** RE2 patterns, found anywhere, in any case; `customer` is tried on customer user and customer number */
  readonly customer?: readonly string[] | undefined;
  readonly sender?: readonly string[] | undefined;
  readonly subject?: readonly string[] | undefined;
  readonly body?: readonly string[] | undefined;
  /** creation time: `08:00-17:00`, `Mon-Fri 08:00-17:00` */
  readonly hours?: readonly string[] | undefined;
};

export type RuleOptions = {
  readonly name: string;
  /** names or groups of categories; empty = the rule needs no model and fits every ticket, also an unknown one */
  readonly categories: readonly string[];
  readonly when: WhenOptions;
  readonly minConfidence?: number;
  readonly mode?: Mode;
  readonly fields: Fields;
  readonly dynamicFields: Readonly<Record<string, string>>;
  /** own text of the note; false = none */
  readonly note?: string | false;
  readonly leave: boolean;
  /** adds its fields to what another rule decides; never decides itself */
  readonly continue: boolean;
};

export type RoutingOptions = {
  readonly rules: readonly RuleOptions[];
  /** null = tickets without a decision stay where they are */
  readonly defaultQueue: string | null;
  /** Znuny's default: the model alone changes no other priority */
  readonly defaultPriority: string;
  readonly minConfidence: number;
  readonly minPriorityConfidence: number;
  /** the most that the model alone may set; null = it sets none */
  readonly maxPriority: string | null;
  /** Znuny's names, low → high; empty where the model judges no priority */
  readonly priorities: readonly string[];
  readonly mode: Mode;
  /** IANA name, for `hours` */
  readonly timeZone: string;
};

export const PATTERN_KEYS = ['customer', 'sender', 'subject', 'body'] as const;
export type PatternKey = (typeof PATTERN_KEYS)[number];

export type CompiledRule = {
  readonly options: RuleOptions;
  /** names of the model's categories; null = all */
  readonly categories: ReadonlySet<string> | null;
  readonly patterns: Readonly<Record<PatternKey, readonly RE2JS[]>>;
  readonly hours: readonly HourSpan[];
};

/** Rules that fit the model, ready to decide. */
export type Routing = {
  readonly options: RoutingOptions;
  readonly rules: readonly CompiledRule[];
  readonly wallClock: WallClock;
};

const LONGEST_PATTERN = 1_000;

/** Throws ConfigError `E_CONFIG` that names the rule and the mistake. */
export function compileRules(
  options: RoutingOptions,
  model: { readonly categories: CategoryNames },
): Routing {
  return {
    options,
    rules: options.rules.map((rule) => compileRule(rule, model.categories)),
    wallClock: zoneClock(options.timeZone),
  };
}

export function compileRule(options: RuleOptions, model: CategoryNames): CompiledRule {
  return {
    options,
    categories: options.categories.length === 0 ? null : resolveCategories(options, model),
    patterns: {
      customer: compilePatterns(options, 'customer'),
      sender: compilePatterns(options, 'sender'),
      subject: compilePatterns(options, 'subject'),
      body: compilePatterns(options, 'body'),
    },
    hours: (options.when.hours ?? []).map((text) => {
      const span = parseHours(text);
      if (span) return span;
      throw mistake(
        options,
        `when.hours "${text}" is no span of time`,
        'Write 08:00-17:00 or Mon-Fri 08:00-17:00.',
      );
    }),
  };
}

function resolveCategories(rule: RuleOptions, model: CategoryNames): ReadonlySet<string> {
  const resolved = new Set<string>();
  for (const word of rule.categories) {
    const names = categoriesNamed(word, model);
    if (names.length === 0) {
      const { message, hint } = unknownCategory(word, model);
      throw mistake(rule, message, hint);
    }
    for (const name of names) resolved.add(name);
  }
  return resolved;
}

function compilePatterns(rule: RuleOptions, key: PatternKey): RE2JS[] {
  return (rule.when[key] ?? []).map((source) => {
    if (source.length === 0)
      throw mistake(rule, `when.${key} is an empty pattern`, 'It would match every ticket.');
    if (source.length > LONGEST_PATTERN) {
      throw mistake(rule, `when.${key} has more than ${LONGEST_PATTERN} characters`, 'Make two rules of it.');
    }
    try {
      // linear in time: no pattern can stall the daemon, whatever a customer writes
      return RE2JS.compile(source, RE2JS.CASE_INSENSITIVE | RE2JS.MULTILINE);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw mistake(
        rule,
        `when.${key} is no regular expression of RE2: ${reason}`,
        'RE2 has no look-around and no back-references.',
      );
    }
  });
}

function zoneClock(timeZone: string): WallClock {
  try {
    return wallClock(timeZone);
  } catch (cause) {
    throw new ConfigError('E_CONFIG', `there is no time zone "${timeZone}"`, {
      hint: 'Write an IANA name as Europe/Berlin.',
      cause,
    });
  }
}

function mistake(rule: RuleOptions, message: string, hint: string): ConfigError {
  return new ConfigError('E_CONFIG', `rule "${rule.name}": ${message}`, { hint });
}
