import { ConfigError } from '../errors.ts';
import type { Operation } from './operation.ts';

const ACTIONS = ['create', 'get', 'remove'] as const;

/** With `--session-env` get and remove speak of that session; else get makes one for itself. */
export const session: Operation = {
  name: 'session',
  summary: 'SessionCreate, SessionGet and SessionRemove: a session for scripts, whose it is, its end',
  usage: 'create | get [--session-env NAME] | remove --session-env NAME',
  example: 'ZNUNY_SESSION=$(triaged znuny session create --json | jq -r .SessionID)',
  flags: {},
  takesData: false,
  async read({ flags, words }) {
    const [word, ...more] = words;
    const action = ACTIONS.find((candidate) => candidate === word);
    if (action === 'remove' && flags.text('session-env') === undefined) {
      throw new ConfigError('E_CONFIG', 'session remove: which one?', {
        hint: 'Name its variable by --session-env, and the login by --user and --password-env: Znuny wants both.',
      });
    }
    if (action !== undefined && more.length === 0) return { action };
    throw new ConfigError('E_CONFIG', 'session: create, get or remove?', {
      hint: 'See triaged znuny session --help.',
    });
  },
  async call({ action }, { client }) {
    if (action === 'create') {
      const { sessionId } = await client.sessionCreate();
      return { answer: { SessionID: sessionId }, failed: false };
    }
    if (action === 'get') {
      const { userId, userLogin, userFullname, userEmail } = await client.sessionGet();
      const answer = {
        UserID: userId,
        UserLogin: userLogin,
        UserFullname: userFullname,
        UserEmail: userEmail,
      };
      return { answer, failed: false };
    }
    await client.sessionRemove();
    return { answer: { Removed: true }, failed: false };
  },
};
