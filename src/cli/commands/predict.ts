import { createReadStream } from "node:fs";
import { z } from "zod";
import { DataError, EuarError } from "../../core/errors.js";
import { findModality } from "../../data/modality-names.js";
import { Euar } from "../../train/euar.js";
import { type Clip, readClip, streamClips } from "../clip-input.js";
import { defineCommand } from "../command.js";
import { type CommandContext, toJsonLine } from "../context.js";
import { predictionText } from "./predict-text.js";

const schema = z.strictObject({
  run: z.string().default("run").describe("run folder, or a weights.safetensors file"),
  features: z.string().describe("JSON file with one clip's features by modality, a .jsonl file with one clip per line, or - for JSON lines on stdin"),
  available: z.array(z.string().min(1)).min(1).optional().describe("modalities that the model may see; all that a clip has by default"),
  backend: z.enum(["wasm", "reference"]).default("wasm").describe("wasm is the fast one, reference the plain float64 one"),
});

export const predictCommand = defineCommand({
  name: "predict",
  description:
    'Scores clips from their features: a JSON object such as {"text": [768 numbers], "audio": [[74 numbers], ...]}, a vector or a sequence of vectors per modality. A modality that is ' +
    "left out or null is missing. Each result carries the prediction and, per modality, the uncertainty, the share of the prediction, the chosen experts, their gates and sigma^2. " +
    'A clip may have an "id", which is repeated in its result.',
  schema,
  examples: [
    "euar predict --run run --features clip.json",
    "euar predict --run run --features clip.json --available text --json",
    "euar predict --run run --features - --json < clips.jsonl > scores.jsonl",
  ],
  run: async (options, context) => {
    const model = await Euar.load(options.run, { backend: options.backend });
    const known = model.modalities.map(({ name }) => name);
    const available = options.available?.map((name) => findModality(name, known, "euar predict, --available"));
    const stream = streamOf(options.features, context);
    if (stream) {
      await predictLines(streamClips(stream, options.features === "-" ? "stdin" : options.features, known), model, available, context);
    } else {
      const result = score(await readClip(options.features, known), model, available);
      context.result(result, predictionText(result));
    }
  },
});

/** JSON lines are read as they come; undefined for a file with one clip. */
function streamOf(features: string, context: CommandContext): NodeJS.ReadableStream | undefined {
  if (features === "-") return context.io.stdin;
  return features.toLowerCase().endsWith(".jsonl") ? createReadStream(features) : undefined;
}

export type ScoredClip = { readonly id?: string | number } & ReturnType<Euar["predict"]>;

/** @param available the modalities that the model may see, by its names for them; all if undefined */
function score({ id, features, place }: Clip, model: Euar, available: readonly string[] | undefined): ScoredClip {
  const seen = available ? Object.fromEntries(Object.entries(features).map(([name, value]) => [name, available.includes(name) || !isKnown(model, name) ? value : null])) : features;
  try {
    return { ...(id !== undefined && { id }), ...model.predict(seen) };
  } catch (error) {
    if (error instanceof DataError && error.code.startsWith("data.")) throw atPlace(error, place);
    throw error;
  }
}

function isKnown(model: Euar, name: string): boolean {
  return model.modalities.some((modality) => modality.name === name);
}

/** The same error, saying which clip it was. */
function atPlace(error: EuarError, place: string): EuarError {
  return new EuarError(error.code, `${place}: ${error.message.replace(/^prediction: (sample 0,? ?)?/, "")}`, {
    ...(error.hint !== undefined && { hint: error.hint }),
    cause: error,
  });
}

/** One result per line, each as soon as its clip has been read. */
async function predictLines(clips: AsyncIterable<Clip>, model: Euar, available: readonly string[] | undefined, context: CommandContext): Promise<void> {
  let count = 0;
  for await (const clip of clips) {
    const result = score(clip, model, available);
    const written = context.io.stdout.write(context.json ? toJsonLine(result) : `${result.id ?? count + 1}\t${describe(result.prediction)}\n`);
    if (!written) await new Promise((resolve) => context.io.stdout.once("drain", resolve));
    count += 1;
  }
  if (count === 0) throw new DataError("data.empty", "euar predict: there was no clip to score", { hint: "Give one JSON object per line." });
}

function describe(prediction: ScoredClip["prediction"]): string {
  return typeof prediction === "object" ? JSON.stringify(prediction) : String(prediction);
}
