import { ConfigError, ShapeError } from "../../core/errors.js";
import type { RandomKey } from "../../core/random.js";
import type { Packing } from "../kernels/sequences/contract.js";
import type { Tape } from "../tape.js";
import { formatShape, type Tensor } from "../tensor.js";
import { requirePacked, sampleKeys } from "./packing.js";

/**
 * Source of a dropout mask. A row's mask depends on (key, step, sample) only, not on its position in the
 * batch.
 */
export interface DropoutSource {
  /** Key of this dropout in the model, e.g. randomKey(seed, "dropout/head/0"). */
  readonly key: RandomKey;
  /** Optimiser step. */
  readonly step: number;
  /** Index of the sample of each row, [B]. */
  readonly sampleIndex: ArrayLike<number>;
}

/**
 * Inverted dropout of packed rows, with one key per sample. A sample's mask does not depend on other samples;
 * it equals that of `dropout` on the sample's own rows.
 *
 * @param a [R, D]
 * @throws ConfigError for a rate outside [0, 1)
 * @throws ShapeError if the rows or `sampleIndex` do not fit the packing
 */
export function packedDropout(
  tape: Tape,
  a: Tensor,
  rate: number,
  source: DropoutSource,
  packing: Packing,
): Tensor {
  requireRate(rate);
  requirePacked("packedDropout", a, packing);
  if (source.sampleIndex.length !== packing.samples) {
    throw new ShapeError(
      `packedDropout: ${source.sampleIndex.length} sample indices for ${packing.samples} samples`,
    );
  }
  if (rate === 0) return a;
  const { backend } = tape;
  const width = a.extent(1);
  const keys = sampleKeys(tape, source);
  const output = tape.output(a.shape, [a]);
  backend.packedDropout(a.buffer, packing, width, keys, rate, output.buffer);
  tape.record(output, (dout) => {
    const masked = backend.scratch(a.size); // the same mask, drawn again for the gradient
    backend.packedDropout(dout, packing, width, keys, rate, masked);
    tape.passGradient(a, masked, true);
  });
  return output;
}

function requireRate(rate: number): void {
  if (!(rate >= 0 && rate < 1))
    throw new ConfigError("config.invalid", `dropout: the rate must be in [0, 1), got ${rate}`);
}

/**
 * Inverted dropout: sets each value to 0 with probability `rate`, and divides it by 1 - rate otherwise. Rate
 * 0 returns `a` itself.
 *
 * @param a [B, ...]
 * @param rate in [0, 1)
 * @throws ConfigError for a rate outside [0, 1)
 * @throws ShapeError if `sampleIndex` does not have one entry per row
 */
export function dropout(tape: Tape, a: Tensor, rate: number, source: DropoutSource): Tensor {
  requireRate(rate);
  const rows = a.extent(0);
  if (source.sampleIndex.length !== rows) {
    throw new ShapeError(
      `dropout: ${source.sampleIndex.length} sample indices for an input of shape ${formatShape(a.shape)}`,
      {
        hint: "Give one index per row of the first axis.",
      },
    );
  }
  if (rate === 0) return a;
  const { backend } = tape;
  const width = rows === 0 ? 0 : a.size / rows;
  const keys = sampleKeys(tape, source);
  const output = tape.output(a.shape, [a]);
  backend.dropout(a.buffer, rows, width, keys, rate, output.buffer);
  tape.record(output, (dout) => {
    const masked = backend.scratch(a.size); // the same mask, drawn again for the gradient
    backend.dropout(dout, rows, width, keys, rate, masked);
    tape.passGradient(a, masked, true);
  });
  return output;
}
