import { readdirSync, readFileSync } from 'node:fs';

/** Hundredths of a second: the clock of /proc on Linux. */
const TICK_MS = 10;

export type Cpu = { readonly own: number; readonly children: number };

/** Milliseconds of processor time so far, of this process and of its children that live; NaN where there is no /proc. */
export function cpuTime(): Cpu {
  const { user, system } = process.cpuUsage();
  return { own: (user + system) / 1_000, children: childrenTime() };
}

function childrenTime(): number {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(statOf)
      .filter(({ parent }) => parent === process.pid)
      .reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  } catch {
    return Number.NaN;
  }
}

function statOf(pid: string): { readonly parent: number; readonly milliseconds: number } {
  try {
    // Fields after the name, which may hold blanks: state, ppid, … utime and stime are the 14th and 15th of all.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
      .map(Number);
    return { parent: fields[1] ?? 0, milliseconds: ((fields[11] ?? 0) + (fields[12] ?? 0)) * TICK_MS };
  } catch {
    // It ended while we looked.
    return { parent: 0, milliseconds: 0 };
  }
}
