import { defined } from "../core/defined.js";
import { foldIn, normalAt, randomKey } from "../core/random.js";
import { expertMixture, type ExpertMixture } from "../tensor/ops/expert-mixture.js";
import type { ExpertMixtureInputs } from "../tensor/ops/expert-mixture-inputs.js";
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
  /** Random gates depend on the seed, the step in training, and the sample, but not on its features. */
  readonly gate: "paper" | "batch-normalised" | "random";
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

/**
 * Router and Gaussian experts of one modality. Parameters: `<name>/router/...` (not with random gates) and
 * `<name>/experts/...`.
 */
export class ExpertLayer {
  private readonly router: Router | undefined;
  private readonly experts: GaussianExperts;

  constructor(
    parameters: ParameterSet,
    private readonly name: string,
    inputs: number,
    private readonly options: ExpertLayerOptions,
  ) {
    this.router =
      options.gate === "random" ? undefined : new Router(parameters, `${name}/router`, inputs, options.count);
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
      ...this.routing(tape, x.extent(1), draws),
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

  /** The router's parameters; without a router, zeros and random logits. */
  private routing(
    tape: Tape,
    inputs: number,
    draws: SampleDraws,
  ): Pick<ExpertMixtureInputs, "routerWeight" | "routerBias" | "gateShift"> {
    const { router } = this;
    if (router)
      return { routerWeight: tape.parameter(router.weight), routerBias: tape.parameter(router.bias) };
    const { count } = this.options;
    const batch = draws.sampleIndex.length;
    const key = foldIn(randomKey(draws.seed, `${this.name}/random-gate`), draws.training ? draws.step : 0);
    const logits = Float32Array.from({ length: batch * count }, (_, i) =>
      normalAt(foldIn(key, defined(draws.sampleIndex[Math.floor(i / count)])), i % count),
    );
    return {
      routerWeight: tape.constant(new Float32Array(inputs * count), [inputs, count]),
      routerBias: tape.constant(new Float32Array(count), [count]),
      gateShift: tape.constant(logits, [batch, count]),
    };
  }
}
