// Holds the model, so that the page stays responsive while it works.
import { EuarError } from "euar/browser";
import { config } from "zod";
import { loadModel } from "./load-model.js";
import type { MediaScorer } from "./media-scorer.js";
import type { Answer, Failure, Request, Results } from "./protocol.js";
import type { SampleScorer } from "./sample-scorer.js";

config({ jitless: true }); // zod would compile its checks, which the page's security policy forbids

/** Scorers of raw media and of features. Only the one that the model needs is loaded. */
let media: MediaScorer | undefined;
let samples: SampleScorer | undefined;

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
    const { predictor, facts } = await loadModel(request.weights, request.assets);
    if (facts.readsMedia) media = new (await import("./media-scorer.js")).MediaScorer(predictor);
    else samples = new (await import("./sample-scorer.js")).SampleScorer(predictor);
    return facts;
  }
  switch (request.task) {
    case "put":
      ready(media).put(request.modality, request.medium);
      return null;
    case "transcript":
      return ready(media).readTranscript(request.bytes, request.name);
    case "media":
      return ready(media).score(request.damage, request.off);
    case "sample":
      return ready(samples).score(request.index, request.damage, request.off);
  }
}

function ready<Scorer>(scorer: Scorer | undefined): Scorer {
  if (scorer === undefined) throw new EuarError("internal", "the model is not loaded");
  return scorer;
}

function failureOf(error: unknown): Failure {
  if (error instanceof EuarError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}
