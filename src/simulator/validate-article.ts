/** What TicketCreate and TicketUpdate check of an article and its attachments. */
import { given } from './auth.ts';
import { CHANNELS, SENDER_TYPES } from './fixture.ts';
import { isRecord, isTrue, textOf } from './operation.ts';
import { invalid, missing, type Writing } from './refusals.ts';
import type { State } from './state.ts';
import type { Attachment } from './types.ts';

export type ArticlePart = {
  readonly subject: string;
  readonly body: string;
  readonly html: boolean;
  readonly charset: string;
  readonly channel: string;
  readonly senderType: (typeof SENDER_TYPES)[number] | undefined;
  readonly visibleForCustomer: boolean;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly cc: string | undefined;
  readonly historyType: string | undefined;
  readonly historyComment: string | undefined;
  readonly noAgentNotify: boolean;
  readonly timeUnit: string | undefined;
};

export function checkArticle(
  state: State,
  article: Record<string, unknown>,
  operation: Writing,
): ArticlePart {
  for (const needed of ['Subject', 'Body']) {
    if (!given(textOf(article[needed]))) throw missing(operation, `Article->${needed} parameter is missing!`);
  }
  const channelId = textOf(article.CommunicationChannelID);
  const channel = given(channelId)
    ? CHANNELS[Number(channelId) - 1]
    : (textOf(article.CommunicationChannel) ?? 'Internal');
  // Chat and SMS exist, but no article is made through them here.
  if (channel === undefined || !['Email', 'Internal', 'Phone'].includes(channel)) {
    throw invalid(
      operation,
      'Article->CommunicationChannel or Article->CommunicationChannelID parameter is invalid or not supported!',
    );
  }
  const senderId = textOf(article.SenderTypeID);
  const senderName = textOf(article.SenderType);
  const senderType = given(senderId)
    ? SENDER_TYPES[Number(senderId) - 1]
    : SENDER_TYPES.find((name) => name === senderName);
  if ((given(senderId) || given(senderName)) && senderType === undefined) {
    throw invalid(operation, 'Article->SenderTypeID or Article->SenderType parameter is invalid!');
  }
  const { charset, mimeType } = contentType(article, operation);
  if (state.sysConfig.needAccountedTime && !given(textOf(article.TimeUnit))) {
    throw missing(operation, 'Article->TimeUnit is required by sysconfig option!');
  }
  const timeUnit = isTrue(article.TimeUnit) ? (textOf(article.TimeUnit) ?? 'none') : undefined;
  if (timeUnit !== undefined && !/^\d+([.,]\d+)?$/.test(timeUnit)) {
    throw invalid(operation, 'Article->TimeUnit parameter is invalid!');
  }
  const visible = textOf(article.IsVisibleForCustomer);
  return {
    subject: textOf(article.Subject) ?? '',
    body: textOf(article.Body) ?? '',
    html: mimeType === 'text/html',
    charset,
    channel,
    senderType,
    // The trap: without the flag the customer sees the note.
    visibleForCustomer: visible === undefined ? true : visible !== '0' && visible !== '',
    from: textOf(article.From),
    to: textOf(article.To),
    cc: textOf(article.Cc),
    historyType: textOf(article.HistoryType),
    historyComment: textOf(article.HistoryComment),
    noAgentNotify: !['0', '', undefined].includes(textOf(article.NoAgentNotify)),
    timeUnit,
  };
}

function contentType(
  article: Record<string, unknown>,
  operation: Writing,
): { charset: string; mimeType: string } {
  const whole = textOf(article.ContentType);
  if (given(whole)) {
    const mimeType = (whole ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    const charset = /charset="?([^";\s]+)"?/i.exec(whole ?? '')?.[1] ?? '';
    if (!knownCharset(charset) || !mimeType.includes('/'))
      throw invalid(operation, 'Article->ContentType is invalid!');
    return { charset, mimeType };
  }
  const mimeType = textOf(article.MimeType);
  const charset = textOf(article.Charset);
  if (!given(mimeType) && !given(charset)) {
    throw missing(
      operation,
      'Article->ContentType or Ticket->MimeType and Article->Charset parameters are required!',
    );
  }
  if (!given(charset)) throw missing(operation, 'Article->Charset is required!');
  if (!given(mimeType)) throw missing(operation, 'Article->MimeType is required!');
  if (!knownCharset(charset ?? '')) throw invalid(operation, 'Article->Charset is invalid!');
  return { charset: charset ?? '', mimeType: (mimeType ?? '').toLowerCase() };
}

function knownCharset(charset: string): boolean {
  try {
    new TextDecoder(charset);
    return true;
  } catch {
    return false;
  }
}

/** Checked last of all: a probe that lacks Content proves names and rights and creates nothing. */
export function checkAttachments(value: unknown, operation: Writing): Attachment[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null)
    throw invalid(operation, 'Attachment parameter is missing or not valid!');
  return [value].flat().map((entry) => {
    if (!isRecord(entry)) throw invalid(operation, 'Attachment parameter is missing or not valid!');
    for (const needed of ['Content', 'ContentType', 'Filename']) {
      if (!given(textOf(entry[needed])))
        throw missing(operation, `Attachment->${needed} parameter is missing!`);
    }
    return {
      filename: textOf(entry.Filename) ?? '',
      contentType: textOf(entry.ContentType) ?? '',
      content: textOf(entry.Content) ?? '',
    };
  });
}
