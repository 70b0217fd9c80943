const PREFIX =
  /^(?:re|aw|antw|antwort|fw|fwd|wg|wtr|tr|rv|sv|vs|odp|rif|r|i)\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]\s?/i;
const FORWARD = /^(?:fw|fwd|wg|wtr|tr|rv|i)\s?[:：]/i;
const TAG = /^\[(?:ext|extern|external|externe e-mail|external email)\]\s?:?\s?/i;
/** Znuny's `[Ticket#2026112410000126]`; hook and divider are the administrator's, so any word before `#`. */
const TICKET = /\[?\b(?:Ticket|Vorgang|Case|Fall)\s?#\s?:?\s?\d{5,20}\]?/gi;
const MAX_PREFIXES = 20;

/** Subject without reply prefixes and ticket numbers, and whether it announces a forwarded mail. */
export function bareSubject(subject: string): { readonly subject: string; readonly forward: boolean } {
  let rest = subject.slice(0, 2_000).replace(TICKET, ' ').replace(/\s+/g, ' ').trim();
  let forward = false;
  for (let count = 0; count < MAX_PREFIXES; count++) {
    const shorter = rest.replace(TAG, '').replace(PREFIX, '');
    forward ||= FORWARD.test(rest);
    if (shorter === rest) break;
    rest = shorter;
  }
  return { subject: rest.trim(), forward };
}
