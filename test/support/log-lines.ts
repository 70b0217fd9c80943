import { until } from './until.ts';

export type LogLine = { readonly level: string; readonly msg: string; readonly [field: string]: unknown };

/** The daemon's log as its operator reads it: one JSON object a line. */
export class LogLines {
  readonly all: LogLine[] = [];

  push(line: string): void {
    this.all.push(JSON.parse(line));
  }

  /** Lines with this message, and these fields where given. */
  with(msg: string, fields: Readonly<Record<string, unknown>> = {}): readonly LogLine[] {
    const wanted = Object.entries(fields);
    return this.all.filter(
      (line) => line.msg === msg && wanted.every(([name, value]) => line[name] === value),
    );
  }

  async seen(
    msg: string,
    fields: Readonly<Record<string, unknown>> = {},
    timeoutMs?: number,
  ): Promise<LogLine> {
    await until(`the log says "${msg}"`, () => this.with(msg, fields).length > 0, {
      timeoutMs,
      why: () => this.tail(),
    });
    const [first] = this.with(msg, fields);
    if (!first) throw new Error(`no line "${msg}"`);
    return first;
  }

  tail(): string {
    return this.all
      .slice(-12)
      .map((line) => JSON.stringify(line))
      .join('\n');
  }
}
