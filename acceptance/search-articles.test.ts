import { expect } from 'vitest';
import type { TicketSearchQuery } from '../src/znuny/types.ts';
import { promise, type Stage } from './stage.ts';

type Key = 'first' | 'second';
type Stock = { readonly ids: Readonly<Record<Key, number>>; readonly tag: string };

let stock: Promise<Stock> | undefined;

/** Words of this run only: Znuny keeps words of 3 to 30 characters for its search, and drops common ones. */
function prepared(stage: Stage): Promise<Stock> {
  stock ??= prepare(stage);
  return stock;
}

async function prepare(stage: Stage): Promise<Stock> {
  const tag = stage.mark.slice(-9, -1);
  const { id: first } = await stage.make({
    Ticket: { Title: 'articles first' },
    Article: {
      Subject: `Rechnung${tag} fehlt`,
      Body: `Der Zebrafink${tag} kam gestern nicht an.`,
      From: `"Erika Muster" <erika-${tag}@example.com>`,
    },
    Attachment: [
      {
        Filename: `plan-${tag}.txt`,
        ContentType: 'text/plain; charset=utf-8',
        Content: Buffer.from('attached').toString('base64'),
      },
    ],
  });
  const { id: second } = await stage.make({
    Ticket: { Title: 'articles second' },
    Article: { Subject: `Lieferung${tag} fehlt`, Body: `Der Kolibri${tag} ist da.` },
  });
  // TicketCreate takes neither To nor Cc.
  await stage.znuny.ticketUpdate({
    TicketID: second,
    Article: {
      Subject: `Nachtrag${tag}`,
      Body: `Mit Gartenzaun${tag}.`,
      To: `<office-${tag}@example.com>`,
      Cc: `<copy-${tag}@example.com>`,
      NoAgentNotify: 1,
    },
  });
  return { ids: { first, second }, tag };
}

const FOUND: readonly (readonly [
  name: string,
  query: (tag: string) => TicketSearchQuery,
  found: readonly Key[],
])[] = [
  ['MIMEBase_Subject', (tag) => ({ MIMEBase_Subject: `rechnung${tag}` }), ['first']],
  ['MIMEBase_Subject in another case', (tag) => ({ MIMEBase_Subject: `RECHNUNG${tag}` }), ['first']],
  [
    'a part of MIMEBase_Subject, without wildcards',
    (tag) => ({ MIMEBase_Subject: `ung${tag}` }),
    ['first', 'second'],
  ],
  ['MIMEBase_Subject with *', (tag) => ({ MIMEBase_Subject: `*liefer*${tag}*` }), ['second']],
  ['MIMEBase_Body', (tag) => ({ MIMEBase_Body: `Kolibri${tag}` }), ['second']],
  ['MIMEBase_Body with *', (tag) => ({ MIMEBase_Body: `*zebra*${tag}*` }), ['first']],
  ['MIMEBase_Body of any article', (tag) => ({ MIMEBase_Body: `Gartenzaun${tag}` }), ['second']],
  ['MIMEBase_From', (tag) => ({ MIMEBase_From: `erika-${tag}@example.com` }), ['first']],
  ['MIMEBase_To', (tag) => ({ MIMEBase_To: `*office-${tag}*` }), ['second']],
  ['MIMEBase_Cc', (tag) => ({ MIMEBase_Cc: `*copy-${tag}*` }), ['second']],
  ['MIMEBase_Subject of no article: none', (tag) => ({ MIMEBase_Subject: `nirgends${tag}` }), []],
  [
    'MIMEBase_Subject and MIMEBase_Body, both required',
    (tag) => ({ MIMEBase_Subject: `rechnung${tag}`, MIMEBase_Body: `zebrafink${tag}` }),
    ['first'],
  ],
  [
    'MIMEBase_Subject and MIMEBase_Body of two tickets: none',
    (tag) => ({ MIMEBase_Subject: `rechnung${tag}`, MIMEBase_Body: `kolibri${tag}` }),
    [],
  ],
  [
    'MIMEBase_Subject and MIMEBase_Body of two articles of one ticket: none',
    (tag) => ({ MIMEBase_Subject: `lieferung${tag}`, MIMEBase_Body: `gartenzaun${tag}` }),
    [],
  ],
  [
    'MIMEBase_Subject and MIMEBase_Body with ContentSearch AND',
    (tag) => ({
      MIMEBase_Subject: `lieferung${tag}`,
      MIMEBase_Body: `kolibri${tag}`,
      ContentSearch: 'AND',
    }),
    ['second'],
  ],
  [
    'MIMEBase_Subject or MIMEBase_Body with ContentSearch OR',
    (tag) => ({
      MIMEBase_Subject: `rechnung${tag}`,
      MIMEBase_Body: `kolibri${tag}`,
      ContentSearch: 'OR',
    }),
    ['first', 'second'],
  ],
  [
    'ContentSearch OR, which joins the texts and not the other parameters',
    (tag) => ({
      MIMEBase_Subject: `rechnung${tag}`,
      MIMEBase_Body: `kolibri${tag}`,
      ContentSearch: 'OR',
      Title: '*articles second',
    }),
    ['second'],
  ],
  [
    'MIMEBase_Body with FullTextIndex',
    (tag) => ({ MIMEBase_Body: `zebrafink${tag}`, FullTextIndex: 1 }),
    ['first'],
  ],
];

promise.for(FOUND)('TicketSearch by %s: finds exactly those', async ([, asking, keys], { stage }) => {
  const { ids, tag } = await prepared(stage);
  const found = await stage.znuny.ticketSearch({ Title: `${stage.mark} articles*`, ...asking(tag) });
  expect(found.toSorted((a, b) => a - b)).toEqual(keys.map((key) => ids[key]));
});

promise(
  'TicketSearch by AttachmentName: Znuny ignores it and finds all, so the client refuses it',
  async ({ stage }) => {
    const { ids } = await prepared(stage);
    const query = { Title: `${stage.mark} articles*`, AttachmentName: 'none.txt' };
    const { json } = await stage.raw('TicketSearch', query);
    const { TicketID = [] } = json as { readonly TicketID?: readonly string[] };
    expect(TicketID.map(Number).toSorted((a, b) => a - b)).toEqual([ids.first, ids.second]);
    const error = await stage.znuny.ticketSearch(query).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'permanent',
      code: 'E_ZNUNY_REQUEST',
      message: expect.stringContaining('MIMEBase_AttachmentName'),
    });
  },
);
