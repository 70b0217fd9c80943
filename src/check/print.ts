import { printable } from '../text/printable.ts';
import type { Finding, Layer, Report, Severity } from './finding.ts';

const SIGNS: Readonly<Record<Severity, string>> = { ok: '✓', warning: '!', error: '✗' };
const TITLES: Readonly<Record<Layer, string>> = {
  file: 'Configuration',
  model: 'Model and rules',
  journal: 'Journal',
  znuny: 'Znuny',
};
const WIDEST = 44;

/** The report for people: a title per layer, a short line per finding, what to do below it. */
export function printReport({ ok, findings }: Report): readonly string[] {
  const lines: string[] = [];
  let layer: Layer | null = null;
  const width = Math.min(WIDEST, Math.max(0, ...findings.map(({ where }) => where.length)));
  for (const finding of findings) {
    if (finding.layer !== layer) lines.push(...(layer === null ? [] : ['']), TITLES[finding.layer]);
    layer = finding.layer;
    lines.push(...linesOf(finding, width));
  }
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  lines.push(
    '',
    `${ok ? 'fits' : 'does not fit'}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}`,
  );
  return lines;
}

function linesOf({ severity, where, what, hint }: Finding, width: number): readonly string[] {
  const lines = [`  ${SIGNS[severity]} ${printable(where).padEnd(width)}  ${printable(what)}`];
  if (hint !== undefined && severity !== 'ok') lines.push(`    ${' '.repeat(width)}  → ${printable(hint)}`);
  return lines;
}

function plural(count: number, word: string): string {
  return `${count === 0 ? 'no' : count} ${word}${count === 1 ? '' : 's'}`;
}
