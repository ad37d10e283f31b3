import type { Predictor, RunConfig } from "euar/predict";
import { readableModalities } from "../../../src/features/readable-modalities.js";
import { damageKinds } from "./damage-kinds.js";
import type { ModelModality } from "./protocol.js";

/** Describes the modalities of a model that reads raw media: their kinds, and how they can be corrupted. */
export function mediaModalities(
  { modalities }: Predictor,
  origins: NonNullable<RunConfig["data"]["features"]>,
): readonly ModelModality[] {
  const readable = readableModalities(
    modalities.map(({ name }) => name),
    origins,
  );
  return modalities.map(({ name, width }) => {
    const kind = readable.find((modality) => modality.name === name)?.kind;
    return { name, width, kind, damages: kind === undefined ? [] : damageKinds(kind) };
  });
}
