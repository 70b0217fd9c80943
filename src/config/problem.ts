import { ConfigError } from '../errors.ts';

/** One thing that is wrong with the file. Holds no secret value. */
export type Problem = {
  /** file:line:col, or the `--set …` that said it */
  readonly where: string;
  /** `routing.rules[0].queue`; empty for the file as a whole */
  readonly key: string;
  /** what is wrong and what to do, without a full stop */
  readonly message: string;
};

/** One error that lists everything, so that nobody has to mend a file one run at a time. */
export function problemsError(file: string, problems: readonly Problem[]): ConfigError {
  const [first] = problems;
  if (problems.length === 1 && first)
    return new ConfigError('E_CONFIG', sentence(first), { where: first.where });
  const lines = problems.map((problem) => `\n  ${problem.where}: ${sentence(problem)}`);
  return new ConfigError('E_CONFIG', `${problems.length} problems:${lines.join('')}`, { where: file });
}

function sentence(problem: Problem): string {
  return problem.key === '' ? problem.message : `${problem.key}: ${problem.message}`;
}
