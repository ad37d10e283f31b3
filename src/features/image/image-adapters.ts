import { z } from "zod";
import { type Adapter, defineAdapter } from "../adapter.js";
import { onnxPackages, tensorflowPackages } from "../adapter-packages.js";
import { modelPlaceOptions } from "../onnx/model-place.js";
import { patchPoolings } from "./image-poolings.js";
import { pixelsAdapter } from "./pixels.js";
import { resampleFilters } from "../../signal/resample-image.js";

const mobileNet = defineAdapter({
  id: "image/mobilenet-v2-mid",
  kind: "image",
  summary: "MobileNetV2, 1792 features; its weights come with an npm package",
  packages: ["sharp", "nsfwjs", ...tensorflowPackages],
  options: z.strictObject({}),
  create: async (_options, { readAsset }) =>
    (await import("./mobilenet.js")).createMobileNetExtractor({ readAsset }),
});

const onnx = defineAdapter({
  id: "image/onnx",
  kind: "image",
  summary: "any image encoder in ONNX, such as ResNet-152, from a folder or a model hub",
  packages: ["sharp", ...onnxPackages],
  options: z.strictObject({
    ...modelPlaceOptions,
    output: z.string().min(1).optional(),
    pooling: z.enum(patchPoolings).default("mean"),
    normalise: z.boolean().default(false),
    side: z.int().min(8).max(2048).optional(),
    shorter: z.int().min(0).max(4096).optional(),
    filter: z.enum(resampleFilters).optional(),
    mean: z.string().optional(),
    std: z.string().optional(),
    channels: z.enum(["rgb", "bgr"]).optional(),
    layout: z.enum(["nchw", "nhwc"]).optional(),
  }),
  create: async (options, environment) =>
    (await import("./onnx-image.js")).createOnnxImageExtractor(options, environment),
});

/** Adapters of images. The first is the default. */
export const imageAdapters: readonly Adapter<"image">[] = [mobileNet, pixelsAdapter, onnx];
