import type { Pin } from '../classify/pin.ts';
import type { Brought } from '../models/add.ts';
import type { ListedModel } from '../models/list.ts';
import { configStub } from '../models/stub.ts';
import type { Verdict } from '../models/verify.ts';
import { percent, printable } from '../text/printable.ts';

/** One model: a line that names it, what it can, and what each of its categories means. */
export function listLines(listed: ListedModel): readonly string[] {
  const { name, directory, usedBy, hiddenBy, problem, source } = listed;
  const mark = usedBy.includes('model.model_name') ? '*' : usedBy.length > 0 ? '+' : ' ';
  const lines = [`${mark} ${name}  ${directory}`];
  if (hiddenBy !== null) lines.push(`    not found by this name: ${hiddenBy} comes first`);
  if (source !== null) lines.push(`    pulled: ${source}`);
  if (problem !== null) return [...lines, `    BROKEN: ${problem}`].map(printable);
  const { categories, priorities, languages, calibrated, bytes } = listed;
  const facts = [
    calibrated ? 'calibrated' : 'not calibrated',
    languages.length > 0 ? `languages ${languages.join(', ')}` : 'languages not told',
    megabytes(bytes),
    `${categories.length} categories`,
    ...(priorities.length > 0 ? [`${priorities.length} priorities`] : []),
  ];
  lines.push(`    ${facts.join('; ')}`);
  const widths = [
    Math.max(...categories.map((category) => category.name.length)),
    Math.max(...categories.map((category) => category.group.length)),
  ] as const;
  for (const { name: category, group, description } of categories) {
    lines.push(`    ${category.padEnd(widths[0])}  ${group.padEnd(widths[1])}  ${description}`.trimEnd());
  }
  return lines.map((line) => `${/^ */.exec(line)?.[0] ?? ''}${printable(line.trimStart())}`);
}

export function verdictLines(name: string, { directory, records, checked, bad }: Verdict): readonly string[] {
  if (bad.length > 0) {
    return [
      `DAMAGED ${name}  ${directory}`,
      ...bad.map(({ path, problem }) => `    ${path}: ${problem}`),
    ].map(printable);
  }
  const by = records.length > 0 ? `${checked} files as in ${records.join(' and ')}` : NO_RECORD;
  return [printable(`ok      ${name}  ${directory}: ${by}`)];
}

const NO_RECORD = 'complete, but without checksums (triaged models add makes some)';

/** What was brought, as comments above the part of config.yaml that uses it: the whole can be pasted. */
export function broughtLines(brought: Brought): readonly string[] {
  const { name, directory, info, answers, pin } = brought;
  const comments = [
    `${name} lies in ${directory}${originOf(pin)}`,
    `labels: ${info.categories.map((category) => category.name).join(', ')}`,
    ...(info.priorities.length > 0 ? [`priorities: ${info.priorities.join(', ')}`] : []),
    ...answers.map(
      ({ subject, language, category, probability, priority, unknown }) =>
        `tried (${language}): "${subject}" is ${category}, ${percent(probability)}` +
        `${priority === null ? '' : `, ${priority}`}${unknown ? ', unknown' : ''}`,
    ),
    info.calibrated
      ? `calibrated: its own threshold is ${info.threshold}`
      : 'not calibrated (no triaged.json): read a week of decisions in mode observe before you trust it',
    'A running daemon takes a model when it starts; triaged check tells what does not fit.',
  ];
  return [...comments.map((line) => `# ${printable(line)}`), '', configStub(name, info.categories)];
}

export function originOf(pin: Pin): string {
  const { source } = pin;
  return source.kind === 'hub' ? `, from ${source.hub}, ${source.repo} at ${source.revision}` : '';
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
