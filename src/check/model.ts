import type { Classifier, ModelInfo } from '../classify/classifier.ts';
import type { LoadedConfig } from '../config/load.ts';
import { buildClassifier } from '../wiring/parts.ts';
import { type Finding, findingsOf } from './finding.ts';

const model = findingsOf('model');

/** Located, complete, unchanged, loads, names. The classifier runs afterwards; null where it cannot. */
export async function checkModel(loaded: LoadedConfig): Promise<{
  readonly classifier: Classifier | null;
  readonly findings: readonly Finding[];
}> {
  const where = loaded.position(['model', 'model_name']);
  try {
    const classifier = await buildClassifier(loaded);
    await classifier.start();
    return { classifier, findings: describe(classifier.info, loaded) };
  } catch (error) {
    return { classifier: null, findings: [model.failed(where, error)] };
  }
}

function describe(info: ModelInfo, { config, position }: LoadedConfig): readonly Finding[] {
  const findings = [
    model.ok(info.name, `loads from ${info.directory}, sha256 ${info.hash.slice(0, 12)}`),
    model.ok('labels', labels(info)),
  ];
  const chosen = config.routing.min_confidence;
  if (!info.calibrated) {
    const hint =
      'Read a week of decisions in mode observe before you trust it, or use a model with triaged.json.';
    const threshold = chosen ?? '0.8';
    const what = `not calibrated (no triaged.json): its probabilities and the threshold ${threshold} prove nothing`;
    findings.push(model.warning(info.name, what, hint));
  } else {
    const whose =
      chosen === undefined ? "the model's own, for 95 % precision" : position(['routing', 'min_confidence']);
    const value = chosen ?? info.threshold;
    if (value !== null) findings.push(model.ok('threshold', `${value} (${whose})`));
  }
  return findings;
}

function labels(info: ModelInfo): string {
  const groups = new Set(info.categories.map(({ group }) => group)).size;
  const priorities =
    info.priorities.length === 0
      ? 'it judges no priority'
      : `${info.priorities.length} priorities: ${info.priorities.join(', ')}`;
  const names = info.categories.map(({ name }) => name).join(', ');
  return `${info.categories.length} categories in ${groups} groups: ${names}; ${priorities}`;
}
