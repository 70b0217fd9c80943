import { inspect } from 'node:util';

const MASK = '<secret>';

/** A value that prints itself as `<secret>`: in logs, JSON, errors and the debugger. Only `reveal` tells it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
