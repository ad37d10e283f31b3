import { defined } from "../core/defined.js";
import type { Batch } from "../data/batch.js";
import { outputsOf, type Split } from "../data/dataset.js";
import { ExpertLayer } from "../nn/expert-layer.js";
import type { TaskLoss } from "../nn/losses/task.js";
import { meanOfInput, meanRows } from "../nn/masked-mean.js";
import { createEncoder, type ModalityEncoder } from "../nn/modality-encoder.js";
import { ParameterSet, type WeightSource } from "../nn/parameter-set.js";
import type { SampleDraws } from "../nn/sample-draws.js";
import { SignalHead } from "../nn/signal-head.js";
import type { Backend } from "../tensor/backend.js";
import type { ExpertMixture } from "../tensor/ops/expert-mixture.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import { type ModalityInput, modalityInputs } from "./batch-input.js";
import { CertaintyHead, expectedErrors } from "./certainty-head.js";
import { checkEuarConfig } from "./check-euar-config.js";
import { contributions } from "./contribution.js";
import type { EuarConfig } from "./euar-config.js";
import { euarDiagnostics } from "./euar-diagnostics.js";
import { euarLosses, lossesOf, type Pathway } from "./euar-losses.js";
import type { ExpertHead, HeadAnswer } from "./expert-answer.js";
import { createHead, joined } from "./expert-head.js";
import type { ActiveLoss, BatchOutputs } from "./losses/loss.js";
import { logUncertainty } from "./log-uncertainty.js";
import type { DataSignature, ForwardContext, ForwardResult, ModalityDiagnostics, Model } from "./model.js";
import { predictionSpread } from "./prediction-spread.js";
import { SteadyAnswer, SteadyPath, steadyShare } from "./steady-path.js";
import { chooseTaskLoss } from "./task-loss-choice.js";

/**
 * EUAR (Gao et al., MM 2024): per modality an encoder, a router and Gaussian experts; the joint feature; a
 * prediction head; the losses of Eq. 12.
 * Parameters are named `<modality>/encoder/...`, `<modality>/router/...`, `<modality>/experts/...`,
 * `head/...`.
 *
 * A modality that a sample does not have contributes nothing: none of its experts runs, its block of the
 * joint feature is zero, and averages in the losses run over the samples that have it. With the gate of the
 * paper a prediction does not depend on the other samples of its batch.
 *
 * @param seed of the initial weights, or "blank"
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

interface Branch {
  readonly encoder: ModalityEncoder;
  readonly experts: ExpertLayer;
  /** Statistics of the input, which raise the variances and move the gate. */
  readonly signals: SignalHead | undefined;
}

/** A prediction and what it was made of. */
interface Answered extends Pick<HeadAnswer, "prediction" | "again"> {
  /** M of [B, H]. */
  readonly blocks: readonly Tensor[];
  readonly beside: SteadyAnswer | undefined;
}

class Euar implements Model {
  readonly name = "euar";
  readonly parameters: ParameterSet;
  private readonly branches: readonly Branch[];
  private readonly head: ExpertHead;
  private readonly steady: SteadyPath | undefined;
  private readonly certainty: CertaintyHead | undefined;
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
    this.branches = signature.modalities.map(({ name, width }) => this.createBranch(name, width));
    this.head = createHead(this.parameters, signature, config);
    const { statistics, certainty } = config.awareness;
    this.steady = statistics?.steady
      ? new SteadyPath(this.parameters, "steady", signature, this.head.bias)
      : undefined;
    this.certainty = certainty
      ? new CertaintyHead(this.parameters, "certainty", signature.modalities.length)
      : undefined;
  }

  get outputBias(): Parameter {
    return this.head.bias;
  }

  forward(tape: Tape, batch: Batch, context: ForwardContext): ForwardResult {
    const draws = { ...context, sampleIndex: batch.sampleIndex };
    const inputs = modalityInputs(batch, this.signature.modalities, context.encoded);
    const paths = inputs.map((input, m) => this.pathway(tape, input, this.branches[m], draws));
    const mixtures = paths.map(({ mixture }) => mixture);
    // [B, H] each
    const blocks = mixtures.map((mixture) => mixture?.h ?? emptyBlock(tape, batch.size, this.config.hidden));
    const { again, alone, ...answer } = this.head.answer(
      tape,
      {
        blocks,
        uncertainties: paths.map(({ uncertainty }) => uncertainty),
        present: inputs.map(({ present }) => present),
      },
      draws,
    );
    const experts = answer.prediction; // [B, outputs]
    const beside = this.answerBeside(tape, paths, batch.size);
    const prediction = beside ? beside.blend(tape, experts) : experts; // [B, outputs]
    const diagnostics = context.training
      ? {}
      : this.diagnostics(tape, inputs, mixtures, { blocks, prediction, again, beside });
    const spread = context.spread
      ? { spread: this.spread(tape, mixtures, blocks, again, beside?.share) }
      : {};
    const logErrors = this.logErrors(tape, paths, batch.size);
    const told = {
      prediction,
      diagnostics,
      ...spread,
      ...(context.joint && {
        joint: Float32Array.from(joined(tape, blocks, this.config.fusion).toArray()),
      }),
      ...(logErrors && !context.training && { expectedError: expectedErrors(logErrors) }),
    };
    if (!batch.labels) return told;
    const { labels, taught, originals } = batch;
    const outputs: BatchOutputs = {
      kind: this.lossKind,
      prediction,
      scored: context.training ? experts : prediction,
      steady: beside?.answer,
      alone: alone?.map((own, m) => ({ prediction: own, present: inputs[m]?.present ?? [] })),
      logErrors,
      labels,
      taught,
      originals,
    };
    return { ...told, losses: euarLosses(tape, this.losses, outputs, paths, batch) };
  }

  /** Learns what is ordinary in an input, where statistics of inputs are read. */
  get fitStatistics(): ((train: Split) => void) | undefined {
    return this.config.awareness.statistics
      ? (train) => {
          this.fitSignals(train);
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

  /** The steady path's answer to a batch, and how much of each prediction it is. */
  private answerBeside(tape: Tape, paths: readonly Pathway[], batch: number): SteadyAnswer | undefined {
    if (!this.steady) return undefined;
    const means = this.signature.modalities.map(
      ({ width }, m) => paths[m]?.mean ?? emptyBlock(tape, batch, width),
    ); // [B, D] each
    const share = steadyShare(
      paths.map(({ strangeness }) => strangeness),
      paths.map(({ input }) => input.present),
    );
    return new SteadyAnswer(this.steady, tape, means, share);
  }

  /** [B, outputs] */
  private spread(
    tape: Tape,
    mixtures: readonly (ExpertMixture | undefined)[],
    blocks: readonly Tensor[],
    again: HeadAnswer["again"],
    share: ArrayLike<number> | undefined,
  ): Float32Array {
    const gaussians = blocks.map((mean, m) => ({ mean, variance: mixtures[m]?.variance() }));
    const outputs = outputsOf(this.signature.task);
    const spread = predictionSpread(tape, gaussians, outputs, again);
    return share ? spread.map((value, i) => value * (1 - defined(share[Math.floor(i / outputs)]))) : spread;
  }

  private createBranch(name: string, width: number): Branch {
    const { config, parameters } = this;
    const { hidden, inputDropout } = config;
    const encoder = createEncoder(parameters, `${name}/encoder`, width, {
      ...config.encoder,
      hidden,
      inputDropout,
    });
    const experts = new ExpertLayer(parameters, name, encoder.outputs, {
      ...config.experts,
      hidden,
      run: config.losses.kl?.over ?? "selected",
    });
    return { encoder, experts, signals: this.createSignals(name, width) };
  }

  private createSignals(name: string, width: number): SignalHead | undefined {
    const { experts, awareness } = this.config;
    const { statistics } = awareness;
    if (!statistics) return undefined;
    const { hidden, dropout, gate } = statistics;
    return new SignalHead(this.parameters, `${name}/signals`, width, {
      hidden,
      experts: experts.count,
      gated: gate,
      dropout,
    });
  }

  /** Eqs. 1-6 for one modality. */
  private pathway(tape: Tape, input: ModalityInput, branch: Branch | undefined, draws: SampleDraws): Pathway {
    const { sequence, present, presentCount } = input;
    if (!branch || !sequence || presentCount === 0)
      return { input, mean: undefined, mixture: undefined, uncertainty: undefined, strangeness: undefined };
    const x = branch.encoder.forward(tape, sequence, present, draws); // [B, D]
    const mean = branch.signals ? meanOfInput(tape, sequence, present) : undefined; // [B, D]
    const signals = mean && branch.signals?.forward(tape, mean, present, draws);
    const mixture = branch.experts.forward(tape, x, present, draws, signals);
    const isRead =
      this.certainty !== undefined ||
      this.config.fusion === "precision" ||
      this.losses.some((loss) => loss.needsUncertainty);
    const uncertainty = isRead ? logUncertainty(tape, mixture, present) : undefined;
    return { input, mean, mixture, uncertainty, strangeness: signals?.strangeness };
  }

  /** [B, 1], the logarithms of the expected errors. The head reads the variances and does not bend them. */
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
    { blocks, prediction, again, beside }: Answered,
  ): Record<string, ModalityDiagnostics> {
    const present = inputs.map((input) => input.present);
    const shares = beside
      ? contributions(tape, beside.joinTo(tape, blocks), present, prediction, beside.around(again))
      : contributions(tape, blocks, present, prediction, again);
    const entries = inputs.map(
      ({ name, present }, m) =>
        [name, euarDiagnostics(mixtures[m], present, this.selected, shares[m])] as const,
    );
    return Object.fromEntries(entries);
  }
}

/** [B, width], what a modality contributes that no sample of a batch has. */
function emptyBlock(tape: Tape, batch: number, width: number): Tensor {
  return tape.constant(new Float32Array(batch * width), [batch, width]);
}
