import { join } from 'node:path';
import { startVitest } from 'vitest/node';
import { describeError, isKnownError } from '../src/errors.ts';
import { optionalHelp, parseFlags, REQUIRED_HELP, targetOf } from './arguments.ts';
import { Report } from './report.ts';

const HELP = `Promises of the Generic Interface and of the daemon, proven over HTTP against a Znuny.

  npm run acceptance                                   against the simulator
  npm run acceptance -- --url https://znuny.example.com --user otai-bot --password-env ZNUNY_PASSWORD

It makes tickets in the source queue and closes them at the end (Znuny deletes none). The daemon that it starts
touches no ticket but these. What a Znuny lacks is skipped, and each skip says what it needs.

${REQUIRED_HELP}
  --only TEXT               promises whose name holds it
  --keep                    leave the tickets as they are
  --json                    one line of JSON at the end

${optionalHelp()}`;

try {
  const values = parseFlags(process.argv.slice(2), {
    only: { type: 'string' },
    keep: { type: 'boolean' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  });
  if (values.help === true) {
    console.log(HELP);
    process.exit(0);
  }
  const target = targetOf(values, process.env);
  const report = new Report(target?.url ?? 'the simulator', values.json === true);
  const provide = { ...(target === null ? {} : { target }), keep: values.keep === true };
  const vitest = await startVitest(['acceptance/'], {
    root: join(import.meta.dirname, '..'),
    run: true,
    watch: false,
    reporters: [report],
    // Promises about time and order share one real Znuny: a file at a time.
    fileParallelism: target === null,
    provide,
    ...(values.only === undefined ? {} : { testNamePattern: escaped(values.only) }),
  });
  await vitest.close();
} catch (error) {
  if (!isKnownError(error)) throw error;
  console.error(`acceptance: ${describeError(error)}`);
  process.exitCode = 78;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
