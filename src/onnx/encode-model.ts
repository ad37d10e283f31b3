import { PbfWriter } from "pbf";
import {
  elementTypes,
  IR_VERSION,
  OPSET,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from "./onnx-model.js";

/** AttributeProto.AttributeType. */
const attributeTypes = { float: 1, int: 2, ints: 7 } as const;

/** Encodes an ONNX file. The numbers below are the field numbers of onnx/onnx.proto. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const out = new PbfWriter();
  out.writeVarintField(1, IR_VERSION);
  out.writeStringField(2, model.producer.name);
  out.writeStringField(3, model.producer.version);
  out.writeStringField(6, model.description);
  out.writeMessage(7, writeGraph, model.graph);
  out.writeMessage(8, writeOpset, OPSET);
  for (const entry of Object.entries(model.metadata)) out.writeMessage(14, writeEntry, entry);
  return out.finish();
}

/** Writes the version of the standard ONNX operators. Their domain is the empty text. */
function writeOpset(version: number, out: PbfWriter): void {
  out.writeVarintField(2, version);
}

function writeEntry([key, value]: readonly [string, string], out: PbfWriter): void {
  out.writeStringField(1, key);
  out.writeStringField(2, value);
}

function writeGraph(graph: OnnxGraph, out: PbfWriter): void {
  for (const node of graph.nodes) out.writeMessage(1, writeNode, node);
  out.writeStringField(2, graph.name);
  for (const tensor of graph.weights) out.writeMessage(5, writeTensor, tensor);
  for (const value of graph.inputs) out.writeMessage(11, writeValue, value);
  for (const value of graph.outputs) out.writeMessage(12, writeValue, value);
}

function writeNode(node: OnnxNode, out: PbfWriter): void {
  for (const input of node.inputs) out.writeStringField(1, input);
  for (const output of node.outputs) out.writeStringField(2, output);
  out.writeStringField(3, node.name);
  out.writeStringField(4, node.operator);
  for (const attribute of Object.entries(node.attributes)) out.writeMessage(5, writeAttribute, attribute);
}

function writeAttribute([name, value]: readonly [string, OnnxAttribute], out: PbfWriter): void {
  out.writeStringField(1, name);
  if ("float" in value) {
    out.writeFloatField(2, value.float);
    out.writeVarintField(20, attributeTypes.float);
  } else if ("int" in value) {
    out.writeVarintField(3, value.int);
    out.writeVarintField(20, attributeTypes.int);
  } else {
    for (const item of value.ints) out.writeVarintField(8, item);
    out.writeVarintField(20, attributeTypes.ints);
  }
}

function writeTensor(tensor: OnnxTensor, out: PbfWriter): void {
  for (const extent of tensor.dims) out.writeVarintField(1, extent);
  out.writeVarintField(2, elementTypes[tensor.type]);
  out.writeStringField(8, tensor.name);
  out.writeBytesField(9, tensor.bytes);
}

function writeValue(value: OnnxValue, out: PbfWriter): void {
  out.writeStringField(1, value.name);
  out.writeMessage(2, writeType, value);
  out.writeStringField(3, value.description);
}

/** Writes a TypeProto with a tensor_type. */
function writeType(value: OnnxValue, out: PbfWriter): void {
  out.writeMessage(1, writeTensorType, value);
}

function writeTensorType({ type, dims }: OnnxValue, out: PbfWriter): void {
  out.writeVarintField(1, elementTypes[type]);
  out.writeMessage(2, writeShape, dims);
}

function writeShape(dims: OnnxValue["dims"], out: PbfWriter): void {
  for (const extent of dims) out.writeMessage(1, writeDimension, extent);
}

function writeDimension(extent: number | string, out: PbfWriter): void {
  if (typeof extent === "number") out.writeVarintField(1, extent);
  else out.writeStringField(2, extent);
}
