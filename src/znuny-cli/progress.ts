const LINE_EVERY_MS = 30_000;

export type Progress = { count(done: number, failed: number): void; end(): void };

/** A count that is rewritten on a terminal, and one line per 30 s elsewhere. */
export function showProgress(
  stream: { readonly isTTY?: boolean; write(text: string): unknown },
  now: () => number,
): Progress {
  const rewritten = stream.isTTY === true;
  let last = now();
  let shown = false;
  return {
    count(done, failed) {
      const text = `${done} done${failed === 0 ? '' : `, ${failed} failed`}`;
      if (rewritten) {
        stream.write(`\r${text}`);
        shown = true;
      } else if (now() - last >= LINE_EVERY_MS) {
        stream.write(`${text}\n`);
        last = now();
      }
    },
    end() {
      if (shown) stream.write('\n');
    },
  };
}
