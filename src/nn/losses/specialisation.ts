import { defined } from "../../core/defined.js";
import { ShapeError } from "../../core/errors.js";
import { log } from "../../core/math.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Keeps the logarithm of an empty cell finite. */
const FLOOR = 1e-12;

/**
 * Specialisation loss L_spec of one modality: minus the mutual information (nats) between expert and
 * corruption kind in a batch.
 *
 * -sum_jk P(j, k) log(P(j, k) / (P(j) P(k))), P(j, k) = 1/B sum over the samples b of kind k of p_bj
 *
 * The expert is drawn by the router's probabilities p. The loss decreases if samples of one corruption kind
 * share experts and other kinds use other experts. It is at most 0, and at least minus the entropy of the
 * kinds.
 *
 * @param probabilities [B, N]
 * @param kind number of each sample's corruption kind, including one for "none", [B]
 * @param present [B]: samples without the modality do not count
 * @returns a scalar; 0 if all kinds are the same
 */
export function specialisationLoss(
  tape: Tape,
  probabilities: Tensor,
  kind: ArrayLike<number>,
  present: ArrayLike<number>,
): Tensor {
  const [batch, experts] = [probabilities.extent(0), probabilities.extent(1)];
  if (kind.length !== batch || present.length !== batch) {
    throw new ShapeError(
      `specialisationLoss: expected ${batch} kinds and presence flags, ` +
        `got ${kind.length} and ${present.length}`,
    );
  }
  const rows = Array.from({ length: batch }, (_, b) => b).filter((b) => present[b] !== 0);
  const kinds = [...new Set(rows.map((b) => defined(kind[b])))];
  const kindOf = rows.map((b) => kinds.indexOf(defined(kind[b])));
  const values = probabilities.buffer.view;
  const joint = new Float64Array(kinds.length * experts); // P(j, k)
  const ofKind = new Float64Array(kinds.length);
  const ofExpert = new Float64Array(experts);
  rows.forEach((b, i) => {
    const k = defined(kindOf[i]);
    ofKind[k] = defined(ofKind[k]) + 1 / rows.length;
    for (let j = 0; j < experts; j++) {
      const share = defined(values[b * experts + j]) / rows.length;
      joint[k * experts + j] = defined(joint[k * experts + j]) + share;
      ofExpert[j] = defined(ofExpert[j]) + share;
    }
  });
  const surprise = joint.map((share, i) =>
    log(
      (share + FLOOR) / (defined(ofExpert[i % experts]) * defined(ofKind[Math.floor(i / experts)]) + FLOOR),
    ),
  ); // [kinds, N]
  let information = 0;
  joint.forEach((share, i) => {
    information += share * defined(surprise[i]);
  });
  const out = tape.output([], [probabilities]); // []
  out.buffer.view[0] = -information;
  tape.record(out, (dout) => {
    const into = tape.gradientOf(probabilities).view;
    const scale = defined(dout.view[0]) / rows.length;
    rows.forEach((b, i) => {
      for (let j = 0; j < experts; j++) {
        const at = b * experts + j;
        into[at] = defined(into[at]) - scale * defined(surprise[defined(kindOf[i]) * experts + j]);
      }
    });
  });
  return out;
}
