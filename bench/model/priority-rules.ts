import { znunyPriorities } from '../../src/learn/shipped-categories.ts';
import type { RawText } from './answers.ts';

/**
 * Priority by words alone, as an administrator without a model would write it down, words of urgency included:
 * what the model's priority is compared with. The first rule that fits decides.
 */
const rules: readonly (readonly [level: string, words: RegExp])[] = [
  [
    '2 low',
    /\b(eilt (\p{L}+ )?nicht|(nicht|not) (dringend|eilig|urgent)|keine eile|no (hurry|rush)|(zero|without) (hurry|rush))\b/iu,
  ],
  [
    '5 very high',
    /\b(niemand|nobody|no one|alle (kolleg|mitarbeit|büros|kassen|filialen)\p{L}*|everyone|everybody|all (users|staff|branches)|steht still|stillstand|standstill|nichts geht mehr|komplett (tot|offline)|outage|totalausfall|datenschutz\p{L}*|datenpanne|data (breach|leak)|gehackt|hacked|ransomware)\b/iu,
  ],
  [
    '4 high',
    /\b(dringend\p{L}*|urgent\p{L}*|eilt|asap|sofort|immediately|bis (heute|morgen)|by (today|tomorrow)|heute noch|deadline|frist|kann nicht arbeiten|(cannot|can't) work|gesperrt|locked out)\b/iu,
  ],
  [
    '1 very low',
    /\b(newsletter|zur (info|kenntnis)|fyi|erledigt|hat sich erledigt|recovered|resolved|no action|vielen dank für die (schnelle|tolle)|just wanted to (say|thank))\b/iu,
  ],
  [
    '2 low',
    /\b(frage|question|wie kann|wo finde|how (do|can)|where (do|can)|gibt es|is there|vorschlag|suggestion|wunsch|wäre schön|would be nice)\b/iu,
  ],
];

/** Number of the priority, low → high; "3 normal" where no rule fits. */
export function priorityByWords({ subject, body }: RawText): number {
  const text = `${subject} ${body}`;
  const [level = '3 normal'] = rules.find(([, words]) => words.test(text)) ?? [];
  return znunyPriorities.indexOf(level);
}
