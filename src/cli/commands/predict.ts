import { z } from "zod";
import { MediaError } from "../../core/errors.js";
import { findModality } from "../../data/modality-names.js";
import { DEFAULT_LEVEL } from "../../predict/calibration.js";
import { Predictor } from "../../predict/predictor.js";
import { parseNamedMedia } from "../../features/extract/media-columns.js";
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
      "clip (sound, video or both) or picture to score; - for JSON lines of inputs on stdin, or a .jsonl file of them",
    ),
  run: z.string().default("run").describe("run folder, or a weights.safetensors file"),
  text: z.string().optional().describe("what is said or written"),
  transcript: z
    .string()
    .min(1)
    .optional()
    .describe("transcript with times (.srt, .vtt, .json); one beside the clip is found by itself"),
  audio: z.string().min(1).optional().describe("file whose sound is scored, if it is not the clip's"),
  video: z.string().min(1).optional().describe("file whose frames are scored, if they are not the clip's"),
  image: z.string().min(1).optional().describe("picture"),
  media: z
    .string()
    .min(1)
    .optional()
    .describe(
      "media by name of modality, as NAME=FILE separated by commas, for a model with modalities of your own; of a modality of text, the text itself",
    ),
  watch: z
    .string()
    .min(1)
    .optional()
    .describe("score the clips and pictures of a folder as they arrive, until Ctrl-C"),
  interval: z
    .number()
    .min(0.1)
    .max(3600)
    .default(1)
    .describe("seconds between looks at the folder that is watched"),
  out: z
    .string()
    .min(1)
    .optional()
    .describe(
      "with --watch: file that results are appended to as JSON lines; what it has is not scored again",
    ),
  features: z
    .string()
    .optional()
    .describe(
      "instead of raw media: JSON file with one clip's features by modality, a .jsonl file with one clip per line, or - for JSON lines on stdin",
    ),
  available: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("modalities that the model may see; all that a clip has by default"),
  level: z
    .number()
    .gt(0)
    .lt(1)
    .default(DEFAULT_LEVEL)
    .describe("share of truths that intervals and sets of classes promise to hold"),
  ...backendFields,
});

export const predictCommand = defineCommand({
  name: "predict",
  description:
    "Scores clips, pictures and texts with the adapters that made the model's training features. Whatever is missing or bad is left out or doubted, and the result says so in plain words. " +
    'Lines of a stream are objects such as {"id": 1, "clip": "a.mp4", "text": "not again"}; each gets one line, and an input that cannot be scored a line with its error. ' +
    "With --features it scores features that were made before, a vector or a sequence of vectors per modality.",
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
    const mode = predictMode({ ...sources, media: media === undefined ? undefined : parseNamedMedia(media) });
    const model = await Predictor.load(options.run, backendChoice(options));
    const known = model.modalities.map(({ name }) => name);
    const available = options.available?.map((name) =>
      findModality(name, known, "euar predict, --available"),
    );
    const scoring = { model, available, level: options.level };
    if (mode.kind === "features") await predictFeatures(mode.path, scoring, context);
    else await predictRaw(mode, scoring, context);
  },
});

/** Loads what raw media need only here: features are scored without it. */
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
    throw new MediaError("media.interrupted", "euar predict: interrupted before everything was scored", {
      hint: "Results that were printed are complete; give the other inputs again.",
      cause,
    });
  } finally {
    release();
    await scoring.model.close();
  }
}
