/**
 * `euar/features`: raw media to features. Runs in the browser. `Predictor.load` and `euar extract` use the
 * parts that need Node (files, FFmpeg).
 *
 * @example
 * import { createExtractor } from "euar/features";
 * const extractor = await createExtractor("text", { adapter: "text/use-lite", options: {} }, { readAsset });
 * const { sequence, quality } = await extractor.extract({ text: "not again" });
 */
export {
  type Adapter,
  type AdapterEnvironment,
  defineAdapter,
  type MediaByKind,
  type MediumKind,
} from "./features/adapter.js";
export type { ReadAsset } from "./features/asset.js";
export type { ExtractedFeatures, FeatureExtractor } from "./features/feature-extractor.js";
export type { AudioMedia, ImageMedia, TextMedia, VideoFrame, VideoMedia, Word } from "./features/media.js";
export type { Medium, MediumNoise } from "./features/medium.js";
export { type Problem, type Quality, qualityOf } from "./features/quality.js";
export type {
  EncodedMedium,
  MediaEnvironment,
  RawMedia,
  RawMedium,
  TranscriptCheck,
} from "./features/raw-media.js";
export {
  type AdapterChoice,
  createExtractor,
  media,
  parseAdapterChoice,
  type ProblemCode,
  problemCodes,
  registerAdapter,
} from "./features/registry.js";
export { readTranscript } from "./features/align/transcript.js";
export { prepareFeatures } from "./features/align/prepare-features.js";
export { decodeImageInBrowser } from "./features/decode/browser-image.js";
export type { AdapterIdentity, FeatureOrigin, Preparation } from "./data/adapter-identity.js";
export { type ErrorCode, EuarError, MediaError } from "./core/errors.js";
