/** Letters and digits as attachments, keys and certificates are written in a mail's text; no word is that long. */
const RUN = /[A-Za-z0-9+/_-]{100,}={0,2}/g;
/** The same, wrapped as mail programs wrap it. */
const WRAPPED = /(?:^[A-Za-z0-9+/]{50,99}={0,2}\r?$\n?){2,}(?:^[A-Za-z0-9+/]{1,99}={0,2}\r?$\n?)?/gm;

/** Encoded data mixes small and capital letters with digits; a row of dashes or of one letter does not. */
function looksEncoded(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /[0-9]/.test(run);
}

/** Without encoded data: it says nothing, and would push the words out of what the model can read. */
export function withoutBlobs(text: string): string {
  const dropped = (run: string) => (looksEncoded(run) ? '\n' : run);
  return text.replace(WRAPPED, dropped).replace(RUN, dropped);
}
