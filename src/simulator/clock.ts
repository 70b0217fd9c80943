/** Wall time in Znuny's time zone (OTRSTimeZone): the texts of Created, Changed and CreateTime, and the search dates. */
const HOUR = 3_600_000;

export class Clock {
  readonly now: () => number;
  readonly timeZone: string;
  // Offsets change on the hour at most, and Intl is too slow to ask for each row of 10,000 tickets.
  readonly #offsets = new Map<number, number>();
  readonly #format: Intl.DateTimeFormat | undefined;

  constructor(now: () => number, timeZone: string) {
    this.now = now;
    this.timeZone = timeZone;
    this.#format =
      timeZone === 'UTC'
        ? undefined
        : new Intl.DateTimeFormat('en-US', {
            timeZone,
            hourCycle: 'h23',
            year: 'numeric',
            month: 'numeric',
            day: 'numeric',
            hour: 'numeric',
            minute: 'numeric',
            second: 'numeric',
          });
  }

  #offset(at: number): number {
    if (this.#format === undefined) return 0;
    const hour = Math.floor(at / HOUR);
    const known = this.#offsets.get(hour);
    if (known !== undefined) return known;
    const start = hour * HOUR;
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(start)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour: h = 0, minute = 0, second = 0 } = part;
    const offset = Date.UTC(year, month - 1, day, h, minute, second) - start;
    this.#offsets.set(hour, offset);
    return offset;
  }

  /** `YYYY-MM-DD HH:MM:SS`, no offset. */
  text(at: number): string {
    return new Date(at + this.#offset(at)).toISOString().slice(0, 19).replace('T', ' ');
  }

  /** Epoch ms of a wall time text, or undefined where it is none. */
  parse(text: string): number | undefined {
    const match = /^(\d{4})-(\d\d?)-(\d\d?) (\d\d?):(\d\d?):(\d\d?)$/.exec(text);
    if (match === null) return undefined;
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
    // There is no 31st of February, and no 25th hour.
    const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
    if (date.getUTCDate() !== day || date.getUTCMinutes() !== minute || minute > 59 || second > 59)
      return undefined;
    return this.wall(year, month, day, hour, minute, second);
  }

  wall(year: number, month: number, day: number, hour: number, minute: number, second = 0): number {
    const wall = Date.UTC(year, month - 1, day, hour, minute, second);
    // The offset at the guess may be the one across a change of daylight saving: asked twice.
    const guess = wall - this.#offset(wall);
    return wall - this.#offset(guess);
  }
}

/** Whole epoch seconds: Znuny stores no finer time. */
export function seconds(at: number): number {
  return Math.floor(at / 1000);
}
