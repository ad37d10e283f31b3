import { z } from "zod";

const name = z.string().min(1).max(200);

const fraction = z.number().min(0).max(1);

/** Schema of one condition. Without noise and missing modalities, the data are tested unchanged. */
export const conditionSchema = z.strictObject({
  name: name.optional().describe("name in tables; by default, made from the noise and the modalities"),
  group: name.optional().describe("group with a mean of its own in the summary"),
  rate: z.number().min(0).optional().describe("position on the rate axis of the metric curve"),
  noise: name
    .optional()
    .describe("corruption of the features, e.g. missing:0.3 or text=gaussian:0.5,audio=dropout:0.3"),
  perModality: z
    .boolean()
    .optional()
    .describe("makes one condition per modality, with the noise on that modality only"),
  available: z.array(name).min(1).optional().describe("modalities that the model may use; all by default"),
  everySubset: z
    .boolean()
    .optional()
    .describe("makes one condition per non-empty subset of the modalities, which alone is available"),
  imbalanced: z
    .strictObject({
      mean: fraction.describe("mean of the missing rates over the modalities"),
      fragile: fraction.describe("missing rate of one modality; the others share the rest equally"),
    })
    .optional()
    .describe("makes one condition per modality, which is missing more often or less often than the others"),
  damage: name
    .optional()
    .describe("corruption of raw media, e.g. audio=babble:0.6,text=typos:0.3, for `euar corrupt`"),
});

/**
 * Schema of a test protocol. Plain data, so that anyone can test on the same corrupted samples. See
 * docs/protocols.md.
 */
export const protocolSchema = z.strictObject({
  format: z.literal("euar-protocol/1"),
  name,
  description: z.string().optional(),
  seed: z.int().min(0).describe("seed of all random draws; each sample has its own draws"),
  models: z
    .enum(["one-model", "retrain"])
    .default("one-model")
    .describe(
      "one-model: the same model for every condition; " +
        "retrain: for each condition, a model trained on its modalities only",
    ),
  training: z
    .literal("complete")
    .optional()
    .describe("complete: refuses a model that was trained with missing modalities"),
  conditions: z
    .union([z.literal("every-subset"), z.array(conditionSchema).min(1).max(1000)])
    .describe("every-subset: one condition for each non-empty subset of the modalities"),
  summary: z
    .enum(["mean", "auilc"])
    .default("mean")
    .describe(
      "mean: mean of each metric over the conditions; auilc: area under each metric's curve over the rate",
    ),
});

/** Condition of a protocol: corruption and modalities of one evaluation. */
export type Condition = z.infer<typeof conditionSchema>;
/** Test protocol as plain data. docs/protocols.md describes its keys. */
export type Protocol = z.infer<typeof protocolSchema>;
