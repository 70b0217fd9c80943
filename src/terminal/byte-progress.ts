import { megabytes } from './model-lines.ts';

const LINE_EVERY_MS = 30_000;

export type ByteProgress = { show(done: number, total: number): void; end(): void };

/** Bytes that are there: rewritten on a terminal, one line per 30 s elsewhere. */
export function byteProgress(
  stream: { readonly isTTY?: boolean; write(text: string): unknown },
  now: () => number,
): ByteProgress {
  let shown = '';
  let last = now();
  return {
    show(done, total) {
      const text = `${megabytes(done)}${total > 0 ? ` of ${megabytes(total)}` : ''}`;
      if (stream.isTTY === true) {
        if (text !== shown) stream.write(`\r${text}`);
        shown = text;
      } else if (now() - last >= LINE_EVERY_MS) {
        stream.write(`${text}\n`);
        last = now();
      }
    },
    end() {
      if (shown !== '') stream.write('\n');
    },
  };
}
