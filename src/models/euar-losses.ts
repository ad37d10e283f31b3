import { weightedTotal } from "../nn/losses/weighted-sum.js";
import type { ExpertMixture } from "../tensor/ops/expert-mixture.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Batch } from "../data/batch.js";
import type { ModalityInput } from "./batch-input.js";
import type { EuarConfig } from "./euar-config.js";
import type { ActiveLoss, BatchOutputs, CopyCorruption } from "./losses/loss.js";
import { activeLosses, euarLossList } from "./losses/loss-list.js";
import type { Losses } from "./model.js";

/**
 * One modality of a batch inside the model. If no sample has the modality, all fields except the input are
 * undefined.
 */
export interface Pathway {
  readonly input: ModalityInput;
  /** Mean of the real steps, [B, D], if the model reads statistics of the input. */
  readonly mean: Tensor | undefined;
  readonly mixture: ExpertMixture | undefined;
  /** Logarithm of the uncertainty, [B, 1], if a loss or a head needs it. */
  readonly uncertainty: Tensor | undefined;
  /** Input anomaly score, [B, 1], if the model reads statistics of the input. */
  readonly anomaly: Tensor | undefined;
  /** Addition to the log-variances, [B, 1], if the model has a layer for variances. */
  readonly score: Tensor | undefined;
}

/** Losses that a configuration switches on, the task loss first. */
export function lossesOf({ losses, awareness }: EuarConfig): readonly ActiveLoss[] {
  return [
    ...activeLosses(euarLossList.losses, losses),
    ...activeLosses(euarLossList["awareness.statistics"], awareness.statistics),
    ...activeLosses(euarLossList.awareness, awareness),
  ];
}

/**
 * Computes the weighted sum of all active losses: Eq. 12 and the additional losses.
 *
 * Sums the task loss, then the losses of each modality, then the other losses of the batch. This order
 * decides the last bits.
 * @param batch batch, with severities and kinds if it has corrupted copies
 */
export function euarLosses(
  tape: Tape,
  active: readonly ActiveLoss[],
  outputs: BatchOutputs,
  paths: readonly Pathway[],
  batch: Pick<Batch, "severity" | "damage" | "distance">,
): Losses {
  const parts: Record<string, Tensor> = {};
  const terms: [Tensor, number][] = [];
  const add = (name: string, weight: number, term: Tensor | undefined): void => {
    if (!term) return;
    parts[name] = term;
    terms.push([term, weight]);
  };
  const addBatch = (losses: readonly ActiveLoss[]): void => {
    for (const loss of losses) if (loss.of === "batch") add(loss.part, loss.weight, loss.term(tape, outputs));
  };
  const ofBatch = active.filter(({ of }) => of === "batch");
  addBatch(ofBatch.slice(0, 1));
  for (const path of paths) {
    const { name } = path.input;
    const [severity, damage] = [batch.severity?.[name], batch.damage?.[name]];
    const corruption = severity && damage && { severity, damage, distance: batch.distance?.[name] };
    for (const loss of active)
      add(`${loss.part}/${name}`, loss.weight, modalityTerm(tape, loss, path, corruption));
  }
  addBatch(ofBatch.slice(1));
  return { total: weightedTotal(tape, terms), parts };
}

/**
 * Computes the term of a modality; 0 if no sample has it. Undefined for a loss that needs corrupted copies,
 * if the batch has none.
 */
function modalityTerm(
  tape: Tape,
  loss: ActiveLoss,
  { mixture, ...path }: Pathway,
  corruption: CopyCorruption | undefined,
): Tensor | undefined {
  if (loss.of === "batch" || (loss.of === "copies" && !corruption)) return undefined;
  if (!mixture) return tape.constant([0], []);
  if (loss.of === "modality") return loss.term(tape, { ...path, mixture });
  return corruption && loss.term(tape, { ...path, mixture, ...corruption });
}
