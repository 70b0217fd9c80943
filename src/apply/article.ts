import { cleanText } from '../text/clean.ts';
import type { Article, CleanText, Ticket } from '../ticket.ts';
import { ROOT_USER_ID } from './guard.ts';

/** What is judged: the first customer article, or the first one where a system (portal, monitoring) made the ticket. */
export function articleToRead(ticket: Ticket): Article | undefined {
  const [first] = ticket.articles;
  if (ticket.createBy !== ROOT_USER_ID) return first;
  return ticket.articles.find((article) => article.senderType === 'customer') ?? first;
}

/** Its clean text and its sender, for the model and for rules. */
export function textToJudge(ticket: Ticket): { readonly text: CleanText; readonly sender: string } {
  const article = articleToRead(ticket);
  const text = cleanText({ subject: article?.subject || ticket.title, body: article?.body ?? '' });
  return { text, sender: article?.from ?? '' };
}
