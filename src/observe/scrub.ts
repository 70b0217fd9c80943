/** A shorter value would black out ordinary words; no password of that length protects anything. */
const MIN_LENGTH = 4;
const MIN_BASE64_LENGTH = 6;
export const MASK = '<secret>';

/**
 * Takes the values of all loaded secrets out of text: as they are, JSON-escaped, URL-encoded, and inside
 * any base64 (a Basic header encodes `login:password`, so that the value may start at any of three phases).
 */
export class Scrubber {
  readonly #forms = new Set<string>();
  #pattern: RegExp | null = null;

  add(values: readonly string[]): void {
    for (const value of values) {
      if (value.length < MIN_LENGTH) continue;
      for (const form of formsOf(value)) this.#forms.add(form);
    }
    if (this.#forms.size === 0) return;
    // Longest first: a secret that holds another one is taken out whole.
    const forms = [...this.#forms].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(forms.map(escapeRegExp).join('|'), 'g');
  }

  scrub(text: string): string {
    return this.#pattern === null ? text : text.replace(this.#pattern, MASK);
  }

  finds(text: string): boolean {
    return this.#pattern !== null && text.search(this.#pattern) >= 0;
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function formsOf(value: string): ReadonlySet<string> {
  const json = JSON.stringify(value).slice(1, -1);
  const encoded = encodeURIComponent(value.toWellFormed());
  const forms = new Set([
    value,
    json,
    JSON.stringify(json).slice(1, -1),
    encoded,
    lowerHex(encoded),
    encoded.replaceAll('%20', '+'),
    new URLSearchParams({ v: value }).toString().slice(2),
  ]);
  for (const form of base64Forms(value)) forms.add(form);
  return forms;
}

function lowerHex(encoded: string): string {
  return encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());
}

/** The part of the base64 text that depends on the value alone, for each of the three phases. */
function base64Forms(value: string): readonly string[] {
  const bytes = Buffer.from(value, 'utf8');
  const forms: string[] = [];
  for (const phase of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(phase), bytes]);
    const first = Math.ceil((phase * 8) / 6);
    const last = Math.floor((padded.length * 8) / 6);
    for (const alphabet of ['base64', 'base64url'] as const) {
      const form = padded.toString(alphabet).slice(first, last);
      if (form.length >= MIN_BASE64_LENGTH) forms.push(form);
    }
  }
  return forms;
}
