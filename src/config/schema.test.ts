import { describe, expect, test } from 'vitest';
import { lookbackHours, sourceQueues } from './derived.ts';
import { factsOf } from './introspect.ts';
import { configJsonSchema, isSchemaFileCurrent } from './json-schema.ts';
import { configSchema } from './schema.ts';
import { parseListen } from './server.ts';
import { CONNECTOR, load } from './testing.ts';

type Node = { readonly [name: string]: unknown };

/** Every `properties` entry without a description, as a path. */
function undescribed(node: unknown, path = ''): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, child]) => {
    if (name !== 'properties') return undescribed(child, `${path}/${name}`);
    return Object.entries<Node>(child).flatMap(([key, value]) => [
      ...(typeof value.description === 'string' ? [] : [`${path}/${key}`]),
      ...undescribed(value, `${path}/${key}`),
    ]);
  });
}

describe('the schema', () => {
  test('config.schema.json is current (else: node src/config/json-schema.ts)', () => {
    expect(isSchemaFileCurrent()).toBe(true);
  });

  test('every key is described, and says where a restart is needed', () => {
    const schema = JSON.parse(configJsonSchema());

    expect(undescribed(schema)).toEqual([]);
    expect(schema.properties.connector.properties.url.description).toContain('(needs a restart)');
    expect(schema.properties.mode.description).not.toContain('restart');
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required).toEqual(['connector']);
  });

  test('secrets and restarts are known for what stands below a key, in lists and in branches too', () => {
    expect(factsOf(configSchema, ['connector', 'headers', 'X-Key'])).toEqual({ restart: true, secret: true });
    expect(factsOf(configSchema, ['intake', 'webhook', 'auth', 'secrets', 1]).secret).toBe(true);
    expect(factsOf(configSchema, ['routing', 'rules', 3, 'queue'])).toEqual({
      restart: false,
      secret: false,
    });
  });
});

describe('derived values', () => {
  test('the source queues are Raw, Postmaster and the default queue, unless they are named', () => {
    const of = (text: string) => sourceQueues(load(`${CONNECTOR}${text}`).config);

    expect(of('')).toEqual(['Raw', 'Postmaster']);
    expect(of('routing: {default_queue: Unclassified}\n')).toEqual(['Raw', 'Postmaster', 'Unclassified']);
    expect(of('routing: {default_queue: Raw}\n')).toEqual(['Raw', 'Postmaster']);
    expect(of('routing: {default_queue: U}\nintake: {queues: [Inbox, Inbox]}\n')).toEqual(['Inbox']);
  });

  test('the lookback is 24 hours in observe, none elsewhere, unless it is set', () => {
    const of = (text: string) => lookbackHours(load(`${CONNECTOR}${text}`).config);

    expect(of('mode: observe\n')).toBe(24);
    expect(of('mode: suggest\n')).toBe(0);
    expect(of('')).toBe(0);
    expect(of('mode: observe\nintake: {lookback_hours: 0}\n')).toBe(0);
  });

  test('server.listen is taken apart into host and port', () => {
    expect(parseListen('0.0.0.0:8080')).toEqual({ host: '0.0.0.0', port: 8080 });
    expect(parseListen('[::1]:0')).toEqual({ host: '::1', port: 0 });
    expect(parseListen('localhost')).toBeNull();
  });
});
