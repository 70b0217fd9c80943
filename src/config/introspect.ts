import type { z } from 'zod';
import type { KeyPath } from './key-path.ts';

/** Questions to the schema itself, so that hints, masks and restarts follow from it and from nothing else. */
type Schema = z.core.$ZodType;

type Facts = { readonly restart: boolean; readonly secret: boolean };

/** Whether a change of this key needs a restart, and whether its value is secret: said at the key or above it. */
export function factsOf(root: Schema, path: KeyPath): Facts {
  let schemas: readonly Schema[] = [root];
  let restart = false;
  let secret = false;
  for (const segment of path) {
    const children = schemas.flatMap((schema) => childrenOf(schema, segment));
    if (children.length === 0) break;
    const layers = children.flatMap(layersOf);
    restart ||= layers.some((layer) => metaOf(layer)?.restart === true);
    secret ||= layers.some((layer) => metaOf(layer)?.secret === true);
    schemas = children;
  }
  return { restart, secret };
}

/** Names of the keys that a mapping at `path` may have; empty where any name goes, or none. */
export function knownKeys(root: Schema, path: KeyPath): readonly string[] {
  const names = schemasAt(root, path)
    .flatMap(layersOf)
    .flatMap((layer) => {
      const def = definitionOf(layer);
      if (def.type === 'record') return enumKeys(def.keyType);
      return def.type === 'object' ? Object.keys(def.shape) : [];
    });
  return [...new Set(names)];
}

/** What may stand at `path`: `mapping` and `list` for a value that may be left empty there. */
export function shapeAt(root: Schema, path: KeyPath): 'mapping' | 'list' | 'value' {
  const kinds = schemasAt(root, path)
    .flatMap(layersOf)
    .map((layer) => definitionOf(layer).type);
  if (kinds.includes('object') || kinds.includes('record')) return 'mapping';
  return kinds.includes('array') ? 'list' : 'value';
}

/** Paths of all mappings that know a key of this name: where a misplaced key belongs. */
export function homesOf(root: Schema, name: string, path: KeyPath = []): readonly KeyPath[] {
  const keys = knownKeys(root, path);
  const here = keys.includes(name) ? [path] : [];
  return [...here, ...keys.flatMap((child) => homesOf(root, name, [...path, child]))];
}

function schemasAt(root: Schema, path: KeyPath): readonly Schema[] {
  let schemas: readonly Schema[] = [root];
  for (const segment of path) schemas = schemas.flatMap((schema) => childrenOf(schema, segment));
  return schemas;
}

function childrenOf(schema: Schema, segment: string | number): readonly Schema[] {
  return layersOf(schema).flatMap((layer): readonly Schema[] => {
    const def = definitionOf(layer);
    if (def.type === 'object') {
      return Object.hasOwn(def.shape, segment) ? [Reflect.get(def.shape, segment)] : [];
    }
    if (def.type === 'array') return typeof segment === 'number' ? [def.element] : [];
    return def.type === 'record' ? [def.valueType] : [];
  });
}

/** The schema and what it wraps: defaults, transforms, branches of a union. */
function layersOf(schema: Schema): readonly Schema[] {
  const def = definitionOf(schema);
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
      return [schema, ...layersOf(def.innerType)];
    case 'pipe':
      return [schema, ...layersOf(def.in)];
    case 'union':
      return [schema, ...def.options.flatMap(layersOf)];
    default:
      return [schema];
  }
}

function enumKeys(keyType: Schema): readonly string[] {
  const def = definitionOf(keyType);
  return def.type === 'enum' ? Object.values(def.entries).map(String) : [];
}

function definitionOf(schema: Schema): z.core.$ZodTypes['_zod']['def'] {
  return (schema as z.core.$ZodTypes)._zod.def;
}

function metaOf(schema: Schema): z.core.GlobalMeta | undefined {
  return (schema as z.ZodType).meta();
}
