import type { ModelInput } from './classifier.ts';

/**
 * Characters a token: German and English need 4 to 5. Text beyond this would be cut by the token limit
 * anyway, and the tokenizer must not see it: 1 MB without spaces overflows its stack, and its work on
 * unknown characters grows with the square of their number (10,000 take 0.3 s).
 */
const CHARACTERS_PER_TOKEN = 12;

export const PLAIN_TEMPLATE = '{subject}\n{body}';

/** The one string that the model reads; at most `maxTokens` × 12 characters. */
export function modelText(template: string, input: ModelInput, maxTokens: number): string {
  const limit = maxTokens * CHARACTERS_PER_TOKEN;
  const parts: Record<string, string> = { subject: input.subject, body: input.body };
  // one pass, so that a subject that contains "{body}" stays a subject
  const text = template.replace(/\{(subject|body)\}/g, (_, name: string) =>
    (parts[name] ?? '').slice(0, limit),
  );
  return text.slice(0, limit).toWellFormed();
}
