import type { Finding, Report } from '../src/check/finding.ts';
import type { House } from './cli-harness.ts';

/** What `triaged check --json` found, by severity, as `where: what`. */
export async function findings(house: House, ...args: readonly string[]) {
  const { code, out } = await house.triaged('check', '--json', ...args);
  const report = JSON.parse(out) as Report;
  const of = (severity: Finding['severity']) =>
    report.findings.filter((finding) => finding.severity === severity);
  const told = (severity: Finding['severity']) =>
    of(severity).map(({ where, what }) => `${where.replace(house.folder, '')}: ${what}`);
  return { code, ok: report.ok, errors: told('error'), warnings: told('warning'), fine: told('ok') };
}
