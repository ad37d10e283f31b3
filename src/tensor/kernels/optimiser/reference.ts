import { integerPower, sqrt } from "../../../core/math.js";
import { add, at } from "../../backends/reference/access.js";
import type { AdamSettings, AdamState, OptimiserKernels } from "./contract.js";

/**
 * Takes one Adam step on element `i`, in PyTorch's order: decay, moments, then step = lr / (1 - beta1^t) * m
 * / (sqrt(v) / sqrt(1 - beta2^t) + epsilon).
 */
function stepElement(
  state: AdamState,
  i: number,
  gradient: number,
  correction1: number,
  correction2Root: number,
  settings: AdamSettings,
): void {
  const { learningRate, beta1, beta2, epsilon, decay, weightDecay, gradientScale } = settings;
  let w = at(state.weight.view, i);
  let g = gradient * gradientScale;
  if (decay === "decoupled") w *= 1 - learningRate * weightDecay;
  else g += weightDecay * w;
  const m0 = at(state.firstMoment.view, i);
  const m = m0 + (g - m0) * (1 - beta1);
  const v = beta2 * at(state.secondMoment.view, i) + (1 - beta2) * g * g;
  state.weight.view[i] = w - ((learningRate / correction1) * m) / (sqrt(v) / correction2Root + epsilon);
  state.firstMoment.view[i] = m;
  state.secondMoment.view[i] = v;
}

export const reference: OptimiserKernels = {
  adam(state, gradient, start, count, step, settings) {
    const correction1 = 1 - integerPower(settings.beta1, step);
    const correction2Root = sqrt(1 - integerPower(settings.beta2, step));
    for (let i = start; i < start + count; i++)
      stepElement(state, i, at(gradient.view, i), correction1, correction2Root, settings);
  },

  adamGrouped(state, x, dout, dispatch, inputs, outputs, steps, settings) {
    const offsets = dispatch.offsets.view;
    for (let e = 0; e < dispatch.experts; e++) {
      const first = at(offsets, e);
      const end = at(offsets, e + 1);
      if (first === end) continue;
      add(steps.view, e, 1);
      const correction1 = 1 - integerPower(settings.beta1, at(steps.view, e));
      const correction2Root = sqrt(1 - integerPower(settings.beta2, at(steps.view, e)));
      for (let i = 0; i < inputs; i++) {
        for (let j = 0; j < outputs; j++) {
          let g = 0;
          for (let p = first; p < end; p++)
            g += at(x.view, at(dispatch.rows.view, p) * inputs + i) * at(dout.view, p * outputs + j);
          stepElement(state, (e * inputs + i) * outputs + j, g, correction1, correction2Root, settings);
        }
      }
    }
  },

  adamRows(state, gradient, rows, count, width, steps, settings) {
    for (let r = 0; r < count; r++) {
      const correction1 = 1 - integerPower(settings.beta1, at(steps.view, r));
      const correction2Root = sqrt(1 - integerPower(settings.beta2, at(steps.view, r)));
      const start = at(rows.view, r) * width;
      for (let j = 0; j < width; j++)
        stepElement(
          state,
          start + j,
          at(gradient.view, r * width + j),
          correction1,
          correction2Root,
          settings,
        );
    }
  },
};
