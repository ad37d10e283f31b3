import { defined } from "../../core/defined.js";
import { DataError, ShapeError } from "../../core/errors.js";
import { digamma, logGamma, trigamma } from "../../core/gamma.js";
import type { Tape } from "../../tensor/tape.js";
import { formatShape, type Tensor } from "../../tensor/tensor.js";

/**
 * Evidential loss of TMC (Han et al., ICLR 2021, Eqs. 8-10; Sensoy et al., NeurIPS 2018), mean over samples.
 *
 * The first term is psi(S) - psi(alpha_y), S = sum_k alpha_k: the expected cross-entropy under a Dirichlet
 * distribution with parameters alpha >= 1. The second is `klWeight` times KL(Dir(alpha~) || Dir(1, ..., 1)),
 * where alpha~ is alpha with entry y set to 1. It reduces evidence for wrong classes.
 *
 * @param alpha [B, C]
 * @param labels [B] class indices
 * @param counted [B]: 0 excludes a sample; by default all count
 * @returns a scalar; 0 if no sample counts
 * @throws DataError for a label that is not a class
 * @throws ShapeError
 */
export function evidentialLoss(
  tape: Tape,
  alpha: Tensor,
  labels: ArrayLike<number>,
  klWeight: number,
  counted?: ArrayLike<number>,
): Tensor {
  const [batch = 0, classes = 0] = alpha.shape;
  if (alpha.shape.length !== 2 || labels.length < batch)
    throw new ShapeError(
      `evidentialLoss: expected alpha [B, C] and B labels, ` +
        `got ${formatShape(alpha.shape)} and ${labels.length} labels`,
    );
  const rows = Array.from({ length: batch }, (_, b) => b).filter(
    (b) => counted === undefined || counted[b] !== 0,
  );
  const values = alpha.buffer.view;
  const slopes = new Float64Array(batch * classes);
  let total = 0;
  for (const b of rows) {
    const label = defined(labels[b]);
    if (!Number.isInteger(label) || label < 0 || label >= classes)
      throw new DataError(
        "data.invalid-value",
        `evidentialLoss: label ${label} of row ${b} is not a class index below ${classes}`,
      );
    const row = Array.from(values.subarray(b * classes, (b + 1) * classes));
    total +=
      expectedCrossEntropy(row, label, slopes, b * classes) +
      wrongEvidence(row, label, klWeight, slopes, b * classes);
  }
  const out = tape.output([], [alpha]); // []
  out.buffer.view[0] = rows.length === 0 ? 0 : total / rows.length;
  tape.record(out, (dout) => {
    if (rows.length === 0) return;
    const into = tape.gradientOf(alpha).view;
    const scale = defined(dout.view[0]) / rows.length;
    for (let i = 0; i < slopes.length; i++) into[i] = defined(into[i]) + scale * defined(slopes[i]);
  });
  return out;
}

/** Computes psi(S) - psi(alpha_y). Adds its derivatives to `slopes`, from `at` on. */
function expectedCrossEntropy(
  alpha: readonly number[],
  label: number,
  slopes: Float64Array,
  at: number,
): number {
  const sum = alpha.reduce((total, value) => total + value, 0);
  const common = trigamma(sum);
  const ofLabel = defined(alpha[label]);
  alpha.forEach(
    (_, k) => (slopes[at + k] = defined(slopes[at + k]) + common - (k === label ? trigamma(ofLabel) : 0)),
  );
  return digamma(sum) - digamma(ofLabel);
}

/**
 * Computes weight * KL(Dir(alpha~) || Dir(1)) = weight * (log Gamma(S~) - log Gamma(C) - sum log
 * Gamma(alpha~_k) + sum (alpha~_k - 1)(psi(alpha~_k) - psi(S~))).
 */
function wrongEvidence(
  alpha: readonly number[],
  label: number,
  weight: number,
  slopes: Float64Array,
  at: number,
): number {
  if (weight === 0) return 0;
  const wrong = alpha.map((value, k) => (k === label ? 1 : value));
  const sum = wrong.reduce((total, value) => total + value, 0);
  const excess = sum - wrong.length;
  const [psi, psiSlope] = [digamma(sum), trigamma(sum)];
  let divergence = logGamma(sum) - logGamma(wrong.length);
  wrong.forEach((value, k) => {
    divergence += (value - 1) * (digamma(value) - psi) - logGamma(value);
    if (k !== label)
      slopes[at + k] = defined(slopes[at + k]) + weight * ((value - 1) * trigamma(value) - excess * psiSlope);
  });
  return weight * divergence;
}
