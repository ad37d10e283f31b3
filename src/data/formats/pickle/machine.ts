import { DataError } from "../../../core/errors.js";
import type { ByteSource } from "../byte-source.js";
import { requireInProportion } from "../expansion-limit.js";
import { describe, type PyDict, type PyList, type PySet, type PyTuple, type PyValue } from "./values.js";

/**
 * Bounds on the memory that a hostile file can make the reader use. The size of the file bounds everything
 * else.
 */
export interface PickleLimits {
  readonly stack: number;
  readonly memo: number;
  /** Bytes of an integer (LONG1, LONG4) and letters of a number in protocol 0. */
  readonly integer: number;
  /** Bytes of a line of protocol 0. */
  readonly line: number;
}

export const DEFAULT_LIMITS: PickleLimits = {
  stack: 4_000_000,
  memo: 8_000_000,
  integer: 512,
  line: 1 << 28,
};

const WINDOW = 1 << 16;
/** Memory of a small list, tuple, set or dict, rounded up. */
const CONTAINER_BYTES = 256;

/**
 * State of the stack machine that runs a pickle: position in the file, stack, marks and memo. Other files
 * have the opcodes.
 */
export class PickleMachine {
  offset = 0;
  /** Position of the current opcode. */
  opcodeAt = 0;
  readonly memo = new Map<number, PyValue>();
  finished = false;
  /** Number of values and bytes that constructor calls have copied. */
  private copied = 0;
  private containers = 0;
  private readonly stack: PyValue[] = [];
  private readonly marks: number[] = [];
  private window = new Uint8Array(0);
  private view = new DataView(this.window.buffer);
  private windowAt = 0;

  constructor(
    readonly source: ByteSource,
    readonly limits: PickleLimits,
  ) {}

  /** Throws an error that names the file, the problem and the byte. */
  fail(code: "data.format" | "data.truncated" | "data.unsafe", what: string, hint?: string): never {
    const message = `${this.source.name}: ${what} (pickle, byte ${this.opcodeAt}).`;
    throw new DataError(code, message, hint === undefined ? {} : { hint });
  }

  /** Checks that `length` more bytes exist. */
  demand(length: number): void {
    if (length <= this.source.size - this.offset) return;
    this.fail(
      "data.truncated",
      `${length} more bytes were expected at byte ${this.offset}, but the file ends at byte ` +
        `${this.source.size}`,
      "The file seems to be cut off: copy or download it again.",
    );
  }

  /** Moves past `length` bytes and returns where they begin. */
  skip(length: number): number {
    this.demand(length);
    const start = this.offset;
    this.offset += length;
    return start;
  }

  /** Returns a copy of the next `length` bytes. */
  bytes(length: number): Uint8Array {
    const start = this.skip(length);
    return new Uint8Array(this.source.read(start, length));
  }

  /** Moves past `length` bytes (at most 8) and returns their index in the window. */
  private near(length: number): number {
    this.demand(length);
    let index = this.offset - this.windowAt;
    if (index < 0 || index + length > this.window.length) {
      this.window = new Uint8Array(
        this.source.read(this.offset, Math.min(WINDOW, this.source.size - this.offset)),
      );
      this.view = new DataView(this.window.buffer);
      this.windowAt = this.offset;
      index = 0;
    }
    this.offset += length;
    return index;
  }

  uint8(): number {
    const at = this.near(1);
    return this.view.getUint8(at);
  }
  uint16(): number {
    const at = this.near(2);
    return this.view.getUint16(at, true);
  }
  int32(): number {
    const at = this.near(4);
    return this.view.getInt32(at, true);
  }
  uint32(): number {
    const at = this.near(4);
    return this.view.getUint32(at, true);
  }
  float64(): number {
    const at = this.near(8);
    return this.view.getFloat64(at, false);
  }
  /** Reads a length of 8 bytes. */
  uint64(): number {
    const at = this.near(8);
    const length = this.view.getUint32(at + 4, true) * 4294967296 + this.view.getUint32(at, true);
    if (!Number.isSafeInteger(length))
      this.fail("data.truncated", `a length of ${length} bytes is larger than any file`);
    return length;
  }

  /** Returns the bytes up to the next newline, without it. */
  line(limit = this.limits.line): Uint8Array {
    const start = this.offset;
    for (let at = start; at < this.source.size;) {
      const piece = this.source.read(at, Math.min(WINDOW, this.source.size - at));
      const end = piece.indexOf(10);
      const length = at + (end < 0 ? piece.length : end) - start;
      if (length > limit)
        this.fail(
          "data.format",
          `a line is longer than ${limit} bytes`,
          "Save the file again with pickle protocol 4.",
        );
      if (end >= 0) {
        this.offset = start + length + 1;
        return new Uint8Array(this.source.read(start, length));
      }
      at += piece.length;
    }
    return this.fail(
      "data.truncated",
      `a line begins at byte ${start} but the file ends at byte ${this.source.size}`,
      "The file seems to be cut off: copy or download it again.",
    );
  }

  push(value: PyValue): void {
    if (this.stack.length >= this.limits.stack)
      this.fail("data.format", `more than ${this.limits.stack} values are on the stack`);
    this.stack.push(value);
  }

  /** Pushes a new container. Counts its memory, because one byte of the file can create hundreds of bytes. */
  pushContainer(value: PyList | PyTuple | PySet | PyDict): void {
    this.containers += 1;
    requireInProportion(CONTAINER_BYTES * this.containers, this.source, this.source.name);
    this.push(value);
  }

  pop(): PyValue {
    const value = this.stack.length > this.floor() ? this.stack.pop() : undefined;
    return value === undefined
      ? this.fail("data.format", "an operation needs a value, but the stack is empty")
      : value;
  }

  /** Returns the value at `depth` below the top of the stack. */
  top(depth = 0): PyValue {
    const index = this.stack.length - 1 - depth;
    const value = index >= this.floor() ? this.stack[index] : undefined;
    return value === undefined
      ? this.fail("data.format", "an operation needs a value, but the stack is empty")
      : value;
  }

  mark(): void {
    if (this.marks.length >= this.limits.stack)
      this.fail("data.format", `more than ${this.limits.stack} marks are on the stack`);
    this.marks.push(this.stack.length);
  }

  /** Removes and returns the values above the last mark. Removes the mark too. */
  popToMark(): PyValue[] {
    const at = this.marks.pop();
    return at === undefined
      ? this.fail("data.format", "an operation needs a mark, but there is none")
      : this.stack.splice(at);
  }

  /** Returns true if a mark is on top of the stack. */
  markOnTop(): boolean {
    return this.marks.length > 0 && this.marks[this.marks.length - 1] === this.stack.length;
  }

  store(index: number, value: PyValue): void {
    if (this.memo.size >= this.limits.memo && !this.memo.has(index))
      this.fail("data.format", `more than ${this.limits.memo} values are remembered`);
    this.memo.set(index, value);
  }

  recall(index: number): PyValue {
    const value = this.memo.get(index);
    return value === undefined
      ? this.fail("data.format", `value ${index} is used but was never remembered`)
      : value;
  }

  /**
   * Counts items before a constructor copies a container or text. In a legitimate file, each copied item
   * takes at least a byte of it. Without this bound, a few bytes that repeatedly call `list` on a remembered
   * list would fill the memory.
   */
  spend(count: number): void {
    this.copied += count;
    if (this.copied > this.source.size)
      this.fail(
        "data.unsafe",
        "its constructor calls copy more values than the file could hold",
        "The file seems to be made to exhaust memory.",
      );
  }

  /** Throws an error for a value of the wrong type. */
  wrongType(expected: string, value: PyValue | undefined): never {
    return this.fail("data.format", `${expected} was expected, but there is ${describe(value)}`);
  }

  private floor(): number {
    return this.marks.at(-1) ?? 0;
  }
}
