import { z } from 'zod';
import { evenIfWrong, key, oneOrMore, seconds, secretText, text, znunyName } from './values.ts';

const webhookSecrets = key(
  oneOrMore(secretText, 'a text'),
  'What the caller must send; two of them while one replaces the other',
  { restart: true, secret: true },
);

const webhookAuth = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: key(z.literal('header'), 'A fixed header, as Znuny sends it', { restart: true }),
      header: key(
        z
          .string()
          .regex(/^[A-Za-z0-9-]+$/, 'must be the name of an HTTP header')
          .default('Authorization'),
        'Name of the header; its whole value is compared',
        { restart: true },
      ),
      secrets: webhookSecrets,
    }),
    z.strictObject({
      type: key(z.literal('basic'), 'HTTP Basic', { restart: true }),
      username: key(text, 'Login that the caller sends', { restart: true }),
      secrets: webhookSecrets,
    }),
  ],
  { error: 'expected type: header or type: basic' },
);

const TAKEN_PATHS = ['/healthz', '/readyz', '/metrics'];

const webhook = z
  .strictObject({
    enabled: key(
      z.boolean().default(false),
      'Take calls that name a new ticket; polling goes on as the backstop',
      {
        restart: true,
      },
    ),
    auth: key(webhookAuth.optional(), 'How the caller proves itself; needed when enabled', { restart: true }),
    path: key(
      z
        .string()
        .regex(/^\/[\w./-]+$/, 'must begin with / and have letters, digits, - _ . / only')
        .refine((path) => !TAKEN_PATHS.includes(path), `must be none of ${TAKEN_PATHS.join(', ')}`)
        .default('/webhook'),
      'Path of the webhook on server.listen',
      { restart: true },
    ),
  })
  .superRefine((section, context) => {
    if (section.enabled !== true || section.auth !== undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['auth'],
      message: 'is missing: an open webhook lets everybody cause reads; set auth, or enabled: false',
    });
  }, evenIfWrong);

export const intake = z.strictObject({
  states: key(z.array(znunyName).min(1).default(['new']), 'States of tickets that are triaged'),
  queues: key(
    z.array(znunyName).min(1).optional(),
    'Source queues; no other queue is searched or read. Default: Raw, Postmaster and routing.default_queue',
  ),
  sub_queues: key(z.boolean().default(false), 'Take the queues below the source queues too'),
  lookback_hours: key(
    z.number().min(0).max(8760).optional(),
    'Take tickets that were created this long before the first start. Default: 24 in mode observe, else 0',
  ),
  portal_users: key(
    z.array(znunyName).default([]),
    'Logins of agents whose tickets are triaged however they were made (portals, monitoring)',
  ),
  poll: key(
    z.strictObject({ interval_seconds: key(seconds.default(10), 'Time between two searches') }).prefault({}),
    'Search for new tickets',
  ),
  webhook: key(webhook.prefault({}), 'Calls from Znuny that name a new ticket'),
});
