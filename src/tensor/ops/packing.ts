import { defined } from "../../core/defined.js";
import { ShapeError } from "../../core/errors.js";
import { foldIn, type RandomKey } from "../../core/random.js";
import { writeKeys } from "../backend.js";
import type { IntBuffer } from "../buffers.js";
import type { Packing } from "../kernels/sequences/contract.js";
import type { Tape } from "../tape.js";
import { formatShape, type Tensor } from "../tensor.js";

/**
 * Describes packed rows: sample b has the rows starts[b] .. starts[b + 1] - 1. Create it once per step, and
 * pass it to every operation on these rows.
 *
 * @param starts ascending from 0, [B + 1]; equal neighbours are samples without rows
 * @throws ShapeError for anything else
 */
export function packingOf(tape: Tape, starts: ArrayLike<number>): Packing {
  let longest = 0;
  for (let b = 0; b < starts.length; b++) {
    const length = defined(starts[b]) - (b === 0 ? 0 : defined(starts[b - 1]));
    if (!Number.isSafeInteger(length) || length < 0 || (b === 0 && length !== 0)) {
      throw new ShapeError(
        `packing: starts[${b}] is ${String(starts[b])} after ${b === 0 ? "nothing" : String(starts[b - 1])}`,
        { hint: "Give ascending integers from 0, one more than samples." },
      );
    }
    longest = Math.max(longest, length);
  }
  if (starts.length === 0) throw new ShapeError("packing: starts is empty", { hint: "It begins with a 0." });
  const buffer = tape.backend.scratchInts(starts.length);
  buffer.view.set(starts);
  return { samples: starts.length - 1, rows: defined(starts[starts.length - 1]), longest, starts: buffer };
}

/** Checks that `a` is [R, width] for the rows of the packing. */
export function requirePacked(operation: string, a: Tensor, packing: Packing): void {
  if (a.shape.length === 2 && a.shape[0] === packing.rows) return;
  throw new ShapeError(
    `${operation}: got shape ${formatShape(a.shape)}, expected [${packing.rows}, width]: ` +
      `the rows of ${packing.samples} samples one after another`,
  );
}

/** Returns one key per sample, for draws that depend on (key, step, sample) only. [B, 2] */
export function sampleKeys(
  tape: Tape,
  source: { readonly key: RandomKey; readonly step: number; readonly sampleIndex: ArrayLike<number> },
): IntBuffer {
  const ofStep = foldIn(source.key, source.step);
  const keys = tape.backend.scratchInts(2 * source.sampleIndex.length);
  writeKeys(
    Array.from(source.sampleIndex, (sample) => foldIn(ofStep, sample)),
    keys,
  );
  return keys;
}
