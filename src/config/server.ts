import { z } from 'zod';
import { evenIfWrong, key, secretText, text } from './values.ts';

const listen = z
  .string()
  .refine(
    (value) => parseListen(value) !== null,
    'must look like 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080',
  );

const auth = z
  .strictObject({
    username: key(text, 'Login for the metrics', { restart: true }),
    password: key(secretText.optional(), 'Its password, best taken from the environment', {
      restart: true,
      secret: true,
    }),
    password_file: key(text.optional(), 'File that holds the password, relative to the folder of this file', {
      restart: true,
    }),
  })
  .superRefine((section, context) => {
    if (section.password !== undefined) return;
    const message = 'is missing: write password (best from a variable) or password_file';
    context.addIssue({ code: 'custom', path: ['password'], message, continue: false });
  }, evenIfWrong)
  .transform(({ password, ...section }) => {
    if (password === undefined) return z.NEVER;
    return { ...section, password };
  });

export const server = z.strictObject({
  listen: key(listen.default('127.0.0.1:8080'), 'Address and port for health, metrics and webhook', {
    restart: true,
  }),
  auth: key(auth.optional(), 'HTTP Basic login for everything but health and webhook', { restart: true }),
});

/** Host (without the brackets of IPv6) and port of `server.listen`; null where it is no address. */
export function parseListen(value: string): { readonly host: string; readonly port: number } | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(value);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port > 65_535 ? null : { host, port };
}
