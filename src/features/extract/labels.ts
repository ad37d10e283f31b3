import { isTableNumber } from "../../data/formats/table.js";
import type { Failure, Sample } from "./sample.js";

export type LabelKind = "regression" | "classification";

export interface LabelledSamples {
  readonly kind: LabelKind;
  /**
   * True for names, and for a requested task. False for numbers, which may be classes or a scale: their
   * reader decides.
   */
  readonly isCertain: boolean;
  readonly samples: readonly Sample[];
  /** Samples without a valid label. */
  readonly failures: readonly Failure[];
}

/**
 * Keeps the samples that have a valid label.
 * @param asked requested task; undefined: regression if most labels are numbers, otherwise classification
 */
export function withLabels(samples: readonly Sample[], asked: LabelKind | undefined): LabelledSamples {
  const isNumber = ({ label }: Sample): boolean => isTableNumber(label);
  const numbers = samples.filter(isNumber).length;
  const kind = asked ?? (2 * numbers > samples.length ? "regression" : "classification");
  const isLabelled = kind === "regression" ? isNumber : ({ label }: Sample): boolean => label.trim() !== "";
  const failures = samples
    .filter((sample) => !isLabelled(sample))
    .map(({ id, label }): Failure => {
      const expected = kind === "regression" ? "a finite number" : "a name";
      return { id, code: "data.invalid-value", message: `the label "${label}" is not ${expected}` };
    });
  return {
    kind,
    isCertain: asked !== undefined || kind === "classification",
    samples: samples.filter(isLabelled),
    failures,
  };
}
