/** Search in articles: all conditions look at one and the same article. */
import { seconds } from './clock.ts';
import { NOTHING, type SearchPart, single } from './search-filter.ts';
import { isAnything, like } from './search-text.ts';
import { spanOf } from './search-times.ts';
import type { StoredTicket } from './store.ts';
import type { SimulatedArticle } from './types.ts';

/** `AttachmentName` without the prefix stands in Znuny's documentation, but is never read. */
const FIELDS: Readonly<Record<string, (article: SimulatedArticle) => readonly string[]>> = {
  MIMEBase_From: ({ from }) => [from],
  MIMEBase_To: ({ to }) => [to],
  MIMEBase_Cc: ({ cc }) => [cc],
  MIMEBase_Bcc: () => [],
  MIMEBase_Subject: ({ subject }) => [subject],
  MIMEBase_Body: ({ body }) => [body],
  MIMEBase_AttachmentName: ({ attachments }) => attachments.map(({ filename }) => filename),
};

type ArticleTest = (article: SimulatedArticle, ticket: StoredTicket) => boolean;

export const articleFilters: SearchPart = (state, data) => {
  const tests: ArticleTest[] = [];
  let asked = false;
  const add = (
    key: string,
    texts: (article: SimulatedArticle, ticket: StoredTicket) => readonly string[],
  ) => {
    const value = single(data[key]);
    if (value === undefined || value === '') return;
    // Also what matches anything wants an article.
    asked = true;
    if (isAnything(value)) return;
    // The interface puts a wildcard on both sides.
    const pattern = like(`*${value}*`);
    tests.push((article, ticket) => texts(article, ticket).some((text) => text !== '' && pattern.test(text)));
  };
  for (const [key, texts] of Object.entries(FIELDS)) add(key, texts);
  add('Fulltext', (article, ticket) => [
    ticket.title,
    ...Object.values(FIELDS).flatMap((texts) => texts(article)),
  ]);
  // Fulltext joins by OR whatever is sent, and anything but the two words is wrong SQL.
  const join = single(data.Fulltext) ? 'OR' : (single(data.ContentSearch) ?? 'AND').toUpperCase();
  if (tests.length > 1 && join !== 'AND' && join !== 'OR') return NOTHING;
  const span = spanOf(state, data, 'ArticleCreateTime');
  if (span === 'wrong') return NOTHING;
  if (!asked && span === undefined) return [];
  const now = state.clock.now();
  return [
    (ticket) =>
      ticket.articles.some((article) => {
        const at = seconds(article.createdAt);
        if (article.visibleAt > now || (span !== undefined && (at < span.from || at > span.to))) return false;
        if (tests.length === 0) return true;
        return join === 'OR'
          ? tests.some((test) => test(article, ticket))
          : tests.every((test) => test(article, ticket));
      }),
  ];
};
