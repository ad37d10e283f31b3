import { defined } from "../core/defined.js";
import type { Batch } from "../data/batch.js";
import { outputsOf, type Split } from "../data/dataset.js";
import type { ExpertShifts } from "../nn/expert-layer.js";
import type { TaskLoss } from "../nn/losses/task.js";
import { meanOfInput, meanRows } from "../nn/masked-mean.js";
import { ParameterSet, type WeightSource } from "../nn/parameter-set.js";
import { dropoutIn, type SampleDraws } from "../nn/sample-draws.js";
import { sumOfShifts } from "../nn/expert-shifts.js";
import type { Backend } from "../tensor/backend.js";
import type { ExpertMixture } from "../tensor/ops/expert-mixture.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import { type ModalityInput, modalityInputs } from "./batch-input.js";
import { CertaintyHead, expectedErrors } from "./certainty-head.js";
import { checkEuarConfig } from "./check-euar-config.js";
import { contributions } from "./contribution.js";
import { type Branch, createBranch } from "./euar-branch.js";
import type { EuarConfig } from "./euar-config.js";
import { euarDiagnostics } from "./euar-diagnostics.js";
import { fitVarianceHeads } from "./fit-variance-heads.js";
import { euarLosses, lossesOf, type Pathway } from "./euar-losses.js";
import type { ExpertFeatures, ExpertHead, HeadAnswer } from "./expert-answer.js";
import { createHead, joined } from "./expert-head.js";
import type { ActiveLoss, BatchOutputs } from "./losses/loss.js";
import { logUncertainty } from "./log-uncertainty.js";
import { ModalityQuality } from "./modality-quality.js";
import { ModalityTrust } from "./modality-trust.js";
import type { DataSignature, ForwardContext, ForwardResult, ModalityDiagnostics, Model } from "./model.js";
import { predictionSpread } from "./prediction-spread.js";
import { SteadyAnswer, SteadyPath, steadyShare } from "./steady-path.js";
import { chooseTaskLoss } from "./task-loss-choice.js";

/**
 * EUAR (Gao et al., MM 2024). Each modality has an encoder, a router and Gaussian experts. A head predicts
 * from the joint feature. The losses are those of Eq. 12.
 *
 * Parameters: `<modality>/encoder/...`, `<modality>/router/...`, `<modality>/experts/...`, `head/...`; with
 * `awareness.quality` also `<modality>/quality/...`, with `awareness.variance` `<modality>/variance/...`.
 *
 * A missing modality contributes nothing: none of its experts runs, and its block of the joint feature is
 * zero. Averages in the losses run over the samples that have the modality. With the gate of the paper, a
 * prediction does not depend on the other samples of its batch.
 *
 * @param seed seed of the initial weights, or "blank"
 * @throws ConfigError for options that contradict each other or the task
 */
export function createEuar(
  signature: DataSignature,
  config: EuarConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  return new Euar(signature, config, backend, seed);
}

/** Prediction, with the values that it was computed from. */
interface Answered extends Pick<HeadAnswer, "prediction" | "again"> {
  /** M of [B, H]. */
  readonly blocks: readonly Tensor[];
  readonly shortcut: SteadyAnswer | undefined;
}

/** Inputs of a pathway besides the features. */
interface PathwayInputs {
  readonly draws: SampleDraws;
  readonly needs: { readonly variances: boolean };
  /** Measured quality, [B, Q]. */
  readonly measured: Tensor | undefined;
}

class Euar implements Model {
  readonly name = "euar";
  readonly parameters: ParameterSet;
  private readonly quality: ModalityQuality | undefined;
  private readonly branches: readonly Branch[];
  private readonly head: ExpertHead;
  private readonly steady: SteadyPath | undefined;
  private readonly certainty: CertaintyHead | undefined;
  private readonly trust: ModalityTrust | undefined;
  private readonly lossKind: TaskLoss;
  private readonly losses: readonly ActiveLoss[];
  /** K, clamped to N. */
  private readonly selected: number;

  constructor(
    readonly signature: DataSignature,
    private readonly config: EuarConfig,
    backend: Backend,
    seed: WeightSource,
  ) {
    checkEuarConfig(config);
    this.lossKind = chooseTaskLoss(config.taskLoss, signature.task);
    this.losses = lossesOf(config);
    this.selected = Math.min(config.experts.topK, config.experts.count);
    this.parameters = new ParameterSet(backend, seed);
    this.quality = config.awareness.quality
      ? new ModalityQuality(this.parameters, signature, "awareness.quality")
      : undefined;
    this.branches = signature.modalities.map((modality, m) =>
      createBranch(this.parameters, config, {
        ...modality,
        outputs: this.width,
        measures: this.quality?.widths[m],
      }),
    );
    this.head = createHead(this.parameters, signature, config);
    const { statistics, certainty } = config.awareness;
    this.steady = statistics?.steady
      ? new SteadyPath(this.parameters, "steady", signature, this.head.bias, statistics.steadyRate)
      : undefined;
    this.certainty = certainty
      ? new CertaintyHead(this.parameters, "certainty", signature.modalities.length)
      : undefined;
    this.trust =
      config.trust === "informative"
        ? new ModalityTrust(this.parameters, signature.modalities.length, outputsOf(signature.task))
        : undefined;
  }

  /** See {@link Model.settleTrust}. Undefined for a model that trusts all modalities. */
  get settleTrust(): Model["settleTrust"] {
    const { trust } = this;
    return (
      trust &&
      ((trusted, constant) => {
        trust.settle(trusted, constant);
      })
    );
  }

  /** Width of the experts' features. */
  private get width(): number {
    return this.config.head === null ? outputsOf(this.signature.task) : this.config.hidden;
  }

  get outputBias(): Parameter {
    return this.head.bias;
  }

  /** True if the prediction itself depends on the uncertainties. */
  private get predictsFromUncertainties(): boolean {
    const { fusion } = this.config;
    return fusion === "precision" || fusion === "mean";
  }

  forward(tape: Tape, batch: Batch, context: ForwardContext): ForwardResult {
    const draws = { ...context, sampleIndex: batch.sampleIndex };
    const inputs = modalityInputs(batch, this.signature.modalities, context.encoded);
    const present = inputs.map((input) => input.present);
    const measured = this.quality?.forward(tape, inputs, present); // M of [B, Q]
    const predictionOnly = context.predictionOnly === true && !batch.labels;
    const needs = { variances: !predictionOnly || this.predictsFromUncertainties };
    const paths = inputs.map((input, m) =>
      this.pathway(tape, input, this.branches[m], { draws, needs, measured: measured?.[m] }),
    );
    const mixtures = paths.map(({ mixture }) => mixture);
    // [B, H] each; [B, outputs] if the experts predict
    const blocks = mixtures.map((mixture) => mixture?.h ?? emptyBlock(tape, batch.size, this.width));
    const { again, alone, ...answer } = this.head.answer(
      tape,
      {
        blocks,
        uncertainties: paths.map(({ uncertainty }) => uncertainty),
        present: this.trust?.counted(present) ?? present,
      },
      draws,
    );
    const experts = answer.prediction; // [B, outputs]
    const shortcut = this.shortcutOf(tape, paths, batch.size);
    const answered = shortcut ? shortcut.blend(tape, experts) : experts; // [B, outputs]
    const prediction = this.settled(tape, answered, present);
    if (predictionOnly) return { prediction, diagnostics: {} };
    const diagnostics = context.training
      ? {}
      : this.diagnostics(tape, inputs, mixtures, { blocks, prediction: answered, again, shortcut });
    const spread = context.spread
      ? { spread: this.spread(tape, mixtures, { blocks, again, shortcut, present }) }
      : {};
    const logErrors = this.logErrors(tape, paths, batch.size);
    const result = {
      prediction,
      diagnostics,
      ...spread,
      ...(context.joint && {
        joint: Float32Array.from(joined(tape, blocks, this.config.fusion).toArray()),
      }),
      ...(logErrors && !context.training && { expectedError: expectedErrors(logErrors) }),
    };
    if (!batch.labels) return result;
    const { labels, taught, originals } = batch;
    const outputs: BatchOutputs = {
      kind: this.lossKind,
      prediction,
      scored: context.training ? experts : prediction,
      steady: shortcut?.answer,
      alone: alone?.map((own, m) => ({ prediction: own, present: inputs[m]?.present ?? [] })),
      logErrors,
      labels,
      taught,
      originals,
    };
    return { ...result, losses: euarLosses(tape, this.losses, outputs, paths, batch) };
  }

  /** Fits the statistics of ordinary inputs. Undefined for a model that does not read statistics. */
  get fitStatistics(): Model["fitStatistics"] {
    const { statistics, variance } = this.config.awareness;
    return statistics || variance || this.quality
      ? (train, copies) => {
          this.fitSignals(train);
          if (copies) fitVarianceHeads(this.branches, this.signature, train, copies);
          this.quality?.fit(train);
        }
      : undefined;
  }

  private fitSignals(train: Split): void {
    this.signature.modalities.forEach(({ name }, m) => {
      const table = train.modalities[name];
      const rows = table ? meanRows(table) : undefined;
      if (rows && rows.length > 0) this.branches[m]?.signals?.fit(rows);
    });
  }

  inputDeviations(split: Split): Record<string, Float64Array[]> {
    const entries = this.signature.modalities.flatMap(({ name }, m) => {
      const [signals, table] = [this.branches[m]?.signals, split.modalities[name]];
      if (!signals || !table) return [];
      const found = signals.deviations(meanRows(table));
      this.parameters.backend.endStep();
      return [[name, found] as const];
    });
    return Object.fromEntries(entries);
  }

  /** Computes the predictions of the steady path for a batch, and their weights. */
  private shortcutOf(tape: Tape, paths: readonly Pathway[], batch: number): SteadyAnswer | undefined {
    if (!this.steady) return undefined;
    const means = this.signature.modalities.map(
      ({ width }, m) => paths[m]?.mean ?? emptyBlock(tape, batch, width),
    ); // [B, D] each
    const share = steadyShare(
      paths.map(({ anomaly }) => anomaly),
      paths.map(({ input }) => input.present),
    );
    return new SteadyAnswer(this.steady, tape, means, share);
  }

  /** Replaces predictions of samples without a trusted modality. */
  private settled(tape: Tape, prediction: Tensor, present: readonly ArrayLike<number>[]): Tensor {
    return this.trust ? this.trust.answer(tape, prediction, present) : prediction;
  }

  /** [B, outputs] */
  private spread(
    tape: Tape,
    mixtures: readonly (ExpertMixture | undefined)[],
    { blocks, again, shortcut, present }: Omit<Answered, "prediction"> & Pick<ExpertFeatures, "present">,
  ): Float32Array {
    const gaussians = blocks.map((mean, m) => ({ mean, variance: mixtures[m]?.variance() }));
    const outputs = outputsOf(this.signature.task);
    const spread = predictionSpread(tape, gaussians, outputs, again);
    const share = shortcut?.share;
    const own = share
      ? spread.map((value, i) => value * (1 - defined(share[Math.floor(i / outputs)])))
      : spread;
    return this.trust ? this.trust.spread(own, present) : own;
  }

  /**
   * Computes Eqs. 1-6 for one modality.
   */
  private pathway(
    tape: Tape,
    input: ModalityInput,
    branch: Branch | undefined,
    { draws, needs, measured }: PathwayInputs,
  ): Pathway {
    const { sequence, present, presentCount } = input;
    if (!branch || !sequence || presentCount === 0) return emptyPathway(input);
    const encoded = branch.encoder.forward(tape, sequence, present, draws); // [B, D]
    // a head drops parts of its own input
    const { head, dropout } = this.config;
    const x = head === null ? dropoutIn(tape, encoded, dropout, `${input.name}/experts`, draws) : encoded;
    // [B, D]
    const mean = branch.signals || branch.variance ? meanOfInput(tape, sequence, present) : undefined;
    const signals = mean && branch.signals?.forward(tape, mean, present, draws);
    const quality = measured && branch.quality?.forward(tape, measured);
    const variance = needs.variances ? mean && branch.variance?.forward(tape, mean, draws) : undefined;
    const shifts = [quality, variance].reduce<ExpertShifts | undefined>(
      (sum, more) => (more ? sumOfShifts(tape, sum, more) : sum),
      signals,
    );
    const mixture = branch.experts.forward(tape, x, present, draws, {
      ...shifts,
      meansOnly: !needs.variances,
    });
    const isRead =
      needs.variances &&
      (this.certainty !== undefined ||
        this.predictsFromUncertainties ||
        this.losses.some((loss) => loss.needsUncertainty));
    const uncertainty = isRead ? logUncertainty(tape, mixture, present) : undefined;
    const score = this.scoreToOrder(variance);
    return { input, mean, mixture, uncertainty, anomaly: signals?.anomaly, score };
  }

  /**
   * Returns the score that the ordering loss reads. Undefined if it has to read the complete log-uncertainty:
   * if the variances weigh the predictions, the task loss moves those of the experts too.
   */
  private scoreToOrder(variance: { readonly score: Tensor } | undefined): Tensor | undefined {
    return this.predictsFromUncertainties ? undefined : variance?.score;
  }

  /**
   * Computes the logarithms of the expected errors, [B, 1]. The head reads the variances without a gradient
   * into them.
   */
  private logErrors(tape: Tape, paths: readonly Pathway[], batch: number): Tensor | undefined {
    const uncertainties = paths.map(
      ({ uncertainty }) =>
        (uncertainty ? tape.detached(uncertainty) : undefined) ??
        tape.constant(new Float32Array(batch), [batch, 1]),
    );
    return this.certainty?.forward(
      tape,
      uncertainties,
      paths.map(({ input }) => input.present),
    );
  }

  private diagnostics(
    tape: Tape,
    inputs: readonly ModalityInput[],
    mixtures: readonly (ExpertMixture | undefined)[],
    { blocks, prediction, again, shortcut }: Answered,
  ): Record<string, ModalityDiagnostics> {
    const present = inputs.map((input) => input.present);
    const used = this.trust?.used(present) ?? present;
    const shares = shortcut
      ? contributions(tape, shortcut.joinTo(tape, blocks), used, prediction, shortcut.around(again))
      : contributions(tape, blocks, used, prediction, again);
    const entries = inputs.map(
      ({ name, present }, m) =>
        [name, euarDiagnostics(mixtures[m], present, this.selected, shares[m])] as const,
    );
    return Object.fromEntries(entries);
  }
}

/** Returns the pathway of a modality that no sample of the batch has. */
function emptyPathway(input: ModalityInput): Pathway {
  return {
    input,
    mean: undefined,
    mixture: undefined,
    uncertainty: undefined,
    anomaly: undefined,
    score: undefined,
  };
}

/** Returns the zero block of a modality that no sample of the batch has, [B, width]. */
function emptyBlock(tape: Tape, batch: number, width: number): Tensor {
  return tape.constant(new Float32Array(batch * width), [batch, width]);
}
