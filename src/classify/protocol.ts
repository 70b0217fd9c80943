import { z } from 'zod';
import type { Dtype } from './model-folder.ts';

/**
 * What parent and child say to each other over the IPC channel (advanced serialization, so that NaN
 * stays NaN). One `load`, answered by `ready` or `failed`; then one `classify` at a time, answered by
 * `result` or `refused` with its id.
 */
export type GraphRequest = { readonly directory: string; readonly dtype: Dtype; readonly maxTokens: number };

export type LoadRequest = {
  readonly type: 'load';
  readonly main: GraphRequest;
  /** names of optional outputs of the main graph */
  readonly outputs: {
    readonly priority: string | null;
    readonly unknownScore: string | null;
    /** null also where nobody needs it: it is most of what an answer weighs */
    readonly embedding: string | null;
  };
  /** a second model, whose `logits` judge the priority */
  readonly priority: GraphRequest | null;
  /** threads inside one run of the graph */
  readonly threads: number;
};

export type ChildText = { readonly text: string; readonly priorityText: string | null };

export type ClassifyRequest = {
  readonly type: 'classify';
  readonly id: number;
  readonly texts: readonly ChildText[];
};

export type ParentMessage = LoadRequest | ClassifyRequest;

const outputSchema = z.strictObject({
  logits: z.array(z.number()).min(1).readonly(),
  priorityLogits: z.array(z.number()).readonly().nullable(),
  unknownScore: z.number().nullable(),
  embedding: z.array(z.number()).readonly().nullable(),
});

const childMessageSchema = z.discriminatedUnion('type', [
  /** `probe` is the answer to a short text: shows how many numbers the graph gives */
  z.strictObject({ type: z.literal('ready'), probe: outputSchema, residentBytes: z.number() }),
  z.strictObject({ type: z.literal('failed'), reason: z.string() }),
  z.strictObject({
    type: z.literal('result'),
    id: z.number(),
    outputs: z.array(outputSchema).readonly(),
    residentBytes: z.number(),
  }),
  z.strictObject({ type: z.literal('refused'), id: z.number(), reason: z.string() }),
]);

export type ChildMessage = z.infer<typeof childMessageSchema>;

/** null for anything that is no message of the protocol; zod's number() refuses NaN and infinities. */
export function parseChildMessage(message: unknown): ChildMessage | null {
  return childMessageSchema.safeParse(message).data ?? null;
}
