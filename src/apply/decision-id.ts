import { randomBytes } from 'node:crypto';

/** 80 random bits in lower-case base32: short enough for a note's last line, never twice in a helpdesk's life. */
export function newDecisionId(): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
  return Array.from(randomBytes(16), (byte) => alphabet[byte % 32]).join('');
}
