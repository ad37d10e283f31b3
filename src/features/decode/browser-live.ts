import { MediaError } from "../../core/errors.js";
import type { AudioMedia, VideoFrame } from "../media.js";
import { decodeAudioInBrowser } from "./browser-audio.js";
import { drawnPixels } from "./browser-pixels.js";
import { checkedFrameOptions, type FrameOptions } from "./frame-options.js";

/** Options of {@link liveFrames} and {@link recordStream}. */
export interface LiveOptions extends FrameOptions {
  /** Duration in seconds, above 0. */
  readonly seconds: number;
  /** Ends the recording early and keeps what was recorded. */
  readonly until?: AbortSignal | undefined;
  /** Ends the recording early with an error. */
  readonly signal?: AbortSignal | undefined;
}

/** Recorded media. A part that the stream does not have is absent. */
export interface Recording {
  readonly audio?: AudioMedia;
  /** Frames in order of time. `framesAsVideo` turns them into a video for `predictMedia`. */
  readonly frames?: readonly VideoFrame[];
}

/** Types of recordings in order of preference. The first is lossless. */
const RECORDED_TYPES = [
  "audio/webm;codecs=pcm",
  "audio/webm;codecs=opus",
  "audio/mp4",
  "audio/ogg;codecs=opus",
];

/**
 * Yields the frames of a live stream as they arrive. A slow reader misses frames. Times are times of arrival.
 * The result is a video for `predictMedia`.
 * @throws MediaError "media.not-found" if the stream has no picture, "media.interrupted" if none arrives
 * @throws ConfigError for options out of their range
 */
export async function* liveFrames(
  stream: MediaStream,
  options: LiveOptions,
): AsyncGenerator<VideoFrame, void, undefined> {
  const { fps, maxSide } = checkedFrameOptions(options);
  const element = await playing(stream);
  const start = performance.now();
  const now = (): number => (performance.now() - start) / 1000;
  try {
    for (
      let time = 0;
      time < options.seconds && isLive(stream) && options.until?.aborted !== true;
      time = now()
    ) {
      options.signal?.throwIfAborted();
      yield { time, image: drawnPixels(element, element.videoWidth, element.videoHeight, maxSide) };
      const next = (Math.floor(now() * fps) + 1) / fps;
      await pause(Math.min(next, options.seconds) - now(), options.until, options.signal);
    }
    options.signal?.throwIfAborted();
  } finally {
    element.srcObject = null;
  }
}

/**
 * Records a live stream: sound as mono at 16 kHz, picture as frames. Sound starts at once, the picture with
 * the first frame of the camera.
 * @throws MediaError "media.unsupported" if the browser cannot record, and as `liveFrames`
 */
export async function recordStream(stream: MediaStream, options: LiveOptions): Promise<Recording> {
  const sound = stream.getAudioTracks().length > 0 ? recordSound(stream, options) : undefined;
  const frames = stream.getVideoTracks().length > 0 ? collect(liveFrames(stream, options)) : undefined;
  const [audio, video] = await Promise.all([sound, frames]);
  return { ...(audio && { audio }), ...(video && { frames: video }) };
}

async function collect(frames: AsyncIterable<VideoFrame>): Promise<VideoFrame[]> {
  const all: VideoFrame[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}

async function recordSound(
  stream: MediaStream,
  { seconds, until, signal }: LiveOptions,
): Promise<AudioMedia | undefined> {
  if (typeof MediaRecorder === "undefined")
    throw new MediaError("media.unsupported", "this browser cannot record sound: it has no MediaRecorder", {
      hint: "Use a newer browser, or choose a file.",
    });
  const mimeType = RECORDED_TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(
    new MediaStream(stream.getAudioTracks()),
    mimeType === undefined ? {} : { mimeType, audioBitsPerSecond: 128_000 },
  );
  const parts: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => {
    parts.push(data);
  });
  const stopped = new Promise<void>((resolve, reject) => {
    recorder.addEventListener("stop", () => {
      resolve();
    });
    recorder.addEventListener("error", () => {
      reject(
        new MediaError("media.interrupted", "the recording of the microphone failed", {
          hint: "Try again.",
        }),
      );
    });
  });
  try {
    recorder.start();
  } catch (cause) {
    throw new MediaError(
      "media.interrupted",
      "the microphone cannot be recorded: it was switched off or taken away",
      { hint: "Open it again.", cause },
    );
  }
  await Promise.race([pause(seconds, until, signal), stopped]);
  if (recorder.state !== "inactive") recorder.stop();
  await stopped;
  signal?.throwIfAborted();
  const recorded = new Blob(parts, { type: recorder.mimeType });
  if (recorded.size === 0)
    throw new MediaError("media.interrupted", "the microphone gave no sound", {
      hint: "Check that it is switched on, and try again.",
    });
  try {
    return await decodeAudioInBrowser(recorded, { signal }, "the recording");
  } catch (cause) {
    signal?.throwIfAborted();
    // The browser has just written it. If it cannot read it, the recording stopped before its first piece of
    // sound.
    throw new MediaError(
      "media.interrupted",
      "the recording holds no sound that can be read: it was too short",
      { hint: "Record for longer.", cause },
    );
  }
}

/** Longest wait for the first picture of a camera, in seconds. */
const FIRST_PICTURE_SECONDS = 30;

async function playing(stream: MediaStream): Promise<HTMLVideoElement> {
  if (stream.getVideoTracks().length === 0)
    throw new MediaError("media.not-found", "the stream has no picture", {
      hint: "Open it with the camera.",
    });
  const element = document.createElement("video");
  Object.assign(element, { muted: true, playsInline: true, srcObject: stream });
  const late = new AbortController();
  try {
    const started = element.play();
    started.catch(() => undefined); // no listener remains after the race
    await Promise.race([started, pause(FIRST_PICTURE_SECONDS, late.signal)]);
    if (element.videoWidth > 0) return element;
    throw new MediaError("media.interrupted", "the camera gives no picture", {
      hint: "Check that it is uncovered and switched on, and try again.",
    });
  } catch (error) {
    element.srcObject = null;
    throw error;
  } finally {
    late.abort();
  }
}

function isLive(stream: MediaStream): boolean {
  return stream.getVideoTracks().some(({ readyState }) => readyState === "live");
}

/** Waits for some seconds, or until one of the signals aborts. */
function pause(seconds: number, ...signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, seconds) * 1000);
    for (const signal of signals) {
      if (signal?.aborted === true) done();
      else signal?.addEventListener("abort", done);
    }
  });
}
