/** What must be true for the daemon to do its work; a condition without a sentence is fulfilled. */
export type ConditionName = 'model' | 'znuny' | 'login' | 'rights' | 'poll' | 'rules' | 'journal';

/** Conditions of readiness. `/healthz` never asks them: Znuny's trouble must not restart the daemon. */
export class Health {
  readonly #problems = new Map<ConditionName, string>();

  constructor() {
    this.fail('znuny', 'not connected yet');
    this.fail('model', 'not loaded yet');
    this.fail('poll', 'no complete poll yet');
  }

  /** True where this is news. */
  fail(name: ConditionName, sentence: string): boolean {
    const news = this.#problems.get(name) !== sentence;
    this.#problems.set(name, sentence);
    return news;
  }

  /** True where it was failing before. */
  pass(name: ConditionName): boolean {
    return this.#problems.delete(name);
  }

  failing(name: ConditionName): boolean {
    return this.#problems.has(name);
  }

  get reasons(): readonly string[] {
    return [...this.#problems].map(([name, sentence]) => `${name}: ${sentence}`);
  }
}
