import { balanceLoss } from "../nn/losses/balance.js";
import { certaintyLoss } from "../nn/losses/certainty.js";
import { klLoss } from "../nn/losses/kl.js";
import { severityRankingLoss } from "../nn/losses/severity-ranking.js";
import { specialisationLoss } from "../nn/losses/specialisation.js";
import { type TaskLoss, taskLoss } from "../nn/losses/task.js";
import { uncertaintyLoss } from "../nn/losses/uncertainty.js";
import { weightedTotal } from "../nn/losses/weighted-sum.js";
import type { ExpertMixture } from "../tensor/ops/expert-mixture.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { ModalityInput } from "./batch-input.js";
import { madeErrors } from "./certainty-head.js";
import type { EuarConfig } from "./euar-config.js";
import type { Losses } from "./model.js";

/**
 * One modality of a batch on its way through the model; all but the input is undefined when no sample has it.
 */
export interface Pathway {
  readonly input: ModalityInput;
  /** [B, D], the mean of its real steps, where statistics of the input are looked at. */
  readonly mean: Tensor | undefined;
  readonly mixture: ExpertMixture | undefined;
  /** [B, 1], the logarithm of its uncertainty, where a loss or a head asks for it. */
  readonly uncertainty: Tensor | undefined;
  /** [B, 1], how strange the input is, where statistics of it are looked at. */
  readonly strangeness: Tensor | undefined;
}

/** What the losses of a batch are made of. */
interface Judged {
  readonly kind: TaskLoss;
  readonly paths: readonly Pathway[];
  /** [B, outputs], what the model answers with. */
  readonly prediction: Tensor;
  /** [B, outputs], what the task loss judges: in training the experts' own answer, else the prediction. */
  readonly judged: Tensor;
  /** [B, outputs], the answer of the steady path, where there is one. */
  readonly steady: Tensor | undefined;
  readonly labels: ArrayLike<number>;
  /** Both: see data/batch.ts. */
  readonly taught: number | undefined;
  readonly originals: number | undefined;
  readonly severity: Readonly<Record<string, ArrayLike<number>>> | undefined;
  readonly damage: Readonly<Record<string, ArrayLike<number>>> | undefined;
  /** [B, 1], where there is a head for them. */
  readonly logErrors: Tensor | undefined;
}

/** What was done to the samples of a batch on purpose, in one modality. [B] each */
interface Done {
  readonly severity: ArrayLike<number> | undefined;
  readonly damage: ArrayLike<number> | undefined;
}

type Terms = [Tensor, number][];

/**
 * Eq. 12: L = L_task + alpha sum_m L_kl + beta sum_m L_aux + lambda sum_m L_u; and, where they are asked for,
 * ranking sum_m L_rank on batches with corrupted copies, and certainty L_certainty, and steady L_task of the
 * steady path. A loss that is null has no term and no part.
 */
export function euarLosses(
  tape: Tape,
  config: EuarConfig,
  { kind, paths, prediction, judged, steady, labels, taught, originals, severity, damage, logErrors }: Judged,
): Losses {
  const task = taskLoss(tape, kind, judged, labels, taught);
  const parts: Record<string, Tensor> = { task };
  const terms: Terms = [[task, config.losses.task.weight]];
  for (const path of paths)
    addModality(
      tape,
      config,
      path,
      { severity: severity?.[path.input.name], damage: damage?.[path.input.name] },
      parts,
      terms,
    );
  const { statistics, certainty } = config.awareness;
  if (steady && statistics?.steady) {
    // it answers for what is ordinary, and copies are not
    const own = taskLoss(tape, kind, steady, labels, originals);
    parts["steady"] = own;
    terms.push([own, statistics.steady]);
  }
  if (logErrors && certainty) {
    const loss = certaintyLoss(tape, logErrors, madeErrors(kind, prediction, labels));
    parts["certainty"] = loss;
    terms.push([loss, certainty]);
  }
  return { total: weightedTotal(tape, terms), parts };
}

function addModality(
  tape: Tape,
  { losses, awareness }: EuarConfig,
  { input, mixture, uncertainty, strangeness }: Pathway,
  { severity, damage }: Done,
  parts: Record<string, Tensor>,
  terms: Terms,
): void {
  const { kl, balance, uncertainty: ofUncertainty } = losses;
  const { ranking, specialisation } = awareness;
  const { name, present, presentCount } = input;
  const add = (kind: string, weight: number, loss: (mixture: ExpertMixture) => Tensor): void => {
    const part = mixture ? loss(mixture) : tape.constant([0], []);
    parts[`${kind}/${name}`] = part;
    terms.push([part, weight]);
  };
  if (kl) add("kl", kl.weight, (mixed) => klLoss(tape, mixed, { reduction: kl.reduction, presentCount }));
  if (balance) add("aux", balance.weight, (mixed) => balanceLoss(tape, mixed, present, balance.variant));
  if (ofUncertainty) {
    const { weight, reduction, stopGradient } = ofUncertainty;
    add("u", weight, (mixed) =>
      uncertaintyLoss(tape, mixed, { reduction, stopSigmaGradient: stopGradient, presentCount }),
    );
  }
  if (specialisation && damage)
    add("spec", specialisation, ({ probabilities }) =>
      specialisationLoss(tape, probabilities, damage, present),
    );
  const ranked = strangeness ?? uncertainty;
  if (ranking && severity && damage)
    add("rank", ranking, () =>
      ranked ? severityRankingLoss(tape, ranked, { severity, damage, present }) : tape.constant([0], []),
    );
}
