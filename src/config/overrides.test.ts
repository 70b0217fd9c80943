// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the configuration look like that
import { describe, expect, test } from 'vitest';
import { formatPath, parsePath } from './key-path.ts';
import { printConfig } from './print.ts';
import { CONNECTOR, load, problems } from './testing.ts';

const RULES = `${CONNECTOR}routing:\n  default_queue: Q\n  rules:\n    - {category: A, queue: B}\n`;

describe('--set', () => {
  test('it replaces, adds and removes; later ones win; lists go by index', () => {
    const { config, position } = load(RULES, {
      sets: [
        'mode=suggest',
        'mode=observe',
        'routing.rules[0].queue=C',
        'routing.rules.1={category: X, queue: Y}',
        'routing.default_queue=null',
        'intake.poll.interval_seconds=30',
        'connector.headers["X-Key"]="${PW}"',
      ],
    });

    expect(config.mode).toBe('observe');
    expect(config.routing.rules.map(({ queue }) => queue)).toEqual(['C', 'Y']);
    expect(config.routing.default_queue).toBeUndefined();
    expect(config.intake.poll.interval_seconds).toBe(30);
    expect(config.connector.headers['X-Key']?.reveal()).toBe('hunter2-secret');
    expect(position(['mode'])).toBe('--set mode');
    expect(position(['routing', 'rules', 0, 'category'])).toMatch(/config\.yaml:5:\d+$/);
  });

  test.each([
    ['mode', '--set : expected key=value'],
    ['=x', '--set  : expected key=value'],
    ['__proto__.x=1', 'expected key=value'],
    ['mode=aply', '--set mode mode: expected one of observe, suggest, apply; did you mean apply?'],
    ['mod=apply', '--set mod mod: unknown key; did you mean mode?'],
    ['conector.url=x', '--set conector.url conector: unknown key; did you mean connector?'],
    ['routing.rules[5].queue=C', 'the list has 1 entries'],
    ['connector.url.x=1', 'goes into a plain value'],
    ['routing.default_queue=4711', 'found the number 4711: put it in quotes'],
    ['log.level=[', '--set log.level log.level: lacks a closing'],
  ])('%s is refused by its name', (set, expected) => {
    const found = problems(RULES, { sets: [set] });

    expect(found.join('\n')).toContain(expected);
  });

  test('a path is read as it is printed', () => {
    for (const path of [['a', 0, 'b_c'], ['labels', 'x.y', 'z'], ['Größe']]) {
      expect(parsePath(formatPath(path))).toEqual(path);
    }
    expect(parsePath('a..b')).toBeNull();
  });
});

describe('printConfig', () => {
  test('what it prints loads again to the same configuration, the password aside', () => {
    const loaded = load(RULES);

    const printed = printConfig(loaded, { json: false });
    const again = load(printed);

    expect(again.hash).toBe(loaded.hash);
    expect(JSON.parse(printConfig(loaded, { json: true }))).toMatchObject({
      routing: { default_queue: 'Q' },
    });
  });
});
