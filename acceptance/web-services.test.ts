import { expect } from 'vitest';
import type { ZnunyClient } from '../src/znuny/client.ts';
import { at, between, failure, note } from './between.ts';
import { needs, promise, type Stage } from './stage.ts';

/** Each operation through a web service: what it writes is read through the stage's own. */
async function roundTrip(stage: Stage, client: ZnunyClient, name: string): Promise<void> {
  const { id, number, title } = await stage.make({ Ticket: { Title: `größer; a=b ${name}` } }, client);
  await client.ticketUpdate({ TicketID: id, Ticket: { Priority: '4 high' }, Article: note('by id') });
  await client.ticketUpdate({ TicketNumber: number, Article: note('by number') });
  expect(await client.ticketSearch({ Title: title, States: ['new', 'open'], Limit: 5 })).toEqual([id]);
  const other = await stage.make();
  const { tickets } = await client.ticketGet([id, other.id], { AllArticles: 1, DynamicFields: 1 });
  expect(tickets.map(({ TicketID }) => TicketID)).toEqual([id, other.id]);
  expect(tickets[0]?.Article.map(({ Subject }) => Subject).slice(1)).toEqual(['by id', 'by number']);
  const { Title, Queue, Priority, Article } = await stage.get(id);
  expect(tickets[0]).toMatchObject({ Title, Queue, Priority: '4 high', Article });
  expect(Priority).toBe('4 high');
  expect(await stage.history(id, client)).toEqual(await stage.history(id));
  expect((await client.sessionGet()).userId).toBe((await stage.znuny.sessionGet()).userId);
}

promise(
  "By the routes of Znuny's sample everything works, and they are found out",
  async ({ stage, skip }) => {
    const client = await at(stage, needs({ stage, skip }, 'sampleService'));
    const { routes } = await client.resolveEndpoint();
    // The samples that Znuny ships differ in the others.
    expect(routes).toMatchObject({ TicketCreate: { method: 'POST', path: '/Ticket' } });
    await roundTrip(stage, client, 'sample');
  },
);

promise(
  'Where reads are GET only everything works, with the session in a header and never in a URL',
  async ({ stage, skip }) => {
    const name = needs({ stage, skip }, 'getOnlyService');
    const { url, seen } = await between(stage);
    const through = url.replace(/\/[^/]+$/, `/${encodeURIComponent(name)}`);
    const client = stage.client({ url: through });
    const endpoint = await client.resolveEndpoint();
    expect(endpoint.credentials).toBe('header');
    expect(endpoint.routes.TicketSearch?.method).toBe('GET');
    await roundTrip(stage, client, 'get only');
    const { sessionId } = await client.sessionCreate();
    await client.ticketSearch({ TicketNumber: '0' });
    expect(seen.at(-1)?.headers['x-otrs-header-sessionid']).toBe(sessionId);
    const urls = seen.map(({ url: path = '' }) => path);
    expect(urls.filter((path) => /SessionID|Password|UserLogin/i.test(path))).toEqual([]);
    expect(urls.filter((path) => path.includes(sessionId))).toEqual([]);
    const sought = { DynamicField_Anything: { Equals: 'x' } };
    expect(await failure(client.ticketSearch(sought))).toMatchObject({ code: 'E_ZNUNY_URL' });
    expect(seen).toHaveLength(urls.length);
  },
);

promise(
  'A request over MaxLength is refused with an error that says so, and nothing is made; a small one passes',
  async ({ stage, skip }) => {
    const { name, maxLength } = needs({ stage, skip }, 'smallService');
    const client = await at(stage, name);
    const { id } = await stage.make({}, client);
    expect((await stage.get(id)).TicketID).toBe(id);
    const large = { Ticket: { Title: 'too large' }, Article: { Body: 'x'.repeat(maxLength) } };
    expect(await failure(stage.make(large, client))).toMatchObject({
      kind: 'permanent',
      code: 'E_ZNUNY_REQUEST',
      message: expect.stringContaining('too long'),
      hint: expect.stringContaining('MaxLength'),
    });
    expect(await stage.znuny.ticketSearch({ Title: `${stage.mark} too large` })).toEqual([]);
  },
);

promise('With KeepAlive 250 reads in a row give no error', async ({ stage, skip }) => {
  const client = await at(stage, needs({ stage, skip }, 'keepAliveService'));
  const { id, number } = await stage.make();
  for (let read = 1; read <= 250; read += 1)
    expect([read, await client.ticketSearch({ TicketNumber: number })]).toEqual([read, [id]]);
});

promise('With KeepAlive 30 notes in a row are each written once', async ({ stage, skip }) => {
  const client = await at(stage, needs({ stage, skip }, 'keepAliveService'));
  const { id } = await stage.make();
  const subjects = Array.from({ length: 30 }, (_, index) => `note ${index + 1}`);
  for (const subject of subjects) await client.ticketUpdate({ TicketID: id, Article: note(subject) });
  const { Article } = await stage.get(id);
  expect(Article.slice(1).map(({ Subject }) => Subject)).toEqual(subjects);
});
