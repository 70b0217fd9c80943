import { z } from 'zod';
import { key } from './values.ts';

const path = z
  .string()
  .min(1)
  .superRefine((value, context) => {
    if (!/^postgres(?:ql)?:\/\//i.test(value)) return;
    context.addIssue({
      code: 'custom',
      message:
        'must be a file: a journal in PostgreSQL is not supported yet; write it like ./data/triaged.db',
    });
  });

export const journal = z.strictObject({
  path: key(path.default('./data/triaged.db'), 'Journal file, relative to the folder of this file', {
    restart: true,
  }),
  retention_days: key(
    z.int().min(1).max(36_500).default(365),
    'Details of decisions are kept this long; ids and states for ever',
  ),
});
