import { DataError } from "../../../core/errors.js";
import { type AdapterIdentity, requireSameAdapter } from "../../../data/adapter-identity.js";
import type { ExtractedFeatures } from "../../../features/feature-extractor.js";
import type { ReadModality } from "../../../features/sample-reader.js";
import { describeMedia } from "../../../predict/media-prediction.js";
import type { Predictor } from "../../../predict/predictor.js";
import type { ClipView } from "../../../report/demo/clip-results.js";

/** Features of the clip by modality. A modality that was not read is absent. */
export type ClipFeatures = ReadonlyMap<string, ExtractedFeatures>;

/**
 * Checks that the clip was read as the training data of the model were.
 * @param identities adapters of the clip by modality
 * @throws MediaError "media.mismatch" if an adapter or a package has another version
 */
export function requireTrainedAdapters(
  { config }: Predictor,
  identities: ReadonlyMap<string, AdapterIdentity>,
): void {
  for (const [modality, identity] of identities) {
    const trained = config.data.features?.[modality];
    if (trained !== undefined) requireSameAdapter(modality, trained, identity);
  }
}

/**
 * Scores the clip and lists the inputs to doubt, as `predictMedia` does.
 * @param clip features with one step per modality
 * @returns null if no input is usable
 */
export function viewOf(predictor: Predictor, clip: ClipFeatures): ClipView | null {
  const names = predictor.modalities.map(({ name }) => name);
  const read = new Map(
    names.map((name): [string, ReadModality] => {
      const features = clip.get(name);
      return [name, features === undefined ? { kind: "missing" } : { kind: "read", features }];
    }),
  );
  const vectors = names.map((name) => {
    const features = clip.get(name);
    return [name, features?.mask.includes(1) === true ? features.sequence : null] as const;
  });
  if (vectors.every(([, vector]) => vector === null)) return null;
  const scored = predictor.predict(Object.fromEntries(vectors));
  const { prediction, interval, modalities, doubted } = describeMedia(scored, read, {
    seconds: { features: 0, model: 0 },
  });
  if (typeof prediction !== "number")
    throw new DataError("data.format", "the model of the real clip must predict one number");
  const [low, high] = [interval?.low, interval?.high];
  return {
    prediction,
    interval: typeof low === "number" && typeof high === "number" ? { low, high } : null,
    inputs: Object.fromEntries(
      Object.entries(modalities).map(([name, { uncertainty, percentile, contribution }]) => [
        name,
        { uncertainty, percentile, contribution },
      ]),
    ),
    doubted: doubted.map(({ modality, reasons }) => ({
      modality,
      reasons: reasons.map(({ kind, code }) => code ?? kind),
    })),
  };
}
