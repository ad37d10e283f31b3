import { CLEAN, type CorruptionTruth } from "../../data/dataset.js";
import { parseDamage } from "../../corruption/damage-specification.js";
import { checkDamage } from "../damage/check-damage.js";
import { type PlannedCopy, planCopies } from "../damage/plan-damage.js";
import type { ExtractRequest } from "./extract-request.js";
import type { MadeCopy, MadeSample } from "./made-sample.js";
import type { ExtractPlan, ModalityResult } from "./plan.js";
import type { Failure, Sample } from "./sample.js";

/**
 * Plans the copies that a request asks for, of the training samples.
 *
 * @throws ConfigError "config.invalid" for a specification that cannot be parsed, or names a modality that is
 * not extracted or an unknown kind
 */
export function planTrainingCopies(
  samples: readonly Sample[],
  { copies }: Pick<ExtractRequest, "copies">,
  { modalities }: ExtractPlan,
): PlannedCopy[] {
  if (copies === undefined) return [];
  const readable = modalities.map(({ modality: name, kind }) => ({ name, kind }));
  const parts = parseDamage(copies.specification);
  checkDamage(parts, readable, "--copies");
  const training = samples.filter(({ split }) => split === "train");
  return planCopies(training, { parts, seed: copies.seed, modalities: readable }, copies.perSample);
}

/**
 * Joins the copies with their features. Leaves out those whose original was left out.
 *
 * @param results results of each copy, in the order of `planned`
 * @param training samples that were planned, in order
 * @param kept samples of the data set
 */
export function madeCopies(
  planned: readonly PlannedCopy[],
  results: readonly (readonly ModalityResult[])[],
  training: readonly Sample[],
  kept: readonly MadeSample[],
): MadeCopy[] {
  const rows = new Map(
    kept.filter(({ sample }) => sample.split === "train").map(({ sample }, row) => [sample, row]),
  );
  return planned.flatMap(({ sample, original }, i): MadeCopy[] => {
    const own = training[original];
    const row = own && rows.get(own);
    const made = results[i]?.filter((result) => result.kind === "made") ?? [];
    return row === undefined ? [] : [{ sample, made, row }];
  });
}

/** Lists the media of copies that could not be used. The copy then lacks the modality. */
export function copyFailures(
  planned: readonly PlannedCopy[],
  results: readonly (readonly ModalityResult[])[],
): Failure[] {
  return planned.flatMap(({ sample }, i) =>
    (results[i] ?? []).flatMap((result): Failure[] => {
      if (result.kind !== "failed") return [];
      const { modality, code, message, hint } = result;
      return [
        {
          id: sample.damage?.id ?? sample.id,
          modality,
          code,
          message: `corrupted copy: ${message}`,
          ...(hint !== undefined && { hint }),
        },
      ];
    }),
  );
}

/** Returns what was done to the copies, by modality. */
export function damageOfCopies(
  copies: readonly MadeCopy[],
  modalities: readonly string[],
): Record<string, CorruptionTruth> {
  return Object.fromEntries(
    modalities.map((modality) => {
      const steps = copies.map(({ sample }) => sample.damage?.on[modality]?.steps[0]);
      const severity = Float32Array.from(steps, (step) => step?.severity ?? 0);
      const kind = steps.map((step) => (step === undefined || step.severity === 0 ? CLEAN : step.kind));
      return [modality, { severity, kind }];
    }),
  );
}
