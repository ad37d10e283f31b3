import { CLEAN, type CorruptionTruth } from "../../data/dataset.js";
import { type DamagePart, parseDamage } from "../../corruption/damage-specification.js";
import { ConfigError } from "../../core/errors.js";
import { checkDamage } from "../damage/check-damage.js";
import { type PlannedCopy, planCopies } from "../damage/plan-damage.js";
import type { ExtractRequest } from "./extract-request.js";
import type { MadeCopy, MadeSample } from "./made-sample.js";
import type { ExtractPlan, ModalityResult } from "./plan.js";
import type { Failure, Sample } from "./sample.js";

/**
 * Plans the requested copies of the training samples.
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
 * Plans copies of the test samples, for a test over rising severity. There is one series with the kinds of
 * the training copies, and one with other kinds (`new`). Every sample has one copy per series and severity.
 * Within a series, the copies of a sample have the same kinds, modalities and random draws, and differ only
 * in severity.
 *
 * @throws ConfigError "config.invalid" for a specification that cannot be parsed, or names a severity, a
 * modality that is not extracted or an unknown kind
 */
export function planTestCopies(
  samples: readonly Sample[],
  { copies, testCopies }: Pick<ExtractRequest, "copies" | "testCopies">,
  { modalities }: ExtractPlan,
): PlannedCopy[] {
  if (testCopies === undefined) return [];
  const { specification, seed, severities } = testCopies;
  const readable = modalities.map(({ modality: name, kind }) => ({ name, kind }));
  const parts = parseDamage(specification);
  checkDamage(parts, readable, "--test-copies");
  const stated = parts.find(({ severity }) => severity !== undefined);
  if (stated !== undefined)
    throw new ConfigError(
      "config.invalid",
      `--test-copies: ${stated.modality}=${stated.kind} must not have a severity`,
      { hint: "Give only the kind; --test-severities sets the severities." },
    );
  const taught = copies === undefined ? [] : parseDamage(copies.specification);
  const met = new Set(taught.map(({ modality, kind }) => `${modality}=${kind}`));
  const isMet = ({ modality, kind }: DamagePart): boolean => met.has(`${modality}=${kind}`);
  const series = { met: parts.filter(isMet), new: parts.filter((part) => !isMet(part)) };
  const test = samples.filter(({ split }) => split === "test");
  return Object.entries(series).flatMap(([name, own]) =>
    own.length === 0
      ? []
      : severities.flatMap((severity) => {
          const fixed = own.map((part): DamagePart => ({ ...part, severity: [severity, severity] }));
          const planned = planCopies(test, { parts: fixed, seed, modalities: readable }, 1);
          return planned.map(({ sample, original }) => ({
            sample: { ...sample, id: `${sample.id}#${name}-${severity}` },
            original,
          }));
        }),
  );
}

/**
 * Joins the copies with their features. Omits copies of omitted samples.
 *
 * @param results results of each copy, in the order of `planned`
 * @param originals samples that were planned, in order
 * @param kept samples of the data set
 */
export function madeCopies(
  planned: readonly PlannedCopy[],
  results: readonly (readonly ModalityResult[])[],
  originals: readonly Sample[],
  kept: readonly MadeSample[],
): MadeCopy[] {
  const split = originals[0]?.split;
  const rows = new Map(
    kept.filter(({ sample }) => sample.split === split).map(({ sample }, row) => [sample, row]),
  );
  return planned.flatMap(({ sample, original }, i): MadeCopy[] => {
    const own = originals[original];
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

/** Returns the corruption of the copies, by modality. */
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
