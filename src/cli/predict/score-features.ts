import { DataError, EuarError } from "../../core/errors.js";
import { type Doubt, doubtsOf } from "../../predict/doubts.js";
import type { Predictor } from "../../predict/predictor.js";
import type { Prediction } from "../../predict/prediction.js";
import { verdictOf } from "../../predict/verdict.js";
import { type CommandContext, toJsonLine } from "../context.js";
import { openReadStream } from "../../data/files/open-read-stream.js";
import { errorAnswer, type ErrorAnswer } from "./error-answer.js";
import { type Clip, type ClipLine, readClip, streamClips } from "./feature-input.js";
import { predictionText } from "./prediction-text.js";
import { Tally } from "./tally.js";

export interface FeatureScoring {
  readonly model: Predictor;
  /** Modalities that the model may use, by the model's names; undefined for all. */
  readonly available: readonly string[] | undefined;
  readonly level: number;
}

export type ScoredClip = { readonly id?: string | number } & Prediction & {
    readonly doubted: readonly Doubt[];
    readonly verdict: string;
  };

/** Scores the samples of `--features`. */
export async function predictFeatures(
  path: string,
  scoring: FeatureScoring,
  context: CommandContext,
): Promise<void> {
  const known = scoring.model.modalities.map(({ name }) => name);
  const stream = streamOf(path, context);
  if (stream) {
    await predictLines(streamClips(stream, path === "-" ? "stdin" : path, known), scoring, context);
  } else {
    const result = score(readClip(path, known), scoring);
    context.result(result, predictionText(result));
  }
}

/** Opens JSON lines as a stream; undefined for a file with one sample. */
function streamOf(features: string, context: CommandContext): NodeJS.ReadableStream | undefined {
  if (features === "-") return context.io.stdin;
  return features.toLowerCase().endsWith(".jsonl") ? openReadStream(features) : undefined;
}

function score({ id, features, place }: Clip, { model, available, level }: FeatureScoring): ScoredClip {
  const seen = available
    ? Object.fromEntries(
        Object.entries(features).map(([name, value]) => [
          name,
          available.includes(name) || !isKnown(model, name) ? value : null,
        ]),
      )
    : features;
  try {
    const [prediction] = model.predictBatch([seen], { level });
    if (!prediction) throw new EuarError("internal", "one sample gave no prediction");
    const doubted = doubtsOf(prediction);
    return {
      ...(id !== undefined && { id }),
      ...prediction,
      doubted,
      verdict: verdictOf(prediction, doubted),
    };
  } catch (error) {
    if (error instanceof DataError && error.code.startsWith("data.")) throw atPlace(error, place);
    throw error;
  }
}

function isKnown(model: Predictor, name: string): boolean {
  return model.modalities.some((modality) => modality.name === name);
}

/** Adds the place of the sample to an error. */
function atPlace(error: EuarError, place: string): EuarError {
  return new EuarError(error.code, `${place}: ${error.message.replace(/^prediction: (sample 0,? ?)?/, "")}`, {
    ...(error.hint !== undefined && { hint: error.hint }),
    cause: error,
  });
}

/**
 * Prints one result per line, as soon as its sample has been read. A sample that cannot be scored gets a line
 * with its error.
 * @throws PartialFailure after the last line if any sample could not be scored
 */
async function predictLines(
  lines: AsyncIterable<ClipLine>,
  scoring: FeatureScoring,
  context: CommandContext,
): Promise<void> {
  const tally = new Tally();
  for await (const line of lines) {
    const answer = answerLine(line, scoring);
    tally.add(answer);
    await context.line(context.json ? toJsonLine(answer) : plainAnswer(answer, tally.total));
  }
  if (tally.total === 0)
    throw new DataError("data.empty", "euar predict: the input has no samples", {
      hint: "Give one JSON object per line.",
    });
  tally.finish();
}

type ClipAnswer = ScoredClip | ({ readonly id?: string | number } & ErrorAnswer);

function answerLine(line: ClipLine, scoring: FeatureScoring): ClipAnswer {
  if (line.kind === "bad") return { ...named(line.id), ...errorAnswer(line.error) };
  try {
    return score(line.clip, scoring);
  } catch (error) {
    if (error instanceof EuarError && error.code.startsWith("data."))
      return { ...named(line.clip.id), ...errorAnswer(error) };
    throw error;
  }
}

function named(id: Clip["id"]): { readonly id?: string | number } {
  return id === undefined ? {} : { id };
}

function plainAnswer(answer: ClipAnswer, number: number): string {
  const label = answer.id ?? number;
  return "error" in answer
    ? `${label}\terror [${answer.error.code}]: ${answer.error.message}\n`
    : `${label}\t${plainPrediction(answer)}\n`;
}

export function plainPrediction({ prediction }: Prediction): string {
  return typeof prediction === "object" ? JSON.stringify(prediction) : String(prediction);
}
