/** "Mon-Fri 08:00-18:00", "Sat,Sun 00:00-24:00", "22:00-06:00" (to the next morning). */
export type HourSpan = {
  /** days on which it begins; 0 = Monday */
  readonly days: ReadonlySet<number>;
  /** minutes since midnight, 0–1440; where `to` is not after `from` it ends on the next day */
  readonly from: number;
  readonly to: number;
};

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const SPAN = /^(?:(\S+) )?([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;
const DAY_MINUTES = 24 * 60;

/** null where the text is no span. */
export function parseHours(text: string): HourSpan | null {
  const match = SPAN.exec(text.trim());
  if (!match) return null;
  const [, names, fromHour, fromMinute, toHour, toMinute] = match;
  const days = names === undefined ? new Set(DAYS.keys()) : parseDays(names);
  if (days === null) return null;
  const to = toHour === undefined ? DAY_MINUTES : Number(toHour) * 60 + Number(toMinute);
  return { days, from: Number(fromHour) * 60 + Number(fromMinute), to };
}

function parseDays(names: string): Set<number> | null {
  const days = new Set<number>();
  for (const part of names.split(',')) {
    const [first = -1, last = first, ...rest] = part.split('-').map(dayIndex);
    if (rest.length > 0 || first < 0 || last < 0) return null;
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === last) break;
    }
  }
  return days;
}

function dayIndex(name: string): number {
  return DAYS.findIndex((day) => day.toLowerCase() === name.toLowerCase());
}

/** Day and minute on the wall clock of a time zone. Throws RangeError where the zone is unknown. */
export type WallClock = (epochMs: number) => { readonly day: number; readonly minute: number };

export function wallClock(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (epochMs) => {
    const parts = format.formatToParts(epochMs);
    const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? '';
    return { day: dayIndex(part('weekday')), minute: Number(part('hour')) * 60 + Number(part('minute')) };
  };
}

export function within(span: HourSpan, at: { readonly day: number; readonly minute: number }): boolean {
  const { days, from, to } = span;
  if (to > from) return days.has(at.day) && at.minute >= from && at.minute < to;
  const yesterday = (at.day + 6) % 7;
  return (days.has(at.day) && at.minute >= from) || (days.has(yesterday) && at.minute < to);
}
