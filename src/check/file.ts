import { type LoadedConfig, type LoadOptions, readConfig } from '../config/load.ts';
import { type Finding, findingsOf } from './finding.ts';

const file = findingsOf('file');

/** YAML and schema, all problems at once; `loaded` is null where there is one. */
export function checkFile(options: LoadOptions): {
  readonly loaded: LoadedConfig | null;
  readonly findings: readonly Finding[];
} {
  const result = readConfig(options);
  if (!result.ok) {
    const findings = result.problems.map(({ where, key, message }) =>
      file.error(where, key === '' ? message : `${key}: ${message}`),
    );
    return { loaded: null, findings };
  }
  const { loaded } = result;
  const { mode, routing } = loaded.config;
  const facts = `mode ${mode}, rules: ${routing.rules.length}, tests: ${routing.tests.length}`;
  return {
    loaded,
    findings: [file.ok(loaded.file, facts), ...loaded.warnings.map(warning)],
  };
}

/** `file:line:col: sentence: what to do`, as config/ words it. */
function warning(text: string): Finding {
  const [where, ...rest] = text.split(': ');
  return file.warning(where ?? '', rest.join(': '));
}
