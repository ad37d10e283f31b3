import { MediaError } from "../core/errors.js";
import { MediaFile } from "./decode/media-file.js";
import { nodeTranscripts } from "./align/forced/node-transcripts.js";
import { nodeFile } from "./decode/node-file.js";
import { nodeEnvironment } from "./node-environment.js";
import type { MediaEnvironment } from "./raw-media.js";

/** Environment for raw media in Node: models of adapters come from installed packages, media from paths. */
export const nodeMedia: MediaEnvironment = {
  ...nodeEnvironment,
  open: (source, kind) => {
    if (source instanceof MediaFile) return nodeFile(source);
    if (typeof source === "string") return nodeFile(new MediaFile(source));
    throw new MediaError("media.unsupported", `the ${kind} is a Blob, which is not decoded in Node`, {
      hint: "Give the path of its file.",
    });
  },
  checkTranscript: nodeTranscripts(),
};
