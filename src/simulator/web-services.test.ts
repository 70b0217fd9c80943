import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIXTURE_PASSWORD } from './fixture.ts';
import { Simulator } from './simulator.ts';
import { ids, type RawRequest, send } from './test-client.ts';

const BASE = '/otrs/nph-genericinterface.pl';
const LOGIN = { UserLogin: 'otai-bot', Password: FIXTURE_PASSWORD };

describe('several web services in one instance', () => {
  const sim = new Simulator({
    maxLength: 100_000,
    webServices: [
      { name: 'Integrators', routes: 'operations', maxLength: 500, keepAlive: true, getOnly: true },
      { name: 'Off', valid: false },
      { name: 'Zusatz & mehr', routes: 'both', addOn: ['TicketDelete'] },
    ],
  });
  beforeAll(() => sim.start());
  afterAll(() => sim.stop());

  const ask = (path: string, data: Record<string, unknown> = {}, more: Partial<RawRequest> = {}) =>
    send(sim, {
      path: BASE + path,
      body: JSON.stringify({ ...LOGIN, ...data }),
      ...more,
      headers: { 'Content-Type': 'application/json' },
    });
  const query = new URLSearchParams(LOGIN).toString();

  it('works over the same tickets, each by its name and by its place as WebserviceID', async () => {
    const { id } = sim.receiveMail({ subject: 'One', queue: 'Sales' });
    const search = { Queues: 'Sales' };
    for (const service of ['Webservice/TicketTriage', 'WebserviceID/1', 'WebserviceID/4']) {
      expect(ids(await ask(`/${service}/TicketSearch`, search))).toEqual([String(id)]);
    }
    for (const service of ['Webservice/Integrators', 'WebserviceID/2']) {
      const path = `${BASE}/${service}/TicketSearch?${query}&Queues=Sales`;
      expect(ids(await send(sim, { method: 'GET', path }))).toEqual([String(id)]);
    }
    expect(ids(await ask(`/Webservice/${encodeURIComponent('Zusatz & mehr')}/TicketSearch`, search))).toEqual(
      [String(id)],
    );
  });

  it('keeps to its own routes, methods, MaxLength and KeepAlive', async () => {
    expect((await ask('/Webservice/Integrators/TicketSearch')).text).toContain('determine Operation');
    const noSample = await send(sim, {
      method: 'GET',
      path: `${BASE}/Webservice/Integrators/TicketList?${query}`,
    });
    expect(noSample.text).toContain('determine Operation');
    const long = { Article: { Body: 'x'.repeat(1000) } };
    expect((await ask('/Webservice/Integrators/TicketUpdate', long)).status).toBe(413);
    expect((await ask('/Webservice/TicketTriage/TicketUpdate', long)).status).toBe(200);
    const path = `${BASE}/Webservice/Integrators/TicketSearch?${query}`;
    expect((await send(sim, { method: 'GET', path })).headers.connection).toBe('Keep-Alive');
    expect((await ask('/Webservice/TicketTriage/TicketSearch')).headers.connection).toBe('close');
  });

  it.each(['Webservice/Off', 'WebserviceID/3', 'WebserviceID/5', 'WebserviceID/0'])(
    'closes without a byte for %s, invalid or not there',
    async (service) => {
      await expect(ask(`/${service}/TicketSearch`)).rejects.toMatchObject({ code: 'ECONNRESET' });
    },
  );
});

describe('an add-on’s TicketDelete', () => {
  const sim = new Simulator({ addOn: ['TicketDelete'], webServices: [{ name: 'Plain' }] });
  beforeAll(() => sim.start());
  afterAll(() => sim.stop());

  const path = `${BASE}/Webservice/TicketTriage`;
  const headers = { 'Content-Type': 'application/json' };
  const body = (data: Record<string, unknown>) => JSON.stringify({ ...LOGIN, ...data });
  const query = new URLSearchParams(LOGIN).toString();

  it('deletes by POST and DELETE, on either kind of route, and names what is gone', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((subject) => sim.receiveMail({ subject }));
    const byPost = await send(sim, {
      path: `${path}/TicketDelete`,
      headers,
      body: body({ TicketID: a?.id }),
    });
    expect(byPost.body).toEqual({ TicketID: a?.id, TicketNumber: a?.number });
    const number = `${path}/TicketDelete?${query}&TicketNumber=${b?.number}`;
    expect((await send(sim, { method: 'DELETE', path: number })).body.TicketID).toBe(b?.id);
    const byRoute = await send(sim, { method: 'DELETE', path: `${path}/Ticket/${c?.id}?${query}` });
    expect(byRoute.body).toEqual({ TicketID: String(c?.id), TicketNumber: c?.number });
    expect(sim.tickets()).toEqual([]);
  });

  it('refuses without rw like TicketUpdate, and alike for a ticket that is not there', async () => {
    const { id } = sim.receiveMail({ subject: 'Mine', queue: 'HR' });
    sim.setRights('otai-bot', 'HR', ['ro', 'move_into', 'note']);
    for (const TicketID of [id, 999_999]) {
      const answer = await send(sim, { path: `${path}/TicketDelete`, headers, body: body({ TicketID }) });
      expect(answer.body.Error).toEqual({
        ErrorCode: 'TicketDelete.AccessDenied',
        ErrorMessage: 'TicketDelete: User does not have access to the ticket!',
      });
    }
    expect(sim.ticket(id)).toBeDefined();
    const unnamed = await send(sim, { path: `${path}/TicketDelete`, headers, body: body({}) });
    expect(unnamed.errorCode).toBe('TicketDelete.MissingParameter');
  });

  it('is no operation of a web service without the add-on', async () => {
    const plain = `${BASE}/Webservice/Plain/TicketDelete`;
    const answer = await send(sim, { path: plain, headers, body: body({ TicketID: 1 }) });
    expect([answer.status, answer.text]).toEqual([
      500,
      "HTTP::REST Error while determine Operation for request URI '/TicketDelete'.",
    ]);
  });
});
