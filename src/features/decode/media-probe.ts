export interface AudioStreamInfo {
  /** Number of the stream in its file. */
  readonly index: number;
  readonly codec: string;
  /** Sampling rate in Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Duration in the header; undefined if it states none. */
  readonly seconds: number | undefined;
}

export interface SubtitleStreamInfo {
  /** Number of the stream in its file. */
  readonly index: number;
  readonly codec: string;
}

export interface VideoStreamInfo {
  /** Number of the stream in its file. */
  readonly index: number;
  readonly codec: string;
  /** Width in pixels after rotation, without correction for non-square pixels. */
  readonly width: number;
  readonly height: number;
  /** Clockwise rotation of the stored picture when it is shown, in degrees: 0, 90, 180 or 270. */
  readonly rotation: number;
  /** Mean frames per second; undefined if the header states none. */
  readonly fps: number | undefined;
  readonly seconds: number | undefined;
}

/**
 * Content of a clip. If it has several streams of a kind, the default one is used, otherwise the first one.
 * Cover pictures of songs are not video.
 */
export interface MediaProbe {
  /** FFmpeg's name of the container, e.g. "mov,mp4,m4a,3gp,3g2,mj2". */
  readonly format: string;
  readonly seconds: number | undefined;
  readonly audio: AudioStreamInfo | undefined;
  readonly video: VideoStreamInfo | undefined;
  /** Subtitles, if they are text. */
  readonly subtitles: SubtitleStreamInfo | undefined;
}
