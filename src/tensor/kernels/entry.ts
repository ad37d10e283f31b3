/**
 * Entry of the kernel table: one kernel with the numbers that it takes, and the places of its
 * implementations.
 *
 * `scripts/write-kernel-table.js` writes from the table what repeats these facts: the exports of the
 * AssemblyScript module, the kernels and blocks of the Rust module, the constants of both, and the calls in
 * TypeScript. Sizes are expressions in TypeScript over the parameters of `method`.
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
