import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoModel, env, Tensor } from '@huggingface/transformers';
import { writeModel } from './graph.ts';
import type { OnnxModel } from './onnx-messages.ts';

/** A graph of ours, open in the runtime that serves it later. */
export type GraphSession = {
  /** one row of ids per text; shorter rows are padded on the right */
  run(rows: readonly (readonly number[])[]): Promise<Record<string, Float32Array>>;
  close(): Promise<void>;
};

const padding = 1n;

export function batchTensors(rows: readonly (readonly number[])[]): {
  input_ids: Tensor;
  attention_mask: Tensor;
} {
  const longest = Math.max(...rows.map((row) => row.length));
  const ids = new BigInt64Array(rows.length * longest).fill(padding);
  const mask = new BigInt64Array(rows.length * longest);
  for (const [i, row] of rows.entries()) {
    ids.set(BigInt64Array.from(row, BigInt), i * longest);
    mask.fill(1n, i * longest, i * longest + row.length);
  }
  const shape = [rows.length, longest];
  return { input_ids: new Tensor('int64', ids, shape), attention_mask: new Tensor('int64', mask, shape) };
}

/** Opens a graph through a temporary model folder. `config` is the text of its config.json. */
export async function openGraph(model: OnnxModel, config: string): Promise<GraphSession> {
  env.allowRemoteModels = false;
  const folder = await mkdtemp(join(tmpdir(), 'triaged-graph-'));
  try {
    await mkdir(join(folder, 'onnx'));
    await writeFile(join(folder, 'onnx', 'model_quantized.onnx'), writeModel(model));
    await writeFile(join(folder, 'config.json'), config);
    const session = await AutoModel.from_pretrained(folder, {
      dtype: 'q8',
      local_files_only: true,
      session_options: { enableCpuMemArena: false },
    });
    return {
      async run(rows) {
        const outputs: Record<string, Tensor> = await session(batchTensors(rows));
        const copies = Object.entries(outputs).map(([name, tensor]) => [
          name,
          Float32Array.from(tensor.data as Float32Array),
        ]);
        return Object.fromEntries(copies);
      },
      close: async () => {
        await session.dispose();
      },
    };
  } finally {
    // the runtime has read the file whole
    await rm(folder, { recursive: true, force: true });
  }
}
