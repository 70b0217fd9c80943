import type { Manifest } from '../classify/manifest.ts';
import { cheapestFirst, type PriorityCosts } from '../classify/priority-cost.ts';
import type { Labels } from './branches.ts';
import {
  auroc,
  calibrationError,
  chooseThreshold,
  type Judged,
  type Operating,
  operatingPoint,
  thresholdOfWorlds,
} from './calibrate.ts';
import { accuracy, type ClassFigures, judge, macroF1, perClass } from './figures.ts';
import { priorityCosts, quadraticKappa } from './ordinal.ts';
import type { Category } from './seeds.ts';
import type { Evidence } from './train.ts';

/** Promised to the operator: the precision at the shipped threshold, which so many of the worlds reach. */
const promised = 0.95;
const ofWorlds = 0.75;
/** A priority is raised only where it is more probable than not. */
const leastSure = 0.5;
/** how sure the model must be that a ticket is at least as urgent as it says, before it raises a priority */
const askedPriority = 0.9;
/** the share of genuine tickets that may be called unknown */
const falseAlarms = 0.02;
/** a missed "5 very high" costs so many times what another error of that size does */
export const missedHighest = 2;

export type CategoryFigures = {
  readonly tickets: number;
  readonly accuracy: number;
  readonly firstTwo: number;
  readonly macroF1: number;
  readonly calibrationError: number;
  readonly classes: readonly ClassFigures[];
};

export type GroupFigures = {
  readonly accuracy: number;
  readonly calibrationError: number;
  readonly operating: Operating;
};

export type PriorityFigures = {
  readonly accuracy: number;
  /** accuracy of always saying the most frequent one */
  readonly majority: number;
  readonly kappa: number;
  readonly classes: readonly ClassFigures[];
};

const own = (n: number) => Array.from({ length: n }, (_, i) => i);

export function categoryFigures(scores: readonly Float64Array[], labels: readonly number[]): CategoryFigures {
  const count = scores[0]?.length ?? 0;
  const judged = judge(scores, labels, own(count));
  const classes = perClass(scores, labels, count);
  const among = scores.filter((row, i) => {
    const mine = row[labels[i] ?? 0] ?? 0;
    return row.filter((v) => v > mine).length < 2;
  });
  return {
    tickets: scores.length,
    accuracy: accuracy(judged),
    firstTwo: among.length / scores.length,
    macroF1: macroF1(classes),
    calibrationError: calibrationError(judged),
    classes,
  };
}

/** Whether the most probable group was right: probabilities of its categories summed. */
export function judgeGroups(
  scores: readonly Float64Array[],
  labels: readonly number[],
  categories: readonly Category[],
): Judged[] {
  const groups = [...new Set(categories.map((c) => c.group))];
  return judge(
    scores,
    labels,
    categories.map((c) => groups.indexOf(c.group)),
  );
}

export function groupFigures(judged: readonly Judged[], threshold: number): GroupFigures {
  return {
    accuracy: accuracy(judged),
    calibrationError: calibrationError(judged),
    operating: operatingPoint(judged, threshold),
  };
}

/** `probabilities`: of the levels, low → high. */
export function priorityFigures(
  probabilities: readonly Float64Array[],
  labels: readonly number[],
  costs: PriorityCosts,
): PriorityFigures {
  return levelFigures(
    probabilities.map((row) => cheapestFirst(row, costs)[0] ?? 0),
    labels,
    costs.length,
  );
}

/** `chosen` and `labels`: numbers of levels, low → high. */
export function levelFigures(
  chosen: readonly number[],
  labels: readonly number[],
  levels: number,
): PriorityFigures {
  const counts = own(levels).map((level) => labels.filter((label) => label === level).length);
  return {
    accuracy: chosen.filter((level, i) => level === labels[i]).length / labels.length,
    majority: Math.max(...counts) / labels.length,
    kappa: quadraticKappa(chosen, labels, levels),
    classes: perClass(
      chosen.map((level) => Float64Array.from({ length: levels }, (_, k) => (k === level ? 1 : 0))),
      labels,
      levels,
    ),
  };
}

/** Where the model would raise: the probability of at least the chosen level, and whether that was true. */
function judgeRaises(
  probabilities: readonly Float64Array[],
  labels: readonly number[],
  costs: PriorityCosts,
  normal: number,
): Judged[] {
  return probabilities.flatMap((row, i): Judged[] => {
    const chosen = cheapestFirst(row, costs)[0] ?? 0;
    if (chosen <= normal) return [];
    const probability = row.slice(chosen).reduce((a, b) => a + b, 0);
    return [{ probability, right: (labels[i] ?? 0) >= chosen }];
  });
}

function threshold(judged: readonly Judged[], precision: number): Operating {
  return chooseThreshold(judged, precision) ?? operatingPoint(judged, 1);
}

/** The lowest score, in hundredths, that no more than a share of the known texts reaches. */
function unknownThreshold(known: readonly number[], share: number): number {
  let lowest = 1;
  for (let hundredths = 99; hundredths > 0; hundredths--) {
    if (known.filter((score) => score >= hundredths / 100).length > share * known.length) break;
    lowest = hundredths / 100;
  }
  return lowest;
}

/** Everything that worlds left out say: the build prints it, thresholds come from it. */
export type Figures = {
  readonly worlds: number;
  readonly category: CategoryFigures;
  readonly encoderOnly: number;
  readonly lexicalOnly: number;
  /** macro-F1 of each world, by a model that never saw it */
  readonly worldF1: readonly { readonly world: string; readonly macroF1: number }[];
  readonly group: GroupFigures;
  readonly priority: PriorityFigures;
  readonly raises: Operating;
  readonly unknownTexts: number;
  readonly unknownAuroc: number;
  readonly unknownFlagged: number;
  readonly knownFlagged: number;
};

export type Decisions = {
  readonly thresholds: Manifest['thresholds'];
  readonly costs: PriorityCosts;
};

/** Figures, thresholds and costs from what worlds left out say. */
export function evaluate(
  evidence: Evidence,
  labels: readonly Labels[],
  categories: readonly Category[],
  priorities: readonly string[],
): { figures: Figures; decisions: Decisions } {
  const category = labels.map((label) => label.category);
  const priority = labels.map((label) => label.priority);
  const grouped = judgeGroups(evidence.category, category, categories);
  const world = labels.map((label) => label.world);
  const operating = operatingPoint(grouped, thresholdOfWorlds(grouped, world, promised, ofWorlds));
  const costs = priorityCosts(priorities.length, missedHighest);
  const raised = judgeRaises(evidence.priority, priority, costs, priorities.indexOf('3 normal'));
  const raises = operatingPoint(raised, Math.max(leastSure, threshold(raised, askedPriority).threshold));
  const unknown = unknownThreshold(evidence.knownScores, falseAlarms);
  const flagged = (scores: readonly number[]) =>
    scores.filter((s) => s >= unknown).length / Math.max(scores.length, 1);
  const worlds = [...new Set(labels.map((label) => label.world))];
  const within = (world: string) => [...labels.keys()].filter((i) => labels[i]?.world === world);
  const figures: Figures = {
    worlds: worlds.length,
    category: categoryFigures(evidence.category, category),
    encoderOnly: accuracy(judge(evidence.encoderOnly, category, own(categories.length))),
    lexicalOnly: accuracy(judge(evidence.lexicalOnly, category, own(categories.length))),
    worldF1: worlds.map((world) => {
      const at = within(world);
      const scores = at.flatMap((i) => evidence.category[i] ?? []);
      return {
        world,
        macroF1: categoryFigures(
          scores,
          at.map((i) => category[i] ?? 0),
        ).macroF1,
      };
    }),
    group: groupFigures(grouped, operating.threshold),
    priority: priorityFigures(evidence.priority, priority, costs),
    raises,
    unknownTexts: evidence.unknownScores.length,
    unknownAuroc: auroc(evidence.unknownScores, evidence.knownScores),
    unknownFlagged: flagged(evidence.unknownScores),
    knownFlagged: flagged(evidence.knownScores),
  };
  const thresholds = { category: operating.threshold, priority: raises.threshold, unknown };
  return { figures, decisions: { thresholds, costs } };
}
