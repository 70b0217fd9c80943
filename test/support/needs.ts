import { spawnSync } from 'node:child_process';

/**
 * True where a test that needs `tool` must be skipped: the tool is absent on a bare machine. CI installs all
 * tools, so that there (CI=true) the test runs, and fails without its tool.
 */
export function lacks(tool: string, versionFlag: string): boolean {
  if (process.env.CI === 'true') return false;
  if (spawnSync(tool, [versionFlag]).status === 0) return false;
  console.warn(`skipped: what needs ${tool}, which is not on this machine`);
  return true;
}
