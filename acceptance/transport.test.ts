import { expect } from 'vitest';
import { at, failure, scriptOf } from './between.ts';
import { send } from './raw.ts';
import { needs, promise } from './stage.ts';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

promise(
  'The origin alone is enough: base path and routes are found out, and all operations are there',
  async ({ stage, skip }) => {
    const endpoint = await stage.endpoint();
    const { origin, pathname } = new URL(endpoint.baseUrl);
    if (!/^\/(?:otrs|znuny|otobo)\/nph-genericinterface\.pl\/Webservice\//.test(pathname))
      skip('the Generic Interface has another path here, which an origin does not tell');
    const client = stage.client({
      url: origin,
      webService: decodeURIComponent(pathname.split('/')[4] ?? ''),
    });
    expect(await client.resolveEndpoint()).toEqual(endpoint);
    expect(Object.keys(endpoint.routes).toSorted()).toEqual([
      'SessionCreate',
      'SessionGet',
      'SessionRemove',
      'TicketCreate',
      'TicketGet',
      'TicketHistoryGet',
      'TicketSearch',
      'TicketUpdate',
    ]);
    const { id, number } = await stage.make();
    expect(await client.ticketSearch({ TicketNumber: number })).toEqual([id]);
  },
);

promise("The whole URL of the web service works, and goes over the web service's name", async ({ stage }) => {
  const { id, number } = await stage.make();
  const client = stage.client({ url: (await stage.endpoint()).baseUrl, webService: 'NoSuchWebService' });
  expect(await client.ticketSearch({ TicketNumber: number })).toEqual([id]);
});

promise("The agents' URL stands for the interface beside it", async ({ stage }) => {
  const { id, number } = await stage.make();
  const webService = decodeURIComponent((await stage.endpoint()).baseUrl.split('/').at(-1) ?? '');
  const url = (await scriptOf(stage)).replace(/[^/]+$/, 'index.pl');
  expect(await stage.client({ url, webService }).ticketSearch({ TicketNumber: number })).toEqual([id]);
});

promise.for(['unknown', 'invalid'])(
  'An %s web service closes without a byte: E_ZNUNY_URL names the web service',
  async (kind, { stage, skip }) => {
    const name = kind === 'invalid' ? needs({ stage, skip }, 'invalidService') : 'NoSuchWebService';
    const path = `/Webservice/${encodeURIComponent(name)}/TicketSearch`;
    const { status } = await send(await scriptOf(stage), { method: 'POST', path });
    if (status >= 502) skip(`a proxy stands before this Znuny and answers ${status}`);
    expect(status).toBe(0);
    const error = await failure((await at(stage, name)).ticketSearch({ TicketNumber: '0' }));
    expect(error).toMatchObject({ kind: 'config', code: 'E_ZNUNY_URL' });
    expect(error).toMatchObject({ message: expect.stringContaining(`"${name}"`) });
  },
);

promise('A wrong base path is E_ZNUNY_URL, and says what was tried', async ({ stage }) => {
  const { origin } = new URL((await stage.endpoint()).baseUrl);
  const client = stage.client({ url: origin, basePath: '/no-such-path/nph-genericinterface.pl' });
  expect(await failure(client.resolveEndpoint())).toMatchObject({
    kind: 'config',
    code: 'E_ZNUNY_URL',
    message: expect.stringContaining('/no-such-path/nph-genericinterface.pl'),
  });
});

promise.for([
  ['unknown', 'POST', () => '/NoSuchRoute'],
  ['of another method', 'DELETE', (path: string) => path],
  ['with a slash at its end', 'POST', (path: string) => `${path}/`],
  ['in lower case', 'POST', (path: string) => path.toLowerCase()],
] as const)(
  'A route %s is HTTP 500 with a text, no 404 and no 405',
  async ([, method, change], { stage }) => {
    const { baseUrl, routes } = await stage.endpoint();
    const path = change(routes.TicketSearch?.path ?? '');
    const body = JSON.stringify({ SessionID: await stage.session() });
    const answer = await send(baseUrl, { method, path, headers: JSON_TYPE, body });
    expect([answer.status, answer.type.split(';')[0]]).toEqual([500, 'text/plain']);
    expect(answer.text).toContain(`determine Operation for request URI '${path}'`);
  },
);

promise('A configured route that is none: E_ZNUNY_URL names it, nothing is written', async ({ stage }) => {
  const { id } = await stage.make();
  const history = await stage.history(id);
  const client = stage.client({ routes: { TicketUpdate: { method: 'PUT', path: '/NoSuchRoute' } } });
  expect(await failure(client.ticketUpdate({ TicketID: id, Ticket: { Title: 'never' } }))).toMatchObject({
    kind: 'config',
    code: 'E_ZNUNY_URL',
    message: expect.stringContaining("'/NoSuchRoute'"),
    where: expect.stringMatching(/^PUT .*\/NoSuchRoute$/),
  });
  expect(await stage.history(id)).toEqual(history);
});
