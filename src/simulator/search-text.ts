/** How a search reads texts: Znuny's QueryCondition and what MariaDB makes of it. */

export type TextTest = (text: string) => boolean;

/** `*` and `%` stand for anything; case does not count. */
export function like(text: string): RegExp {
  const source = text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(/[*%]+/g, '.*');
  return new RegExp(`^${source}$`, 'isu');
}

/** A value that stands for anything is no condition at all. */
export function isAnything(text: string): boolean {
  return /^[*%]{1,3}$/.test(text);
}

/**
 * `&&`, `+` and AND, `||` and OR, `!`, brackets and "quotes" mean something in a title, a customer and a field's
 * Like. Both AND and OR on one level, or brackets that do not close, find nothing.
 */
export function condition(value: string): TextTest {
  const tokens = tokensOf(value);
  let at = 0;

  function operand(): TextTest | undefined {
    const token = tokens[at++];
    if (token === undefined) return undefined;
    if (token.kind === 'word') {
      const pattern = like(token.text);
      return (text) => pattern.test(text);
    }
    if (token.kind === '!') {
      const inner = operand();
      return inner === undefined ? undefined : (text) => !inner(text);
    }
    if (token.kind !== '(') return undefined;
    const inner = chain();
    return tokens[at++]?.kind === ')' ? inner : undefined;
  }

  function chain(): TextTest | undefined {
    const tests: TextTest[] = [];
    let operator: '&&' | '||' | undefined;
    for (;;) {
      const test = operand();
      if (test === undefined) return undefined;
      tests.push(test);
      const kind = tokens[at]?.kind;
      if (kind !== '&&' && kind !== '||') break;
      if (operator !== undefined && kind !== operator) return undefined;
      operator = kind;
      at += 1;
    }
    return operator === '||'
      ? (text) => tests.some((test) => test(text))
      : (text) => tests.every((test) => test(text));
  }

  const whole = chain();
  return whole === undefined || at < tokens.length ? () => false : whole;
}

type Token = { readonly kind: 'word' | '&&' | '||' | '!' | '(' | ')'; readonly text: string };

function tokensOf(value: string): Token[] {
  const tokens: Token[] = [];
  let word = '';
  const end = () => {
    if (word.trim() !== '') tokens.push({ kind: 'word', text: word.trim() });
    word = '';
  };
  const marks = /"([^"]+)"|\\([!&()|\\])|(?<=\s|\)|^)(AND|OR)(?=\s|\()|&&|\|\||[+!()]|./gsu;
  for (const [text, quoted, escaped, named] of value.trim().matchAll(marks)) {
    const kind = named === 'AND' || text === '+' ? '&&' : named === 'OR' ? '||' : text;
    if (quoted !== undefined || escaped !== undefined) word += quoted ?? escaped;
    else if (kind === '&&' || kind === '||' || kind === '(' || kind === ')') {
      end();
      tokens.push({ kind, text });
    } else if (kind === '!' && word.trim() === '') tokens.push({ kind: '!', text });
    else word += text;
  }
  end();
  return tokens;
}
