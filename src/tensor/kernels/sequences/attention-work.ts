import { EuarError } from "../../../core/errors.js";
import { QUERIES } from "./constants.js";
import type { PackedAttentionSettings } from "./contract.js";

/**
 * Returns the number of floats of work space of packed attention.
 *
 * @throws EuarError `internal` if the position bias does not cover the distances in the longest sample
 */
export function attentionWork({ packing, heads, depth, bias }: PackedAttentionSettings): number {
  const { longest } = packing;
  if (bias && bias.reach < longest - 1) {
    throw new EuarError(
      "internal",
      `packedAttention: the bias covers distances up to ${bias.reach}, but a sample has ${longest} rows`,
    );
  }
  const padded = Math.ceil(longest / 4) * 4;
  return 3 * QUERIES * padded + 2 * depth * padded + 2 * heads * (2 * padded + 4) + 16;
}
