// Holds the models, so that the page stays responsive while they work.
import { EuarError, fetchAssets, framesAsVideo, servedModels } from "euar/browser";
import { Predictor, type MediaPrediction } from "euar/predict";
import { config } from "zod";
import { failureOf } from "./failure.js";
import type { Kind } from "./manifest.js";
import type { Answer, DecodedSample, ModelFacts, Request } from "./protocol.js";

config({ jitless: true }); // zod would compile its checks, which the page's security policy forbids

const models = new Map<Kind, Predictor>();

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  void answer(data).then((message) => {
    postMessage(message);
  });
});

async function answer(request: Request): Promise<Answer> {
  const { id, kind } = request;
  try {
    return request.task === "load"
      ? { id, facts: await load(kind, request.weights) }
      : { id, prediction: await predict(kind, request.sample) };
  } catch (error) {
    return { id, failure: failureOf(error) };
  }
}

async function load(kind: Kind, weights: string): Promise<ModelFacts> {
  const model = await Predictor.load(new URL(weights, location.href), {
    media: { readAsset: fetchAssets("assets"), models: servedModels },
  });
  await model.prepare(); // from here on, no server is contacted
  models.set(kind, model);
  return {
    modalities: model.modalities.map(({ name }) => name),
    fps: model.config.data.features?.["vision"]?.preparation?.fps ?? 5,
  };
}

function predict(kind: Kind, { frames, ...sample }: DecodedSample): Promise<MediaPrediction> {
  const model = models.get(kind);
  if (!model) throw new EuarError("internal", "the model is not loaded");
  return model.predictMedia({ ...sample, ...(frames && { video: framesAsVideo(frames) }) });
}
