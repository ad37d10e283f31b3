import { z } from "zod";
import { TASK_KINDS } from "../data/dataset.js";
import { textEncoderSchema } from "../encoders/text-encoder-config.js";
import { canonicalJson } from "../runs/canonical-json.js";
import { hashText } from "../runs/hash.js";

/** Under what a trained model is measured. */
const conditionSchema = z.strictObject({
  /** Unique within the job. */
  label: z.string().min(1),
  /** Data set to measure on; default: the one that the job trains on. */
  source: z.string().min(1).optional(),
  /** Modalities that the model may see; default: all. */
  available: z.array(z.string().min(1)).min(1).optional(),
  /** Corruption of the features, as `euar evaluate --noise` takes it. */
  noise: z.string().min(1).optional(),
  /** Also where joint features lie in the plane. */
  embed: z.literal(true).optional(),
  /** Also what the model says about single samples. */
  samples: z.literal(true).optional(),
  /** Of the noise. */
  seed: z.int().min(0).default(1),
});

/** As `LabelOptions`. */
const labelOptionsSchema = z.strictObject({
  task: z.enum(TASK_KINDS).optional(),
  range: z.array(z.number()).length(2).optional(),
  threshold: z.number().optional(),
  bins: z.array(z.number()).min(1).optional(),
  foldClasses: z.boolean().optional(),
});

/**
 * One model, trained once with one seed, and measured on the test split under some conditions. Plain data.
 */
export const jobSchema = z
  .strictObject({
    data: z.strictObject({
      source: z.string().min(1),
      modalities: z.array(z.string().min(1)).min(1).optional(),
      /** How the labels of every data set of the job are read, where the user states it. */
      labels: labelOptionsSchema.optional(),
    }),
    /** Encoder inside the model, which reads the text. */
    encoder: textEncoderSchema.required({ textEncoder: true }).optional(),
    model: z.strictObject({ name: z.string().min(1), config: z.record(z.string(), z.unknown()).default({}) }),
    train: z.record(z.string(), z.unknown()).default({}),
    seed: z.int().min(0),
    conditions: z.array(conditionSchema),
    /** The test split is not read: the validation split takes its place. Such a job has no conditions. */
    validationOnly: z.literal(true).optional(),
  })
  .refine(
    ({ conditions, validationOnly }) => conditions.length > 0 !== (validationOnly === true),
    "a job is measured under conditions, or on validation only",
  );

export type Condition = z.infer<typeof conditionSchema>;
export type Job = z.infer<typeof jobSchema>;
export type JobInput = z.input<typeof jobSchema>;

/**
 * The name of a job's result: sha-256 of its canonical JSON with the contents of data sets and encoders in
 * place of their paths, so that the same job on the same data is the same wherever they lie.
 * @param fingerprints of every data set and encoder that the job names
 */
export function jobHash(job: Job, fingerprints: ReadonlyMap<string, string>): string {
  const content = (source: string): string => fingerprints.get(source) ?? source;
  const conditions = job.conditions.map(({ source, ...rest }) => ({
    ...rest,
    ...(source !== undefined && { source: content(source) }),
  }));
  return hashText(
    canonicalJson({
      format: JOB_FORMAT,
      ...job,
      data: { ...job.data, source: content(job.data.source) },
      ...(job.encoder && { encoder: { ...job.encoder, textEncoder: content(job.encoder.textEncoder) } }),
      conditions,
    }),
  );
}

/**
 * Raised whenever a job's result, or the form in which it is stored, changes without the job's description
 * changing: results of earlier forms lie under other hashes, are not read, and are made again.
 */
const JOB_FORMAT = "euar-job/2";

/** Every data set that some jobs read. */
export function sourcesOf(jobs: readonly Job[]): string[] {
  return [
    ...new Set(
      jobs.flatMap(({ data, conditions }) => [
        data.source,
        ...conditions.flatMap(({ source }) => (source === undefined ? [] : [source])),
      ]),
    ),
  ];
}
