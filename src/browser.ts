/**
 * `euar/browser`: raw media in a page. The browser's own decoders read files and devices. The page serves the
 * models of the adapters.
 *
 * @example
 * import { browserMedia } from "euar/browser";
 * import { Predictor } from "euar/predict";
 * const weights = new URL("weights.safetensors", location.href);
 * const predictor = await Predictor.load(weights, { media: browserMedia("assets") });
 * const { verdict } = await predictor.predictMedia({ text: "what a day", image: fileInput.files[0] });
 */
export { browserMedia } from "./features/browser-media.js";
export { fetchAssets } from "./features/fetch-assets.js";
export { servedModels } from "./features/onnx/served-models.js";
export { type BrowserAudioOptions, decodeAudioInBrowser } from "./features/decode/browser-audio.js";
export { closeDevices, openDevices, type WantedDevices } from "./features/decode/browser-devices.js";
export { decodeImageInBrowser } from "./features/decode/browser-image.js";
export {
  liveFrames,
  type LiveOptions,
  type Recording,
  recordStream,
} from "./features/decode/browser-live.js";
export { type BrowserVideoOptions, decodeVideoInBrowser } from "./features/decode/browser-video.js";
export { framesAsVideo } from "./features/decode/frames-as-video.js";
export type { ImageLimits } from "./features/decode/image-limits.js";
export type { ReadAsset } from "./features/asset.js";
export type { AudioMedia, ImageMedia, TextMedia, VideoFrame, VideoMedia } from "./features/media.js";
export type {
  EncodedMedium,
  MediaEnvironment,
  RawMedia,
  RawMedium,
  TranscriptCheck,
} from "./features/raw-media.js";
export { type ErrorCode, EuarError, MediaError } from "./core/errors.js";
