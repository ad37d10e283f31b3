// Holds the model, so that the page stays responsive while it works.
import { EuarError } from "euar/browser";
import { config } from "zod";
import { MediaScorer } from "./media-scorer.js";
import { loadModel, type LoadedModel } from "./load-model.js";
import type { Answer, Failure, Request, Results } from "./protocol.js";
import { SampleScorer } from "./sample-scorer.js";

config({ jitless: true }); // zod would compile its checks, which the page's security policy forbids

let loaded:
  { readonly model: LoadedModel; readonly media: MediaScorer; readonly samples: SampleScorer } | undefined;

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  void answer(data).then((message) => {
    postMessage(message);
  });
});

async function answer(request: Request): Promise<Answer> {
  const { id } = request;
  try {
    return { id, value: await perform(request) };
  } catch (error) {
    return { id, failure: failureOf(error) };
  }
}

async function perform(request: Request): Promise<Results[keyof Results]> {
  if (request.task === "load") {
    const model = await loadModel(request.weights, request.assets);
    loaded = { model, media: new MediaScorer(model), samples: new SampleScorer(model.predictor) };
    return model.facts;
  }
  if (!loaded) throw new EuarError("internal", "the model is not loaded");
  const { media, samples } = loaded;
  switch (request.task) {
    case "put":
      media.put(request.modality, request.medium);
      return null;
    case "media":
      return media.score(request.damage, request.off);
    case "sample":
      return samples.score(request.index, request.damage, request.off);
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof EuarError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}
