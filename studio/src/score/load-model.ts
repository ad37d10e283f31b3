import { fetchAssets, servedModels } from "euar/browser";
import { Predictor, type RunConfig } from "euar/predict";
import type { ModelFacts } from "./protocol.js";

/** Default frames per second, for a model that does not record its own. */
export const DEFAULT_FPS = 5;

export interface LoadedModel {
  readonly predictor: Predictor;
  readonly facts: ModelFacts;
}

/**
 * Loads a model and everything that its adapters need. Makes no request afterwards.
 * @param weights address of the weight file
 * @param assets address of the folder with the files of the adapters' packages
 * @throws EuarError of the library
 */
export async function loadModel(weights: string, assets: string): Promise<LoadedModel> {
  const predictor = await Predictor.load(new URL(weights), {
    media: { readAsset: fetchAssets(assets), models: servedModels },
  });
  const { data } = predictor.config;
  const origins = data.features ?? {};
  const readsMedia = Object.keys(origins).length > 0;
  if (readsMedia) await predictor.prepare();
  const fps = Object.values(origins).flatMap(({ preparation }) => preparation?.fps ?? []);
  return {
    predictor,
    facts: {
      modalities: readsMedia
        ? (await import("./media-modalities.js")).mediaModalities(predictor, origins)
        : predictor.modalities.map(({ name, width }) => ({ name, width, kind: undefined, damages: [] })),
      readsMedia,
      data: data.name,
      range: data.task.kind === "regression" ? data.task.range : undefined,
      fps: fps[0] ?? DEFAULT_FPS,
      samples: readsMedia ? 0 : sampleCount(predictor.config),
    },
  };
}

/** Number of samples of the embedded data set that a model can score; 0 for a model of other data. */
function sampleCount({ data }: RunConfig): number {
  return data.name.startsWith("synthetic") ? data.sizes.test : 0;
}
