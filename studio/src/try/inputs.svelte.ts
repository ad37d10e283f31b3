import { closeDevices, openDevices, recordStream } from "euar/browser";
import type { MediumKind } from "euar/features";
import { kindsOfFile, type MediaOfFile, readFile, type TranscriptReader } from "../media/read-file.js";
import type { Medium, ModelModality } from "../score/protocol.js";
import type { TryState } from "./try-state.svelte.js";

/** Name of camera and microphone for their errors. */
const DEVICES = "devices";

/** Sources of raw media for the page Try: files, camera and microphone, typed text. */
export class MediaInputs {
  /** Work in progress, in words; empty if there is none. */
  doing = $state("");
  /** Camera and microphone while they are on. */
  stream = $state.raw<MediaStream | undefined>();
  isRecording = $state(false);
  /** Name of the last file of each modality. */
  names = $state.raw<Readonly<Record<string, string>>>({});
  private stopping = new AbortController();

  constructor(private readonly room: TryState) {}

  get modalities(): readonly ModelModality[] {
    return this.room.facts?.modalities ?? [];
  }

  /** True if no input leaves the page. */
  get staysHere(): boolean {
    return this.room.place === "page";
  }

  reads(...kinds: readonly MediumKind[]): boolean {
    return this.modalities.some(({ kind }) => kind !== undefined && kinds.includes(kind));
  }

  /** Decodes files and gives each medium to the modalities that read it. */
  async addFiles(files: readonly File[]): Promise<void> {
    const kinds = new Set(this.modalities.flatMap(({ kind }) => kind ?? []));
    const fps = this.room.facts?.fps ?? 1;
    for (const file of files) {
      await this.busy(`Reading ${file.name} …`, this.inputOf(file), async () => {
        const readTranscript: TranscriptReader = (bytes, name) => this.room.readTranscript(bytes, name);
        await this.give(await readFile(file, { kinds, fps, readTranscript }), file.name);
      });
    }
  }

  async openDevices(): Promise<void> {
    await this.busy("Opening the devices …", DEVICES, async () => {
      this.stream = await openDevices({ camera: this.reads("video"), microphone: this.reads("audio") });
    });
  }

  closeDevices(): void {
    if (this.stream) closeDevices(this.stream);
    this.stream = undefined;
  }

  async record(seconds: number): Promise<void> {
    const { stream } = this;
    if (!stream) return;
    this.stopping = new AbortController();
    this.isRecording = true;
    await this.busy(`Recording ${seconds} s …`, DEVICES, async () => {
      const { audio, frames } = await recordStream(stream, {
        seconds,
        fps: this.room.facts?.fps ?? 1,
        until: this.stopping.signal,
      });
      await this.give(
        {
          ...(audio && { audio: { kind: "audio", audio } }),
          ...(frames && { video: { kind: "video", frames } }),
        },
        "recording",
      );
    });
    this.isRecording = false;
  }

  /** Ends a recording early. It keeps what was recorded until then. */
  stop(): void {
    this.stopping.abort();
  }

  async type(modality: string, text: string): Promise<void> {
    await this.room.put(modality, text.trim() === "" ? undefined : { kind: "text", text: { text } });
  }

  async remove(modality: string): Promise<void> {
    await this.room.put(modality, undefined);
  }

  /**
   * Assigns each medium to the first modality of its kind without a medium, otherwise to the first of its
   * kind.
   */
  private async give(media: MediaOfFile, name: string): Promise<void> {
    for (const medium of Object.values(media)) {
      const place = this.placeFor(medium);
      if (place === undefined) continue;
      this.names = { ...this.names, [place]: name };
      await this.room.put(place, medium);
    }
  }

  private placeFor({ kind: wanted }: Pick<Medium, "kind">): string | undefined {
    const own = this.modalities.filter(({ kind }) => kind === wanted).map(({ name }) => name);
    return own.find((name) => this.room.media[name] === undefined) ?? own[0];
  }

  /** Returns the modality that a file is for, also if it cannot be read. Otherwise the name of the file. */
  private inputOf(file: File): string {
    const [place] = kindsOfFile(file).flatMap((kind) => this.placeFor({ kind }) ?? []);
    return place ?? file.name;
  }

  /** @param input name under which an error is shown */
  private async busy(what: string, input: string, work: () => Promise<void>): Promise<void> {
    this.doing = what;
    this.room.refusals.remove(input);
    try {
      await work();
    } catch (error) {
      this.room.refusals.add(input, error);
    } finally {
      this.doing = "";
    }
  }
}
