import { z } from "@hono/zod-openapi";
import { labelValueSchema } from "./store-schema.js";

const time = z.string().describe("ISO 8601");
const count = z.int().min(0);
const shortText = (most: number) => z.string().trim().min(1).max(most);

const sample = shortText(1000).describe('split and id of a sample as "test/ID", or the name of a clip');
const modality = shortText(64).describe('modality that the person saw; "all" for the whole sample');
const person = shortText(64).describe("name of the person");

export const collectionParams = z.object({
  collection: shortText(64).describe("name of a data set, or of clips that are in no data set"),
});
export const labelPlace = z.object({ sample, modality, person });
export const flagPlace = z.object({ sample });

export const personLabelSchema = labelPlace.extend({ label: labelValueSchema }).openapi("PersonLabel", {
  example: { sample: "test/clip-3", modality: "audio", person: "anna", label: -1.5 },
});

export const flagSchema = flagPlace
  .extend({ note: z.string().max(10_000).default("") })
  .openapi("SampleFlag", { example: { sample: "test/clip-3", note: "two people speak" } });

const kept = z.boolean().describe("false if the server has no store and loses them at its end");

export const labelListSchema = z
  .object({
    kept,
    labels: z.array(
      z.object({
        sample: z.string(),
        modality: z.string(),
        person: z.string(),
        label: z.unknown(),
        created: time,
      }),
    ),
  })
  .openapi("LabelList");

export const flagListSchema = z
  .object({ kept, flags: z.array(z.object({ sample: z.string(), note: z.string(), created: time })) })
  .openapi("FlagList");

export const agreementSchema = z
  .object({
    agreement: z
      .array(
        z.object({
          modality: z.string(),
          people: count,
          samples: count.describe("samples with labels of at least two people"),
          level: z.enum(["nominal", "interval"]).describe("interval if all labels are numbers"),
          alpha: z
            .number()
            .nullable()
            .describe("Krippendorff's alpha: 1 = equal labels, 0 = chance; null without labels to compare"),
        }),
      )
      .readonly(),
  })
  .openapi("LabelAgreement");

export const labelledSampleSchema = z
  .object({
    sample: z.string(),
    modality: z.string(),
    labels: z.record(z.string(), z.unknown()).describe("by person"),
    flag: z.string().nullable().describe("note of the flag"),
  })
  .openapi("LabelledSample");
