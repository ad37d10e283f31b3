import { Linear } from "../../../nn/linear.js";
import type { ParameterSet } from "../../../nn/parameter-set.js";
import { add } from "../../../tensor/ops/elementwise.js";
import { relu } from "../../../tensor/ops/unary.js";
import type { Tape } from "../../../tensor/tape.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { onlyRows } from "./rows.js";

/**
 * Relational graph convolution (Schlichtkrull et al., ESWC 2018, Eq. 2) over the modalities of a sample, with
 * one relation per ordered pair. In each round h_m <- ReLU(W_m h_m + b_m + the mean over the other seen
 * modalities k of (W_(k to m) h_k + b_(k to m))). An unseen modality receives messages but sends none.
 * Parameters: `<name>/<round>/<modality>/self/...`, `<name>/<round>/<modality>/from-<modality>/...`.
 */
export class ModalityGraph {
  private readonly rounds: readonly (readonly Node[])[];

  constructor(
    parameters: ParameterSet,
    name: string,
    modalities: readonly string[],
    hidden: number,
    rounds: number,
  ) {
    this.rounds = Array.from({ length: rounds }, (_, round) =>
      modalities.map((own, m) => ({
        self: new Linear(parameters, `${name}/${round}/${own}/self`, hidden, hidden),
        edges: modalities.flatMap((other, k) =>
          k === m
            ? []
            : [{ k, map: new Linear(parameters, `${name}/${round}/${own}/from-${other}`, hidden, hidden) }],
        ),
      })),
    );
  }

  /**
   * Runs all rounds.
   * @param states M of [B, H]; zero rows where not seen
   * @param seen M of [B]
   * @returns M of [B, H]
   */
  forward(tape: Tape, states: readonly Tensor[], seen: readonly Uint8Array[]): readonly Tensor[] {
    return this.rounds.reduce<readonly Tensor[]>(
      (before, nodes) => nodes.map((node, m) => next(tape, node, m, before, seen)),
      states,
    );
  }
}

interface Node {
  readonly self: Linear;
  /** Edges from the other modalities. */
  readonly edges: readonly { readonly k: number; readonly map: Linear }[];
}

/** Computes the state of one modality after a round, [B, H]. */
function next(
  tape: Tape,
  { self, edges }: Node,
  m: number,
  states: readonly Tensor[],
  seen: readonly Uint8Array[],
): Tensor {
  const own = states[m] ?? tape.constant([], [0, 0]);
  const speakers = Array.from(seen[m] ?? [], (_, b) => edges.filter(({ k }) => seen[k]?.[b] !== 0).length);
  const heard = edges.reduce(
    (sum, { k, map }) => {
      const weights = Float64Array.from(speakers, (count, b) => (seen[k]?.[b] === 0 ? 0 : 1 / count));
      return add(tape, sum, onlyRows(tape, map.forward(tape, states[k] ?? own), weights));
    },
    self.forward(tape, own),
  );
  return relu(tape, heard);
}
