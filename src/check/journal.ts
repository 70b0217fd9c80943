import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { isKnownError } from '../errors.ts';
import { prepareLocation } from '../journal/location.ts';
import { takeLock } from '../journal/lock.ts';
import { readJournal } from '../journal/sqlite.ts';
import { type Finding, findingsOf } from './finding.ts';

const journal = findingsOf('journal');

/** Whether the daemon could work on the journal `file`. Makes nothing, changes nothing, disturbs no daemon. */
export async function checkJournal(file: string): Promise<readonly Finding[]> {
  try {
    const folder = dirname(file);
    if (!existsSync(folder)) {
      // The daemon makes the last folder itself; check leaves no trace.
      accessSync(dirname(folder), constants.W_OK | constants.X_OK);
      return [journal.ok(file, 'will be made, with its folder, at the first start')];
    }
    prepareLocation(file);
    const holder = runningDaemon(file);
    if (!existsSync(file)) return [journal.ok(file, 'will be made at the first start')];
    accessSync(file, constants.W_OK);
    const reader = await readJournal({ file });
    try {
      const { quarantined } = await reader.counts();
      const findings = [journal.ok(file, holder ?? 'writable; no daemon works on it now')];
      if ((await reader.fact('paused')) !== null) {
        findings.push(journal.warning(file, 'triage is paused', 'Go on with triaged queue resume.'));
      }
      if (quarantined > 0) {
        const hint = 'See triaged queue list; triaged queue retry tries one again.';
        findings.push(journal.warning(file, `${quarantined} tickets in quarantine`, hint));
      }
      return findings;
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (isKnownError(error)) return [journal.failed(error.where ?? file, error)];
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const hint = 'Let the user of this process write there, or name another place in journal.path.';
    return [journal.error(file, `the journal cannot be written (${why})`, hint)];
  }
}

/** The sentence that names the daemon which works on the journal now, null where none does. */
export function runningDaemon(file: string): string | null {
  // Without that file no daemon ever ran, and making it here could give it an owner whom the daemon is not.
  if (!existsSync(`${file}.lock`)) return null;
  try {
    takeLock(file, Date.now()).release();
    return null;
  } catch (error) {
    if (isKnownError(error) && error.message.startsWith('another daemon'))
      return error.message.replace('another', 'a').replace('this journal', 'it now');
    throw error;
  }
}
