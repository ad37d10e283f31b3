import { MediaError } from "../core/errors.js";
import { loadFile } from "./decode/load-file.js";
import { MediaFile } from "./decode/media-file.js";
import { nodeEnvironment } from "./node-environment.js";
import type { MediaEnvironment } from "./raw-media.js";

/** Environment for raw media in Node: models of adapters come from installed packages, media from paths. */
export const nodeMedia: MediaEnvironment = {
  ...nodeEnvironment,
  decode: (kind, source, settings, signal) => {
    if (typeof source === "string" || source instanceof MediaFile)
      return loadFile(kind, source, settings, signal);
    throw new MediaError("media.unsupported", `the ${kind} is a Blob, which is not decoded in Node`, {
      hint: "Give the path of its file.",
    });
  },
};
