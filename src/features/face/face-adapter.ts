import { defineAdapter } from "../adapter.js";
import { tensorflowPackages } from "../adapter-packages.js";
import { createFaceExtractor, faceMeshOptions } from "./face-extractor.js";

export const faceMeshAdapter = defineAdapter({
  id: "face/mesh",
  kind: "video",
  summary:
    "head pose, gaze, seven expressions and estimated action units of the main face in each frame " +
    "(networks of @vladmandic/human)",
  packages: ["@vladmandic/human", ...tensorflowPackages],
  options: faceMeshOptions,
  create: createFaceExtractor,
});
