import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { EuarError } from "../../core/errors.js";
import { writing } from "../files/write-file.js";
import { npyHeader } from "./npy-header.js";

/**
 * Writes a .npy file row by row, without holding it in memory. The file gets its name when it is complete.
 */
export class NpyWriter {
  private readonly handle: number;
  private readonly temporary: string;
  private left: number;
  private open = true;

  /** @param shape shape of the array; the first size is the number of calls of `row` */
  constructor(
    private readonly path: string,
    code: "<f4" | "|u1",
    shape: readonly number[],
  ) {
    this.temporary = `${path}.${process.pid}.tmp`;
    this.left = shape.reduce((product, size) => product * size, code === "<f4" ? 4 : 1);
    this.handle = writing(path, () => openSync(this.temporary, "w"));
    this.write(npyHeader(code, shape));
  }

  row(values: Float32Array | Uint8Array): void {
    this.left -= values.byteLength;
    this.write(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  /** @throws EuarError "internal" if the number of rows is not that of the header */
  finish(): void {
    if (this.left !== 0)
      throw new EuarError(
        "internal",
        `${this.path}: ${this.left} bytes fewer were written than its header states`,
      );
    writing(this.path, () => {
      fsyncSync(this.handle);
      closeSync(this.handle);
      this.open = false;
      renameSync(this.temporary, this.path);
    });
  }

  discard(): void {
    if (this.open) closeSync(this.handle);
    this.open = false;
    rmSync(this.temporary, { force: true });
  }

  private write(bytes: Uint8Array): void {
    writing(this.path, () => {
      for (let done = 0; done < bytes.length;)
        done += writeSync(this.handle, bytes, done, bytes.length - done);
    });
  }
}
