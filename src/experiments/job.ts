import { z } from "zod";
import { TASK_KINDS } from "../data/dataset.js";
import { textEncoderSchema } from "../encoders/text-encoder-config.js";
import { conditionSchema } from "../protocols/protocol-schema.js";
import { canonicalJson } from "../runs/canonical-json.js";
import { hashText } from "../runs/hash.js";

/** Condition under which a job measures its model: corruption and modalities as in a protocol. */
const jobConditionSchema = conditionSchema.pick({ noise: true, available: true }).extend({
  /** Label, unique within the job. */
  label: z.string().min(1),
  /** Data set to measure on. Default: the job's training data. */
  source: z.string().min(1).optional(),
  /** Also compute the two-dimensional embedding of the joint features. */
  embed: z.literal(true).optional(),
  /** Also keep the diagnostics of single samples. */
  samples: z.literal(true).optional(),
  /** Also keep the uncertainty of each sample. */
  uncertainties: z.literal(true).optional(),
  /** Seed of the noise. */
  seed: z.int().min(0).default(1),
});

/** Schema of `LabelOptions`. */
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
      /** Label options for every data set of the job, as stated by the user. */
      labels: labelOptionsSchema.optional(),
    }),
    /** Encoder inside the model, which reads the text. */
    encoder: textEncoderSchema.required({ textEncoder: true }).optional(),
    model: z.strictObject({ name: z.string().min(1), config: z.record(z.string(), z.unknown()).default({}) }),
    train: z.record(z.string(), z.unknown()).default({}),
    seed: z.int().min(0),
    /** Arithmetic of the kernels, if it is not exact: it changes the bits of results. */
    arithmetic: z.literal("fast").optional(),
    conditions: z.array(jobConditionSchema),
    /**
     * Uses the validation split in place of the test split, which is not read. Such a job has no conditions.
     */
    validationOnly: z.literal(true).optional(),
  })
  .refine(
    ({ conditions, validationOnly }) => conditions.length > 0 !== (validationOnly === true),
    "a job has conditions or is validation-only, not both",
  );

/** Condition under which a job measures its model. */
export type JobCondition = z.infer<typeof jobConditionSchema>;
/** Complete description of one training and its measurements, see {@link jobSchema}. */
export type Job = z.infer<typeof jobSchema>;
/** Description of a job in which options with a default may be absent. */
export type JobInput = z.input<typeof jobSchema>;

/**
 * Returns the name of a job's result: the sha-256 of its canonical JSON. Paths of data sets and encoders are
 * replaced by their fingerprints, so the name does not depend on where they are stored.
 * @param fingerprints fingerprint of every data set and encoder that the job names
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
 * Version of the result format. Raise it whenever a job's result, or its stored form, changes while the job's
 * description stays the same. Results of earlier formats have other hashes, so they are not read but computed
 * again.
 */
const JOB_FORMAT = "euar-job/3";

/** Returns every data set that the jobs read. */
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
