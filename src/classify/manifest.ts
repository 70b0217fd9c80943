import { z } from 'zod';

/**
 * `triaged.json`, beside a model's `config.json`: what cannot be in the ONNX graph.
 * A folder without it is a plain text-classification model: subject, newline, body; uncalibrated.
 */
export const manifestSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1),
  /** how one input text is made; `{subject}` and `{body}` are replaced, everything else is literal */
  input: z.strictObject({
    template: z.string().default('{subject}\n{body}'),
    /** tokens, special ones included; longer texts are cut */
    maxTokens: z.int().min(8).max(512).default(256),
  }),
  /** in the order of the graph's `logits`, i.e. of id2label; `description`: one sentence */
  categories: z
    .array(z.strictObject({ name: z.string(), group: z.string(), description: z.string() }))
    .min(2),
  /** Znuny's priority names, low → high, in the order of `priority_logits` */
  priorities: z.array(z.string()).default([]),
  /** what it costs to choose a priority (row) where another (column) was right; none: the most probable one is chosen */
  priorityCosts: z.array(z.array(z.number().min(0))).optional(),
  /** names of optional outputs of the graph; `logits` is always there, already calibrated (softmax = probability) */
  outputs: z
    .strictObject({
      priority: z.string().optional(),
      embedding: z.string().optional(),
      /** one number per text, 0–1, higher = more unknown */
      unknownScore: z.string().optional(),
    })
    .default({}),
  /** how a category is judged that only a sentence describes: see description.ts; needs the embedding output */
  similarity: z.strictObject({ added: z.number(), own: z.number(), bias: z.number() }).optional(),
  thresholds: z.strictObject({
    /** summed probability of an outcome that gave 95 % precision on worlds left out */
    category: z.number().min(0).max(1),
    priority: z.number().min(0).max(1).optional(),
    /** unknownScore at or above which the model says that it cannot judge */
    unknown: z.number().min(0).max(1).optional(),
  }),
  /** languages that it was trained on, ISO 639-1 */
  languages: z.array(z.string()).default([]),
  /** sha256 of each file of the folder, by path relative to it (this file excepted) */
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
  /** what it was trained on and what the thresholds rest on, for people */
  training: z.strictObject({ data: z.string(), date: z.string(), evidence: z.string() }),
});

export type Manifest = z.infer<typeof manifestSchema>;
