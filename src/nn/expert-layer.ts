import { expertMixture, type ExpertMixture } from "../tensor/ops/expert-mixture.js";
import { expertNoiseKey } from "../tensor/ops/expert-noise.js";
import type { Tape } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { composedExpertMixture } from "./expert-mixture-composed.js";
import { GaussianExperts } from "./gaussian-experts.js";
import type { ParameterSet } from "./parameter-set.js";
import { Router } from "./router.js";
import type { SampleDraws } from "./sample-draws.js";

export interface ExpertLayerOptions {
  readonly hidden: number;
  /** N */
  readonly count: number;
  readonly topK: number;
  readonly run: "selected" | "all";
  readonly gate: "paper" | "batch-normalised";
  /** Sampling of z in training (Eq. 3). At evaluation, z = mu. */
  readonly sampling: "train" | "never";
  readonly logVarMin: number;
  readonly logVarMax: number;
}

export interface ExpertShifts {
  /** Added to every log-variance of an expert, [B, N]. */
  readonly logVarShift?: Tensor | undefined;
  /** Added to the router's logits, [B, N]. */
  readonly gateShift?: Tensor | undefined;
}

/** Router and Gaussian experts of one modality. Parameters: `<name>/router/...` and `<name>/experts/...`. */
export class ExpertLayer {
  private readonly router: Router;
  private readonly experts: GaussianExperts;

  constructor(
    parameters: ParameterSet,
    private readonly name: string,
    inputs: number,
    private readonly options: ExpertLayerOptions,
  ) {
    this.router = new Router(parameters, `${name}/router`, inputs, options.count);
    this.experts = new GaussianExperts(parameters, `${name}/experts`, inputs, options.hidden, options.count);
  }

  /**
   * Mixes the selected experts.
   *
   * @param x [B, D]
   * @param present [B]
   * @param shifts additions to log-variances and router logits
   */
  forward(
    tape: Tape,
    x: Tensor,
    present: ArrayLike<number>,
    draws: SampleDraws,
    shifts: ExpertShifts = {},
  ): ExpertMixture {
    const { topK, run, gate, sampling, logVarMin, logVarMax } = this.options;
    const inputs = {
      x,
      routerWeight: tape.parameter(this.router.weight),
      routerBias: tape.parameter(this.router.bias),
      weight: tape.parameter(this.experts.weight),
      bias: tape.parameter(this.experts.bias),
      present,
      topK,
      run,
      logVarMin,
      logVarMax,
      ...shifts,
    };
    const sampled = draws.training && sampling === "train";
    const noise = sampled
      ? { noise: { key: expertNoiseKey(draws.seed, this.name, draws.step), sampleIndex: draws.sampleIndex } }
      : {};
    if (gate === "batch-normalised") return composedExpertMixture(tape, { ...inputs, ...noise }, gate);
    return expertMixture(tape, { ...inputs, ...noise });
  }
}
