import { framesAsVideo, type VideoFrame, type VideoMedia } from "euar/browser";
import { readTranscript, type TextMedia } from "euar/features";
import { DataError, type Predictor, type RawMedia } from "euar/predict";
import { corrupted } from "./corrupt-medium.js";
import type { MediaAnswer, Medium, MediumDamage } from "./protocol.js";

/** Given medium, with its last corruption. So a change of one input does not affect the others. */
interface Held {
  readonly original: Medium;
  damaged: { readonly key: string; readonly medium: Medium } | undefined;
}

/** Scores the raw media of the page, clean or corrupted. */
export class MediaScorer {
  private readonly held = new Map<string, Held>();
  private readonly videos = new WeakMap<readonly VideoFrame[], VideoMedia>();

  constructor(private readonly predictor: Predictor) {}

  put(modality: string, medium: Medium | null): void {
    if (medium === null) this.held.delete(modality);
    else this.held.set(modality, { original: medium, damaged: undefined });
  }

  /**
   * Reads a transcript. The worker does it, because the page does without the library of schemas.
   * @throws MediaError as `readTranscript` of the library does
   */
  readTranscript(bytes: Uint8Array, name: string): TextMedia {
    return readTranscript(bytes, name);
  }

  /**
   * Scores the media.
   * @param damage corruption by modality
   * @param off modalities that the model may not use
   * @throws EuarError as `predictMedia` does
   */
  async score(damage: Readonly<Record<string, MediumDamage>>, off: readonly string[]): Promise<MediaAnswer> {
    const damaged: Record<string, Medium> = {};
    const media: Record<string, RawMedia[string]> = {};
    for (const [name, held] of this.held) {
      if (off.includes(name)) continue;
      const wanted = damage[name];
      const medium = wanted === undefined ? held.original : await this.damagedOf(name, held, wanted);
      if (wanted !== undefined) damaged[name] = medium;
      media[name] = this.rawOf(medium);
    }
    if (Object.keys(media).length === 0)
      throw new DataError("data.empty", "there is no input to score", {
        hint: "Give a text, a picture, a sound or a clip, and switch at least one of them on.",
      });
    const prediction = await this.predictor.predictMedia(media, { reuse: true });
    return { prediction, damaged };
  }

  private async damagedOf(name: string, held: Held, wanted: MediumDamage): Promise<Medium> {
    const key = JSON.stringify(wanted);
    if (held.damaged?.key !== key)
      held.damaged = { key, medium: await corrupted(held.original, wanted, name) };
    return held.damaged.medium;
  }

  private rawOf(medium: Medium): RawMedia[string] {
    switch (medium.kind) {
      case "text":
        return medium.text;
      case "image":
        return medium.image;
      case "audio":
        return medium.audio;
      case "video":
        return this.videoOf(medium.frames);
    }
  }

  /** Returns the same object for the same frames, so that the reader recognises the video. */
  private videoOf(frames: readonly VideoFrame[]): VideoMedia {
    const known = this.videos.get(frames);
    if (known) return known;
    const video = framesAsVideo(frames);
    this.videos.set(frames, video);
    return video;
  }
}
