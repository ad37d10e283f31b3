import { z } from "@hono/zod-openapi";
import { sampleErrorSchema } from "./problem-schema.js";

const vector = z.array(z.number());

/** Features of one sample, by modality. */
export const featuresSchema = z
  .record(z.string(), z.union([vector, z.array(vector)]).nullable())
  .describe("by modality: a vector, a sequence of vectors, or null if the sample does not have it")
  .openapi("Features", { example: { text: [0.1, -0.2], audio: null } });

const idSchema = z.union([z.string(), z.number()]).describe("name of the sample, returned with its answer");

/** Sample of a JSON body. */
export const sampleSchema = z
  .union([
    z.object({ id: idSchema.optional(), features: featuresSchema }),
    z.object({
      id: idSchema.optional(),
      text: z.string().describe("the text, for a model with a text adapter"),
    }),
  ])
  .openapi("Sample");

export const predictionRequestSchema = z
  .union([sampleSchema, z.object({ samples: z.array(sampleSchema).min(1) })])
  .openapi("PredictionRequest");

/** Features of one sample or several as a safetensors file. */
export const predictionTensorsSchema = z.custom<Blob>().openapi("PredictionTensors", {
  type: "string",
  format: "binary",
  description:
    "safetensors file with one tensor per modality that the samples have: [width] for one sample, " +
    "[samples, width] for several, [samples, steps, width] for sequences. F32; F64, I32 and U8 are " +
    "converted. The metadata may have `ids`: a JSON list with an id or null for each sample.",
});

const file = (what: string) =>
  z.custom<File>().optional().openapi({ type: "string", format: "binary", description: what });

/** Sample of raw media as a form. */
export const predictionFormSchema = z
  .object({
    id: z.string().optional().describe("name of the sample, returned with its answer"),
    text: z.string().optional().describe("spoken or written text"),
    clip: file("clip (sound, video or both) or picture; its content decides"),
    transcript: file("transcript with times (.srt, .vtt, .json)"),
    audio: file("file to take the sound from"),
    video: file("file to take the frames from"),
    image: file("picture"),
  })
  .catchall(z.unknown())
  .describe("media.NAME is the file of the modality NAME, for a model with user-defined modalities")
  .openapi("PredictionForm");

const interval = z
  .object({ low: z.number(), high: z.number() })
  .nullable()
  .describe("contains the true label with probability `level`; null without calibration");

const problemOfInput = z.object({ code: z.string(), severity: z.number(), message: z.string() });

const modalityPrediction = z
  .object({
    present: z.boolean(),
    uncertainty: z.number().nullable().describe("larger = less certain; null if the modality is missing"),
    percentile: z
      .number()
      .nullable()
      .describe(
        "fraction of clean samples with a lower uncertainty of this modality, in [0, 1], estimated from " +
          "the validation samples; above 0.8 from a fitted tail",
      ),
    contribution: z.number().nullable().describe("contribution to the prediction, in [0, 1]"),
    experts: z.array(z.int()).describe("indices of the selected experts, in order of gate weight"),
    gates: z.array(z.number()),
    sigma2: z.array(z.number()).describe("mean variance of each selected expert"),
    given: z.boolean().optional().describe("raw media only: true if a medium was given"),
    quality: z
      .object({
        score: z.number().describe("in [0, 1]"),
        measures: z.record(z.string(), z.number()),
        problems: z.array(problemOfInput),
      })
      .nullish()
      .describe("raw media only: measured before the model reads the medium"),
  })
  .openapi("ModalityPrediction");

const doubtSchema = z
  .object({
    modality: z.string(),
    used: z.boolean().describe("false if the prediction did not use the input"),
    reasons: z.array(
      z.object({
        kind: z.enum(["quality", "uncertainty", "unusable"]),
        code: z.string().optional(),
        severity: z.number(),
        message: z.string(),
      }),
    ),
  })
  .openapi("Doubt");

/** Prediction of one sample. Its optional fields depend on the task of the model. */
export const predictionSchema = z
  .object({
    id: idSchema.optional(),
    model: z.string().describe("name of the model that made the prediction"),
    stored: z.string().optional().describe("id of the stored prediction; absent with --no-store"),
    prediction: z
      .union([z.number(), z.record(z.string(), z.number()), z.string(), z.array(z.string())])
      .describe("a number, numbers by target, the most probable class, or the labels that are present"),
    level: z.number().nullable().describe("nominal coverage of the interval or the set of classes"),
    interval: z
      .union([interval, z.record(z.string(), interval)])
      .optional()
      .describe("regression; by target if there are several"),
    classes: z.record(z.string(), z.number()).optional().describe("classification: probability by class"),
    classSet: z.array(z.string()).nullish().describe("classification: classes that contain the true one"),
    labels: z
      .record(z.string(), z.object({ probability: z.number(), threshold: z.number(), present: z.boolean() }))
      .optional()
      .describe("multi-label: probability and decision by label"),
    uncertainty: z.number().nullable().describe("mean uncertainty of the present modalities"),
    modalities: z.record(z.string(), modalityPrediction),
    doubted: z.array(doubtSchema).describe("unreliable inputs, with reasons"),
    verdict: z.string().describe("the prediction in plain sentences"),
    seconds: z
      .object({ features: z.number(), model: z.number() })
      .optional()
      .describe("raw media only: duration of the extraction of features and of the model"),
  })
  .openapi("Prediction");

/** Answer to several samples, in their order. */
export const predictionListSchema = z
  .object({
    predictions: z.array(
      z.union([predictionSchema, z.object({ id: idSchema.optional(), error: sampleErrorSchema })]),
    ),
  })
  .openapi("PredictionList");

/** Options for scoring a request. */
export const predictionQuery = z.object({
  model: z.string().min(1).optional().describe("name of a loaded model (default: the default model)"),
  level: z.coerce
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe("nominal coverage of intervals and sets of classes, as a fraction (default 0.9)"),
  available: z
    .string()
    .min(1)
    .optional()
    .describe("modalities that the model may use, separated by commas (default: all)"),
});
