import { z } from 'zod';
import { key } from './values.ts';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

export const log = z.strictObject({
  level: key(z.enum(LEVELS).default('info'), 'Least level that is logged'),
  pretty: key(z.boolean().default(false), 'Lines for people instead of JSON', { restart: true }),
});
