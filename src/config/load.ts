import { dirname, resolve } from 'node:path';
import { type ParsedText, parseText } from './document.ts';
import { readText } from './file.ts';
import { shapeAt } from './introspect.ts';
import { explainIssues, type ValueIssue } from './issues.ts';
import { formatPath, isMapping, type KeyPath } from './key-path.ts';
import { createLocator, type Locator } from './locate.ts';
import { applyOverrides } from './overrides.ts';
import { hashConfig, revealAll } from './print.ts';
import { type Problem, problemsError } from './problem.ts';
import { type Config, configSchema } from './schema.ts';
import { type Environment, readPasswordFiles, substitute, type ValueProblem } from './substitute.ts';
import { secretsOf, warningsOf } from './warnings.ts';

export type LoadOptions = {
  readonly file: string;
  /** `key=value` of each `--set`, in order */
  readonly sets?: readonly string[];
  readonly env?: Environment;
};

export type LoadedConfig = {
  readonly config: Config;
  /** as it was named: the beginning of every position */
  readonly file: string;
  /** absolute folder of the file; paths in the configuration are relative to it */
  readonly directory: string;
  /** sha256, hex, of the effective configuration without its secrets */
  readonly hash: string;
  /** secret texts of 4 characters and more, longest first, for the log's scrubber */
  readonly secrets: readonly string[];
  /** what is allowed but unwise, one sentence each, for the log at start and for `check` */
  readonly warnings: readonly string[];
  /** `file:line:col` of the value at `path` (or of what is around it), or the `--set …` that gave it */
  position(path: KeyPath): string;
};

export type LoadResult =
  | { readonly ok: true; readonly loaded: LoadedConfig }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Loads or throws one ConfigError `E_CONFIG` that lists all that is wrong. */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const result = readConfig(options);
  if (result.ok) return result.loaded;
  throw problemsError(options.file, result.problems);
}

/** As `loadConfig`, with the problems as data. */
export function readConfig(options: LoadOptions): LoadResult {
  const { file } = options;
  const environment = options.env ?? process.env;
  const whole = (message: string): LoadResult => ({
    ok: false,
    problems: [{ where: file, key: '', message }],
  });
  const read = readText(file);
  if (!read.ok) return whole(`the configuration ${read.reason}`);
  const parsed = parseText(read.text);
  if (parsed.problems.length > 0) return { ok: false, problems: syntaxProblems(file, parsed) };
  if (parsed.value === null) return whole('is empty: begin with config.example.yaml');
  if (!isMapping(parsed.value))
    return whole('must be a mapping (key: value) with connector, model, routing …');

  const { value: written, overrides, problems } = applyOverrides(parsed.value, options.sets ?? []);
  dropEmptySections(written);
  const substituted = substitute(written, environment);
  const value = isMapping(substituted.value) ? substituted.value : {};
  const valueProblems = [...substituted.problems, ...readPasswordFiles(value, file, environment)];
  const checked = configSchema.safeParse(value);
  const locator = createLocator(file, parsed, overrides);
  const issues = explainIssues(checked.error?.issues ?? [], { value: written, sourceOf: locator.sourceOf });
  const found = [...problems, ...located(valueProblems, issues, locator)];
  if (!checked.success || found.length > 0) return { ok: false, problems: found };

  const config = checked.data;
  const loaded: LoadedConfig = {
    config,
    file,
    directory: dirname(resolve(file)),
    hash: hashConfig(config),
    secrets: secretsOf(revealAll(config), substituted.inserted),
    warnings: warningsOf(config, written, locator.ofValue),
    position: locator.ofValue,
  };
  return { ok: true, loaded };
}

function syntaxProblems(file: string, parsed: ParsedText): Problem[] {
  return parsed.problems.map(({ offset, message }) => ({
    where: `${file}:${parsed.place(offset)}`,
    key: '',
    message: `the line ${message}`,
  }));
}

function located(
  valueProblems: readonly ValueProblem[],
  issues: readonly ValueIssue[],
  locator: Locator,
): readonly Problem[] {
  const told = new Set(valueProblems.map(({ path }) => formatPath(path)));
  // a variable that is missing is told as such, not as the empty text that it leaves
  const untold = issues.filter(({ path }) => !told.has(formatPath(path)));
  return [...valueProblems.map((problem) => ({ ...problem, shown: problem.path, keyOnly: false })), ...untold]
    .sort((a, b) => locator.rank(a.path) - locator.rank(b.path))
    .map(({ path, shown, message, keyOnly }) => ({
      where: keyOnly ? locator.ofKey(path) : locator.ofValue(path),
      key: formatPath(shown ?? path),
      message,
    }));
}

/** `intake:` with everything below it commented out means a section that is not there, not a wrong one. */
function dropEmptySections(container: object, path: KeyPath = []): void {
  for (const [name, value] of Object.entries(container)) {
    const at = [...path, Array.isArray(container) ? Number(name) : name];
    if (typeof value === 'object' && value !== null) dropEmptySections(value, at);
    else if (value === null && !Array.isArray(container) && shapeAt(configSchema, at) !== 'value') {
      Reflect.deleteProperty(container, name);
    }
  }
}
