import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of package.json, two folders up from src/cli and from dist/cli alike. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const file = join(import.meta.dirname, '..', '..', 'package.json');
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const version =
    typeof parsed === 'object' && parsed !== null && 'version' in parsed ? parsed.version : null;
  return typeof version === 'string' ? version : 'unknown';
}
