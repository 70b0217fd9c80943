import { articleData } from './article-data.ts';
import { accountedTime } from './article-input.ts';
import { authorizeRead, given } from './auth.ts';
import { idList, isTrue, type Operation } from './operation.ts';
import { hasTicketRight } from './rights.ts';
import type { State } from './state.ts';
import type { StoredTicket } from './store.ts';
import { extendedData, fieldData, ticketData } from './ticket-data.ts';
import { OperationError, type RequestData } from './types.ts';

/** `{"Ticket":[…]}`; one id that is missing or not readable fails the whole call. */
export const ticketGet: Operation = (context) => {
  const { state, data } = context;
  const principal = authorizeRead(context, 'TicketGet');
  if (!given(data.TicketID)) {
    throw new OperationError('TicketGet.MissingParameter', 'TicketGet: TicketID parameter is missing!');
  }
  const ids = idList(data.TicketID);
  if (ids.length === 0 || ids.some((id) => !/^\d+$/.test(id.trim()))) {
    throw new OperationError('TicketGet.WrongStructure', 'TicketGet: Invalid ticket ID parameter(s) found!');
  }
  const tickets = ids.map((id) => {
    const ticket = state.tickets.get(Number(id));
    if (ticket === undefined || !hasTicketRight(principal, ticket, 'ro')) {
      throw new OperationError(
        'TicketGet.AccessDenied',
        'TicketGet: User does not have access to the ticket!',
      );
    }
    return ticket;
  });
  return { Ticket: tickets.map((ticket) => wholeTicket(state, ticket, data)) };
};

function wholeTicket(state: State, ticket: StoredTicket, data: RequestData): Record<string, unknown> {
  const result = ticketData(state, ticket);
  result.TimeUnit = accountedTime(ticket.articles);
  if (isTrue(data.Extended)) Object.assign(result, extendedData(state, ticket));
  if (isTrue(data.DynamicFields) && ticket.fields.size > 0) result.DynamicField = fieldData(state, ticket);
  if (isTrue(data.AllArticles)) {
    const articles = articlesOf(state, ticket, data);
    if (articles.length > 0) result.Article = articles;
  }
  return result;
}

function articlesOf(state: State, ticket: StoredTicket, data: RequestData): Record<string, unknown>[] {
  const now = state.clock.now();
  const senders = [data.ArticleSenderType].flat().filter(given);
  const visible = ticket.articles
    .map((article, index) => ({ article, number: index + 1 }))
    .filter(({ article }) => article.visibleAt <= now);
  // One sender type after the other, not by time.
  let articles =
    senders.length === 0
      ? visible
      : senders.flatMap((sender) => visible.filter(({ article }) => article.senderType === sender));
  const limit = Number(data.ArticleLimit);
  // Without a limit the order is not looked at.
  if (limit > 0 && data.ArticleOrder === 'DESC') articles = articles.toReversed();
  if (limit > 0) articles = articles.slice(0, limit);
  const contents = !('GetAttachmentContents' in data) || isTrue(data.GetAttachmentContents);
  return articles.map(({ article, number }) =>
    articleData(state, ticket, article, number, {
      fields: isTrue(data.DynamicFields),
      attachments: isTrue(data.Attachments),
      htmlBody: isTrue(data.HTMLBodyAsAttachment),
      contents,
    }),
  );
}
