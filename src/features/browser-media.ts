import { MediaError } from "../core/errors.js";
import { browserFile } from "./decode/browser-file.js";
import { fetchAssets } from "./fetch-assets.js";
import { servedModels } from "./onnx/served-models.js";
import type { MediaEnvironment } from "./raw-media.js";

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
  return {
    readAsset: fetchAssets(assets),
    models: servedModels,
    open: (source, kind) => {
      if (source instanceof Blob) return browserFile(source);
      throw new MediaError("media.unsupported", `the ${kind} is a path, which a browser cannot open`, {
        hint: "Give a Blob: a file that was chosen or recorded, or `await (await fetch(address)).blob()`.",
      });
    },
  };
}
