import { mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { ConfigError } from '../errors.ts';
import type { AttachmentInput, ZnunyArticle, ZnunyTicket } from '../znuny/types.ts';
import { readBytes } from './data.ts';
import type { Data } from './operation.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.doc': 'application/msword',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.eml': 'message/rfc822',
  '.gif': 'image/gif',
  '.gz': 'application/gzip',
  '.html': 'text/html',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.log': 'text/plain',
  '.md': 'text/markdown',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.webp': 'image/webp',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.xml': 'application/xml',
  '.zip': 'application/zip',
};

/** A file as an attachment; Znuny asks for a content type, which the name's end tells. */
export async function readAttachment(file: string): Promise<AttachmentInput> {
  const Content = (await readBytes(file)).toString('base64');
  const ContentType = CONTENT_TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream';
  return { Filename: basename(file), ContentType, Content };
}

/**
 * Writes the attachments of tickets into a folder, as TICKETNUMBER-ARTICLEID-N-NAME, and gives the tickets with
 * `SavedAs` in place of `Content`.
 */
export async function saveAttachments(
  tickets: readonly ZnunyTicket[],
  folder: string,
): Promise<readonly Data[]> {
  try {
    await mkdir(folder, { recursive: true });
    return await Promise.all(
      tickets.map(async (ticket) => ({
        ...ticket,
        Article: await Promise.all(ticket.Article.map((article) => save(ticket, article, folder))),
      })),
    );
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new ConfigError('E_CONFIG', `attachments cannot be written${code}`, {
      where: folder,
      hint: 'Name a folder that may be written to, with room for them.',
    });
  }
}

async function save(ticket: ZnunyTicket, article: ZnunyArticle, folder: string): Promise<Data> {
  const Attachment = await Promise.all(
    article.Attachment.map(async ({ Content, ...rest }, index) => {
      const name = `${ticket.TicketNumber}-${article.ArticleID}-${index + 1}-${safeName(rest.Filename)}`;
      const SavedAs = join(folder, name);
      await writeFile(SavedAs, Buffer.from(Content, 'base64'));
      return { ...rest, SavedAs };
    }),
  );
  return { ...article, Attachment };
}

/** Whoever wrote the mail chose the name: no path, no hidden file, nothing that a terminal or Windows stumbles over. */
export function safeName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"|?*]/gu, '_')
    .replace(/^[.\s-]+/, '')
    .replace(/[.\s]+$/, '');
  const end = extname(plain).slice(0, 16);
  const stem = plain.slice(0, plain.length - extname(plain).length);
  // File systems count bytes, 255 of them with what stands in front.
  let short = stem;
  while (Buffer.byteLength(short) > 120) short = [...short].slice(0, -1).join('');
  return `${short}${end}` || 'attachment';
}
