import { MediaError } from "../core/errors.js";
import { decodeAudioInBrowser } from "./decode/browser-audio.js";
import { decodeImageInBrowser } from "./decode/browser-image.js";
import { decodeVideoInBrowser } from "./decode/browser-video.js";
import type { DecodeSettings, FileKind } from "./decode/load-file.js";
import type { MediaByKind } from "./adapter.js";
import { fetchAssets } from "./fetch-assets.js";
import { servedModels } from "./onnx/served-models.js";
import type { EncodedMedium, MediaEnvironment } from "./raw-media.js";

const decoders: {
  readonly [Kind in FileKind]: (
    source: Blob,
    settings: DecodeSettings,
    signal: AbortSignal | undefined,
  ) => Promise<MediaByKind[Kind] | undefined>;
} = {
  audio: (source, _settings, signal) => decodeAudioInBrowser(source, { signal }),
  video: (source, { fps }, signal) => decodeVideoInBrowser(source, { fps, signal }),
  image: (source) => decodeImageInBrowser(source),
};

/**
 * Raw media in a browser: Blobs through the browser's own decoders, models of adapters from where the page
 * serves them. In a worker, give decoded media: only pictures are decoded there.
 * @param assets as `fetchAssets` takes it
 * @example
 * const weights = new URL("weights.safetensors", location.href);
 * const predictor = await Predictor.load(weights, { media: browserMedia("assets") });
 * const { verdict } = await predictor.predictMedia({ text: "what a day", image: fileInput.files[0] });
 */
export function browserMedia(assets: string | URL): MediaEnvironment {
  return { readAsset: fetchAssets(assets), models: servedModels, decode };
}

function decode<Kind extends FileKind>(
  kind: Kind,
  source: EncodedMedium,
  settings: DecodeSettings,
  signal?: AbortSignal,
): Promise<MediaByKind[Kind] | undefined> {
  if (typeof source !== "string") return decoders[kind](source, settings, signal);
  throw new MediaError("media.unsupported", `the ${kind} is a path, which a browser cannot open`, {
    hint: "Give a Blob: a file that was chosen or recorded, or `await (await fetch(address)).blob()`.",
  });
}
