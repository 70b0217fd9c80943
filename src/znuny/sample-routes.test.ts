import { expect, test } from 'vitest';
import { PermanentError } from '../errors.ts';
import { findEndpoint } from './endpoint.ts';
import { target } from './options.ts';
import { encode } from './wire.ts';

test('the example that Znuny offers for import, with other routes than the sample, is found out too', async () => {
  const offered: Readonly<Record<string, string>> = {
    'POST /Session': 'SessionCreate',
    'GET /Session/:SessionID': 'SessionGet',
    'DELETE /Session/:SessionID': 'SessionRemove',
    'POST /Ticket': 'TicketCreate',
    'GET /Ticket/:TicketID': 'TicketGet',
    'GET /Ticket/History/:TicketID': 'TicketHistoryGet',
    'POST /Ticket/Search': 'TicketSearch',
    'PATCH /Ticket/:TicketID': 'TicketUpdate',
  };
  const where = target({ url: 'http://127.0.0.1', userLogin: 'x', password: () => 'x' });
  const { routes, credentials } = await findEndpoint(where, undefined, async (route) => {
    const operation = offered[`${route.method} ${route.path}`];
    const answer = { kind: 'answer', status: 500, contentType: '', retryAfter: '', location: '' } as const;
    const known = new PermanentError('E_ZNUNY_REQUEST', 'refused');
    return {
      answer: { ...answer, body: Buffer.from('') },
      payload: operation
        ? { kind: 'error', code: `${operation}.AuthFail`, message: '' }
        : { kind: 'text', text: 'no operation', html: false },
      known,
    };
  });
  expect(
    Object.fromEntries(Object.entries(routes).map(([name, r]) => [`${r.method} ${r.path}`, name])),
  ).toEqual(offered);
  expect(credentials).toBe('header');
});

test('a session named in the path ends with login and password in headers, never in the URL', () => {
  const route = { method: 'DELETE', path: '/Session/:SessionID' } as const;
  const sent = encode('/b', route, {}, { SessionID: 's', UserLogin: 'u', Password: 'p' });
  expect([sent.path, sent.body]).toEqual(['/b/Session/s', null]);
  expect(sent.headers).toEqual({ 'x-otrs-header-userlogin': 'u', 'x-otrs-header-password': 'p' });
});
