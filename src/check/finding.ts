import { describeError, isKnownError } from '../errors.ts';

export type Severity = 'ok' | 'warning' | 'error';

/** What a finding is about; file and model are ours to mend, journal and znuny are the environment. */
export type Layer = 'file' | 'model' | 'journal' | 'znuny';

/** One thing that was looked at. Holds no secret and no ticket text. */
export type Finding = {
  readonly layer: Layer;
  readonly severity: Severity;
  /** file:line:col, a key, a path, or the name in Znuny */
  readonly where: string;
  readonly what: string;
  /** what to do, one sentence; absent where there is nothing to do */
  readonly hint?: string;
};

export type Report = { readonly ok: boolean; readonly findings: readonly Finding[] };

type Told = (where: string, what: string, hint?: string) => Finding;

/** Makers of the findings of one layer. */
export function findingsOf(
  layer: Layer,
): Readonly<Record<Severity, Told>> & { failed(where: string, error: unknown): Finding } {
  const told =
    (severity: Severity): Told =>
    (where, what, hint) =>
      hint === undefined ? { layer, severity, where, what } : { layer, severity, where, what, hint };
  return {
    ok: told('ok'),
    warning: told('warning'),
    error: told('error'),
    failed(where, error) {
      if (!isKnownError(error)) return told('error')(where, describeError(error));
      return told('error')(where, `${error.message} [${error.code}]`, error.hint);
    },
  };
}

/** `strict`: a warning is as bad as an error. */
export function report(findings: readonly Finding[], strict: boolean): Report {
  return { ok: !findings.some((finding) => isBad(finding, strict)), findings };
}

/** 78 where the file or the model is wrong, 1 where only the environment does not fit, 0 where all is well. */
export function exitCode({ findings }: Report, strict: boolean): 0 | 1 | 78 {
  const bad = findings.filter((finding) => isBad(finding, strict));
  if (bad.length === 0) return 0;
  return bad.some(({ layer }) => layer === 'file' || layer === 'model') ? 78 : 1;
}

function isBad({ severity }: Finding, strict: boolean): boolean {
  return severity === 'error' || (strict && severity === 'warning');
}
