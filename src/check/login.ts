import { existsSync } from 'node:fs';
import type { LoadedConfig } from '../config/load.ts';
import { isKnownError, TransientError } from '../errors.ts';
import type { JournalFact, JournalReader } from '../journal/journal.ts';
import { readJournal } from '../journal/sqlite.ts';
import { printableTime } from '../text/printable.ts';
import { fromConfigFolder } from '../wiring/live.ts';
import { Login, type LoginParts } from '../wiring/login.ts';
import type { ZnunyClient } from '../znuny/client.ts';
import type { ZnunySession } from '../znuny/types.ts';

/**
 * Exactly one login attempt, and none while the daemon's journal says to wait: Znuny locks an agent after a few
 * wrong ones. Throws TransientError E_ZNUNY_AUTH then, else what login and SessionGet throw.
 */
export async function logInOnce(
  loaded: LoadedConfig,
  client: Pick<ZnunyClient, 'login' | 'sessionGet'>,
  now: number,
): Promise<ZnunySession> {
  const allowed = await withFacts(loaded, (facts) => nextLogin(loaded, facts));
  if (allowed !== null && allowed > now) {
    throw new TransientError(
      'E_ZNUNY_AUTH',
      `Znuny refused this login before; it is not tried again before ${printableTime(allowed)}`,
      { hint: 'Correct username or password: a changed one is tried at once.' },
    );
  }
  await client.login();
  return client.sessionGet();
}

/** When the daemon first started, epoch ms; null where it never did, or its journal cannot be read. */
export function firstStart(loaded: LoadedConfig): Promise<number | null> {
  return withFacts(loaded, async ({ fact }) => {
    const value = await fact('first_start');
    return value === null ? null : Number(value);
  });
}

type Facts = { readonly fact: (name: JournalFact) => Promise<string | null> };

async function withFacts<T>(
  loaded: LoadedConfig,
  ask: (facts: Facts) => Promise<T | null>,
): Promise<T | null> {
  const file = fromConfigFolder(loaded, loaded.config.journal.path);
  if (!existsSync(file)) return null;
  let reader: JournalReader | null = null;
  try {
    reader = await readJournal({ file });
    const { fact } = reader;
    return await ask({ fact: fact.bind(reader) });
  } catch (error) {
    // A journal that cannot be read is told by the check of the journal.
    if (isKnownError(error)) return null;
    throw error;
  } finally {
    await reader?.close();
  }
}

function nextLogin({ config }: LoadedConfig, journal: Facts): Promise<number> {
  const { url, username, password } = config.connector;
  const identity = { url, userLogin: username, password: password.reveal() };
  // Only asked for the time, for which it reads facts and identity and nothing else.
  return new Login({ journal, identity } as unknown as LoginParts).notBefore();
}
