/** The part of the ONNX format (onnx/onnx.proto, Apache-2.0) that an exported model uses, as plain data. */

/**
 * Element types (TensorProto.DataType). There is no double, because browser GPUs and some execution providers
 * lack it.
 */
export const elementTypes = { float: 1, int32: 6, int64: 7, bool: 9 } as const;

export type ElementType = keyof typeof elementTypes;

export interface OnnxTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** Little-endian, row-major. */
  readonly bytes: Uint8Array;
}

/** Attribute value. Its form distinguishes integers, lists of integers and real numbers. */
export type OnnxAttribute =
  { readonly int: number } | { readonly ints: readonly number[] } | { readonly float: number };

export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** Input or output of the whole graph. */
export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  /** Extents: a number, or the name of an extent that each call chooses. */
  readonly dims: readonly (number | string)[];
  readonly description: string;
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly weights: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

export interface OnnxModel {
  readonly producer: { readonly name: string; readonly version: string };
  readonly description: string;
  readonly graph: OnnxGraph;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Version of the operators, and of the matching file format (onnx/docs/Versioning.md). Every runtime since
 * the end of 2022 reads it.
 */
export const OPSET = 17;
export const IR_VERSION = 8;
