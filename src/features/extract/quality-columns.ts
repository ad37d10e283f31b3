import { NpyWriter } from "../../data/formats/npy-writer.js";
import { SCORE, storedMeasures } from "../../data/quality-measures.js";
import type { MadeSample } from "./made-sample.js";

/** Measures of quality by modality: `score`, then codes of problems in alphabetical order. */
export type QualityMeasures = Readonly<Record<string, readonly string[]>>;

/** Parts of a data set whose quality is stored. */
interface MeasuredParts {
  readonly modalities: readonly string[];
  readonly samples: readonly MadeSample[];
  readonly copies: readonly MadeSample[];
  readonly testCopies: readonly MadeSample[];
}

/**
 * Lists the measures that a data set stores: the score, and the severity of each problem that a sample or a
 * copy has. Problems of copies of test samples alone are left out: models could learn nothing about them.
 */
export function qualityMeasures({ modalities, samples, copies }: MeasuredParts): QualityMeasures {
  const all = [...samples, ...copies].flatMap(({ made }) => made);
  return Object.fromEntries(
    modalities.map((modality) => {
      const codes = all
        .filter((result) => result.modality === modality && result.usable)
        .flatMap(({ quality }) => quality.problems.map(({ code }) => code));
      return [modality, [SCORE, ...[...new Set(codes)].sort()]];
    }),
  );
}

/**
 * Writes the quality of one modality, (N, Q): the score, and for each problem its largest severity, 0 if the
 * sample does not have it. Samples without the modality get zeros.
 * @throws EuarError "io.write"
 */
export function writeQuality(
  path: string,
  samples: readonly MadeSample[],
  modality: string,
  measures: readonly string[],
): void {
  const writer = new NpyWriter(path, "<f4", [samples.length, measures.length]);
  try {
    for (const { made } of samples) {
      const quality = made.find((result) => result.modality === modality && result.usable)?.quality;
      writer.row(quality ? storedMeasures(quality, measures) : new Float32Array(measures.length));
    }
    writer.finish();
  } catch (error) {
    writer.discard();
    throw error;
  }
}
