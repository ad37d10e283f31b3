/**
 * Decoded media: what adapters read. Decoders (decode/) make these of files; browsers make them of Web Audio
 * and canvases.
 */

export interface AudioMedia {
  /** Mono, in [-1, 1]. */
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
}

export interface ImageMedia {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3]: sRGB bytes, row-major, no alpha. */
  readonly rgb: Uint8Array;
}

export interface VideoFrame {
  /** Seconds from the start of the clip. */
  readonly time: number;
  readonly image: ImageMedia;
}

/** Frames in order of time; read once, one at a time, so that a long clip needs the memory of one frame. */
export type VideoMedia = AsyncIterable<VideoFrame>;

export interface Word {
  readonly text: string;
  /** Seconds from the start of the clip. */
  readonly start: number;
  readonly end: number;
}

export interface TextMedia {
  readonly text: string;
  /** Where each word is said, if a transcript has it or an aligner found it. */
  readonly words?: readonly Word[];
}
