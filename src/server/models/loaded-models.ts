import { ServerError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";
import { Batcher, type BatchOptions } from "./batcher.js";
import { type MediaLimits, MediaQueue } from "./media-queue.js";
import type { BodyAnswer, BodyRequest, ModelDescription, Scorer } from "./scorer.js";

/** Model that answers requests. */
export interface LoadedModel {
  readonly name: string;
  readonly description: ModelDescription;
  /** Run folder or weight file. Undefined for a model that is in memory only. */
  readonly place: string | undefined;
  /** Time of loading, in ISO 8601. */
  readonly loadedAt: string;
  /** Batches of bodies with features. */
  readonly features: Batcher<BodyRequest, BodyAnswer>;
  readonly media: MediaQueue;
}

interface Entry extends LoadedModel {
  readonly scorer: Scorer;
}

/** Models of a server, by name. The first one is the default until another one is chosen. */
export class LoadedModels {
  private readonly models = new Map<string, Entry>();
  private chosen: string | undefined;

  constructor(private readonly options: BatchOptions & MediaLimits) {}

  /** Adds a loaded model. Closes a model of the same name. */
  async add(name: string, scorer: Scorer): Promise<LoadedModel> {
    const before = this.models.get(name);
    const entry = {
      name,
      scorer,
      description: scorer.description,
      place: scorer.place,
      loadedAt: new Date().toISOString(),
      features: new Batcher<BodyRequest, BodyAnswer>((batch) => scorer.score(batch), this.options, 1),
      media: new MediaQueue(scorer, this.options),
    };
    this.models.set(name, entry);
    this.chosen ??= name;
    if (before) await close(before);
    return entry;
  }

  /** Name of the model for requests without a model name. Undefined without models. */
  get defaultName(): string | undefined {
    return this.chosen;
  }

  /** @throws ServerError "server.not-found" */
  makeDefault(name: string): void {
    this.chosen = this.get(name).name;
  }

  /** Returns the models, in the order of loading. */
  list(): readonly LoadedModel[] {
    return [...this.models.values()];
  }

  /**
   * Returns a model.
   * @param name undefined for the default
   * @throws ServerError "server.not-found"
   */
  get(name?: string): LoadedModel {
    const model = this.models.get(name ?? this.chosen ?? "");
    if (model) return model;
    const names = [...this.models.keys()];
    throw new ServerError(
      "server.not-found",
      name === undefined || names.length === 0 ? "no model is loaded" : `there is no model "${name}"`,
      {
        hint: names.length === 0 ? "Start the server with --model RUN." : suggestion(name ?? "", names),
      },
    );
  }

  /**
   * Unloads a model after its requests are finished.
   * @throws ServerError "server.not-found"
   */
  async remove(name: string): Promise<void> {
    const entry = this.models.get(this.get(name).name);
    this.models.delete(name);
    if (this.chosen === name) this.chosen = this.models.keys().next().value;
    if (entry) await close(entry);
  }

  /** Unloads all models after their requests are finished. */
  async close(): Promise<void> {
    const entries = [...this.models.values()];
    this.models.clear();
    this.chosen = undefined;
    await Promise.all(entries.map(close));
  }
}

async function close({ features, media, scorer }: Entry): Promise<void> {
  await Promise.all([features.drained(), media.drained()]);
  await scorer.close();
}
