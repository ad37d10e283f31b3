/**
 * Decoded media that adapters read. The decoders of decode/ produce them from files; browsers from Web Audio
 * and canvases.
 */

/** Decoded sound. */
export interface AudioMedia {
  /** Mono samples in [-1, 1]. */
  readonly samples: Float32Array;
  /** Sampling rate in Hz. */
  readonly sampleRate: number;
}

/** Decoded image. */
export interface ImageMedia {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** sRGB bytes, row-major, without alpha. [height, width, 3] */
  readonly rgb: Uint8Array;
}

/** Frame of a video. */
export interface VideoFrame {
  /** Seconds from the start of the clip. */
  readonly time: number;
  readonly image: ImageMedia;
}

/**
 * Frames in order of time. They can be read once, one at a time, so a long clip needs the memory of one
 * frame.
 */
export interface VideoMedia extends AsyncIterable<VideoFrame> {
  /** Length of the clip, if it is known. */
  readonly seconds?: number | undefined;
}

/** Word of a transcript with its time span. */
export interface Word {
  readonly text: string;
  /** Seconds from the start of the clip. */
  readonly start: number;
  /** Seconds from the start of the clip. */
  readonly end: number;
}

/** Text, with the times of its words if they are known. */
export interface TextMedia {
  readonly text: string;
  /** Words with their times, from a transcript or an aligner. */
  readonly words?: readonly Word[];
}
