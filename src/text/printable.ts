import { visibleText } from './invisible.ts';

/** One line for a terminal: a ticket or a queue's name must not bring escape sequences or lines of its own. */
export function printable(text: string): string {
  return visibleText(text).replaceAll(/[\n\t]+/g, ' ');
}

/** Local time to the second. `at`: epoch ms. */
export function printableTime(at: number): string {
  return new Date(at).toLocaleString('sv-SE');
}

/** `93.1 %`; never 0 or 100, of which no model is sure. */
export function percent(probability: number): string {
  if (probability > 0.999) return '>99.9 %';
  return probability < 0.001 ? '<0.1 %' : `${(probability * 100).toFixed(1)} %`;
}
