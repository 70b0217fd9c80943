import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURE_PASSWORD } from './fixture.ts';
import { Simulator } from './simulator.ts';
import { call, ids } from './test-client.ts';

describe('sessions and logins', () => {
  let now = 0;
  let sim: Simulator;
  beforeEach(async () => {
    now = Date.UTC(2026, 10, 24, 8);
    sim = new Simulator({ now: () => now });
    await sim.start();
    sim.receiveMail({ subject: 'One' });
  });
  afterEach(() => sim.stop());

  const logIn = async (Password = FIXTURE_PASSWORD) =>
    (await call(sim, 'SessionCreate', { UserLogin: 'otai-bot', Password })).body.SessionID;

  it('a session ends 7,200 s after it began, however busy it is', async () => {
    const SessionID = await logIn();
    now += 7_000_000;
    expect(ids(await call(sim, 'TicketSearch', { SessionID }))).toEqual(['1']);
    now += 201_000;
    expect((await call(sim, 'TicketSearch', { SessionID })).errorCode).toBe('TicketSearch.AuthFail');
  });

  it('a bad session beside a good password is refused', async () => {
    const data = { SessionID: 'bad', UserLogin: 'otai-bot', Password: FIXTURE_PASSWORD };
    expect((await call(sim, 'TicketSearch', data)).errorCode).toBe('TicketSearch.AuthFail');
  });

  it('SessionRemove wants login and password too', async () => {
    const SessionID = await logIn();
    expect((await call(sim, 'SessionRemove', { SessionID })).errorCode).toBe('SessionRemove.AuthFail');
    const full = { SessionID, UserLogin: 'otai-bot', Password: FIXTURE_PASSWORD };
    expect((await call(sim, 'SessionRemove', full)).body).toEqual({ Success: 1 });
    expect((await call(sim, 'SessionGet', { SessionID })).errorCode).toBe('SessionGet.SessionInvalid');
  });

  it('maintenance mode refuses logins but not old sessions, and lets an admin in', async () => {
    const SessionID = await logIn();
    sim.setMaintenance(true);
    expect(await logIn()).toBeUndefined();
    expect(ids(await call(sim, 'TicketSearch', { SessionID }))).toEqual(['1']);
    const admin = await call(sim, 'SessionCreate', {
      UserLogin: 'root@localhost',
      Password: FIXTURE_PASSWORD,
    });
    expect(admin.body.SessionID).toMatch(/^\w{32}$/);
  });

  it('the third wrong password locks the agent out, also with the right one', async () => {
    sim.setMaxLoginFailed(3);
    const SessionID = await logIn();
    for (const wrong of ['a', 'b', 'c']) expect(await logIn(wrong)).toBeUndefined();
    expect(await logIn()).toBeUndefined();
    expect((await call(sim, 'TicketSearch', { SessionID })).body).toEqual({});
    sim.setUserValid('otai-bot', true);
    expect(await logIn()).toBeDefined();
  });

  it('an agent made invalid finds nothing and is denied, with a session that still answers', async () => {
    const SessionID = await logIn();
    sim.setUserValid('otai-bot', false);
    expect((await call(sim, 'TicketSearch', { SessionID })).body).toEqual({});
    expect((await call(sim, 'TicketGet', { SessionID, TicketID: 1 })).errorCode).toBe(
      'TicketGet.AccessDenied',
    );
    expect((await call(sim, 'TicketUpdate', { SessionID, TicketID: 1 })).errorCode).toBe(
      'TicketUpdate.AccessDenied',
    );
    expect((await call(sim, 'SessionGet', { SessionID })).body.SessionData).toBeDefined();
  });

  it('with SessionCheckRemoteIP a session is refused from another address, and then over for its owner too', async () => {
    const strict = new Simulator({ sessionCheckRemoteIp: true });
    await strict.start();
    const logInThere = await call(strict, 'SessionCreate', {
      UserLogin: 'otai-bot',
      Password: FIXTURE_PASSWORD,
    });
    const { SessionID } = logInThere.body;
    expect((await call(strict, 'TicketSearch', { SessionID })).body).toEqual({});
    const elsewhere = { localAddress: '127.0.0.2' };
    const refused = await call(strict, 'TicketSearch', { SessionID }, elsewhere);
    expect(refused.errorCode).toBe('TicketSearch.AuthFail');
    expect((await call(strict, 'SessionGet', { SessionID })).errorCode).toBe('SessionGet.SessionInvalid');
    expect((await call(strict, 'TicketSearch', {}, elsewhere)).body).toEqual({});
    await strict.stop();
    expect(ids(await call(sim, 'TicketSearch', { SessionID: await logIn() }, elsewhere))).toEqual(['1']);
  });
});
