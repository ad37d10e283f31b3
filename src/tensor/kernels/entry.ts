/**
 * Entry of the kernel table: one kernel with the numbers that it takes, and the places of its
 * implementations.
 *
 * `scripts/write-kernel-table.js` generates from the table everything that repeats these facts: the exports
 * of the AssemblyScript module, the kernels and blocks of the Rust module, the constants of both, and the
 * calls in TypeScript. Sizes are expressions in TypeScript over the parameters of `method`.
 */
export interface KernelEntry {
  /** AssemblyScript file of the family that exports the kernel, without `.as.ts`. */
  readonly assembly: string;
  /** Rust function as `file::function`. Absent: the kernel runs in WebAssembly on every backend. */
  readonly native?: string;
  /** Blocks of the Rust function that are compiled per instruction set, by their names in `Level`. */
  readonly blocks?: Readonly<Record<string, string>>;
  /** Numbers that the kernel takes, in order. */
  readonly numbers: Readonly<Record<string, Argument>>;
  /** The kernel returns a number. */
  readonly returns?: boolean;
  /** Cost of a call, for the choice between WebAssembly and native. Absent: always native. */
  readonly cost?: Cost;
  /**
   * Phases whose output the threads of the WebAssembly backend share. Absent: the kernel runs on one thread.
   * The native kernels are split in their Rust files.
   */
  readonly split?: readonly Phase[];
  /** Parameters of the method of the contract that one call of this kernel implements. */
  readonly method?: string;
  /** Parameters of a function that makes the call for other calls of the family. */
  readonly helper?: string;
  /** Statements before the call. */
  readonly before?: string;
}

/** TypeScript expression of a number. `{}` is replaced by the name of the parameter. */
export interface Argument {
  readonly expression: string;
}

export interface Cost {
  /** Numbers of the kernel whose product is the number of elements. */
  readonly factors: readonly string[];
  /** Cost of one element; 1 if it is only moved or multiplied. */
  readonly weight: number;
}

/** A number, or the name of one. */
export type Factor = number | string;

/** Product of factors. `flag`: which of two products it is. */
export type Product =
  | readonly Factor[]
  | { readonly flag: string; readonly set: readonly Factor[]; readonly unset: readonly Factor[] };

/**
 * Part of a kernel's work that is cut into units of output, e.g. rows. A thread computes neighbouring units
 * in the same order as the whole kernel, so that bits do not depend on the number of threads. Names are those
 * of the numbers of the call, of its settings and of `also`.
 */
export interface Phase {
  /** Kernel that computes some of the units. It takes its numbers by name. Absent: the kernel itself. */
  readonly kernel?: string;
  /** Number of units. A part gets its own number of units in its place. */
  readonly units: string;
  /** Parts begin at multiples of this. Default 1. */
  readonly block?: number;
  /** Change of a number from one unit to the next: bytes for an address. */
  readonly steps: Readonly<Record<string, Product>>;
  /** Estimated nanoseconds of the phase on one thread: a sum of products. */
  readonly nanoseconds: readonly (readonly Factor[])[];
  /** Numbers that the call does not take: a number, the value of another one, or an integer of a buffer. */
  readonly also?: Readonly<Record<string, Factor | { readonly of: string; readonly at: string }>>;
  /** Address of work space, of which each thread has its own. */
  readonly work?: string;
  /** Kernel whose last call set the values that this kernel reads. */
  readonly settings?: string;
  /** Number that keeps the phase on one thread unless it is 0. */
  readonly unless?: string;
}

/** Number of floats in a unit of elementwise work: a cache line. */
const LINE = 16;

/**
 * Phase over the elements of whole buffers.
 * @param each nanoseconds per element
 */
export const splitElements = (addresses: readonly string[], each: number): readonly Phase[] => [
  {
    units: "count",
    block: LINE,
    steps: Object.fromEntries(addresses.map((name) => [name, [4]])),
    nanoseconds: [[each, "count"]],
  },
];

/** Phase over `units` rows, given the change of each number from row to row. */
export const splitRows = (
  units: string,
  steps: Phase["steps"],
  nanoseconds: readonly Factor[],
  more: Partial<Phase> = {},
): readonly Phase[] => [{ units, steps, nanoseconds: [[units, ...nanoseconds]], ...more }];

/** Number that is passed unchanged. */
export const value = (expression = "{}"): Argument => ({ expression });

/** Flag, passed as 0 or 1. */
export const flag = (expression = "{}"): Argument => ({ expression: `Number(${expression})` });

/** Address of a buffer with at least `size` elements. */
export const buffer = (size: string, name = "{}"): Argument => ({ expression: `address(${name}, ${size})` });

/** Address of a buffer, or 0 if it is undefined. */
export const optionalBuffer = (size: string, name = "{}"): Argument => ({
  expression: `${name} ? address(${name}, ${size}) : 0`,
});

/** Address of work space of `size` floats. A call has one. */
export const work = (size: string): Argument => ({ expression: `heap.work(${size})` });

/** Code of an operation, from the constants of the family. */
export const code = (codes: string, name = "{}"): Argument => ({ expression: `${codes}[${name}]` });

/** Cost of elements that are only moved or multiplied. */
export const moves = (...factors: string[]): Cost => ({ factors, weight: 1 });

/** Cost of elements with an exponential, a logarithm or a random draw. */
export const functions = (...factors: string[]): Cost => ({ factors, weight: 16 });

/** Facts of a family of kernels: a folder of `src/tensor/kernels/`. */
export interface KernelFamily {
  readonly kernels: Readonly<Record<string, KernelEntry>>;
  /** Constants that the implementations share: codes of operations and sizes of blocks. */
  readonly constants?: Readonly<Record<string, number | Readonly<Record<string, number>>>>;
  /** Rust files of the family that contain no kernel. */
  readonly rust?: readonly string[];
  /** Names that the expressions use, by the file that exports them. */
  readonly uses?: Readonly<Record<string, readonly string[]>>;
}
