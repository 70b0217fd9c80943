import type { Reporter, TestCase, TestModule } from 'vitest/node';

type Skipped = { readonly promise: string; readonly reason: string };

/** One line for each promise as it ends, and the count of what was kept, broken and skipped. */
export class Report implements Reporter {
  readonly #where: string;
  readonly #json: boolean;
  readonly #skipped: Skipped[] = [];
  readonly #broken: string[] = [];
  #kept = 0;
  readonly #began = performance.now();

  constructor(where: string, json: boolean) {
    this.#where = where;
    this.#json = json;
  }

  onTestModuleStart(module: TestModule): void {
    console.log(module.relativeModuleId.replace(/^acceptance\//, '').replace('.test.ts', ''));
  }

  onTestCaseResult(test: TestCase): void {
    const result = test.result();
    const { name } = test;
    if (result.state === 'passed') {
      this.#kept += 1;
      console.log(`  kept     ${name}`);
    } else if (result.state === 'skipped') {
      const reason = result.note ?? 'not chosen by --only';
      if (result.note !== undefined) console.log(`  skipped  ${name}\n             ${reason}`);
      this.#skipped.push({ promise: name, reason });
    } else {
      this.#broken.push(name);
      console.log(`  BROKEN   ${name}`);
      for (const { message, stack, diff } of result.errors ?? []) {
        console.log(indented(diff ?? message));
        const [place] = /acceptance\/[\w-]+\.test\.ts:\d+/.exec(stack ?? '') ?? [];
        if (place !== undefined) console.log(`             ${place}`);
      }
    }
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly { readonly message: string }[]): void {
    const lost = modules.flatMap((module) => module.errors());
    for (const { message } of [...errors, ...lost]) {
      this.#broken.push('a file of promises');
      console.log(`  BROKEN   ${message}`);
    }
    const seconds = Math.round((performance.now() - this.#began) / 1_000);
    const chosen = this.#skipped.filter(({ reason }) => reason !== 'not chosen by --only');
    const promises = this.#kept + this.#broken.length + chosen.length;
    console.log(
      `\n${promises} promises on ${this.#where}: ${this.#kept} kept, ${this.#broken.length} broken, ${chosen.length} skipped (${seconds} s)`,
    );
    if (this.#json)
      console.log(
        JSON.stringify({ promises, kept: this.#kept, broken: this.#broken, skipped: chosen, seconds }),
      );
  }
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '             ');
}
