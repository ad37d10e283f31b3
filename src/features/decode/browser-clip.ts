import { MediaError } from "../../core/errors.js";

/** Seconds that a browser may take over one step; a damaged file can keep it busy without end. */
const PATIENCE_SECONDS = 30;

/** A clip in a media element that is not shown. */
export class BrowserClip {
  private constructor(
    readonly element: HTMLVideoElement,
    private readonly address: string,
    private readonly name: string,
  ) {}

  /**
   * Opens sound or video with the browser's own decoders.
   * @throws MediaError "media.damaged", "media.unsupported"
   */
  static async open(source: Blob, name = "the clip"): Promise<BrowserClip> {
    if (typeof document === "undefined") {
      throw new MediaError("media.unsupported", `${name} cannot be decoded here: a worker has no media elements`, { hint: "Decode it in the page, and give the worker samples and frames." });
    }
    if (source.size === 0) throw new MediaError("media.damaged", `${name} is empty (0 bytes)`, { hint: "Copy or record it again." });
    const element = document.createElement("video");
    const clip = new BrowserClip(element, URL.createObjectURL(source), name);
    Object.assign(element, { muted: true, playsInline: true, preload: "auto" });
    try {
      await clip.until("loadeddata", () => {
        element.src = clip.address;
      });
      if (!Number.isFinite(element.duration)) await clip.findEnd();
      return clip;
    } catch (error) {
      clip.close();
      throw error;
    }
  }

  get hasPicture(): boolean {
    return this.element.videoWidth > 0;
  }

  /** Shows what there is at a time, in seconds. @throws MediaError "media.damaged" */
  seek(time: number): Promise<void> {
    return this.until("seeked", () => {
      this.element.currentTime = time;
    });
  }

  close(): void {
    this.element.removeAttribute("src");
    this.element.load();
    URL.revokeObjectURL(this.address);
  }

  /** Recordings of a browser's own do not say how long they are: the end is known once it was looked for. */
  private async findEnd(): Promise<void> {
    await this.seek(Number.MAX_SAFE_INTEGER);
    if (!Number.isFinite(this.element.duration)) throw new MediaError("media.unsupported", `${this.name} has no end`, { hint: "Give a recording, not a stream." });
  }

  private async until(event: "loadeddata" | "seeked", begin: () => void): Promise<void> {
    const { element } = this;
    const settled = new AbortController();
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new MediaError("media.damaged", `${this.name} was not decoded within ${PATIENCE_SECONDS} s`, { hint: "It is damaged, or too large for this machine." }));
        }, PATIENCE_SECONDS * 1000);
        settled.signal.addEventListener("abort", () => {
          clearTimeout(timer);
        });
        element.addEventListener(event, () => {
          resolve();
        }, { signal: settled.signal });
        element.addEventListener("error", () => {
          reject(this.failure());
        }, { signal: settled.signal });
        begin();
      });
    } finally {
      settled.abort();
    }
  }

  private failure(): MediaError {
    const { error } = this.element;
    const said = error?.message ? ` (${error.message})` : "";
    if (error?.code === MEDIA_ERR_DECODE) return new MediaError("media.damaged", `${this.name} is damaged or cut short${said}`, { hint: "Copy or record it again." });
    return new MediaError("media.unsupported", `${this.name} is not a sound or video file that this browser can decode${said}`, { hint: "Convert it to webm (VP9, Opus) or mp4 (H.264, AAC); if it is one, it is damaged." });
  }
}

/** As in HTML, whose class of the same name as ours hides behind it. */
const MEDIA_ERR_DECODE = 3;
