import { EuarError } from "../../core/errors.js";
import type { FloatArray, FloatBuffer } from "../../tensor/backend.js";
import { copyValues } from "../copy-values.js";
import type { ParameterSet } from "../parameter-set.js";

/**
 * Exponential moving average of the weights: average = d average + (1 - d) weights after each step.
 *
 * d = min(decay, (1 + t) / (10 + t)), so that the first steps quickly forget the initial weights.
 */
export class WeightAverage {
  private readonly averages: ReadonlyMap<string, FloatBuffer>;
  private readonly savedWeights: ReadonlyMap<string, FloatBuffer>;

  constructor(
    private readonly parameters: ParameterSet,
    private readonly decay: number,
  ) {
    const { backend } = parameters;
    const copies = (): Map<string, FloatBuffer> =>
      new Map(
        parameters.all().map((parameter) => {
          const copy = backend.persistent(parameter.size);
          backend.copy(parameter.buffer, 0, copy, 0, parameter.size);
          return [parameter.name, copy];
        }),
      );
    this.averages = copies();
    this.savedWeights = copies();
  }

  /**
   * Updates the average after a step.
   *
   * @param step number of steps done before this one
   */
  update(step: number): void {
    const decay = Math.min(this.decay, (1 + step) / (10 + step));
    const { backend } = this.parameters;
    for (const parameter of this.parameters.all()) {
      const average = bufferOf(this.averages, parameter.name);
      backend.affine(average, decay, 0, average);
      backend.addScaled(parameter.buffer, 1 - decay, average);
    }
  }

  /** Runs `work` with the averages in place of the weights, then restores the weights. */
  during<T>(work: () => T): T {
    this.move(this.savedWeights, "out");
    this.move(this.averages, "in");
    try {
      return work();
    } finally {
      this.move(this.savedWeights, "in");
    }
  }

  /** @param into earlier snapshot that is not needed any more: its arrays are overwritten */
  snapshot(into?: ReadonlyMap<string, FloatArray>): Map<string, FloatArray> {
    return new Map([...this.averages].map(([name, { view }]) => [name, copyValues(view, into?.get(name))]));
  }

  restore(snapshot: ReadonlyMap<string, FloatArray>): void {
    for (const [name, buffer] of this.averages) {
      const saved = snapshot.get(name);
      if (saved?.length !== buffer.size)
        throw new EuarError(
          "checkpoint.mismatch",
          `averaged weights: expected ${buffer.size} values for parameter "${name}", found none`,
        );
      buffer.view.set(saved);
    }
  }

  private move(copies: ReadonlyMap<string, FloatBuffer>, direction: "in" | "out"): void {
    const { backend } = this.parameters;
    for (const parameter of this.parameters.all()) {
      const copy = bufferOf(copies, parameter.name);
      const [from, to] = direction === "out" ? [parameter.buffer, copy] : [copy, parameter.buffer];
      backend.copy(from, 0, to, 0, parameter.size);
    }
  }
}

function bufferOf(buffers: ReadonlyMap<string, FloatBuffer>, name: string): FloatBuffer {
  const found = buffers.get(name);
  if (!found)
    throw new EuarError("internal", `averaged weights: parameter "${name}" was created after the average`);
  return found;
}
