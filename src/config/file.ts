import { readFileSync, statSync } from 'node:fs';

const LARGEST_BYTES = 4_000_000;

export type FileText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/** Reads a text file as UTF-8, without the byte order mark that some editors put first. Never throws. */
export function readText(path: string, largest = LARGEST_BYTES): FileText {
  try {
    const status = statSync(path);
    if (status.isDirectory()) return { ok: false, reason: 'is a directory, not a file' };
    if (status.size > largest) return { ok: false, reason: `is larger than ${largest} bytes` };
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read by this user: check owner and mode of the file and its folders';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'is not UTF-8: save it as UTF-8 in your editor';
    default:
      return `could not be read (${code})`;
  }
}
