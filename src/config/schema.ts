import { z } from 'zod';
import { connector } from './connector.ts';
import { intake } from './intake.ts';
import { journal } from './journal.ts';
import { log } from './log.ts';
import { model } from './model.ts';
import { fields, note } from './note.ts';
import { routing } from './routing.ts';
import { server } from './server.ts';
import { key, mode } from './values.ts';

/** The whole file. Every default of the program stands in the fragments, nowhere else. */
export const configSchema = z
  .strictObject({
    version: key(z.literal(1).default(1), 'Version of this format'),
    mode: key(
      mode.default('apply'),
      'observe writes nothing, suggest writes only the internal note, apply changes fields',
    ),
    connector: key(connector, 'The Znuny that is triaged'),
    intake: key(intake.prefault({}), 'Which tickets are triaged'),
    model: key(model.prefault({}), 'The model that judges them'),
    routing: key(routing.prefault({}), 'What becomes of them'),
    note: key(note.prefault({}), 'The internal note: on, off, or its settings'),
    fields: key(fields.prefault({}), 'Dynamic fields to write: triage (a preset), or names'),
    journal: key(journal.prefault({}), 'What the daemon remembers'),
    server: key(server.prefault({}), 'Health, metrics and webhook'),
    log: key(log.prefault({}), 'The log on standard output'),
  })
  .superRefine((config, context) => {
    // Znuny keeps the webhook's secret in its database, where many may read it
    const password = config.server.auth?.password.reveal();
    const secrets = config.intake.webhook.auth?.secrets ?? [];
    if (!secrets.some((secret) => secret.reveal() === password)) return;
    const message = 'is the same as a secret of intake.webhook: use two different ones';
    context.addIssue({ code: 'custom', path: ['server', 'auth', 'password'], message });
  });

/** A loaded configuration: defaults filled, secrets wrapped, names as in the file. */
export type Config = z.output<typeof configSchema>;
