import { defined } from "../../core/defined.js";
import { checkArguments, must, objectOf, oneOf, perhaps, rules } from "../../core/checked-call.js";
import { EuarError } from "../../core/errors.js";
import type { AdamSettings, AdamState, Backend, FloatArray } from "../../tensor/backend.js";
import type { DenseGradient, FactoredGradient, Parameter, RowGradient } from "../../tensor/tensor.js";
import { copyValues } from "../copy-values.js";
import { ParameterSet } from "../parameter-set.js";

/** Options of {@link Adam}. */
export interface AdamOptions {
  /**
   * "adam": weight decay is an L2 term of the gradient. "adamw": weight decay multiplies the weight,
   * independent of the gradient.
   */
  readonly kind: "adam" | "adamw";
  /** Weight decay, at least 0. */
  readonly weightDecay: number;
  /** Decay of the mean of the gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of the squared gradients. Default 0.999. */
  readonly beta2?: number;
  /** Added to the denominator. Default 1e-8. */
  readonly epsilon?: number;
}

/** Adam's state of one parameter, as plain values. */
export interface MomentSnapshot {
  readonly firstMoment: FloatArray;
  readonly secondMoment: FloatArray;
  /** Number of steps done, one count per group. */
  readonly steps: Int32Array;
}

interface Slot {
  readonly parameter: Parameter;
  readonly state: AdamState;
  readonly steps: Int32Array;
}

const PARAMETERS = must({
  expected: "a set of parameters",
  holds: (value) => value instanceof ParameterSet,
});
const OPTIONS = objectOf("options with a kind and a weight decay", {
  kind: oneOf(["adam", "adamw"]),
  weightDecay: rules.number,
  beta1: perhaps(rules.number),
  beta2: perhaps(rules.number),
  epsilon: perhaps(rules.number),
});

/**
 * Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019), with PyTorch's order of operations.
 *
 * Skips a parameter without a gradient, an expert without samples, and an embedding row without tokens: they
 * keep weights, moments and step count, as in PyTorch if `grad` is None. They also get no weight decay.
 */
export class Adam {
  private readonly backend: Backend;
  private readonly slots: readonly Slot[];

  constructor(
    parameters: ParameterSet,
    private readonly options: AdamOptions,
  ) {
    checkArguments("Adam", [parameters, options], [PARAMETERS, OPTIONS]);
    this.backend = parameters.backend;
    this.slots = parameters.all().map((parameter) => ({
      parameter,
      state: {
        weight: parameter.buffer,
        firstMoment: this.backend.persistent(parameter.size),
        secondMoment: this.backend.persistent(parameter.size),
      },
      steps: new Int32Array(parameter.groups),
    }));
  }

  /**
   * Updates every parameter that has a gradient, and clears the gradients.
   *
   * @param gradientScale factor on every gradient: 1, or the clipping factor
   */
  step(learningRate: number, gradientScale = 1): void {
    for (const slot of this.slots) {
      const gradient = slot.parameter.gradient;
      if (gradient === undefined) continue;
      const settings = this.settingsFor(slot.parameter, learningRate, gradientScale);
      if (gradient.kind === "factored") this.stepFactored(slot, gradient, settings);
      else if (gradient.kind === "rows") this.stepRows(slot, gradient, settings);
      else this.stepDense(slot, gradient, settings);
      slot.parameter.gradient = undefined;
    }
  }

  /** Clears the gradients of a step that is not taken. */
  clearGradients(): void {
    for (const { parameter } of this.slots) parameter.gradient = undefined;
  }

  /**
   * Copies the moments and step counts, by parameter name.
   * @param into earlier snapshot that is not needed any more: its arrays are overwritten
   */
  snapshot(into?: ReadonlyMap<string, MomentSnapshot>): Map<string, MomentSnapshot> {
    return new Map(
      this.slots.map(({ parameter: { name }, state, steps }) => [
        name,
        {
          firstMoment: copyValues(state.firstMoment.view, into?.get(name)?.firstMoment),
          secondMoment: copyValues(state.secondMoment.view, into?.get(name)?.secondMoment),
          steps: steps.slice(),
        },
      ]),
    );
  }

  /**
   * Restores a snapshot.
   *
   * @throws EuarError if a parameter is missing from it or has another size
   */
  restore(snapshot: ReadonlyMap<string, MomentSnapshot>): void {
    for (const { parameter, state, steps } of this.slots) {
      const saved = snapshot.get(parameter.name);
      if (
        saved?.firstMoment.length !== parameter.size ||
        saved.secondMoment.length !== parameter.size ||
        saved.steps.length !== steps.length
      ) {
        throw new EuarError(
          "checkpoint.mismatch",
          `optimiser state: no moments of ${parameter.size} values for parameter "${parameter.name}"`,
        );
      }
      state.firstMoment.view.set(saved.firstMoment);
      state.secondMoment.view.set(saved.secondMoment);
      steps.set(saved.steps);
    }
  }

  private settingsFor(parameter: Parameter, learningRate: number, gradientScale: number): AdamSettings {
    const { kind, weightDecay, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = this.options;
    return {
      learningRate: learningRate * parameter.rate,
      beta1,
      beta2,
      epsilon,
      decay: kind === "adamw" ? "decoupled" : "l2",
      weightDecay: parameter.decays ? weightDecay : 0,
      gradientScale,
    };
  }

  /**
   * Passes the step counts to the kernel, which increments them, and copies them back. Scratch memory ends
   * with the step.
   */
  private stepFactored(slot: Slot, gradient: FactoredGradient, settings: AdamSettings): void {
    const { experts } = gradient.dispatch;
    if (experts !== slot.steps.length) {
      throw new EuarError(
        "internal",
        `optimiser: the gradient of "${slot.parameter.name}" has ${experts} groups, ` +
          `the parameter has ${slot.steps.length}`,
      );
    }
    const steps = this.backend.scratchInts(experts);
    steps.view.set(slot.steps);
    this.backend.adamGrouped(
      slot.state,
      gradient.x,
      gradient.dout,
      gradient.dispatch,
      gradient.inputs,
      gradient.outputs,
      steps,
      settings,
    );
    slot.steps.set(steps.view.subarray(0, experts));
  }

  /** Updates the used rows of a table. Each row has its own step count, like an expert. */
  private stepRows(slot: Slot, gradient: RowGradient, settings: AdamSettings): void {
    const { rows, count, width, values } = gradient;
    const steps = this.backend.scratchInts(count);
    const view = steps.view;
    rows.view.subarray(0, count).forEach((row, i) => {
      const step = defined(slot.steps[row]) + 1;
      slot.steps[row] = step;
      view[i] = step;
    });
    this.backend.adamRows(slot.state, values, rows, count, width, steps, settings);
  }

  /** Updates the active groups. Neighbouring groups with the same step count share one kernel call. */
  private stepDense(slot: Slot, gradient: DenseGradient, settings: AdamSettings): void {
    const { steps, parameter } = slot;
    const width = parameter.size / steps.length;
    const offsets = gradient.active?.offsets.view;
    const isActive = (group: number): boolean =>
      offsets === undefined || offsets[group] !== offsets[group + 1];
    let first = 0;
    while (first < steps.length) {
      if (!isActive(first)) {
        first++;
        continue;
      }
      const step = defined(steps[first]) + 1;
      let end = first;
      while (end < steps.length && isActive(end) && defined(steps[end]) + 1 === step) steps[end++] = step;
      this.backend.adam(slot.state, gradient.buffer, first * width, (end - first) * width, step, settings);
      first = end;
    }
  }
}
