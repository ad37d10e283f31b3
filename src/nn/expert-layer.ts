import { defined } from "../core/defined.js";
import { foldIn, normalAt, type RandomKey, randomKey, uniformAt } from "../core/random.js";
import { add, mul } from "../tensor/ops/elementwise.js";
import { expertMixture, type ExpertMixture } from "../tensor/ops/expert-mixture.js";
import type { ExpertMixtureInputs } from "../tensor/ops/expert-mixture-inputs.js";
import { expertNoiseKey } from "../tensor/ops/expert-noise.js";
import { linear } from "../tensor/ops/linear.js";
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
  /** Probability that a sample has random gates in training. 0 if absent; of no effect with random gates. */
  readonly exploration?: number | undefined;
  /** Sampling of z in training (Eq. 3). At evaluation, z = mu. */
  readonly sampling: "train" | "never";
  /** Start all log-variances of the experts at 0. Default false. */
  readonly plainVariances?: boolean;
  readonly logVarMin: number;
  readonly logVarMax: number;
}

/** Inputs of the expert layer besides features and router. */
export interface ExpertExtras extends ExpertShifts {
  /** See {@link ExpertMixtureInputs.meansOnly}. The gate "batch-normalised" computes variances anyway. */
  readonly meansOnly?: boolean;
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
    this.experts = new GaussianExperts(
      parameters,
      `${name}/experts`,
      inputs,
      options.hidden,
      options.count,
      options.plainVariances,
    );
  }

  /**
   * Mixes the selected experts.
   *
   * @param x [B, D]
   * @param present [B]
   * @param extras additions to log-variances and router logits, and whether only means are needed
   */
  forward(
    tape: Tape,
    x: Tensor,
    present: ArrayLike<number>,
    draws: SampleDraws,
    extras: ExpertExtras = {},
  ): ExpertMixture {
    const { topK, run, gate, sampling, logVarMin, logVarMax } = this.options;
    const inputs = {
      x,
      weight: tape.parameter(this.experts.weight),
      bias: tape.parameter(this.experts.bias),
      present,
      topK,
      run,
      logVarMin,
      logVarMax,
      logVarShift: extras.logVarShift,
      meansOnly: extras.meansOnly ?? false,
      ...this.routing(tape, x, draws, extras.gateShift),
    };
    const sampled = draws.training && sampling === "train";
    const noise = sampled
      ? { noise: { key: expertNoiseKey(draws.seed, this.name, draws.step), sampleIndex: draws.sampleIndex } }
      : {};
    if (gate === "batch-normalised") return composedExpertMixture(tape, { ...inputs, ...noise }, gate);
    return expertMixture(tape, { ...inputs, ...noise });
  }

  /**
   * The router's parameters and the addition to its logits. Without a router, or if samples explore, the
   * parameters are zeros and the addition is the whole logits.
   */
  private routing(
    tape: Tape,
    x: Tensor,
    draws: SampleDraws,
    shift: Tensor | undefined,
  ): Pick<ExpertMixtureInputs, "routerWeight" | "routerBias" | "gateShift"> {
    const { router, options } = this;
    const { count, exploration = 0 } = options;
    const explores = exploration > 0 && draws.training;
    if (router && !explores)
      return {
        routerWeight: tape.parameter(router.weight),
        routerBias: tape.parameter(router.bias),
        gateShift: shift,
      };
    const batch = draws.sampleIndex.length;
    const key = foldIn(randomKey(draws.seed, `${this.name}/random-gate`), draws.training ? draws.step : 0);
    const keys = Array.from(draws.sampleIndex, (index) => foldIn(key, index));
    const isRandom = keys.map((own) => !router || uniformAt(own, count) < exploration);
    const random = tape.constant(randomLogits(keys, isRandom, count), [batch, count]);
    const inputs = x.extent(1);
    const zeros = {
      routerWeight: tape.constant(new Float32Array(inputs * count), [inputs, count]),
      routerBias: tape.constant(new Float32Array(count), [count]),
    };
    if (!router) return { ...zeros, gateShift: random };
    const routed = linear(tape, x, tape.parameter(router.weight), tape.parameter(router.bias)); // [B, N]
    const learned = shift ? add(tape, routed, shift) : routed; // [B, N]
    const kept = tape.constant(
      isRandom.map((random) => (random ? 0 : 1)),
      [batch, 1],
    );
    return { ...zeros, gateShift: add(tape, mul(tape, learned, kept), random) };
  }
}

/** Draws logits for the samples with random gates. Those of other samples are 0. [B * N] */
function randomLogits(keys: readonly RandomKey[], isRandom: readonly boolean[], count: number): Float32Array {
  return Float32Array.from({ length: keys.length * count }, (_, i) => {
    const b = Math.floor(i / count);
    return isRandom[b] === true ? normalAt(defined(keys[b]), i % count) : 0;
  });
}
