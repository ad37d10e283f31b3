import {
  closeDevices,
  decodeAudioInBrowser,
  decodeVideoInBrowser,
  openDevices,
  recordStream,
  type VideoFrame,
} from "euar/browser";
import { byId } from "./dom.js";
import type { DecodedSample, ModelFacts } from "./protocol.js";
import { showError, showPrediction, showProgress } from "./result-view.js";
import type { Scorer } from "./scorer.js";

/**
 * Panel "Webcam + microphone": a recording of some seconds, or a clip from a file, with the spoken text if
 * the user types it.
 */
export class ClipPanel {
  private readonly open = byId("clip-open", HTMLButtonElement);
  private readonly record = byId("clip-record", HTMLButtonElement);
  private readonly stop = byId("clip-stop", HTMLButtonElement);
  private readonly file = byId("clip-file", HTMLInputElement);
  private readonly preview = byId("clip-preview", HTMLVideoElement);
  private readonly result = byId("clip-result", HTMLDivElement);
  private readonly seconds = byId("clip-seconds", HTMLInputElement);
  private readonly text = byId("clip-text", HTMLTextAreaElement);
  private stream: MediaStream | undefined;

  constructor(
    private readonly scorer: Scorer,
    private readonly facts: ModelFacts,
  ) {
    this.open.addEventListener("click", () => {
      if (this.stream) this.close();
      else void this.busy(() => this.openStream());
    });
    byId("clip-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      void this.busy(async () => this.predict(await this.recorded()));
    });
    this.file.addEventListener("click", () => {
      this.file.value = ""; // so that the same file can be chosen again; its name is shown until then
    });
    this.file.addEventListener("change", () => {
      const [chosen] = this.file.files ?? [];
      if (chosen) void this.busy(async () => this.predict(await this.fromFile(chosen)));
    });
    this.update(false);
  }

  /** Switches camera and microphone off. */
  close(): void {
    if (this.stream) closeDevices(this.stream);
    this.stream = undefined;
    this.preview.srcObject = null;
    this.update(false);
  }

  private async openStream(): Promise<void> {
    const { modalities } = this.facts;
    this.stream = await openDevices({
      camera: modalities.includes("vision"),
      microphone: modalities.includes("audio"),
    });
    this.preview.srcObject = this.stream;
    await this.preview.play();
    this.result.replaceChildren();
  }

  private async recorded(): Promise<DecodedSample> {
    if (!this.stream) return {};
    const until = new AbortController();
    const seconds = Math.min(30, Math.max(1, Number(this.seconds.value) || 5));
    this.stop.disabled = false;
    this.stop.onclick = () => {
      until.abort();
    };
    showProgress(this.result, `Recording ${seconds} s …`);
    const { audio, frames } = await recordStream(this.stream, {
      seconds,
      fps: this.facts.fps,
      until: until.signal,
    });
    return { ...(audio && { audio }), ...(frames && { frames }) };
  }

  private async fromFile(file: File): Promise<DecodedSample> {
    const { modalities, fps } = this.facts;
    showProgress(this.result, "Decoding …");
    const video = modalities.includes("vision")
      ? await decodeVideoInBrowser(file, { fps, maxSeconds: 60 }, file.name)
      : undefined;
    const audio = modalities.includes("audio")
      ? await decodeAudioInBrowser(file, { maxSeconds: 60 }, file.name)
      : undefined;
    const frames: VideoFrame[] = [];
    for await (const frame of video ?? []) frames.push(frame);
    return { ...(audio && { audio }), ...(video && { frames }) };
  }

  private async predict(sample: DecodedSample): Promise<void> {
    this.stop.disabled = true;
    showProgress(this.result, "Working …");
    const spoken = this.text.value.trim();
    showPrediction(
      this.result,
      await this.scorer.predict("clip", { ...sample, ...(spoken !== "" && { text: spoken }) }),
    );
  }

  private async busy(work: () => Promise<void>): Promise<void> {
    this.update(true);
    try {
      await work();
    } catch (error) {
      showError(this.result, error);
    } finally {
      this.update(false);
    }
  }

  private update(isBusy: boolean): void {
    const isOpen = this.stream !== undefined;
    this.open.disabled = isBusy;
    this.open.textContent = isOpen ? "Close camera and microphone" : "Open camera and microphone";
    this.record.disabled = isBusy || !isOpen;
    this.file.disabled = isBusy;
    this.stop.disabled = true;
  }
}
