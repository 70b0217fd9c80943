import type { Classifier } from '../classify/classifier.ts';
import { sourceQueues } from '../config/derived.ts';
import type { LoadedConfig } from '../config/load.ts';
import { ruleName } from '../config/rule.ts';
import { isKnownError } from '../errors.ts';
import { judge } from '../explain.ts';
import { lintRules } from '../route/lint.ts';
import { compileRules, type Routing } from '../route/rule.ts';
import { percent, printable } from '../text/printable.ts';
import { routingOptions } from '../wiring/routing.ts';
import { type Finding, findingsOf } from './finding.ts';
import { imaginedTicket } from './imagined-ticket.ts';

const rules = findingsOf('model');

/** The rules against the model, and `routing.tests` run through cleaning, model and rules. */
export async function checkRules(
  loaded: LoadedConfig,
  classifier: Classifier,
  now: number,
): Promise<readonly Finding[]> {
  const { config, position } = loaded;
  const options = routingOptions(config, classifier.info);
  const findings = lintRules(options, classifier.info).map((finding) => {
    const index = config.routing.rules.findIndex((rule, at) => ruleName(rule, at) === finding.rule);
    const where = position(index < 0 ? ['routing'] : ['routing', 'rules', index]);
    // A default queue is what people set for just these.
    const meant = finding.code === 'uncovered-category' && options.defaultQueue !== null;
    return rules[meant ? 'ok' : finding.severity](where, finding.message);
  });
  if (findings.every(({ severity }) => severity === 'ok')) {
    const count = config.routing.rules.length;
    findings.push(rules.ok('rules', `${count === 1 ? '1 rule fits' : `${count} rules fit`} the model`));
  }
  let routing: Routing;
  try {
    routing = compileRules(options, classifier.info);
  } catch (error) {
    // lintRules has told it, with its rule
    if (isKnownError(error)) return findings;
    throw error;
  }
  return [...findings, ...(await runTests(loaded, { classifier, routing }, now))];
}

type Parts = { readonly classifier: Classifier; readonly routing: Routing };

async function runTests(loaded: LoadedConfig, parts: Parts, now: number): Promise<readonly Finding[]> {
  const { config } = loaded;
  const findings: Finding[] = [];
  for (const [index, test] of config.routing.tests.entries()) {
    const where = loaded.position(['routing', 'tests', index]);
    const name = test.name ?? `test ${index + 1}`;
    const [queue = ''] = sourceQueues(config);
    const { subject = '', body = '', expect } = test;
    const priority = config.routing.default_priority;
    const ticket = imaginedTicket({ subject, body, queue, priority, from: '', now });
    try {
      const { decision } = await judge(ticket, parts);
      const got = {
        queue: decision.fields.Queue ?? queue,
        priority: decision.fields.Priority ?? priority,
      };
      const why = `${decision.reason}, ${decision.category} ${percent(decision.probability)}`;
      const misses = (['queue', 'priority'] as const).filter(
        (key) => expect[key] !== undefined && expect[key] !== got[key],
      );
      const told = misses.map((key) => `${key} is ${got[key]}, expected ${expect[key]}`);
      findings.push(
        misses.length === 0
          ? rules.ok(name, `${got.queue}, ${got.priority} (${why})`)
          : rules.error(
              where,
              printable(`test "${name}" fails: ${told.join('; ')} (${why})`),
              'See why with triaged explain --subject … --body ….',
            ),
      );
    } catch (error) {
      findings.push(rules.failed(where, error));
    }
  }
  return findings;
}
