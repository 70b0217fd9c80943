import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { configSchema } from './schema.ts';

/** `config.schema.json`, which editors read through the first line of config.example.yaml. */
const SCHEMA_FILE = new URL('../../config.schema.json', import.meta.url);

/** The JSON schema of the file as it is written (before defaults), ending with a newline. */
export function configJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.restart === true) jsonSchema.description = `${jsonSchema.description} (needs a restart)`;
      delete jsonSchema.restart;
      delete jsonSchema.secret;
    },
  });
  return `${JSON.stringify({ $schema, title: 'Configuration of triaged', ...rest }, null, 2)}\n`;
}

export function isSchemaFileCurrent(): boolean {
  return readFileSync(SCHEMA_FILE, 'utf8') === configJsonSchema();
}

if (import.meta.main) {
  if (!process.argv.includes('--check')) writeFileSync(SCHEMA_FILE, configJsonSchema());
  else if (!isSchemaFileCurrent()) {
    console.error('config.schema.json is stale: run node src/config/json-schema.ts');
    process.exitCode = 1;
  }
}
