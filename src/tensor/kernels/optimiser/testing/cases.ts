import { adamSettings, input, type KernelCase } from "../../../testing/kernel-case.js";
import { filled } from "../../../testing/kernel-inputs.js";

/** Uses of the kernels of Adam on whole parameters. */
export function cases(): KernelCase[] {
  return [
    adamSettings(),
    adamSettings({ gradientScale: 0.37 }),
    adamSettings({ decay: "l2", weightDecay: 0.1 }),
    adamSettings({ decay: "decoupled", weightDecay: 0.1, gradientScale: 0.5 }),
  ].map((settings, i) => ({
    name: `adam ${i + 1}`,
    run: (b) =>
      [1, 5, 100, 40_003].flatMap((count) => {
        const state = {
          weight: input(b, "w", count + 9),
          firstMoment: filled(b, count + 9),
          secondMoment: filled(b, count + 9),
        };
        for (let step = 1; step <= 3; step++)
          b.adam(state, input(b, `g${step}`, count + 9), 4, count, step, settings);
        return [state.weight, state.firstMoment, state.secondMoment];
      }),
  }));
}
