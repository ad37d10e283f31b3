import { defined } from "../core/defined.js";
import { ShapeError } from "../core/errors.js";
import type { Dispatch, FloatBuffer, IntBuffer } from "./backend.js";

/** Extents of the axes of an array, outermost first. A scalar has the shape []. */
export type Shape = readonly number[];

/** Number of values of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Formats a shape for messages, e.g. "[2, 3]". */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/**
 * Checks that two shapes are equal.
 *
 * @param what name of the check, e.g. "linear: input width and weight rows"
 * @throws ShapeError if they differ
 */
export function requireSameShape(what: string, a: Shape, b: Shape): void {
  if (a.length !== b.length || a.some((extent, i) => extent !== b[i])) {
    throw new ShapeError(`${what}: shapes ${formatShape(a)} and ${formatShape(b)} must be equal`);
  }
}

/**
 * Value on the tape. The buffer belongs to the backend: that of a parameter lives with the model, any other
 * until the end of the step.
 *
 * The tape allocates `gradient` when the first gradient reaches the tensor.
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

  /** Number of values. */
  get size(): number {
    return this.buffer.size;
  }

  /** Copies the values, row-major. */
  toArray(): number[] {
    return Array.from(this.buffer.view.subarray(0, this.size));
  }

  /** Returns the value of a one-element tensor. */
  item(): number {
    if (this.size !== 1)
      throw new ShapeError(`item: needs a tensor of one element, got shape ${formatShape(this.shape)}`);
    return defined(this.buffer.view[0]);
  }

  /** Returns the extent of an axis. A negative axis counts from the end. */
  extent(axis: number): number {
    const extent = this.shape[axis < 0 ? this.shape.length + axis : axis];
    if (extent === undefined)
      throw new ShapeError(`axis ${axis} does not exist in shape ${formatShape(this.shape)}`);
    return extent;
  }
}

/** Dense gradient. For a parameter with G groups, `active` tells which groups took part (all if absent). */
export interface DenseGradient {
  readonly kind: "dense";
  readonly buffer: FloatBuffer;
  readonly active?: Dispatch;
}

/**
 * Factored gradient of a weight [G, D, F]: gradient[g] = sum over the pairs p of g of x[rows[p]]^T dout[p].
 *
 * A batch of 16 has at most rank 16. The optimiser computes the gradient in registers and never writes it to
 * memory.
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
 * Gradient of a table [V, D] with few used rows. Row i of `values` belongs to row rows[i] of the table;
 * `rows` is ascending and unique. All other rows have gradient zero and are not updated.
 */
export interface RowGradient {
  readonly kind: "rows";
  readonly rows: IntBuffer;
  readonly count: number;
  readonly width: number;
  /** [count, width] */
  readonly values: FloatBuffer;
}

/** Gradient of a parameter. `kind` distinguishes the cases. */
export type Gradient = DenseGradient | FactoredGradient | RowGradient;

/**
 * Trainable array.
 *
 * `groups` is the number of equal parts along the first axis that the optimiser updates separately: the
 * experts, or the rows of an embedding table; otherwise 1. A group without samples in a step keeps its
 * weights and moments.
 */
export class Parameter {
  gradient: Gradient | undefined = undefined;

  constructor(
    readonly name: string,
    readonly shape: Shape,
    readonly buffer: FloatBuffer,
    readonly groups: number,
    /** True for weights, which decay; false for biases and norms. */
    readonly decays: boolean,
    /** Factor on the learning rate. */
    readonly rate = 1,
  ) {}

  /** Number of values. */
  get size(): number {
    return this.buffer.size;
  }
}
