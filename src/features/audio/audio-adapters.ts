import { z } from "zod";
import { type Adapter, defineAdapter } from "../adapter.js";
import { onnxPackages } from "../adapter-packages.js";
import { logMelAdapter } from "./log-mel-extractor.js";
import { modelPlaceOptions } from "../onnx/model-place.js";
import { activityChoices } from "./activity/choose-activity.js";

const covarep = defineAdapter({
  id: "audio/covarep",
  kind: "audio",
  summary:
    "COVAREP's 74 acoustic features every 10 ms: pitch, voicing, glottal source, mel-cepstrum, phase " +
    "distortion; the mask marks speech (Silero)",
  packages: ["@ricky0123/vad-web", ...onnxPackages],
  options: z.strictObject({
    vad: z
      .enum(activityChoices)
      .default("silero")
      .describe("method to find speech: the Silero network, loudness, or none (all frames)"),
  }),
  create: async (options, { readAsset }) =>
    (await import("./covarep-extractor.js")).createCovarepExtractor({ ...options, readAsset }),
});

const onnx = defineAdapter({
  id: "audio/onnx",
  kind: "audio",
  summary:
    "any encoder in ONNX that reads a waveform, such as wav2vec 2.0, HuBERT or WavLM, from a folder or " +
    "a model hub",
  packages: ["@ricky0123/vad-web", ...onnxPackages],
  options: z.strictObject({
    ...modelPlaceOptions,
    output: z.string().min(1).optional(),
    normalise: z.boolean().optional(),
    chunk: z.number().min(1).max(120).default(20),
    vad: z.enum(activityChoices).default("silero"),
  }),
  create: async (options, environment) =>
    (await import("./onnx-audio.js")).createOnnxAudioExtractor(options, environment),
});

/** Adapters of audio. The first is the default. */
export const audioAdapters: readonly Adapter<"audio">[] = [covarep, logMelAdapter, onnx];
