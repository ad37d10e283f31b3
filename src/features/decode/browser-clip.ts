import { MediaError } from "../../core/errors.js";

/** Longest wait for one step of the browser, in seconds. A damaged file can keep it busy for ever. */
const PATIENCE_SECONDS = 30;

/**
 * Longest wait for the report of a shown frame, in seconds. Expiry is not an error: some browsers do not
 * report a frame that they showed before.
 */
const PRESENTATION_SECONDS = 3;

/** Distance from the end of a frame, in seconds. At the very end a browser shows either neighbour. */
export const MARGIN = 0.001;

/** Offset of a second seek to the same frame, in seconds. A browser ignores a seek to its current time. */
const ASIDE = 0.0001;

/** Clip in a hidden media element. */
export class BrowserClip {
  /** Time of the last frame seen. */
  private seen: number | undefined;

  private constructor(
    readonly element: HTMLVideoElement,
    private readonly address: string,
    private readonly name: string,
  ) {}

  /**
   * Opens sound or video with the browser's decoders.
   * @throws MediaError "media.damaged", "media.unsupported"
   */
  static async open(source: Blob, name = "the clip"): Promise<BrowserClip> {
    if (typeof document === "undefined") {
      throw new MediaError(
        "media.unsupported",
        `${name} cannot be decoded here: a worker has no media elements`,
        { hint: "Decode it in the page, and give the worker samples and frames." },
      );
    }
    if (source.size === 0)
      throw new MediaError("media.damaged", `${name} is empty (0 bytes)`, {
        hint: "Copy or record it again.",
      });
    const element = document.createElement("video");
    const clip = new BrowserClip(element, URL.createObjectURL(source), name);
    Object.assign(element, { muted: true, playsInline: true, preload: "auto" });
    try {
      await clip.until("loadeddata", () => {
        element.src = clip.address;
      });
      return clip;
    } catch (error) {
      clip.close();
      throw error;
    }
  }

  get hasPicture(): boolean {
    return this.element.videoWidth > 0;
  }

  /**
   * Returns the length of the clip in seconds. A browser's own recordings do not state it: it is known after
   * a seek to the end.
   * @throws MediaError "media.damaged"
   * @throws MediaError "media.unsupported" for a stream without end
   */
  async end(): Promise<number> {
    if (!Number.isFinite(this.element.duration)) await this.seek(Number.MAX_SAFE_INTEGER);
    if (!Number.isFinite(this.element.duration))
      throw new MediaError("media.unsupported", `${this.name} has no end`, {
        hint: "Give a recording, not a stream.",
      });
    return this.element.duration;
  }

  /**
   * Returns the end of the last frame in seconds, which may be long before the end of the sound. If the
   * browser does not state the duration of a frame, returns the end of the clip.
   * @throws MediaError as `end`
   */
  async endOfPicture(): Promise<number> {
    const end = await this.end();
    if (typeof VideoFrame === "undefined") return end;
    await this.show(Math.max(0, end - MARGIN));
    if (this.seen === undefined) return end;
    const frame = new VideoFrame(this.element);
    const { duration } = frame;
    frame.close();
    return duration === null ? end : Math.min(end, this.seen + duration / 1e6);
  }

  /**
   * Shows the frame at a time in seconds, so that it can be drawn.
   *
   * The end of a seek means that the frame is decoded, not that it can be drawn: another thread does that,
   * and a busy machine draws the previous frame. So this method waits for the browser's report of the shown
   * frame. If that is the previous frame, which may be right or late, it seeks a second time.
   * @throws MediaError "media.damaged"
   */
  async show(time: number): Promise<void> {
    let shown = await this.look(time);
    if (shown === undefined || this.seen === undefined || shown === this.seen || shown > time)
      shown = await this.look(time > ASIDE ? time - ASIDE : time + ASIDE);
    this.seen = shown;
  }

  close(): void {
    this.element.removeAttribute("src");
    this.element.load();
    URL.revokeObjectURL(this.address);
  }

  /** @returns the time of the shown frame; undefined if the browser does not report it */
  private async look(time: number): Promise<number | undefined> {
    const sought = new AbortController();
    const presented = this.nextPresented(sought.signal);
    try {
      await this.seek(time);
      return await before(PRESENTATION_SECONDS, presented);
    } finally {
      sought.abort();
    }
  }

  private seek(time: number): Promise<void> {
    return this.until("seeked", () => {
      this.element.currentTime = time;
    });
  }

  /**
   * Waits for the report of the next shown frame. Resolves to undefined at once if none can be expected: in a
   * browser without such reports, and in a hidden page.
   */
  private nextPresented(signal: AbortSignal): Promise<number | undefined> {
    const { element } = this;
    return new Promise((resolve) => {
      const nobodySees = (): void => {
        if (document.hidden) resolve(undefined);
      };
      if (!("requestVideoFrameCallback" in element)) {
        resolve(undefined);
        return;
      }
      const request = element.requestVideoFrameCallback((_now, { mediaTime }) => {
        resolve(mediaTime);
      });
      signal.addEventListener("abort", () => {
        element.cancelVideoFrameCallback(request);
        resolve(undefined);
      });
      document.addEventListener("visibilitychange", nobodySees, { signal });
      nobodySees();
    });
  }

  private async until(event: "loadeddata" | "seeked", begin: () => void): Promise<void> {
    const { element } = this;
    const settled = new AbortController();
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(
            new MediaError("media.damaged", `${this.name} was not decoded within ${PATIENCE_SECONDS} s`, {
              hint: "It is damaged, or too large for this machine.",
            }),
          );
        }, PATIENCE_SECONDS * 1000);
        settled.signal.addEventListener("abort", () => {
          clearTimeout(timer);
        });
        element.addEventListener(
          event,
          () => {
            resolve();
          },
          { signal: settled.signal },
        );
        element.addEventListener(
          "error",
          () => {
            reject(this.failure());
          },
          { signal: settled.signal },
        );
        begin();
      });
    } finally {
      settled.abort();
    }
  }

  private failure(): MediaError {
    const { error } = this.element;
    const said = error?.message ? ` (${error.message})` : "";
    if (error?.code === MEDIA_ERR_DECODE)
      return new MediaError("media.damaged", `${this.name} is damaged or cut short${said}`, {
        hint: "Copy or record it again.",
      });
    return new MediaError(
      "media.unsupported",
      `${this.name} is not a sound or video file that this browser can decode${said}`,
      { hint: "Convert it to webm (VP9, Opus) or mp4 (H.264, AAC); if it is one, it is damaged." },
    );
  }
}

/** Constant of the HTML class `MediaError`, which our class of the same name hides. */
const MEDIA_ERR_DECODE = 3;

/** Returns the value of a promise that never rejects, or undefined after `seconds`. */
async function before<T>(seconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000, undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
