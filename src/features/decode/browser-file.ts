import type { EncodedFile } from "./encoded-file.js";

/** Opens a Blob in a browser, which decodes it. Nothing of Node is imported. */
export function browserFile(blob: Blob): EncodedFile {
  return {
    sound: async (_settings, signal) =>
      (await import("./browser-audio.js")).decodeAudioInBrowser(blob, { signal }),
    frames: async ({ fps }, signal) =>
      (await import("./browser-video.js")).decodeVideoInBrowser(blob, { fps, signal }),
    picture: async () => (await import("./browser-image.js")).decodeImageInBrowser(blob),
  };
}
