import { expect } from 'vitest';
import type { KnownError } from '../src/errors.ts';
import { errorCode } from './raw.ts';
import { type Making, needs, promise, type Stage } from './stage.ts';

const BASE64 = (text: string) => Buffer.from(text).toString('base64');

/** What a refused create leaves behind: nothing. */
async function refused(stage: Stage, Ticket: Making['Ticket']) {
  const Title = `refused ${Math.random()}`;
  const error: KnownError = await stage.make({ Ticket: { ...Ticket, Title } }).then(
    () => expect.fail('it was made'),
    (thrown: unknown) => thrown as KnownError,
  );
  expect(await stage.znuny.ticketSearch({ Title: `*${Title}` })).toEqual([]);
  return error;
}

promise('TicketCreate by names: what was sent stands in the ticket', async ({ stage }) => {
  const { id, number, title } = await stage.make({
    Ticket: { State: 'open', Priority: '4 high', Lock: 'unlock' },
  });
  expect(number).toMatch(/^\d{10,}$/);
  expect(await stage.get(id)).toMatchObject({
    TicketID: id,
    TicketNumber: number,
    Title: title,
    Queue: stage.target.sourceQueue,
    State: 'open',
    StateType: 'open',
    Priority: '4 high',
    OwnerID: 1,
    Lock: 'unlock',
  });
});

promise('TicketCreate by ids: the same', async ({ stage }) => {
  const first = await stage.get((await stage.make({ Ticket: { Priority: '2 low' } })).id);
  const { QueueID, StateID, PriorityID, LockID } = first;
  const { id } = await stage.make({ Ticket: { QueueID, StateID, PriorityID, LockID, OwnerID: 1 } });
  expect(await stage.get(id)).toMatchObject({ QueueID, StateID, PriorityID, LockID, OwnerID: 1 });
});

promise('TicketCreate without an owner: ours, and unlocked', async ({ stage }) => {
  const { userId } = await stage.znuny.sessionGet();
  const { id } = await stage.make({ Ticket: { OwnerID: undefined, Lock: undefined } });
  expect(await stage.get(id)).toMatchObject({ OwnerID: userId, CreateBy: userId, Lock: 'unlock' });
});

promise('TicketCreate with an owner locks, unless Lock: unlock is sent', async ({ stage }) => {
  const locked = await stage.make({ Ticket: { Lock: undefined } });
  const free = await stage.make();
  expect((await stage.get(locked.id)).Lock).toBe('lock');
  expect((await stage.get(free.id)).Lock).toBe('unlock');
});

promise('TicketCreate with type', async ({ stage, skip }) => {
  const Type = needs({ stage, skip }, 'type');
  const byName = await stage.get((await stage.make({ Ticket: { Type } })).id);
  expect(byName.Type).toBe(Type);
  const byId = await stage.get((await stage.make({ Ticket: { TypeID: byName.TypeID } })).id);
  expect(byId.Type).toBe(Type);
});

promise('TicketCreate with service and SLA', async ({ stage, skip }) => {
  const Service = needs({ stage, skip }, 'service');
  const SLA = needs({ stage, skip }, 'sla');
  const byName = await stage.get((await stage.make({ Ticket: { Service, SLA } })).id);
  expect(byName).toMatchObject({ Service, SLA });
  expect(byName.ServiceID).toBeGreaterThan(0);
  const { ServiceID, SLAID } = byName;
  expect(await stage.get((await stage.make({ Ticket: { ServiceID, SLAID } })).id)).toMatchObject({
    Service,
    SLA,
  });
  const without = await stage.get((await stage.make()).id);
  expect(without).toMatchObject({ Service: '', ServiceID: 0, SLA: '', SLAID: 0 });
});

promise('TicketCreate with a responsible agent', async ({ stage, skip }) => {
  needs({ stage, skip }, 'responsible');
  const { login } = needs({ stage, skip }, 'agent');
  const { id } = await stage.make({ Ticket: { Responsible: login } });
  const ticket = await stage.get(id);
  expect(ticket.Responsible).toBe(login);
  const again = await stage.make({ Ticket: { ResponsibleID: ticket.ResponsibleID } });
  expect((await stage.get(again.id)).Responsible).toBe(login);
});

promise('TicketCreate pending: PendingTime as minutes from now, or as a wall time', async ({ stage }) => {
  const soon = await stage.get(
    (await stage.make({ Ticket: { State: 'pending reminder', PendingTime: { Diff: 90 } } })).id,
  );
  expect(Math.abs(soon.UntilTime - 90 * 60)).toBeLessThan(120);
  expect(soon.RealTillTimeNotUsed).toBeGreaterThan(0);
  const PendingTime = { Year: new Date().getFullYear() + 1, Month: 3, Day: 14, Hour: 15, Minute: 9 };
  const later = await stage.get(
    (await stage.make({ Ticket: { State: 'pending reminder', PendingTime } })).id,
  );
  const date = new Date(later.RealTillTimeNotUsed * 1_000);
  expect([date.getUTCFullYear(), date.getUTCMonth(), date.getUTCMinutes()]).toEqual([PendingTime.Year, 2, 9]);
});

promise(
  'TicketCreate with dynamic fields: text, dropdown, multiselect, date, checkbox come back',
  async ({ stage, skip }) => {
    const text = needs({ stage, skip }, 'textField');
    const dropdown = needs({ stage, skip }, 'dropdownField');
    const multi = needs({ stage, skip }, 'multiselectField');
    const date = needs({ stage, skip }, 'dateField');
    const checkbox = needs({ stage, skip }, 'checkboxField');
    const [key = ''] = dropdown.keys;
    const { id } = await stage.make({
      DynamicField: [
        { Name: text, Value: 'größer & <b>' },
        { Name: dropdown.name, Value: key },
        { Name: multi.name, Value: multi.keys },
        { Name: date, Value: '2026-02-28 13:45:00' },
        { Name: checkbox, Value: 1 },
      ],
    });
    const { DynamicField } = await stage.get(id);
    expect(DynamicField).toMatchObject({
      [text]: 'größer & <b>',
      [dropdown.name]: key,
      [multi.name]: multi.keys,
      [date]: '2026-02-28 13:45:00',
      [checkbox]: '1',
    });
  },
);

promise('TicketCreate with a dynamic field of the article', async ({ stage, skip }) => {
  const Name = needs({ stage, skip }, 'articleField');
  const { id } = await stage.make({ DynamicField: [{ Name, Value: 'of the article' }] });
  const ticket = await stage.get(id);
  expect(ticket.Article[0]?.DynamicField[Name]).toBe('of the article');
  expect(ticket.DynamicField[Name]).toBeUndefined();
});

promise('TicketCreate: an article is internal unless told otherwise', async ({ stage }) => {
  const [plain] = (await stage.get((await stage.make()).id)).Article;
  expect(plain).toMatchObject({
    IsVisibleForCustomer: 0,
    CommunicationChannel: 'Internal',
    SenderType: 'customer',
  });
  const shown = await stage.make({ Article: { IsVisibleForCustomer: 1 } });
  expect((await stage.get(shown.id)).Article[0]?.IsVisibleForCustomer).toBe(1);
});

promise.for(['Internal', 'Email', 'Phone'])(
  'TicketCreate by channel %s',
  async (CommunicationChannel, { stage }) => {
    const { id } = await stage.make({
      Article: { CommunicationChannel, From: 'Someone <someone@example.com>' },
    });
    const [article] = (await stage.get(id)).Article;
    expect(article?.CommunicationChannel).toBe(CommunicationChannel);
    expect(article?.From).toContain('someone@example.com');
  },
);

promise.for(['customer', 'agent', 'system'] as const)(
  'TicketCreate from sender type %s',
  async (SenderType, { stage }) => {
    const { id } = await stage.make({ Article: { SenderType } });
    expect((await stage.get(id)).Article[0]?.SenderType).toBe(SenderType);
  },
);

promise(
  'TicketCreate with MimeType and Charset: HTML is read back as text, the original as an attachment',
  async ({ stage }) => {
    const { id } = await stage.make({
      Article: {
        MimeType: 'text/html',
        Charset: 'utf-8',
        Body: '<p>Guten Tag, <b>Jürgen</b></p><p>zweite Zeile</p>',
      },
    });
    const [article] = (await stage.get(id)).Article;
    expect(article?.Body).toContain('Guten Tag, Jürgen');
    expect(article?.Body).toContain('zweite Zeile');
    expect(article?.Body).not.toContain('<');
    const [whole] = (await stage.get(id, { Attachments: 1, HTMLBodyAsAttachment: 1 })).Article;
    const html = whole?.Attachment.find(({ ContentType }) => ContentType.startsWith('text/html'));
    expect(Buffer.from(html?.Content ?? '', 'base64').toString()).toContain('<b>Jürgen</b>');
  },
);

promise('TicketCreate with attachments: names, types and bytes come back', async ({ stage }) => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index)).toString('base64');
  const { id } = await stage.make({
    Attachment: [
      { Filename: 'Übersicht 1.txt', ContentType: 'text/plain; charset=utf-8', Content: BASE64('größer\n') },
      { Filename: 'all-bytes.bin', ContentType: 'application/octet-stream', Content: bytes },
    ],
  });
  const [article] = (await stage.get(id, { Attachments: 1 })).Article;
  const found = new Map(article?.Attachment.map((one) => [one.Filename, one]));
  expect(Buffer.from(found.get('Übersicht 1.txt')?.Content ?? '', 'base64').toString()).toBe('größer\n');
  expect(found.get('all-bytes.bin')).toMatchObject({
    FilesizeRaw: 256,
    ContentType: 'application/octet-stream',
  });
  expect(found.get('all-bytes.bin')?.Content.replaceAll(/\s/g, '')).toBe(bytes);
});

promise('TicketCreate accounts TimeUnit', async ({ stage }) => {
  const { id } = await stage.make({ Article: { TimeUnit: 12 } });
  const ticket = await stage.get(id);
  expect(ticket.TimeUnit).toBe(12);
  expect(ticket.Article[0]?.TimeUnit).toBe(12);
});

promise('TicketCreate keeps umlauts, trims text and cuts a title at 255 characters', async ({ stage }) => {
  const body = 'Größe 50 % – „Anführung“\nzweite Zeile\tmit Tabulator';
  const { id, title } = await stage.make({
    Ticket: { Title: `Störung ${'ä'.repeat(300)}` },
    Article: { Body: `  ${body}\r\n\r\n` },
  });
  const ticket = await stage.get(id);
  expect(ticket.Title).toBe(title.slice(0, 255));
  expect(ticket.Article[0]?.Body.trim()).toBe(body);
});

promise('TicketCreate as the customer of the ticket: CustomerID can be set apart', async ({ stage }) => {
  const { id } = await stage.make({ Ticket: { CustomerID: 'acceptance-company' } });
  const ticket = await stage.get(id);
  expect(ticket.CustomerID).toBe('acceptance-company');
  expect(ticket.CustomerUserID).toBe(stage.target.customerUser);
});

promise.for([
  ['Queue', 'No such queue'],
  ['State', 'no such state'],
  ['Priority', '9 none'],
  ['Owner', 'nobody-of-the-suite'],
  ['Lock', 'tied'],
] as const)(
  'TicketCreate with an unknown %s: E_ZNUNY_NAME names it, nothing is made',
  async ([key, value], { stage }) => {
    const error = await refused(stage, { [key]: value });
    expect(error).toMatchObject({ kind: 'config', code: 'E_ZNUNY_NAME' });
    expect(error.message).toContain(`${key} "${value}"`);
  },
);

promise(
  'TicketCreate with an unknown dynamic field: E_ZNUNY_NAME names it, nothing is made',
  async ({ stage }) => {
    const error = await stage
      .make({ DynamicField: [{ Name: 'NoSuchField', Value: 'x' }] })
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ kind: 'config', code: 'E_ZNUNY_NAME' });
    expect(error.message).toContain('NoSuchField');
  },
);

promise('TicketCreate with a key that a dropdown does not have: E_ZNUNY_NAME', async ({ stage, skip }) => {
  const { name } = needs({ stage, skip }, 'dropdownField');
  const error = await stage
    .make({ DynamicField: [{ Name: name, Value: 'no such key' }] })
    .catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'E_ZNUNY_NAME' });
  expect(error.message).toContain(name);
});

promise('TicketCreate where we may not create: E_ZNUNY_ACCESS, nothing is made', async ({ stage, skip }) => {
  const Queue = needs({ stage, skip }, 'forbiddenQueue');
  expect(await refused(stage, { Queue })).toMatchObject({ kind: 'config', code: 'E_ZNUNY_ACCESS' });
});

promise(
  'TicketCreate with an attachment without content proves all names and creates nothing',
  async ({ stage }) => {
    const probe = (Queue: string) =>
      stage.raw('TicketCreate', {
        Ticket: {
          Title: `${stage.mark} probe`,
          Queue,
          State: 'new',
          Priority: '3 normal',
          CustomerUser: stage.target.customerUser,
        },
        Article: { Subject: 's', Body: 'b', ContentType: 'text/plain; charset=utf8' },
        Attachment: [{ Filename: 'probe', ContentType: 'text/plain' }],
      });
    expect(errorCode(await probe(stage.target.sourceQueue))).toBe('TicketCreate.MissingParameter');
    expect(errorCode(await probe('No such queue'))).toBe('TicketCreate.InvalidParameter');
    expect(await stage.znuny.ticketSearch({ Title: `${stage.mark} probe` })).toEqual([]);
  },
);

promise('TicketCreate answers its id as text; the client gives numbers', async ({ stage }) => {
  const { json } = await stage.raw('TicketCreate', {
    Ticket: {
      Title: `${stage.mark} raw`,
      Queue: stage.target.sourceQueue,
      State: 'new',
      Priority: '3 normal',
      ...(stage.target.type === undefined ? {} : { TypeID: 1 }),
      CustomerUser: stage.target.customerUser,
    },
    Article: { Subject: 's', Body: 'b', ContentType: 'text/plain; charset=utf8', IsVisibleForCustomer: 0 },
  });
  const answer = json as Record<string, unknown>;
  stage.adopt(Number(answer.TicketID));
  expect(answer).toMatchObject({ TicketID: expect.any(String), TicketNumber: expect.any(String) });
  expect((await stage.make()).id).toBeTypeOf('number');
});
