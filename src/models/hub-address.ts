import { ConfigError } from '../errors.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The address of a hub without a slash at its end. Errors: ConfigError `E_HUB`. */
export function hubAddress(text: string, allowHttp: boolean): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw wrong(`${JSON.stringify(text)} is no address of a hub.`, 'As in --hub https://huggingface.co.');
  }
  // not repeated: a password may stand in it
  if (url.username !== '' || url.password !== '') {
    throw wrong("The hub's address holds a login.", 'Give a token in the environment variable HF_TOKEN.');
  }
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname) && !allowHttp) {
    throw wrong(
      `${url.origin} is plain http: anybody on the way could change the model.`,
      'Take https, or say --allow-http.',
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function wrong(message: string, hint: string): ConfigError {
  return new ConfigError('E_HUB', message, { hint });
}
