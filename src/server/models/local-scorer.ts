import { existsSync } from "node:fs";
import { DataError, EuarError, MediaError } from "../../core/errors.js";
import { outputNames } from "../../data/dataset.js";
import { findModality } from "../../data/modality-names.js";
import { MediaFile } from "../../features/decode/media-file.js";
import type { RawFiles } from "../../features/raw-files.js";
import { readableModalities } from "../../features/readable-modalities.js";
import { plainError } from "../../features/worker-thread.js";
import type { BackendName, BackendOptions } from "../../predict/create-backend.js";
import { doubtsOf } from "../../predict/doubts.js";
import type { Features } from "../../predict/feature-input.js";
import type { Prediction } from "../../predict/prediction.js";
import { Predictor } from "../../predict/predictor.js";
import { scoreFiles } from "../../predict/score-files.js";
import { verdictOf } from "../../predict/verdict.js";
import { parseSamples } from "./parse-samples.js";
import { tensorSamples } from "./tensor-samples.js";
import type {
  BodyAnswer,
  BodyRequest,
  MediaRequest,
  ModelDescription,
  SampleAnswer,
  SampleId,
  Scorer,
} from "./scorer.js";

/** Options of a scorer. */
export interface ScorerOptions extends BackendOptions {
  readonly backend: BackendName;
  /** Largest number of samples in one body. */
  readonly samplesPerBody: number;
  /** Largest number of samples per batch. */
  readonly batchSize: number;
}

/** Sample of a request, with the place for its result. */
interface Pending {
  readonly id: SampleId;
  readonly features: Features;
  readonly level: number;
  readonly settle: (answer: SampleAnswer) => void;
}

/**
 * Loads a run and scores requests in this thread.
 * @param place a run folder, or a weights.safetensors file
 * @throws CheckpointError as `Predictor.load`
 */
export async function openLocalScorer(place: string, options: ScorerOptions): Promise<Scorer> {
  const { samplesPerBody, batchSize, ...load } = options;
  const predictor = await Predictor.load(place, load);
  return { ...localScorer(predictor, { samplesPerBody, batchSize }), place };
}

/** Returns a scorer for a model in memory. */
export function localScorer(
  predictor: Predictor,
  { samplesPerBody, batchSize }: Pick<ScorerOptions, "samplesPerBody" | "batchSize">,
): Scorer {
  const read = (request: BodyRequest, pending: Pending[]): BodyAnswer => {
    const { many, samples } =
      request.form === "json"
        ? parseSamples(request.body, samplesPerBody)
        : tensorSamples(request.body, samplesPerBody, predictor.modalities);
    const available = request.available?.map((name) => findModality(name, namesOf(predictor), "available"));
    const answers: (SampleAnswer | undefined)[] = samples.map(() => undefined);
    for (const [i, sample] of samples.entries()) {
      const settle = (answer: SampleAnswer): void => {
        answers[i] = answer;
      };
      if (sample.kind === "features")
        pending.push({
          id: sample.id,
          features: visible(sample.features, available, predictor),
          level: request.level,
          settle,
        });
      else if (sample.kind === "bad") settle(failure(sample.id, sample.error));
      else settle(sample);
    }
    return { many, samples: answers as SampleAnswer[] }; // scorePending fills in the others
  };
  return {
    description: describeModel(predictor),
    score: (requests) => {
      const pending: Pending[] = [];
      const answers: BodyAnswer[] = [];
      for (const request of requests) {
        try {
          answers.push(read(request, pending));
        } catch (error) {
          answers.push({ many: false, samples: [failure(undefined, error)] });
        }
      }
      for (let at = 0; at < pending.length; at += batchSize)
        scorePending(predictor, pending.slice(at, at + batchSize));
      return Promise.resolve(answers);
    },
    scoreMedia: (request, signal) => scoreMedia(predictor, request, signal),
    close: () => predictor.close(),
  };
}

async function scoreMedia(predictor: Predictor, request: MediaRequest, signal: AbortSignal): Promise<string> {
  const { files, level, longest } = request;
  const hide = (text: string): string =>
    request.shown.reduce((rest, [path, name]) => rest.replaceAll(path, name), text);
  try {
    await requireShort(files, longest, signal);
    const available = request.available?.map((name) => findModality(name, namesOf(predictor), "available"));
    const prediction = await scoreFiles(files, { model: predictor, available, level, signal });
    return JSON.stringify(prediction, (_, value: unknown) =>
      typeof value === "string" ? hide(value) : value,
    );
  } catch (error) {
    if (!(error instanceof EuarError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: hide(error.hint) };
    throw new EuarError(error.code, hide(error.message), { ...hint, cause: error });
  }
}

/**
 * Checks the duration of clips and sounds before decoding. Ignores unreadable files, because the decoder
 * gives a better error.
 * @throws MediaError "media.too-large"
 */
async function requireShort(files: RawFiles, longest: number, signal: AbortSignal): Promise<void> {
  const { clip, audio, video, media = {} } = files;
  for (const path of new Set([clip, audio, video, ...Object.values(media)])) {
    if (path === undefined || !existsSync(path)) continue;
    const seconds = await new MediaFile(path).probe(signal).then(
      (probe) => probe.seconds ?? 0,
      () => 0,
    );
    signal.throwIfAborted();
    if (seconds > longest)
      throw new MediaError(
        "media.too-large",
        `${path} has ${seconds.toFixed(1)} s, the limit is ${longest} s`,
        { hint: "Cut it into parts, or start the server with a larger --max-duration." },
      );
  }
}

/** Scores samples in one batch. If one of them is refused, scores each sample alone. */
function scorePending(predictor: Predictor, samples: readonly Pending[]): void {
  for (const level of new Set(samples.map((sample) => sample.level))) {
    const group = samples.filter((sample) => sample.level === level);
    try {
      const predictions = predictor.predictBatch(
        group.map(({ features }) => features),
        { level },
      );
      for (const [i, { id, settle }] of group.entries()) settle(success(id, predictions[i]));
    } catch (error) {
      const [only] = group;
      if (group.length === 1 && only) only.settle(failure(only.id, error));
      else for (const sample of group) scorePending(predictor, [sample]);
    }
  }
}

function success(id: SampleId, prediction: Prediction | undefined): SampleAnswer {
  if (prediction === undefined) throw new EuarError("internal", "a sample in a batch has no prediction");
  const doubted = doubtsOf(prediction);
  const json = JSON.stringify({ ...prediction, doubted, verdict: verdictOf(prediction, doubted) });
  return { kind: "prediction", id, json };
}

function failure(id: SampleId, thrown: unknown): SampleAnswer {
  const error = plainError(thrown);
  // the message must not name the sample's number in the batch, because clients do not know it
  return {
    kind: "error",
    id,
    error: { ...error, message: error.message.replace(/sample 0(,| has)/, "the sample$1") },
  };
}

/** Removes the modalities that the model may not use. Keeps unknown ones, which the model then refuses. */
function visible(
  features: Features,
  available: readonly string[] | undefined,
  predictor: Predictor,
): Features {
  if (available === undefined) return features;
  const hidden = namesOf(predictor).filter((name) => !available.includes(name));
  if (available.length === 0) throw new DataError("data.empty", "prediction: the list available is empty");
  return Object.fromEntries(
    Object.entries(features).map(([name, value]) => [name, hidden.includes(name) ? null : value]),
  );
}

function namesOf(predictor: Predictor): string[] {
  return predictor.modalities.map(({ name }) => name);
}

function describeModel(predictor: Predictor): ModelDescription {
  const { config, hash, calibration } = predictor;
  const origins = config.data.features ?? {};
  const readable = readableModalities(namesOf(predictor), origins);
  return {
    task: predictor.task,
    definition: config.model.name,
    modalities: config.data.modalities.map(({ name, width }) => ({
      name,
      width,
      medium: readable.find((modality) => modality.name === name)?.kind ?? null,
      adapter: Object.hasOwn(origins, name) ? (origins[name]?.adapter ?? null) : null,
    })),
    outputs: outputNames(config.data.task),
    range: (config.data.task.kind === "regression" && config.data.task.range) || null,
    data: config.data.name,
    hash,
    calibrated: calibration !== undefined,
    readsMedia: Object.keys(origins).length > 0,
    fitsPage:
      config.encoder === undefined && Object.values(origins).every(({ options }) => !("folder" in options)),
  };
}
