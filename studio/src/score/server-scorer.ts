import { config } from "zod";
import { DataError, type MediaPrediction } from "euar/predict";
import { MediaError, readTranscript } from "euar/features";
import { requestJson } from "../api/request.js";
import type { LoadedModel } from "../api/statistics.js";
import { wavOf } from "../media/wav.js";
import { damageKinds } from "./damage-kinds.js";
import { corrupted } from "./corrupt-medium.js";
import { DEFAULT_FPS } from "./load-model.js";
import { pngOf } from "./png-of.js";
import type { MediaAnswer, Medium, ModelFacts, Results, Task } from "./protocol.js";
import type { Scoring } from "./scoring.js";

config({ jitless: true }); // zod would compile its checks, which the page's security policy forbids

/** Scores the media of one sample on the server. The page corrupts them and sends the result. */
export class ServerScorer implements Scoring {
  readonly place = "server";
  private readonly media = new Map<string, Medium>();

  constructor(private readonly model: string) {}

  async ask<Name extends Task["task"]>(task: Extract<Task, { task: Name }>): Promise<Results[Name]> {
    return (await this.perform(task)) as Results[Name]; // the result of each task has its own type
  }

  close(): void {
    this.media.clear();
  }

  private async perform(task: Task): Promise<Results[keyof Results]> {
    switch (task.task) {
      case "load":
        return this.load();
      case "put":
        if (task.medium === null) this.media.delete(task.modality);
        else this.media.set(task.modality, task.medium);
        return null;
      case "transcript":
        return readTranscript(task.bytes, task.name);
      case "media":
        return this.score(task);
      case "sample":
        throw new DataError("data.empty", "the server has no samples of this model's data", {
          hint: "Score samples of a data set in the room Data.",
        });
    }
  }

  private async load(): Promise<ModelFacts> {
    const model = (await requestJson(this.path())) as LoadedModel;
    return {
      modalities: model.modalities.map(({ name, width, medium }) => {
        const kind = KINDS.find((known) => known === medium);
        // the page cannot write a corrupted clip as a file
        const damages = kind === undefined || kind === "video" ? [] : damageKinds(kind);
        return { name, width, kind, damages };
      }),
      readsMedia: model.readsMedia,
      data: model.data,
      range: undefined,
      fps: DEFAULT_FPS,
      samples: 0,
    };
  }

  private async score({ damage, off }: Extract<Task, { task: "media" }>): Promise<MediaAnswer> {
    const damaged: Record<string, Medium> = {};
    const form = new FormData();
    for (const [name, original] of this.media) {
      if (off.includes(name)) continue;
      const wanted = damage[name];
      const medium = wanted === undefined ? original : await corrupted(original, wanted, name);
      if (wanted !== undefined) damaged[name] = medium;
      if (medium.kind === "text") form.set("text", medium.text.text);
      else form.set(`media.${name}`, await fileOf(medium), name);
    }
    if ([...form.keys()].length === 0)
      throw new DataError("data.empty", "there is no input to score", {
        hint: "Give a text, a picture, a sound or a clip, and switch at least one of them on.",
      });
    const path = `v1/predictions?model=${encodeURIComponent(this.model)}`;
    const prediction = (await requestJson(path, { method: "POST", body: form })) as MediaPrediction;
    return { prediction, damaged };
  }

  private path(): string {
    return `v1/models/${encodeURIComponent(this.model)}`;
  }
}

const KINDS = ["text", "audio", "image", "video"] as const;

/** Returns a medium as a file for the server. */
function fileOf(medium: Exclude<Medium, { kind: "text" }>): Blob | Promise<Blob> {
  switch (medium.kind) {
    case "audio":
      return wavOf(medium.audio);
    case "image":
      return pngOf(medium.image);
    case "video":
      if (medium.file) return medium.file;
      throw new MediaError("media.unsupported", "a recorded picture cannot be sent to the server", {
        hint: "Remove it and keep the sound, or give a clip as a file.",
      });
  }
}
