import type { Classifier } from '../classify/classifier.ts';
import type { LoadOptions } from '../config/load.ts';
import { fromConfigFolder } from '../wiring/live.ts';
import { checkFile } from './file.ts';
import { type Finding, type Report, report } from './finding.ts';
import { checkJournal } from './journal.ts';
import { checkModel } from './model.ts';
import { checkRules } from './rules.ts';
import { checkZnuny } from './znuny.ts';

export type CheckOptions = LoadOptions & {
  /** Znuny is not asked */
  readonly offline: boolean;
  readonly strict: boolean;
  /** epoch ms */
  readonly clock: () => number;
};

/** File, model and rules, journal, Znuny: everything that would stand in the way of a start, told at once. */
export async function check(options: CheckOptions): Promise<Report> {
  const findings: Finding[] = [];
  const file = checkFile(options);
  findings.push(...file.findings);
  if (!file.loaded) return report(findings, options.strict);
  const { loaded } = file;

  let classifier: Classifier | null = null;
  try {
    const model = await checkModel(loaded);
    classifier = model.classifier;
    findings.push(...model.findings);
    if (classifier) findings.push(...(await checkRules(loaded, classifier, options.clock())));
  } finally {
    await classifier?.stop();
  }
  findings.push(...(await checkJournal(fromConfigFolder(loaded, loaded.config.journal.path))));
  if (!options.offline) {
    findings.push(...(await checkZnuny(loaded, classifier?.info ?? null, options.clock())));
  }
  return report(findings, options.strict);
}
