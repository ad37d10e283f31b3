export interface AudioStreamInfo {
  /** Number of the stream in its file. */
  readonly index: number;
  readonly codec: string;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** As its header says; undefined where it does not. */
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
  /** Pixels as they are shown: after rotation, before non-square pixels are squared. */
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise by which the stored picture is turned to be shown: 0, 90, 180 or 270. */
  readonly rotation: number;
  /** Mean frames per second; undefined where the header does not say. */
  readonly fps: number | undefined;
  readonly seconds: number | undefined;
}

/**
 * What is in a clip. Of several streams of a kind the one that is marked as default counts, else the first;
 * cover pictures of songs are no video.
 */
export interface MediaProbe {
  /** FFmpeg's name of the container, e.g. "mov,mp4,m4a,3gp,3g2,mj2". */
  readonly format: string;
  readonly seconds: number | undefined;
  readonly audio: AudioStreamInfo | undefined;
  readonly video: VideoStreamInfo | undefined;
  /** Subtitles that are text. */
  readonly subtitles: SubtitleStreamInfo | undefined;
}
