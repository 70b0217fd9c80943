/** What makes an article, and the article that it makes. */
import type { Attachment, FieldValue, SimulatedArticle } from './types.ts';

export type ArticleInput = {
  readonly subject: string;
  readonly body: string;
  readonly from: string;
  readonly to?: string;
  readonly cc?: string;
  readonly senderType: SimulatedArticle['senderType'];
  readonly channel: string;
  readonly visibleForCustomer: boolean;
  readonly charset?: string;
  readonly messageId?: string;
  readonly inReplyTo?: string;
  readonly attachments?: readonly Attachment[];
  readonly html?: string;
  readonly fields?: Readonly<Record<string, FieldValue>>;
  readonly noAgentNotify?: boolean;
  /** as it was sent: digits with a point or a comma */
  readonly timeUnit?: string | undefined;
  /** ms after the change at which readers see article and row */
  readonly delayMs?: number;
};

export function articleOf(input: ArticleInput, id: number, createBy: number, at: number): SimulatedArticle {
  return {
    id,
    subject: input.subject,
    body: input.body,
    from: input.from,
    to: input.to ?? '',
    cc: input.cc ?? '',
    senderType: input.senderType,
    channel: input.channel,
    visibleForCustomer: input.visibleForCustomer,
    charset: input.charset ?? 'utf-8',
    messageId: input.messageId ?? '',
    inReplyTo: input.inReplyTo ?? '',
    createBy,
    createdAt: at,
    visibleAt: input.delayMs === undefined ? 0 : at + input.delayMs,
    timeUnit: input.timeUnit === undefined ? 0 : Number(accounted(input.timeUnit)),
    attachments: input.attachments ?? [],
    html: input.html,
    fields: input.fields ?? {},
  };
}

/** A comma becomes a point, and digits beyond the second are cut, not rounded. */
export function accounted(timeUnit: string): string {
  return timeUnit.replace(',', '.').replace(/^(\d+\.\d\d).+$/, '$1');
}

export function accountedTime(articles: readonly SimulatedArticle[]): number {
  // Perl adds floats too, but shows 15 digits of them.
  return Number(articles.reduce((sum, { timeUnit }) => sum + timeUnit, 0).toPrecision(15));
}
