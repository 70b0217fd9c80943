import { ConfigError } from '../errors.ts';
import {
  attributeTypes,
  dataTypes,
  modelType,
  type OnnxAttribute,
  type OnnxDim,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from './onnx-messages.ts';

export type TensorData = Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;
export type Attributes = Record<string, number | string | readonly number[]>;
export type ElementType = keyof typeof dataTypes;

/** Reads an ONNX file; refuses one whose content this format description would lose on writing. */
export function readModel(bytes: Uint8Array): OnnxModel {
  const message = modelType.decode(bytes);
  if (!Buffer.from(modelType.encode(message).finish()).equals(bytes)) {
    throw new ConfigError('E_MODEL', 'the ONNX graph holds parts that cannot be extended here', {
      hint: 'export it as plain ONNX, weights inside the file',
    });
  }
  return modelType.toObject(message, { longs: Number, arrays: true }) as OnnxModel;
}

export function writeModel(model: OnnxModel): Uint8Array {
  return modelType.encode(model).finish();
}

/** An empty model of the given inputs; opset 17 is the oldest that has all operators used here. */
export function emptyModel(inputs: readonly OnnxValueInfo[]): OnnxModel {
  return {
    irVersion: 8,
    graph: { name: 'main_graph', node: [], initializer: [], input: [...inputs], output: [], valueInfo: [] },
    opsetImport: [{ version: 17 }],
  };
}

/** `dims`: a number is fixed, a name is free (batch, seq). */
export function valueInfo(
  name: string,
  type: ElementType,
  dims: readonly (number | string)[],
): OnnxValueInfo {
  const dim = dims.map((d): OnnxDim => (typeof d === 'number' ? { dimValue: d } : { dimParam: d }));
  return { name, type: { tensorType: { elemType: dataTypes[type], shape: { dim } } } };
}

function elementType(data: TensorData): number {
  if (data instanceof Float32Array) return dataTypes.float32;
  if (data instanceof Int8Array) return dataTypes.int8;
  if (data instanceof Uint8Array) return dataTypes.uint8;
  if (data instanceof Int32Array) return dataTypes.int32;
  return dataTypes.int64;
}

function attribute(name: string, value: number | string | readonly number[]): OnnxAttribute {
  if (typeof value === 'number') return { name, type: attributeTypes.int, i: value };
  if (typeof value === 'string') return { name, type: attributeTypes.string, s: Buffer.from(value) };
  return { name, type: attributeTypes.ints, ints: [...value] };
}

/** Appends nodes to a model in place. All names made here begin with `prefix`. */
export class GraphBuilder {
  readonly model: OnnxModel;
  readonly prefix: string;
  #count = 0;
  readonly #integers = new Map<string, string>();

  constructor(model: OnnxModel, prefix: string) {
    this.model = model;
    this.prefix = prefix;
  }

  #name(hint: string): string {
    this.#count += 1;
    return `${this.prefix}${hint}_${this.#count}`;
  }

  /** A constant of the graph; `[]` as dims makes a scalar. */
  tensor(hint: string, dims: readonly number[], data: TensorData): string {
    const name = this.#name(hint);
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const tensor: OnnxTensor = { name, dims: [...dims], dataType: elementType(data), rawData };
    this.model.graph.initializer.push(tensor);
    return name;
  }

  /** A one-dimensional int64 constant. */
  ints(...values: readonly number[]): string {
    const key = values.join(',');
    const known = this.#integers.get(key);
    if (known !== undefined) return known;
    const name = this.tensor('ints', [values.length], BigInt64Array.from(values, BigInt));
    this.#integers.set(key, name);
    return name;
  }

  float(value: number): string {
    return this.tensor('float', [], Float32Array.of(value));
  }

  /** One node with one output, whose name is returned. Attribute numbers are integers. */
  op(opType: string, input: readonly string[], attributes: Attributes = {}): string {
    const [output] = this.ops(opType, input, attributes, 1);
    return output as string;
  }

  ops(opType: string, input: readonly string[], attributes: Attributes, outputs: number): string[] {
    const output = Array.from({ length: outputs }, () => this.#name(opType));
    const node: OnnxNode = {
      input: [...input],
      output,
      name: `${output[0]}_node`,
      opType,
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    };
    this.model.graph.node.push(node);
    return output;
  }

  cast(input: string, to: ElementType): string {
    return this.op('Cast', [input], { to: dataTypes[to] });
  }

  /** `input[:, from:to]` along `axis`; `to` may be a graph value of shape [1]. */
  slice(input: string, axis: number, from: number, to: number | string): string {
    const end = typeof to === 'number' ? this.ints(to) : to;
    return this.op('Slice', [input, this.ints(from), end, this.ints(axis)]);
  }

  /** Makes `value` an output of the graph under a name of its own. */
  output(name: string, value: string, type: ElementType, dims: readonly (number | string)[]): void {
    this.model.graph.node.push({
      input: [value],
      output: [name],
      name: `${this.prefix}${name}`,
      opType: 'Identity',
      attribute: [],
    });
    this.model.graph.output.push(valueInfo(name, type, dims));
  }
}
