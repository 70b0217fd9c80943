/** Znuny hard-wraps converted HTML mails at about 78 characters, mail programs plain text at 72 to 76. */
const WRAP = 70;
const LONGEST_WRAPPED = 85;
const SHORTEST_WRAPPED = 45;

/** Lists, tables, labels, code, quotes: lines that stand for themselves. */
const OWN_LINE =
  /^(?:\s{2,}|\t|>|[-*•+#|]\s|\(?\d{1,3}[.)]\s|[a-z]\)\s|at\s\S+\(|[\p{L}\d /.-]{2,30}:\s|https?:\/\/\S+$)/u;
const TABLE = /\S(?:\s{3,}|\t|\s\|\s)\S/;

/** Joins the lines of paragraphs that were broken by a width, not by their writer. */
export function unwrap(text: string): string {
  const joined: string[] = [];
  let last = '';
  for (const line of text.split('\n')) {
    if (joined.length > 0 && wasBroken(last, line)) joined.push(' ', line.trimStart());
    else joined.push(joined.length > 0 ? '\n' : '', line);
    last = line;
  }
  return joined.join('');
}

function wasBroken(line: string, next: string): boolean {
  if (next.trim() === '' || line.length < SHORTEST_WRAPPED || line.length > LONGEST_WRAPPED) return false;
  if (line.startsWith('>') || TABLE.test(line) || TABLE.test(next) || OWN_LINE.test(next)) return false;
  const end = next.indexOf(' ');
  const firstWord = end < 0 ? next.length : end;
  return line.trimEnd().length + 1 + firstWord > WRAP;
}

const LINK = /^\s*\[(\d{1,3})\]\s{0,3}(?:https?:|mailto:|tel:|ftp:|file:|cid:|www\.)\S*\s*$/i;
const MAX_LINKS = 500;

/** Takes away the list of links that Znuny puts at the end, and the `[1]` that point to it. */
export function withoutLinkList(text: string): string {
  const lines = text.split('\n');
  const numbers = new Set<string>();
  let end = lines.length;
  while (end > 0 && numbers.size < MAX_LINKS) {
    const line = lines[end - 1] ?? '';
    const number = LINK.exec(line)?.[1];
    if (number === undefined && line.trim() !== '') break;
    if (number !== undefined) numbers.add(number);
    end--;
  }
  if (numbers.size === 0) return text;
  const rest = lines.slice(0, end).join('\n');
  return rest.replace(/\[(\d{1,3})\]/g, (marker, number: string) => (numbers.has(number) ? '' : marker));
}
