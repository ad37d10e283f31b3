/**
 * Contestant: one prediction from features with the library (see bench/lib/child.js). With all diagnostics,
 * or with the variant "value" the prediction alone.
 *
 *     node bench/predict/predict.js RUN clips.json BACKEND    answers requests, on one thread
 *     node bench/predict/predict.js RUN clips.json --once     predicts the first clip and ends
 */
import { readFileSync } from "node:fs";
import { Predictor } from "euar/predict";

const [run = "", clipsPath = "", mode = ""] = process.argv.slice(2);
const once = mode === "--once";
const model = await Predictor.load(run, once ? {} : { backend: mode, threads: 1 });
const clips = JSON.parse(readFileSync(clipsPath, "utf8"));

if (once) {
  console.log(JSON.stringify({ prediction: model.predict(clips[0]).prediction }));
} else {
  const { answerRequests, cpuMs } = await import("../lib/child.js");
  const features = clips.map((clip) =>
    Object.fromEntries(Object.entries(clip).map(([name, values]) => [name, Float32Array.from(values)])),
  );
  await answerRequests(({ ask, steps, variant }) => {
    const options = { diagnostics: variant !== "value" };
    if (ask === "versions") return { node: process.versions.node };
    if (ask === "check") return checked(features.map((clip) => model.predict(clip, options)));
    const ms = [];
    const cpu = cpuMs();
    for (let i = 0; i < steps; i++) {
      const from = performance.now();
      model.predict(features[i % features.length], options);
      ms.push(performance.now() - from);
    }
    return { ms, cpuMs: (cpuMs() - cpu) / steps };
  });
}

/** Values to compare with those of other contestants. Uncertainties are in the model's order. */
function checked(results) {
  const uncertainties = results.map(({ modalities }) =>
    Object.values(modalities).map(({ uncertainty }) => uncertainty),
  );
  return {
    predictions: results.map(({ prediction }) => prediction),
    ...(uncertainties.flat().every((value) => value !== null) && { uncertainties }),
  };
}
