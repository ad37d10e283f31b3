import type { z } from "zod";
import type { TaskLoss } from "../../nn/losses/task.js";
import type { ExpertMixture } from "../../tensor/ops/expert-mixture.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { ModalityInput } from "../batch-input.js";

/** Outputs of EUAR on a batch, for the losses of the whole batch. Sizes: B samples. */
export interface BatchOutputs {
  /** Kind of the task loss. */
  readonly kind: TaskLoss;
  /** Prediction of the model, [B, outputs]. */
  readonly prediction: Tensor;
  /** Prediction in the task loss, [B, outputs]: in training that of the experts, otherwise `prediction`. */
  readonly scored: Tensor;
  /** Prediction of the steady path, [B, outputs]; undefined without one. */
  readonly steady: Tensor | undefined;
  /** Predictions of each modality alone, [B, outputs], with its presence [B]; undefined without them. */
  readonly alone: readonly { readonly prediction: Tensor; readonly present: ArrayLike<number> }[] | undefined;
  /** Logarithm of the expected error of each sample, [B, 1]; undefined without a head for it. */
  readonly logErrors: Tensor | undefined;
  /** Labels, as in `Batch`. */
  readonly labels: ArrayLike<number>;
  /** Number of samples that train the prediction, as in `Batch`. */
  readonly taught: number | undefined;
  /** Number of samples that are not corrupted copies, as in `Batch`. */
  readonly originals: number | undefined;
}

/** Outputs of EUAR on one modality of a batch, for the losses of a modality. */
export interface ModalityOutputs {
  readonly input: ModalityInput;
  readonly mixture: ExpertMixture;
  /** Logarithm of the uncertainty, [B, 1]. Defined if a loss has `needsUncertainty`. */
  readonly uncertainty: Tensor | undefined;
  /** Input anomaly score, [B, 1]; undefined without statistics of the input. */
  readonly anomaly: Tensor | undefined;
  /** Addition to the log-variances, [B, 1]; undefined without a layer for variances. */
  readonly score: Tensor | undefined;
}

/** Corruption of the samples of one modality, in a batch with corrupted copies. 0 = clean. [B] each */
export interface CopyCorruption {
  readonly severity: ArrayLike<number>;
  /** Number of the corruption kind. */
  readonly damage: ArrayLike<number>;
  /** Distance of the features from those of the original, as in `Batch`. */
  readonly distance: ArrayLike<number> | undefined;
}

/**
 * Functions of the library of schemas that losses use. They are an argument, so that a prediction can run the
 * model without loading the library. They are a choice, because a page that passes on all of the library
 * loads its texts in every language.
 */
export type SchemaLibrary = Pick<typeof z, "number" | "boolean" | "enum" | "strictObject">;

/** Options of a loss that is switched on. */
type OptionsOf<Schema extends z.ZodType> = NonNullable<z.output<Schema>>;

interface LossDescription<Schema extends z.ZodType> {
  /** Name in the history. For the loss of a modality, the modality follows, as in "kl/text". */
  readonly part: string;
  /** Symbol, equation and meaning, for the documentation. */
  readonly meaning: string;
  /** Makes the schema of its options. They must have defaults. Null switches the loss off. */
  readonly schema: (zod: SchemaLibrary) => Schema;
  /** Returns the weight of the loss in the total. */
  readonly weight: (options: OptionsOf<Schema>) => number;
}

/** Description of a loss of the whole batch. */
export interface BatchLossDescription<Schema extends z.ZodType> extends LossDescription<Schema> {
  /** Computes the loss, a scalar. Undefined if the model has no output for it. */
  readonly term: (tape: Tape, outputs: BatchOutputs, options: OptionsOf<Schema>) => Tensor | undefined;
}

/** Description of a loss of each modality. Its term is 0 in a batch without the modality. */
export interface ModalityLossDescription<Schema extends z.ZodType> extends LossDescription<Schema> {
  /** Computes the loss of one modality, a scalar. */
  readonly term: (tape: Tape, outputs: ModalityOutputs, options: OptionsOf<Schema>) => Tensor;
  /** True if the term reads `uncertainty`. Default false. */
  readonly needsUncertainty?: boolean;
}

/** Description of a loss of each modality that exists only in batches with corrupted copies. */
export interface CopyLossDescription<Schema extends z.ZodType> extends LossDescription<Schema> {
  /** Computes the loss of one modality, a scalar. */
  readonly term: (
    tape: Tape,
    outputs: ModalityOutputs & CopyCorruption,
    options: OptionsOf<Schema>,
  ) => Tensor;
  /** True if the term reads `uncertainty`. Default false. */
  readonly needsUncertainty?: boolean;
}

/** Term of a loss, with its options. */
type Term =
  | {
      readonly of: "batch";
      readonly needsUncertainty: false;
      readonly term: (tape: Tape, outputs: BatchOutputs) => Tensor | undefined;
    }
  | {
      readonly of: "modality";
      readonly needsUncertainty: boolean;
      readonly term: (tape: Tape, outputs: ModalityOutputs) => Tensor;
    }
  | {
      readonly of: "copies";
      readonly needsUncertainty: boolean;
      readonly term: (tape: Tape, outputs: ModalityOutputs & CopyCorruption) => Tensor;
    };

/** Loss that is switched on, with its options. */
export type ActiveLoss = Term & { readonly part: string; readonly weight: number };

/** Loss of EUAR. Its options, flags, help, place in the sum and line in the documentation follow from it. */
export interface LossDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly part: string;
  /** True for a loss of each modality. */
  readonly perModality: boolean;
  readonly meaning: string;
  readonly schema: (zod: SchemaLibrary) => Schema;
  /**
   * Returns the loss with its options; undefined if it is switched off.
   * @param options complete and valid options of the schema, or null
   */
  readonly activate: (options: unknown) => ActiveLoss | undefined;
}

/** Makes the schema of the weight of a loss, above 0. */
export function lossWeight(zod: SchemaLibrary): z.ZodNumber {
  return zod.number().positive();
}

/** Makes the schema of the reduction of a vector of H dimensions to one number. */
export function lossReduction(
  zod: SchemaLibrary,
): z.ZodDefault<z.ZodEnum<{ readonly mean: "mean"; readonly sum: "sum" }>> {
  return zod.enum(["mean", "sum"]).default("mean");
}

/** Defines a loss of the whole batch. */
export function batchLoss<Schema extends z.ZodType>(
  description: BatchLossDescription<Schema>,
): LossDefinition<Schema> {
  const { term } = description;
  return define(description, false, (options) => ({
    of: "batch",
    needsUncertainty: false,
    term: (tape, outputs) => term(tape, outputs, options),
  }));
}

/** Defines a loss of each modality. */
export function modalityLoss<Schema extends z.ZodType>(
  description: ModalityLossDescription<Schema>,
): LossDefinition<Schema> {
  const { term, needsUncertainty = false } = description;
  return define(description, true, (options) => ({
    of: "modality",
    needsUncertainty,
    term: (tape, outputs) => term(tape, outputs, options),
  }));
}

/** Defines a loss of each modality that exists only in batches with corrupted copies. */
export function copyLoss<Schema extends z.ZodType>(
  description: CopyLossDescription<Schema>,
): LossDefinition<Schema> {
  const { term, needsUncertainty = false } = description;
  return define(description, true, (options) => ({
    of: "copies",
    needsUncertainty,
    term: (tape, outputs) => term(tape, outputs, options),
  }));
}

function define<Schema extends z.ZodType>(
  { part, meaning, schema, weight }: LossDescription<Schema>,
  perModality: boolean,
  termOf: (options: OptionsOf<Schema>) => Term,
): LossDefinition<Schema> {
  return {
    part,
    perModality,
    meaning,
    schema,
    activate: (value) => {
      if (value === null || value === undefined) return undefined;
      const options = value as OptionsOf<Schema>;
      return { part, weight: weight(options), ...termOf(options) };
    },
  };
}
