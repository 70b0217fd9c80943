import { inspect } from 'node:util';
import { expect } from 'vitest';
import type { ZnunyClientOptions } from '../src/znuny/options.ts';
import { failure } from './between.ts';
import { errorCode, send } from './raw.ts';
import { promise, type Stage } from './stage.ts';

/** Nobody's: a wrong password of the bot's could lock it. */
const NOBODY = { login: 'nobody-of-the-suite', password: 'no-password-of-anybody-5f1c' };
const NO_SESSION = '0'.repeat(32);

/** A client, and the operations that it asked for, in order. */
function watched(stage: Stage, options: Partial<ZnunyClientOptions> = {}, account = stage.target.bot) {
  const sent: string[] = [];
  const onCall: ZnunyClientOptions['onCall'] = ({ operation }) => sent.push(operation);
  return { client: stage.client({ ...options, onCall }, account), sent };
}

/** Somebody else ends a session: the wire wants its id and a login. */
function end(stage: Stage, SessionID: string) {
  const { login, password } = stage.target.bot;
  return stage.raw('SessionRemove', { SessionID, UserLogin: login, Password: password });
}

async function alive(stage: Stage, SessionID: string): Promise<boolean> {
  const code = errorCode(await stage.raw('SessionGet', { SessionID }));
  expect([undefined, 'SessionGet.SessionInvalid']).toContain(code);
  return code === undefined;
}

promise('SessionCreate gives a new session each time, and both work', async ({ stage }) => {
  const { client } = watched(stage);
  const [first, second] = [await client.sessionCreate(), await client.sessionCreate()];
  expect(first.sessionId).not.toBe(second.sessionId);
  expect([await alive(stage, first.sessionId), await alive(stage, second.sessionId)]).toEqual([true, true]);
  await end(stage, first.sessionId);
});

promise('SessionGet tells whose session it is', async ({ stage }) => {
  const { userId, userLogin } = await stage.znuny.sessionGet();
  expect(userLogin.toLowerCase()).toBe(stage.target.bot.login.toLowerCase());
  const { id } = await stage.make();
  expect((await stage.get(id)).CreateBy).toBe(userId);
});

promise('SessionRemove ends the session; the next call makes another', async ({ stage }) => {
  const { client, sent } = watched(stage);
  const { sessionId } = await client.sessionCreate();
  expect(client.sessionValid()).toBe(true);
  await client.sessionRemove();
  expect(client.sessionValid()).toBe(false);
  expect(await alive(stage, sessionId)).toBe(false);
  await client.ticketSearch({ TicketNumber: '0' });
  expect(sent).toEqual(['SessionCreate', 'SessionRemove', 'SessionCreate', 'TicketSearch']);
});

promise('SessionRemove by the id alone is AuthFail, and the session lives on', async ({ stage }) => {
  const { sessionId } = await watched(stage).client.sessionCreate();
  const refused = await stage.raw('SessionRemove', { SessionID: sessionId });
  expect(errorCode(refused)).toBe('SessionRemove.AuthFail');
  expect(await alive(stage, sessionId)).toBe(true);
  expect((await end(stage, sessionId)).json).toEqual({ Success: 1 });
  expect(await alive(stage, sessionId)).toBe(false);
});

promise('A session that ended is replaced by one login, which reads at once share', async ({ stage }) => {
  const { id, number } = await stage.make();
  const { client, sent } = watched(stage);
  await end(stage, (await client.sessionCreate()).sessionId);
  const reads = Array.from({ length: 6 }, () => client.ticketSearch({ TicketNumber: number }));
  expect(await Promise.all(reads)).toEqual(reads.map(() => [id]));
  expect(sent.filter((operation) => operation === 'SessionCreate')).toHaveLength(2);
});

promise('A session that ended is replaced by one login, and a write is made once', async ({ stage }) => {
  const { id } = await stage.make();
  const { client, sent } = watched(stage);
  await end(stage, (await client.sessionCreate()).sessionId);
  await client.ticketUpdate({ TicketID: id, Article: { Subject: 'once', Body: 'b', NoAgentNotify: 1 } });
  expect(sent).toEqual(['SessionCreate', 'TicketUpdate', 'SessionCreate', 'TicketUpdate']);
  expect((await stage.get(id)).Article).toHaveLength(2);
});

promise(
  'A session from elsewhere works; once it ended, calls are E_ZNUNY_AUTH and none is made anew',
  async ({ stage }) => {
    const { id } = await stage.make();
    const { sessionId } = await watched(stage).client.sessionCreate();
    const { client, sent } = watched(stage, { sessionId: () => sessionId });
    await client.ticketUpdate({ TicketID: id, Ticket: { Priority: '4 high' } });
    expect((await stage.get(id, {}, client)).Priority).toBe('4 high');
    await end(stage, sessionId);
    const history = await stage.history(id);
    sent.length = 0;
    const refused = await failure(client.ticketUpdate({ TicketID: id, Ticket: { Priority: '1 very low' } }));
    expect(refused).toMatchObject({ kind: 'config', code: 'E_ZNUNY_AUTH' });
    expect(await failure(client.ticketSearch({ TicketNumber: '0' }))).toMatchObject({ code: 'E_ZNUNY_AUTH' });
    expect(sent).toEqual(['TicketUpdate', 'TicketSearch']);
    expect(await stage.history(id)).toEqual(history);
  },
);

promise.for([
  ['session', 'SessionCreate'],
  ['password', 'TicketSearch'],
] as const)(
  'An unknown login by %s is E_ZNUNY_AUTH after one attempt; later calls fail without a request',
  async ([auth, attempt], { stage }) => {
    const { client, sent } = watched(stage, { auth }, NOBODY);
    const error = await failure(client.ticketSearch({ TicketNumber: '0' }));
    expect(error).toMatchObject({ kind: 'config', code: 'E_ZNUNY_AUTH' });
    expect(await failure(client.ticketGet([1]))).toMatchObject({ code: 'E_ZNUNY_AUTH' });
    const write = client.ticketUpdate({ TicketID: 1, Ticket: { Title: 'never' } });
    expect(await failure(write)).toMatchObject({ code: 'E_ZNUNY_AUTH' });
    expect(sent).toEqual([attempt]);
    expect(client.sessionValid()).toBe(false);
    expect(await failure(client.login())).toMatchObject({ code: 'E_ZNUNY_AUTH' });
    expect(sent).toEqual([attempt, attempt]);
  },
);

promise('With auth: password each call logs in by itself, without a session', async ({ stage }) => {
  const { id } = await stage.make();
  const { client, sent } = watched(stage, { auth: 'password' });
  await client.ticketUpdate({ TicketID: id, Ticket: { Priority: '2 low' } });
  expect((await stage.get(id, {}, client)).Priority).toBe('2 low');
  expect(sent).toEqual(['TicketUpdate', 'TicketGet']);
});

promise.for(['credentials: header', 'auth: headers'])(
  'With %s a session in a header says who calls, for reads and writes',
  async (how, { stage, skip }) => {
    const SessionID = await stage.session();
    const { baseUrl, routes } = await stage.endpoint();
    const route = routes.SessionGet ?? { method: 'POST', path: '/SessionGet' };
    const answer = await send(baseUrl, { ...route, headers: { 'x-otrs-header-sessionid': SessionID } });
    if (errorCode(answer) !== undefined) skip('this Znuny reads no credentials from X-OTRS-Header-…');
    const { id } = await stage.make();
    const headers = { 'X-OTRS-Header-SessionID': () => SessionID };
    const { client, sent } = watched(
      stage,
      how === 'auth: headers' ? { auth: 'headers', headers } : { credentials: 'header' },
    );
    await client.ticketUpdate({ TicketID: id, Ticket: { Priority: '4 high' } });
    expect((await stage.get(id, {}, client)).Priority).toBe('4 high');
    expect(sent.slice(-2)).toEqual(['TicketUpdate', 'TicketGet']);
  },
);

promise('A bad session beside a good password is AuthFail', async ({ stage }) => {
  const { login, password } = stage.target.bot;
  const wrong = { SessionID: NO_SESSION, UserLogin: login, Password: password };
  const answer = await stage.raw('TicketSearch', { ...wrong, Limit: 1 });
  expect([answer.status, errorCode(answer)]).toEqual([200, 'TicketSearch.AuthFail']);
});

promise('No error shows a password or the id of a session', async ({ stage }) => {
  const missing = { TicketID: 2_000_000_000, Ticket: { Title: 'never' } };
  const { sessionId } = await stage.znuny.sessionCreate();
  const guest = stage.client({ sessionId: () => NO_SESSION });
  const errors = [
    await failure(stage.client({}, NOBODY).ticketUpdate(missing)),
    await failure(stage.client({ auth: 'password' }, NOBODY).ticketUpdate(missing)),
    await failure(guest.ticketUpdate(missing)),
    await failure(guest.sessionGet()),
    await failure(stage.znuny.ticketUpdate(missing)),
  ];
  const shown = inspect(errors, { depth: null });
  for (const secret of [NOBODY.password, NO_SESSION, sessionId]) expect(shown).not.toContain(secret);
});

promise('A session made from another address is E_ZNUNY_AUTH, after one attempt', async ({ stage, skip }) => {
  const { baseUrl } = await stage.endpoint();
  if (new URL(baseUrl).hostname !== '127.0.0.1') skip('needs a Znuny that is reached at 127.0.0.1');
  const elsewhere = { localAddress: '127.0.0.2' };
  const { login, password } = stage.target.bot;
  const account = { SessionID: undefined, UserLogin: login, Password: password };
  const answer = await stage.raw('SessionCreate', account, elsewhere);
  const { SessionID = '' } = answer.json as { SessionID?: string };
  expect(errorCode(await stage.raw('SessionGet', { SessionID }, elsewhere))).toBeUndefined();
  const { client, sent } = watched(stage, { sessionId: () => SessionID });
  // No raw call from here before: Znuny deletes a session that came from the wrong address.
  const result = await client.ticketSearch({ TicketNumber: '0' }).catch((error: unknown) => error);
  await end(stage, SessionID);
  if (Array.isArray(result)) skip('SessionCheckRemoteIP is off');
  expect(result).toMatchObject({
    kind: 'config',
    code: 'E_ZNUNY_AUTH',
    hint: expect.stringContaining('SessionCheckRemoteIP'),
  });
  expect(sent).toEqual(['TicketSearch']);
});
