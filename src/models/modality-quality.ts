import { defined } from "../core/defined.js";
import { ConfigError, DataError } from "../core/errors.js";
import { sqrt } from "../core/math.js";
import type { Split } from "../data/dataset.js";
import type { ParameterSet } from "../nn/parameter-set.js";
import type { Tape } from "../tensor/tape.js";
import type { Parameter, Tensor } from "../tensor/tensor.js";
import type { ModalityInput } from "./batch-input.js";
import type { DataSignature } from "./model.js";

/**
 * Smallest deviation of a measure. Measures are of order 1, and a problem that no training sample has would
 * otherwise become a huge number in its first corrupted copy.
 */
const LEAST_DEVIATION = 0.1;

/** Largest absolute value of a standardised measure. */
const LARGEST_VALUE = 10;

/** Standardisation of the measures of one modality. */
interface Scale {
  readonly modality: string;
  /** [Q] */
  readonly mean: Parameter;
  /** [Q] */
  readonly deviation: Parameter;
}

/**
 * Measured quality of every modality's media, as inputs of a model. Each measure is standardised with the
 * training split. Constants: `<modality>/quality/fitted/...`.
 */
export class ModalityQuality {
  /** Number of measures of each modality, Q; 0 for a modality whose data have none. */
  readonly widths: readonly number[];
  private readonly scales: readonly (Scale | undefined)[];

  /**
   * @param option path of the model's option, for the error
   * @throws ConfigError "config.conflict" if the data have no measured quality
   */
  constructor(parameters: ParameterSet, { modalities }: DataSignature, option: string) {
    this.widths = modalities.map(({ quality }) => quality?.length ?? 0);
    if (this.widths.every((width) => width === 0))
      throw new ConfigError(
        "config.conflict",
        `${option} needs measured quality, but the data have none for ` +
          modalities.map(({ name }) => `"${name}"`).join(", "),
        {
          hint: "Make features of raw media with `euar extract`, which measures quality, or omit the option.",
        },
      );
    this.scales = modalities.map(({ name }, m) => {
      const width = defined(this.widths[m]);
      const constant = (part: string, value: number): Parameter =>
        parameters.create(`${name}/quality/fitted/${part}`, [width], {
          init: { kind: "constant", value },
          decays: false,
        });
      return width === 0
        ? undefined
        : { modality: name, mean: constant("mean", 0), deviation: constant("deviation", 1) };
    });
  }

  /** Fits the standardisation to the samples of the training split that have the modality. */
  fit(train: Split): void {
    for (const scale of this.scales) {
      if (!scale) continue;
      const [table, quality] = [train.modalities[scale.modality], train.quality?.[scale.modality]];
      if (!table || !quality) continue;
      const width = quality.names.length;
      const rows = Array.from(table.present.keys()).filter((row) => table.present[row] !== 0);
      for (let q = 0; q < width; q++) {
        const values = rows.map((row) => defined(quality.values[row * width + q]));
        const count = Math.max(1, values.length);
        const mean = values.reduce((sum, value) => sum + value, 0) / count;
        const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        scale.mean.buffer.view[q] = mean;
        scale.deviation.buffer.view[q] = Math.max(LEAST_DEVIATION, sqrt(squares / count));
      }
    }
  }

  /**
   * Standardises the measures of a batch. They are constants: no gradient flows into them.
   * @param inputs M inputs
   * @param present M of [B], 1 = the model may read the quality of the sample
   * @returns M of [B, Q]; zero rows for samples without the modality; undefined for Q = 0
   * @throws DataError "data.missing-quality" if a sample has the modality, but the batch has no quality of it
   */
  forward(
    tape: Tape,
    inputs: readonly ModalityInput[],
    present: readonly ArrayLike<number>[],
  ): (Tensor | undefined)[] {
    return this.scales.map((scale, m) => {
      if (!scale) return undefined;
      const [width, flags] = [defined(this.widths[m]), present[m] ?? []];
      const out = new Float32Array(flags.length * width);
      const measured = inputs[m]?.quality;
      const [mean, deviation] = [scale.mean.buffer.view, scale.deviation.buffer.view];
      for (let b = 0; b < flags.length; b++) {
        if (flags[b] === 0) continue;
        if (!measured) throw missingQuality(scale.modality);
        for (let q = 0; q < width; q++) {
          const value = (defined(measured[b * width + q]) - defined(mean[q])) / defined(deviation[q]);
          out[b * width + q] = Math.min(Math.max(value, -LARGEST_VALUE), LARGEST_VALUE);
        }
      }
      return tape.constant(out, [flags.length, width]);
    });
  }
}

function missingQuality(modality: string): DataError {
  return new DataError(
    "data.missing-quality",
    `The model reads the measured quality of "${modality}", but the samples have none.`,
    { hint: "Score raw media, or features with quality, as `euar extract` writes them." },
  );
}
