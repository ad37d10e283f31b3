import { z } from "zod";
import { type Adapter, defineAdapter } from "../adapter.js";

const covarep = defineAdapter({
  id: "audio/covarep",
  kind: "audio",
  summary:
    "COVAREP's 74 acoustic features every 10 ms: pitch, voicing, glottal source, mel-cepstrum, phase distortion; speech by Silero makes the mask",
  options: z.strictObject({
    vad: z
      .enum(["silero", "energy", "none"])
      .default("silero")
      .describe("how speech is found: the Silero network, loudness, or every frame counts"),
  }),
  create: async (options, { readAsset }) => (await import("./covarep-extractor.js")).createCovarepExtractor({ ...options, readAsset }),
});

/** The first is the default. */
export const audioAdapters: readonly Adapter<"audio">[] = [covarep];
