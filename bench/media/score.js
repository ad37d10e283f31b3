/**
 * Contestant: scores one clip from its file with the library (see bench/lib/child.js).
 *
 *     node bench/media/score.js RUN CLIP TEXT
 */
import { Predictor } from "euar";
import { answerRequests, cpuMs } from "../lib/child.js";

const [run = "", clip = "", text = ""] = process.argv.slice(2);
const model = await Predictor.load(run);
const all = { text, audio: clip, video: clip };

await answerRequests(async ({ modalities }) => {
  const media = Object.fromEntries(Object.entries(all).filter(([name]) => modalities.includes(name)));
  const from = cpuMs();
  const { prediction, modalities: described, seconds } = await model.predictMedia(media);
  const cpuSeconds = (cpuMs() - from) / 1000;
  const used = Object.entries(described)
    .filter(([, { present }]) => present)
    .map(([name, { quality }]) => [name, quality.measures]);
  return { prediction, used: Object.fromEntries(used), seconds: { ...seconds, cpu: cpuSeconds } };
});
await model.close();
