import { z } from "zod";
import { MediaError } from "../../core/errors.js";
import { findModality } from "../../data/modality-names.js";
import { DEFAULT_LEVEL } from "../../predict/calibration.js";
import { Predictor } from "../../predict/predictor.js";
import { backendChoice, backendFields } from "../backend-fields.js";
import { defineCommand } from "../command.js";
import type { CommandContext } from "../context.js";
import { type PredictMode, predictMode } from "../predict/predict-mode.js";
import { predictionText } from "../predict/prediction-text.js";
import { predictFeatures } from "../predict/score-features.js";
import type { RawScoring } from "../predict/score-raw.js";

const schema = z.strictObject({
  clip: z
    .string()
    .min(1)
    .optional()
    .describe(
      "clip (sound, video or both) or picture to score; - reads JSON lines of inputs from stdin; a " +
        ".jsonl file is read the same way",
    ),
  run: z.string().default("run").describe("run folder, or a weights.safetensors file"),
  text: z.string().optional().describe("spoken or written text"),
  transcript: z
    .string()
    .min(1)
    .optional()
    .describe("transcript with times (.srt, .vtt, .json) (default: the transcript next to the clip)"),
  audio: z.string().min(1).optional().describe("file to take the sound from (default: the clip)"),
  video: z.string().min(1).optional().describe("file to take the frames from (default: the clip)"),
  image: z.string().min(1).optional().describe("picture"),
  media: z
    .string()
    .min(1)
    .optional()
    .describe(
      "media of a model with user-defined modalities, as NAME=FILE separated by commas; for a text " +
        "modality, give the text instead of a file",
    ),
  watch: z
    .string()
    .min(1)
    .optional()
    .describe("folder to watch: scores its clips and pictures as they arrive, until Ctrl-C"),
  interval: z
    .number()
    .min(0.1)
    .max(3600)
    .default(1)
    .describe("seconds between two scans of the watched folder (requires --watch)"),
  out: z
    .string()
    .min(1)
    .optional()
    .describe(
      "file to append results to, as JSON lines; files that already have a result there are not scored " +
        "again (requires --watch)",
    ),
  features: z
    .string()
    .optional()
    .describe(
      "features instead of raw media: a JSON file with one sample's features by modality, a .jsonl " +
        "file with one sample per line, or - for JSON lines from stdin",
    ),
  available: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("modalities that the model may use (default: all that a sample has)"),
  level: z
    .number()
    .gt(0)
    .lt(1)
    .default(DEFAULT_LEVEL)
    .describe("nominal coverage of prediction intervals and sets of classes, as a fraction"),
  checkTranscript: z
    .boolean()
    .default(false)
    .describe(
      "compare the text with the speech of the sound, and doubt a text that does not fit (English; needs " +
        "PocketSphinx)",
    ),
  ...backendFields,
});

export const predictCommand = defineCommand({
  name: "predict",
  description:
    "Scores clips, pictures and texts with the adapters that extracted the training features. " +
    "Missing inputs are left out and unreliable ones are flagged; the result explains both. " +
    'A line of a stream is an object such as {"id": 1, "clip": "a.mp4", "text": "not again"}. ' +
    "Each input gets one output line, which holds an error if it cannot be scored. " +
    "With --features, scores existing features: a vector or a sequence of vectors per modality.",
  schema,
  positional: { key: "clip", label: "clip" },
  examples: [
    'euar predict --run run clip.mp4 --text "not again"',
    "euar predict --run run clip.mp4 --transcript clip.srt --json",
    "euar predict --run run --media rgb=a.png,depth=b.png",
    "euar predict --run run --json - < inputs.jsonl > scores.jsonl",
    "euar predict --run run --watch incoming --out scores.jsonl",
    "euar predict --run run --features clip.json --available text --json",
  ],
  run: async (options, context) => {
    const { media, ...sources } = options;
    const mode = predictMode({ ...sources, media: media === undefined ? undefined : await named(media) });
    const model = await Predictor.load(options.run, backendChoice(options));
    const known = model.modalities.map(({ name }) => name);
    const available = options.available?.map((name) =>
      findModality(name, known, "euar predict, --available"),
    );
    const scoring = { model, available, level: options.level };
    if (mode.kind === "features") await predictFeatures(mode.path, scoring, context);
    else await predictRaw(mode, { ...scoring, checkTranscript: options.checkTranscript }, context);
  },
});

/** Parses --media. Loads the parser only when it is needed. */
async function named(media: string): Promise<Readonly<Record<string, string>>> {
  return (await import("../../features/extract/named-media.js")).parseNamedMedia(media);
}

/** Loads the modules for raw media only when they are needed. */
async function predictRaw(
  mode: Exclude<PredictMode, { readonly kind: "features" }>,
  scoring: Omit<RawScoring, "signal">,
  context: CommandContext,
): Promise<void> {
  const [{ scoreRaw }, { predictStream, predictWatched }] = await Promise.all([
    import("../predict/score-raw.js"),
    import("../predict/score-stream.js"),
  ]);
  const { signal, release } = context.interruptible("Stopping.");
  const raw = { ...scoring, signal };
  try {
    if (mode.kind === "watch") await predictWatched(mode, raw, context);
    else if (mode.kind === "stream") await predictStream(mode.source, raw, context);
    else {
      const result = await scoreRaw({ id: undefined, files: mode.files }, raw);
      context.result(result, predictionText(result));
    }
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new MediaError("media.interrupted", "euar predict: interrupted before all inputs were scored", {
      hint: "The printed results are complete. Run it again with the remaining inputs.",
      cause,
    });
  } finally {
    release();
    await scoring.model.close();
  }
}
