/** What Znuny and MariaDB make of the texts that are written. */

/** Trimmed, CRLF to LF (a lone CR stays), and each 4-byte character lost to MariaDB's 3-byte utf8. */
export function stored(text: string): string {
  return lossy(text.trim().replaceAll('\r\n', '\n'));
}

export function lossy(text: string): string {
  return text.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '\ufffd');
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: '\u00a0',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  bdquo: '„',
  ldquo: '“',
  rdquo: '”',
  ndash: '–',
  mdash: '—',
  euro: '€',
};

function decodeEntities(text: string): string {
  return text.replaceAll(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return Number.isInteger(code) && code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Plain text of an HTML mail: links as `[1]text` with a list at the end, wrapped at 78, tables flattened, script text kept. */
export function htmlToText(html: string): string {
  const links: string[] = [];
  let text = html
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<head\b.*?<\/head>|<style\b.*?<\/style>|<!--.*?-->/gi, '');
  text = text.replaceAll(
    /<a\s[^>]*?href=["']?([^"'\s>]+)[^>]*>/gi,
    (_, href: string) => `[${links.push(href)}]`,
  );
  text = text
    .replaceAll(/<script\b[^>]*>/gi, '\n\n')
    .replaceAll(/<\/script>/gi, ' \n')
    .replaceAll(/<li\b[^>]*>/gi, '\n - ')
    .replaceAll(/<br\s*\/?>/gi, '\n')
    .replaceAll(/<\/th>/gi, '\n\n')
    .replaceAll(/<\/td>/gi, ' ')
    .replaceAll(/<\/?(p|div|h\d|table|ul|ol|tr|blockquote)\b[^>]*>/gi, '\n\n')
    .replaceAll(/<[^>]*>/g, '');
  const lines = decodeEntities(text)
    .split('\n')
    .map((line) => line.replace(/^ (?!- )/, ''))
    .flatMap((line) => wrap(line, 78));
  const body = lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .replace(/^\n*/, '\n');
  if (links.length === 0) return body.replace(/\n*$/, '\n\n');
  const list = links.map((href, index) => `[${index + 1}] ${decodeEntities(href)}`).join('\n');
  return `${body.trimEnd()} \n\n\n${list}\n`;
}

function wrap(line: string, width: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    if (space <= 0) break;
    lines.push(rest.slice(0, space));
    rest = rest.slice(space + 1);
  }
  lines.push(rest);
  return lines;
}
