import { z } from "@hono/zod-openapi";

const count = z.int().min(0);

export const samplePageSchema = z
  .object({
    total: count.describe("number of samples that match"),
    samples: z
      .array(
        z.object({
          row: count.describe("row of the split, from 0"),
          id: z.string(),
          label: z.union([
            z.number(),
            z.string(),
            z.array(z.string()).readonly(),
            z.record(z.string(), z.number()),
          ]),
          text: z.string().nullable(),
          steps: z.record(z.string(), z.number().nullable()).describe("real steps; null if it is missing"),
          corruption: z.record(z.string(), z.string()).describe("known corruption by modality"),
          problems: z
            .array(z.object({ modality: z.string(), code: z.string(), severity: z.number() }))
            .readonly()
            .describe("measured quality problems of the media"),
          uncertainty: z
            .number()
            .nullable()
            .describe("uncertainty of the named model; null if none is named"),
          doubted: z.array(z.string()).readonly().describe("modalities that this model doubts"),
          flag: z.string().nullable().describe("note of the flag; null for a sample without a flag"),
        }),
      )
      .readonly(),
  })
  .openapi("SamplePage");

const bins = z.array(z.object({ low: z.number(), high: z.number(), count })).readonly();
const splitSchema = z.object({
  labels: z.record(z.string(), bins).describe("by target of a regression"),
  steps: z.record(z.string(), bins).describe("by modality, of the samples that have it"),
  problems: z.record(z.string(), count).describe("samples with each measured quality problem, by its code"),
});

export const distributionsSchema = z
  .object({ train: splitSchema, valid: splitSchema, test: splitSchema })
  .openapi("Distributions");

export const sampleMediaSchema = z
  .object({
    media: z.array(
      z.object({
        modality: z.string(),
        type: z.string().describe("media type of the file").openapi({ example: "image/png" }),
      }),
    ),
  })
  .openapi("SampleMedia");

export const featuresSchema = z
  .object({
    features: z
      .record(
        z.string(),
        z
          .union([z.array(z.number()).readonly(), z.array(z.array(z.number()).readonly()).readonly()])
          .nullable(),
      )
      .describe("by modality: a vector, a sequence of vectors, or null; as POST /v1/predictions takes them"),
  })
  .openapi("SampleFeatures");
