import type { Backend } from "../../tensor/backend.js";
import type { ExpertMixture } from "../../tensor/ops/expert-mixture.js";
import type { ExpertMixtureInputs } from "../../tensor/ops/expert-mixture-inputs.js";
import { expertNoiseKey } from "../../tensor/ops/expert-noise.js";
import { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { weightedSum, weightedTotal } from "../losses/weighted-sum.js";
import { ParameterSet } from "../parameter-set.js";
import { fixtureValues } from "./fixture-values.js";
import { gradientValues } from "./gradients.js";

/** A small expert mixture to test with. */
export interface MixtureCase {
  readonly batch: number;
  readonly inputs: number;
  readonly hidden: number;
  readonly experts: number;
  readonly topK: number;
  readonly run: "selected" | "all";
  readonly noise: boolean;
  /** [B] */
  readonly present: readonly number[];
  readonly logVarMin: number;
  readonly logVarMax: number;
  /** Added to the router's bias, by expert. A large negative value makes an expert that is never selected. */
  readonly routerBias?: readonly number[];
  readonly sampleIndex?: readonly number[];
  /** Shift the log-variances. */
  readonly shift?: boolean;
  /** Shift the router's logits. */
  readonly gateShift?: boolean;
}

export const ordinaryCase: MixtureCase = {
  batch: 6,
  inputs: 7,
  hidden: 5,
  experts: 4,
  topK: 3,
  run: "selected",
  noise: true,
  present: [1, 1, 1, 1, 1, 1],
  logVarMin: -8,
  logVarMax: 5,
};

export interface MixtureRun {
  /** Every output, by name. */
  readonly outputs: Readonly<Record<string, number[]>>;
  /** Every gradient, by name; zeros without a gradient. */
  readonly gradients: Readonly<Record<string, number[]>>;
  /** Scalar that was differentiated. */
  readonly loss: number;
}

type Mixture = (tape: Tape, inputs: ExpertMixtureInputs) => ExpertMixture;

export interface MixtureInputsOnTape {
  readonly inputs: ExpertMixtureInputs;
  readonly parameters: ParameterSet;
}

/** Puts the inputs of a case on a tape, with x as a leaf with a gradient. */
export function mixtureInputs(backend: Backend, tape: Tape, spec: MixtureCase): MixtureInputsOnTape {
  const { batch, inputs, hidden, experts } = spec;
  const parameters = new ParameterSet(backend, 1);
  const create = (
    name: string,
    shape: readonly number[],
    scale: number,
    groups = 1,
    shift: readonly number[] = [],
  ): Tensor => {
    const parameter = parameters.create(name, shape, { init: { kind: "constant", value: 0 }, groups });
    parameter.buffer.view.set(
      fixtureValues(`mixture/${name}`, parameter.size, scale).map((v, i) => v + (shift[i] ?? 0)),
    );
    return tape.parameter(parameter);
  };
  const sampleIndex = spec.sampleIndex ?? Array.from({ length: batch }, (_, b) => 10 + b);
  const x = Array.from(sampleIndex, (sample) =>
    Array.from(fixtureValues(`mixture/x/${sample}`, inputs)),
  ).flat();
  return {
    parameters,
    inputs: {
      routerWeight: create("router/weight", [inputs, experts], 0.4),
      routerBias: create("router/bias", [experts], 0.3, 1, spec.routerBias),
      weight: create("experts/weight", [experts, inputs, 2 * hidden], 0.4, experts),
      bias: create("experts/bias", [experts, 2 * hidden], 0.3, experts),
      x: tape.variable(x, [batch, inputs]),
      present: spec.present,
      topK: spec.topK,
      run: spec.run,
      logVarMin: spec.logVarMin,
      logVarMax: spec.logVarMax,
      ...(spec.shift ? { logVarShift: create("shift", [batch, experts], 0.5) } : {}),
      ...(spec.gateShift ? { gateShift: create("gate-shift", [batch, experts], 0.7) } : {}),
      ...(spec.noise ? { noise: { key: expertNoiseKey(3, "text", 4), sampleIndex } } : {}),
    },
  };
}

/**
 * Runs a mixture and differentiates a weighted sum of all outputs, so that every path of the backward pass is
 * tested.
 */
export function runMixture(backend: Backend, mixture: Mixture, spec: MixtureCase): MixtureRun {
  const tape = new Tape(backend);
  const { inputs, parameters } = mixtureInputs(backend, tape, spec);
  const result = mixture(tape, inputs);
  const { h, gates, sigma2, kl, probabilities } = result;
  const tensors = { h, gates, sigma2, kl, probabilities };
  const terms = Object.entries(tensors).map(
    ([name, tensor]) =>
      [weightedSum(tape, tensor, fixtureValues(`cotangent/${name}`, tensor.size)), 1] as const,
  );
  const loss = weightedTotal(tape, terms);
  tape.backward(loss);
  const gradients = Object.fromEntries(
    parameters
      .all()
      .map((parameter) => [
        parameter.name,
        gradientValues(backend, parameter) ?? new Array<number>(parameter.size).fill(0),
      ]),
  );
  const xGradient = inputs.x.gradient
    ? Array.from(inputs.x.gradient.view.subarray(0, inputs.x.size))
    : new Array<number>(inputs.x.size).fill(0);
  const present = spec.present;
  const experts = Array.from(result.indices.view.subarray(0, spec.batch * result.slots), (j, i) =>
    present[Math.floor(i / result.slots)] ? j : -1,
  );
  const run = {
    outputs: {
      ...Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.toArray()])),
      variance: Array.from(result.variance().view.subarray(0, h.size)),
      experts,
    },
    gradients: { ...gradients, x: xGradient },
    loss: loss.item(),
  };
  backend.endStep();
  return run;
}
