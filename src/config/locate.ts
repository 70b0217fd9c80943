import type { ParsedText } from './document.ts';
import { type KeyPath, startsWith } from './key-path.ts';
import type { Override } from './overrides.ts';

export type Locator = {
  /** `file:line:col` of the value (or of what is around it), or the `--set …` that gave it */
  ofValue(path: KeyPath): string;
  ofKey(path: KeyPath): string;
  /** sorts problems as they stand in the file, those of `--set` last */
  rank(path: KeyPath): number;
  /** the scalar as written in the file, null where a `--set` gave the value */
  sourceOf(path: KeyPath): string | null;
};

export function createLocator(file: string, parsed: ParsedText, overrides: readonly Override[]): Locator {
  const over = (path: KeyPath) => overrides.findLast((override) => startsWith(path, override.path));

  function responsible(path: KeyPath): Override | undefined {
    const override = over(path);
    if (override || path.length === 0 || parsed.offsetOfKey(path) !== null) return override;
    // a mapping that only a --set brought, such as `conector` by `--set conector.url=…`, is in no file
    return overrides.findLast((candidate) => startsWith(candidate.path, path));
  }

  function locate(path: KeyPath, offset: number): string {
    const override = responsible(path);
    return override ? override.where : `${file}:${parsed.place(offset)}`;
  }

  return {
    ofValue: (path) => locate(path, parsed.offsetOf(path)),
    ofKey: (path) => locate(path, parsed.offsetOfKey(path) ?? parsed.offsetOf(path)),
    rank: (path) => (responsible(path) ? Number.MAX_SAFE_INTEGER : parsed.offsetOf(path)),
    sourceOf: (path) => (over(path) ? null : parsed.sourceOf(path)),
  };
}
