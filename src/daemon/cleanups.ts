type Cleanup = { readonly name: string; readonly run: () => void | Promise<void> };

/** Takes down in reverse order what was put up; one failure does not stop the rest. */
export class Cleanups {
  readonly #stack: Cleanup[] = [];

  add(name: string, run: Cleanup['run']): void {
    this.#stack.push({ name, run });
  }

  /** Names and errors of the steps that failed. Each cleanup runs once, also where this is called again. */
  async run(): Promise<readonly { readonly name: string; readonly error: unknown }[]> {
    const failed: { name: string; error: unknown }[] = [];
    for (let next = this.#stack.pop(); next; next = this.#stack.pop()) {
      try {
        await next.run();
      } catch (error) {
        failed.push({ name: next.name, error });
      }
    }
    return failed;
  }
}
