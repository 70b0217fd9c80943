import protobuf from 'protobufjs';

/**
 * The part of the ONNX file format (a protobuf message) that our graphs use. Field numbers are the
 * format's. A field that is not listed here would be lost when a graph is read and written again
 * (external data, functions, control flow): `readModel` refuses a file that holds one.
 */
export type OnnxDim = { dimValue?: number; dimParam?: string };
export type OnnxValueInfo = {
  name: string;
  type?: { tensorType?: { elemType: number; shape?: { dim: OnnxDim[] } } };
};
export type OnnxTensor = {
  name?: string;
  dims: number[];
  dataType: number;
  floatData?: number[];
  int32Data?: number[];
  int64Data?: number[];
  rawData?: Uint8Array;
};
export type OnnxAttribute = {
  name: string;
  type: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  t?: OnnxTensor;
  floats?: number[];
  ints?: number[];
  strings?: Uint8Array[];
};
export type OnnxNode = {
  input: string[];
  output: string[];
  name?: string;
  opType: string;
  domain?: string;
  attribute: OnnxAttribute[];
};
export type OnnxGraph = {
  name: string;
  node: OnnxNode[];
  initializer: OnnxTensor[];
  input: OnnxValueInfo[];
  output: OnnxValueInfo[];
  valueInfo: OnnxValueInfo[];
};
export type OnnxModel = {
  irVersion: number;
  producerName?: string;
  producerVersion?: string;
  graph: OnnxGraph;
  opsetImport: { domain?: string; version: number }[];
};

/** TensorProto.DataType */
export const dataTypes = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 } as const;

/** AttributeProto.AttributeType */
export const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 } as const;

type Field = { rule?: 'repeated'; type: string; id: number; options?: { packed: boolean } };
const one = (type: string, id: number): Field => ({ type, id });
/** the format's older lists are written element by element, the newer ones packed */
const many = (type: string, id: number): Field => ({
  rule: 'repeated',
  type,
  id,
  options: { packed: false },
});
const packed = (type: string, id: number): Field => ({
  rule: 'repeated',
  type,
  id,
  options: { packed: true },
});

const root = protobuf.Root.fromJSON({
  nested: {
    Opset: { fields: { domain: one('string', 1), version: one('int64', 2) } },
    Entry: { fields: { key: one('string', 1), value: one('string', 2) } },
    Dim: { fields: { dimValue: one('int64', 1), dimParam: one('string', 2) } },
    Shape: { fields: { dim: many('Dim', 1) } },
    TensorType: { fields: { elemType: one('int32', 1), shape: one('Shape', 2) } },
    Type: { fields: { tensorType: one('TensorType', 1) } },
    ValueInfo: { fields: { name: one('string', 1), type: one('Type', 2) } },
    Tensor: {
      fields: {
        dims: many('int64', 1),
        dataType: one('int32', 2),
        floatData: packed('float', 4),
        int32Data: packed('int32', 5),
        int64Data: packed('int64', 7),
        name: one('string', 8),
        rawData: one('bytes', 9),
        dataLocation: one('int32', 14),
      },
    },
    Attribute: {
      fields: {
        name: one('string', 1),
        f: one('float', 2),
        i: one('int64', 3),
        s: one('bytes', 4),
        t: one('Tensor', 5),
        floats: many('float', 7),
        ints: many('int64', 8),
        strings: many('bytes', 9),
        type: one('int32', 20),
      },
    },
    Node: {
      fields: {
        input: many('string', 1),
        output: many('string', 2),
        name: one('string', 3),
        opType: one('string', 4),
        attribute: many('Attribute', 5),
        domain: one('string', 7),
      },
    },
    Graph: {
      fields: {
        node: many('Node', 1),
        name: one('string', 2),
        initializer: many('Tensor', 5),
        input: many('ValueInfo', 11),
        output: many('ValueInfo', 12),
        valueInfo: many('ValueInfo', 13),
      },
    },
    Model: {
      fields: {
        irVersion: one('int64', 1),
        producerName: one('string', 2),
        producerVersion: one('string', 3),
        graph: one('Graph', 7),
        opsetImport: many('Opset', 8),
        metadataProps: many('Entry', 14),
      },
    },
  },
});

export const modelType = root.lookupType('Model');
