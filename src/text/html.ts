import { convert, type HtmlToTextOptions } from 'html-to-text';

/** Parsing takes about 0.6 s per megabyte, so the rest of a longer mail is not parsed at all. */
const MAX_CHARACTERS = 200_000;

const STARTS_WITH_TAG =
  /^\s*<(?:!doctype|html|head|body|meta|style|div|p|br|span|table|font|h[1-6]|ul|ol|b|i|a)\b/i;
const DOCUMENT = /<(?:!doctype html|html|body)\b/i;
const BLOCKS = /<\/(?:p|div|table|tr|ul|ol|li|h[1-6])>|<br\s?\/?>/gi;

const LAYOUT: HtmlToTextOptions = {
  wordwrap: false,
  limits: { maxInputLength: MAX_CHARACTERS, maxDepth: 100, maxChildNodes: 5_000, ellipsis: '' },
  selectors: [
    { selector: 'img', format: 'skip' },
    { selector: 'head', format: 'skip' },
    { selector: 'a', options: { ignoreHref: true } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    { selector: 'td', format: 'cell' },
    { selector: 'th', format: 'cell' },
    { selector: 'tr', format: 'row' },
    // only true quotes get the `>` that quotes.ts looks for; others are indented text of the customer
    { selector: 'blockquote', format: 'block' },
    { selector: 'blockquote[type=cite]', format: 'blockquote' },
    { selector: 'blockquote.gmail_quote', format: 'blockquote' },
  ],
  formatters: {
    cell(element, walk, builder) {
      walk(element.children, builder);
      builder.addInline('  ');
    },
    row(element, walk, builder) {
      builder.openBlock({ leadingLineBreaks: 1 });
      walk(element.children, builder);
      builder.closeBlock({ trailingLineBreaks: 1 });
    },
  },
};

/** Znuny's bodies are plain text already; markup comes from files, portals and add-ons. */
export function looksLikeHtml(text: string): boolean {
  const head = text.slice(0, MAX_CHARACTERS);
  if (STARTS_WITH_TAG.test(head) || DOCUMENT.test(head)) return true;
  return (head.match(BLOCKS)?.length ?? 0) >= 3;
}

/** Plain text of a page of HTML; cited parts have `> ` before each line. Fetches nothing. */
export function htmlToPlain(html: string): string {
  const lean = withoutData(withoutSpans(html)).slice(0, MAX_CHARACTERS);
  try {
    return convert(lean, LAYOUT);
  } catch {
    // deep nesting may exhaust the stack; words without layout are better than no words
    return lean.replace(/<[^<>]*>/g, ' ');
  }
}

const SPANS = [
  ['<!--', '-->'],
  ['<style', '</style>'],
  ['<script', '</script>'],
] as const;

/** Outlook opens a mail with kilobytes of styles, which would use up the cap before the first word. */
function withoutSpans(html: string): string {
  let text = html;
  for (const [open, close] of SPANS) text = withoutSpan(text, open, close);
  return text;
}

function withoutSpan(text: string, open: string, close: string): string {
  const small = text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
  const kept: string[] = [];
  let from = 0;
  while (from < text.length) {
    const start = small.indexOf(open, from);
    const end = start < 0 ? -1 : small.indexOf(close, start);
    if (end < 0) break;
    kept.push(text.slice(from, start), ' ');
    from = end + close.length;
  }
  return kept.join('') + text.slice(from);
}

/** Pasted screenshots stand in the markup as Base64. */
function withoutData(html: string): string {
  return html.replace(/data:[\w/+.-]{1,60};base64,[\w+/=\s]*/gi, '');
}
