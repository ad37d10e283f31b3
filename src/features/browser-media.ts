import { MediaError } from "../core/errors.js";
import type { MediaByKind, MediumKind } from "./adapter.js";
import type { DecodeSettings } from "./decode/decode-settings.js";
import { type BrowserDecoder, browserDecoders } from "./decode/browser-decoders.js";
import { fetchAssets } from "./fetch-assets.js";
import { servedModels } from "./onnx/served-models.js";
import type { EncodedMedium, MediaEnvironment } from "./raw-media.js";

/**
 * Environment for raw media in a browser: Blobs go through the browser's decoders, models of adapters come
 * from the page's server. Workers decode only pictures; give them other media decoded.
 * @param assets base address, as for `fetchAssets`
 * @example
 * const weights = new URL("weights.safetensors", location.href);
 * const predictor = await Predictor.load(weights, { media: browserMedia("assets") });
 * const { verdict } = await predictor.predictMedia({ text: "what a day", image: fileInput.files[0] });
 */
export function browserMedia(assets: string | URL): MediaEnvironment {
  return { readAsset: fetchAssets(assets), models: servedModels, decode };
}

async function decode<Kind extends MediumKind>(
  kind: Kind,
  source: EncodedMedium,
  settings: DecodeSettings,
  signal?: AbortSignal,
): Promise<MediaByKind[Kind] | undefined> {
  if (source instanceof Blob) {
    const decoders: { readonly [Each in MediumKind]?: BrowserDecoder<Each> } = browserDecoders;
    return decoders[kind]?.(source, settings, signal);
  }
  throw new MediaError("media.unsupported", `the ${kind} is a path, which a browser cannot open`, {
    hint: "Give a Blob: a file that was chosen or recorded, or `await (await fetch(address)).blob()`.",
  });
}
