import type { MediaByKind, MediumKind } from "../adapter.js";
import type { Decoder } from "../medium.js";

export type BrowserDecoder<Kind extends MediumKind> = Decoder<Blob, MediaByKind[Kind]>;

/**
 * Browser decoders by kind of medium. They import nothing from Node, so a page can bundle them without Node's
 * decoders.
 */
export const browserDecoders: { readonly [Kind in Exclude<MediumKind, "text">]: BrowserDecoder<Kind> } = {
  audio: async (blob, _settings, signal) =>
    (await import("./browser-audio.js")).decodeAudioInBrowser(blob, { signal }),
  video: async (blob, { fps }, signal) =>
    (await import("./browser-video.js")).decodeVideoInBrowser(blob, { fps, signal }),
  image: async (blob) => (await import("./browser-image.js")).decodeImageInBrowser(blob),
};
