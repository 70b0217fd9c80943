import type { ErrorCode } from 'yaml';

/**
 * Own words for the parser's errors: its messages repeat pieces of the text, such as the name of an alias,
 * and a password that begins with * or & would be printed with them.
 */
const MESSAGES: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'has * without a name: put the value in quotes',
  BAD_DQ_ESCAPE: 'has a \\ in double quotes that means nothing: write \\\\ or use single quotes',
  BAD_INDENT: 'is not indented like the lines around it, or a bracket is not closed',
  BAD_SCALAR_START: 'begins with a character that YAML keeps for itself (% @ `): put the value in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'has a second ": " in the line: put the value in quotes, or indent the next line rightly',
  BLOCK_IN_FLOW: 'has a block inside brackets: close the bracket first',
  DUPLICATE_KEY: 'stands twice in the same mapping: remove one',
  MISSING_CHAR: 'lacks a closing quote or bracket, or a colon with a blank after a key',
  MULTILINE_IMPLICIT_KEY: 'has a key of more than one line: check the indentation and the colon',
  MULTIPLE_DOCS: 'begins a second document with ---: one file holds one configuration',
  NON_STRING_KEY: 'has a list or mapping as a key: put the key in quotes',
  TAB_AS_INDENT: 'is indented with a tab: YAML wants blanks',
};

export function syntaxMessage(code: ErrorCode): string {
  return MESSAGES[code] ?? 'is no YAML: check quotes, colons and indentation here';
}
