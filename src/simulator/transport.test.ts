import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIXTURE_PASSWORD } from './fixture.ts';
import { Simulator } from './simulator.ts';
import { call, ids, send } from './test-client.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const LOGIN = { UserLogin: 'otai-bot', Password: FIXTURE_PASSWORD };

describe('transport', () => {
  const sim = new Simulator({ maxLength: 1000 });
  beforeAll(async () => {
    await sim.start();
    sim.receiveMail({ subject: 'One', body: 'x' });
  });
  afterAll(() => sim.stop());

  it('closes without a byte for an unknown web service', async () => {
    const path = '/otrs/nph-genericinterface.pl/Webservice/Nope/TicketSearch';
    await expect(send(sim, { method: 'GET', path })).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('answers an apache page for another script alias', async () => {
    const answer = await send(sim, {
      method: 'GET',
      path: '/znuny/nph-genericinterface.pl/Webservice/TicketTriage/TicketSearch',
    });
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toContain('text/html');
  });

  it('takes WebserviceID as well as the name', async () => {
    const path = '/otrs/nph-genericinterface.pl/WebserviceID/1/TicketSearch';
    const answer = await send(sim, { path, headers: JSON_TYPE, body: JSON.stringify(LOGIN) });
    expect(ids(answer)).toEqual(['1']);
  });

  it.each(['Nope', 'TicketSearch/', 'ticketsearch'])(
    'answers 500 with text for the route %s',
    async (path) => {
      const answer = await send(sim, { method: 'GET', path });
      expect(answer.status).toBe(500);
      expect(answer.text).toBe(`HTTP::REST Error while determine Operation for request URI '/${path}'.`);
    },
  );

  it('sends only Content-Type, Content-Length and Connection', async () => {
    const answer = await call(sim, 'TicketSearch');
    expect(Object.keys(answer.headers).toSorted()).toEqual(['connection', 'content-length', 'content-type']);
    expect(answer.headers.connection).toBe('close');
  });

  it.each([
    ['bad JSON', '{"a":', 'application/json', 'Error while decoding request content.'],
    ['a JSON string', '"hello"', 'application/json', 'Unsupported request content structure.'],
    ['a form', '{}', 'application/x-www-form-urlencoded', 'Could not read input data'],
    ['no UTF-8', Buffer.from('{"a":"\xfc"}', 'latin1'), 'application/json', 'Could not read input data'],
  ])('answers 500 with plain text for %s', async (_, body, type, text) => {
    const answer = await send(sim, { path: 'TicketSearch', body, headers: { 'Content-Type': type } });
    expect([answer.status, answer.text]).toEqual([500, text]);
  });

  it('ignores a body without Content-Length', async () => {
    const { hostname, port } = new URL(sim.url);
    const answer = await fetch(
      `http://${hostname}:${port}/otrs/nph-genericinterface.pl/Webservice/TicketTriage/TicketUpdate`,
      {
        method: 'POST',
        headers: JSON_TYPE,
        body: new Blob([JSON.stringify({ ...LOGIN, TicketID: 1 })]).stream(),
        duplex: 'half',
      },
    );
    expect(await answer.text()).toContain('TicketID or TicketNumber is required!');
  });

  it('ignores the body of a GET', async () => {
    const answer = await send(sim, {
      method: 'GET',
      path: 'TicketSearch',
      body: JSON.stringify(LOGIN),
      headers: JSON_TYPE,
    });
    expect(answer.errorCode).toBe('TicketSearch.AuthFail');
  });

  it('answers 413 above MaxLength and 414 above the request line', async () => {
    expect((await call(sim, 'TicketSearch', { Title: 'x'.repeat(1000) })).status).toBe(413);
    expect((await send(sim, { method: 'GET', path: `TicketSearch?Title=${'x'.repeat(8200)}` })).status).toBe(
      414,
    );
    expect((await send(sim, { method: 'GET', path: `TicketSearch?Title=${'x'.repeat(7000)}` })).status).toBe(
      200,
    );
  });

  it('cuts a query value at a second = and turns 0 into nothing', async () => {
    const login = `UserLogin=otai-bot&Password=${FIXTURE_PASSWORD}`;
    expect(ids(await send(sim, { method: 'GET', path: `TicketSearch?${login}&Title=One=Two` }))).toEqual([
      '1',
    ]);
    expect(ids(await send(sim, { method: 'GET', path: `TicketSearch?${login};Limit=0` }))).toEqual(['1']);
  });

  it('lets a header win over the body, and knows no X-Znuny-Header', async () => {
    const { body } = await call(sim, 'SessionCreate');
    const session = String(body.SessionID);
    const known = { 'X-OTRS-Header-SessionID': session };
    const good = await call(sim, 'TicketSearch', { SessionID: 'bad' }, { headers: known });
    expect(ids(good)).toEqual(['1']);
    const unknown = await send(sim, {
      method: 'GET',
      path: 'TicketSearch',
      headers: { 'X-Znuny-Header-SessionID': session },
    });
    expect(unknown.errorCode).toBe('TicketSearch.AuthFail');
  });
});

describe('route sets', () => {
  it('offers reads by GET only where it is told to', async () => {
    const sim = new Simulator({ getOnly: true });
    await sim.start();
    expect((await call(sim, 'TicketSearch')).text).toContain('determine Operation');
    expect((await call(sim, 'SessionCreate')).status).toBe(200);
    await sim.stop();
  });

  it('offers the sample without the operation routes', async () => {
    const sim = new Simulator({ routes: 'sample' });
    await sim.start();
    const { id } = sim.receiveMail({ subject: 'One' });
    expect((await call(sim, 'TicketSearch')).status).toBe(500);
    const body = JSON.stringify({ ...LOGIN, Ticket: { Priority: '4 high' } });
    const answer = await send(sim, { method: 'PATCH', path: `Ticket/${id}`, body, headers: JSON_TYPE });
    expect(answer.body.TicketID).toBe(String(id));
    expect(sim.ticket(id)?.priority).toBe('4 high');
    await sim.stop();
  });
});

describe('keep-alive', () => {
  it('resets the 101st request on one socket', async () => {
    const sim = new Simulator({ keepAlive: true });
    await sim.start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let count = 1; count <= 100; count++) await call(sim, 'TicketSearch', {}, { agent });
    await expect(call(sim, 'TicketSearch', {}, { agent })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await call(sim, 'TicketSearch', {}, { agent })).headers.connection).toBe('Keep-Alive');
    agent.destroy();
    await sim.stop();
  });
});
