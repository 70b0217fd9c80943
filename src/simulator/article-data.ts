/** An article in the shape of TicketGet. */
import { seconds } from './clock.ts';
import { CHANNELS, SENDER_TYPES } from './fixture.ts';
import type { State } from './state.ts';
import type { StoredTicket } from './store.ts';
import type { SimulatedArticle } from './types.ts';

export type ArticleOptions = {
  readonly fields: boolean;
  readonly attachments: boolean;
  readonly htmlBody: boolean;
  readonly contents: boolean;
};

export function articleData(
  state: State,
  ticket: StoredTicket,
  article: SimulatedArticle,
  number: number,
  options: ArticleOptions,
): Record<string, unknown> {
  const { clock } = state;
  const contentType = article.charset === '' ? 'text/plain' : `text/plain; charset=${article.charset}`;
  const data: Record<string, unknown> = {
    ArticleID: article.id,
    ArticleNumber: number,
    Bcc: '',
    Body: article.body,
    Cc: article.cc,
    ChangeBy: article.createBy,
    ChangeTime: clock.text(article.createdAt),
    Charset: article.charset,
    CommunicationChannel: article.channel,
    CommunicationChannelID: CHANNELS.indexOf(article.channel) + 1,
    ContentCharset: article.charset,
    ContentType: contentType,
    CreateBy: article.createBy,
    CreateTime: clock.text(article.createdAt),
    From: article.from,
    InReplyTo: article.inReplyTo,
    IncomingTime: seconds(article.createdAt),
    IsVisibleForCustomer: article.visibleForCustomer ? 1 : 0,
    MessageID: article.messageId,
    MimeType: 'text/plain',
    References: '',
    ReplyTo: '',
    SenderType: article.senderType,
    SenderTypeID: String(SENDER_TYPES.indexOf(article.senderType) + 1),
    Subject: article.subject,
    TicketID: ticket.id,
    TimeUnit: article.timeUnit,
    To: article.to,
  };
  if (options.fields) {
    const names = [...state.fields.values()]
      .filter((field) => field.object === 'Article')
      .map((field) => field.name);
    // Article fields appear even when unset, ticket fields do not.
    if (names.length > 0) {
      data.DynamicField = names.map((Name) => ({ Name, Value: article.fields[Name] ?? null }));
    }
  }
  if (options.attachments) {
    const attachments = attachmentData(article, options);
    if (attachments.length > 0) data.Attachment = attachments;
  }
  return data;
}

function attachmentData(article: SimulatedArticle, options: ArticleOptions): Record<string, unknown>[] {
  const list = article.attachments.map((attachment) => ({ ...attachment, disposition: 'attachment' }));
  if (options.htmlBody && article.html !== undefined) {
    const quoted = article.charset === '' ? 'utf-8' : `"${article.charset}"`;
    list.push({
      filename: article.channel === 'Email' ? 'file-1' : 'file-2',
      contentType: `text/html; charset=${quoted}`,
      content: Buffer.from(article.html).toString('base64'),
      disposition: 'inline',
    });
  }
  return list.map(({ filename, contentType, content, disposition }, index) => ({
    Content: options.contents ? content : '',
    ContentAlternative: '',
    ContentID: '',
    ContentType: contentType,
    Disposition: disposition,
    FileID: String(index + 1),
    Filename: filename,
    FilesizeRaw: String(Buffer.from(content, 'base64').length),
  }));
}
