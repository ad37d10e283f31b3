import type { Corruption } from "euar/data";
import { MediaError } from "euar/browser";
import type { TextMedia } from "euar/features";
import type { MediaPrediction } from "euar/predict";
import { listModels, type ServedModel } from "../api/models.js";
import { ScoreWorker } from "../score/client.js";
import type { Scoring } from "../score/scoring.js";
import { Latest } from "../score/latest.js";
import type {
  Medium,
  MediumDamage,
  ModelFacts,
  SampleAnswer,
  ShownFeatures,
  ShownSample,
} from "../score/protocol.js";
import { type ShownError, shownError } from "../ui/shown-error.js";
import type MediaInputsPanel from "./MediaInputsPanel.svelte";
import { Refusals } from "./refusals.svelte.js";

interface Opened {
  readonly scoring: Scoring;
  readonly facts: ModelFacts;
}

/** State and actions of the page Try. */
export class TryState {
  models = $state.raw<readonly ServedModel[]>([]);
  model = $state.raw<ServedModel | undefined>();
  facts = $state.raw<ModelFacts | undefined>();
  /** Panel of the inputs of a model that reads media. */
  mediaPanel = $state.raw<typeof MediaInputsPanel | undefined>();
  /** Place where the model scores. */
  place = $state<Scoring["place"]>("page");
  /** Reason why the server scores, as a clause. */
  whyServer = $state("");
  isLoading = $state(true);
  isScoring = $state(false);
  /** Error of the model, or of the last score. */
  error = $state.raw<ShownError | undefined>();
  /** Errors of single inputs. A score of the others does not remove them. */
  readonly refusals = new Refusals();

  /** Given media, by modality. */
  media = $state.raw<Readonly<Record<string, Medium>>>({});
  /** Corrupted media, by modality. */
  damagedMedia = $state.raw<Readonly<Record<string, Medium>>>({});
  mediumDamage = $state.raw<Readonly<Record<string, MediumDamage>>>({});

  /** Shown place in the clip, as a fraction of its length. */
  at = $state(0);

  /** Index of the sample of the embedded data set, from 0. */
  index = $state(0);
  sample = $state.raw<ShownSample | undefined>();
  features = $state.raw<Readonly<Record<string, ShownFeatures>>>({});
  featureDamage = $state.raw<Readonly<Record<string, Corruption>>>({});

  /** Modalities that the model may not use. */
  off = $state.raw<readonly string[]>([]);
  /** Prediction for the given inputs. */
  original = $state.raw<MediaPrediction | undefined>();
  /** Prediction for the shown inputs: corrupted, and without those that are switched off. */
  current = $state.raw<MediaPrediction | undefined>();

  private scoringAt: Scoring | undefined;
  private readonly scoring = new Latest();

  /** Reads the list of models and loads the first. */
  async start(): Promise<void> {
    try {
      this.models = await listModels();
      const [first] = this.models;
      if (first) await this.choose(first.name);
      else
        this.error = {
          message: "The server has no model.",
          hint: "Start it with a run: euar serve --model RUN.",
          code: undefined,
        };
    } catch (error) {
      this.error = shownError(error);
    } finally {
      this.isLoading = false;
    }
  }

  /** Loads a model. Drops the inputs of the previous one. */
  async choose(name: string): Promise<void> {
    const model = this.models.find((each) => each.name === name);
    if (!model) return;
    this.reset();
    this.model = model;
    this.scoringAt?.close();
    this.scoringAt = undefined;
    this.isLoading = true;
    try {
      const { scoring, facts } = await this.open(model);
      if (this.model !== model) {
        scoring.close();
        return;
      }
      // what reads media is loaded for a model of media only
      if (facts.readsMedia) this.mediaPanel = (await import("./MediaInputsPanel.svelte")).default;
      this.scoringAt = scoring;
      this.facts = facts;
      this.place = scoring.place;
      if (facts.samples > 0) this.score();
    } catch (error) {
      if (this.model === model) this.error = shownError(error);
    } finally {
      if (this.model === model) this.isLoading = false;
    }
  }

  /** Loads a model in the page. If this is not possible, the server scores with it. */
  private async open({ name, inPage }: ServedModel): Promise<Opened> {
    if (inPage && typeof Worker !== "undefined") {
      const worker = new ScoreWorker();
      try {
        return { scoring: worker, facts: await worker.ask({ task: "load", ...inPage }) };
      } catch (error) {
        worker.close();
        this.whyServer = `the page cannot load it (${shownError(error).message})`;
      }
    } else this.whyServer = inPage ? "this browser has no workers" : "it needs files of the server's machine";
    const { ServerScorer } = await import("../score/server-scorer.js");
    const server = new ServerScorer(name);
    return { scoring: server, facts: await server.ask({ task: "load", weights: "", assets: "" }) };
  }

  /** Sets the medium of a modality; undefined removes it. */
  async put(modality: string, medium: Medium | undefined): Promise<void> {
    const others = without(this.media, modality);
    this.media = medium === undefined ? others : { ...others, [modality]: medium };
    this.refusals.remove(modality);
    try {
      await this.scoringAt?.ask({ task: "put", modality, medium: medium ?? null });
      this.original = undefined;
      this.score();
    } catch (error) {
      if (this.media[modality] === medium) this.refusals.add(modality, error);
    }
  }

  /**
   * Reads a transcript where the model is.
   * @throws MediaError of the library
   */
  async readTranscript(bytes: Uint8Array, name: string): Promise<TextMedia> {
    if (!this.scoringAt) throw new MediaError("media.unsupported", "no model is loaded");
    return this.scoringAt.ask({ task: "transcript", bytes, name });
  }

  showSample(index: number): void {
    this.index = index;
    this.original = undefined;
    this.score();
  }

  /** Corrupts a medium; undefined removes the corruption. */
  damageMedium(modality: string, damage: MediumDamage | undefined): void {
    const others = without(this.mediumDamage, modality);
    this.mediumDamage = damage === undefined ? others : { ...others, [modality]: damage };
    this.score();
  }

  /** Corrupts the features of a modality; undefined removes the corruption. */
  damageFeatures(modality: string, damage: Corruption | undefined): void {
    const others = without(this.featureDamage, modality);
    this.featureDamage = damage === undefined ? others : { ...others, [modality]: damage };
    this.score();
  }

  use(modality: string, isUsed: boolean): void {
    const others = this.off.filter((name) => name !== modality);
    this.off = isUsed ? others : [...others, modality];
    this.score();
  }

  look(share: number): void {
    this.at = share;
  }

  close(): void {
    this.scoringAt?.close();
  }

  /** Scores the shown inputs, as soon as the previous score has arrived. */
  private score(): void {
    const { scoringAt: worker } = this;
    this.scoring.run(async () => {
      if (worker !== this.scoringAt) return; // another model was chosen meanwhile
      this.isScoring = true;
      try {
        if (this.facts?.readsMedia === true) await this.scoreMedia();
        else await this.scoreSample();
        this.error = undefined;
      } catch (error) {
        if (worker !== this.scoringAt) return;
        this.current = undefined;
        this.error = shownError(error);
      } finally {
        this.isScoring = false;
      }
    });
  }

  private async scoreMedia(): Promise<void> {
    const { scoringAt: worker, off, media } = this;
    if (!worker) return;
    if (Object.keys(media).length === 0) {
      this.original = undefined;
      this.current = undefined;
      return;
    }
    const damage = activeOnly(this.mediumDamage);
    if (this.original === undefined) {
      const { prediction } = await worker.ask({ task: "media", damage: {}, off: [] });
      if (media !== this.media) return; // another input was given meanwhile, and is scored next
      this.original = prediction;
      if (isUntouched(damage, off)) this.show(prediction, {});
    }
    if (isUntouched(damage, off)) {
      this.show(this.original, {});
      return;
    }
    const { prediction, damaged } = await worker.ask({ task: "media", damage, off });
    this.show(prediction, damaged);
  }

  private show(prediction: MediaPrediction, damaged: Readonly<Record<string, Medium>>): void {
    this.current = prediction;
    this.damagedMedia = damaged;
  }

  private async scoreSample(): Promise<void> {
    const { scoringAt: worker, index, off, featureDamage: damage } = this;
    if (!worker) return;
    if (this.original === undefined) {
      const answer = await worker.ask({ task: "sample", index, damage: {}, off: [] });
      if (index !== this.index) return;
      this.original = answer.prediction;
      if (isUntouched(damage, off)) {
        this.showSampleAnswer(answer);
        return;
      }
    }
    this.showSampleAnswer(await worker.ask({ task: "sample", index, damage, off }));
  }

  private showSampleAnswer({ prediction, sample, features }: SampleAnswer): void {
    this.current = prediction;
    this.sample = sample;
    this.features = features;
  }

  private reset(): void {
    this.facts = undefined;
    this.media = {};
    this.damagedMedia = {};
    this.mediumDamage = {};
    this.featureDamage = {};
    this.off = [];
    this.at = 0;
    this.index = 0;
    this.sample = undefined;
    this.original = undefined;
    this.current = undefined;
    this.error = undefined;
    this.refusals.clear();
  }
}

function isUntouched(damage: Readonly<Record<string, unknown>>, off: readonly string[]): boolean {
  return Object.keys(damage).length === 0 && off.length === 0;
}

function without<Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

/** Removes corruptions of severity 0, which have no effect. */
function activeOnly(damage: Readonly<Record<string, MediumDamage>>): Record<string, MediumDamage> {
  return Object.fromEntries(Object.entries(damage).filter(([, { severity }]) => severity > 0));
}
