import { ShapeError } from "../core/errors.js";
import type { Dispatch, FloatBuffer, IntBuffer } from "./backend.js";

export type Shape = readonly number[];

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/**
 * Throws unless the shapes are equal. `what` names the invariant, e.g. "linear: input width and weight rows".
 */
export function requireSameShape(what: string, a: Shape, b: Shape): void {
  if (a.length !== b.length || a.some((extent, i) => extent !== b[i])) {
    throw new ShapeError(`${what}: shapes ${formatShape(a)} and ${formatShape(b)} must be equal`);
  }
}

/**
 * A value on the tape. The buffer belongs to the backend: a parameter's lives with the model, everything else
 * until the end of the step.
 * `gradient` is allocated by the tape when something flows back into it.
 */
export class Tensor {
  gradient: FloatBuffer | undefined = undefined;

  constructor(
    readonly shape: Shape,
    readonly buffer: FloatBuffer,
    readonly requiresGradient: boolean,
    /** Set for leaves that are parameters. */
    readonly parameter?: Parameter,
  ) {}

  get size(): number {
    return this.buffer.size;
  }

  /** A copy of the values, row-major. */
  toArray(): number[] {
    return Array.from(this.buffer.view.subarray(0, this.size));
  }

  /** The value of a one-element tensor. */
  item(): number {
    if (this.size !== 1)
      throw new ShapeError(`item: needs a tensor of one element, got shape ${formatShape(this.shape)}`);
    return this.buffer.view[0] ?? NaN;
  }

  /** Axis extent; negative counts from the end. */
  extent(axis: number): number {
    const extent = this.shape[axis < 0 ? this.shape.length + axis : axis];
    if (extent === undefined)
      throw new ShapeError(`axis ${axis} does not exist in shape ${formatShape(this.shape)}`);
    return extent;
  }
}

/** A dense gradient. For a parameter of G groups, `active` says which groups took part (absent: all did). */
export interface DenseGradient {
  readonly kind: "dense";
  readonly buffer: FloatBuffer;
  readonly active?: Dispatch;
}

/**
 * The gradient of a weight [G, D, F] left as its factors: gradient[g] = sum over the pairs p of g of
 * x[rows[p]]^T dout[p]. With a batch of 16 it has rank 16 at most; the optimiser forms it in registers and
 * never writes it to memory.
 */
export interface FactoredGradient {
  readonly kind: "factored";
  readonly x: FloatBuffer;
  readonly dout: FloatBuffer;
  readonly dispatch: Dispatch;
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * The gradient of a table [V, D] of which a step used few rows: row i of `values` belongs to row rows[i] of
 * the table, ascending, each once. All other rows have gradient zero and are not stepped.
 */
export interface RowGradient {
  readonly kind: "rows";
  readonly rows: IntBuffer;
  readonly count: number;
  readonly width: number;
  /** [count, width] */
  readonly values: FloatBuffer;
}

export type Gradient = DenseGradient | FactoredGradient | RowGradient;

/**
 * A trainable array. `groups` is the number of equal parts along the first axis that the optimiser steps
 * separately (the experts, or the rows of an embedding table); 1 for everything else. A group that saw no
 * sample in a step keeps its weights and moments.
 */
export class Parameter {
  gradient: Gradient | undefined = undefined;

  constructor(
    readonly name: string,
    readonly shape: Shape,
    readonly buffer: FloatBuffer,
    readonly groups: number,
    /** Weight decay applies to weights, not to biases and norms. */
    readonly decays: boolean,
    /** Factor on the learning rate. */
    readonly rate = 1,
  ) {}

  get size(): number {
    return this.buffer.size;
  }
}
