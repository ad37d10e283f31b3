import { objectOf, rules } from "../core/checked-call.js";
import { ConfigError } from "../core/errors.js";
import { NameRegistry } from "../core/name-registry.js";
import { suggestion } from "../core/nearest.js";
import type { RandomKey } from "../core/random.js";
import { CORRUPTION_KINDS, type CorruptionKind, isCorruptionKind } from "./corruption.js";
import { FEATURE_CORRUPTIONS, type FeatureCorruption } from "./feature-corruptions.js";

/** The features of one modality of one sample, with the units of the training data. */
export interface SampleSteps {
  /** The sample's real time steps, at least one: D features each, to be changed in place. */
  readonly steps: readonly Float32Array[];
  /** [D], mean of each feature, which tells a model nothing. */
  readonly mean: Float64Array;
  /** [D], standard deviation of each feature. */
  readonly std: Float64Array;
}

/** A kind of corruption of features from outside this package. */
export interface CorruptionDefinition {
  /** Name in specifications such as "flip:0.3": lower-case letters, digits and dashes. */
  readonly name: string;
  /** One sentence without a full stop, for messages. */
  readonly summary: string;
  /** Largest amount; the smallest is 0, which does nothing. */
  readonly most: number;
  /**
   * Corrupts one sample in place. It must depend on its arguments alone, so that the same seed gives the same
   * bits: draw with `uniformAt(key, i)` and `normalAt(key, i)` of `euar/tensor`.
   * @param amount larger than 0, at most {@link CorruptionDefinition.most}
   * @param key random key of this sample
   * @returns severity, at least 0; 0 if nothing was changed
   */
  readonly corrupt: (sample: SampleSteps, amount: number, key: RandomKey) => number;
}

const registered = new NameRegistry<CorruptionDefinition>({
  what: "corruption",
  isTaken: isCorruptionKind,
});

const DEFINITION = objectOf("a definition of a corruption", {
  name: rules.text,
  most: {
    expected: "a finite number above 0",
    holds: (value) => Number.isFinite(value) && Number(value) > 0,
  },
  corrupt: rules.call,
});

/**
 * Makes a kind of corruption known by its name, in `parseCorruption`, `--noise` and protocols. Registering the
 * same definition again has no effect.
 * @throws ConfigError "config.conflict" for a name that is taken, "config.invalid" for one that cannot be used
 * or a definition that is not complete
 * @example
 * registerCorruption({ name: "flip", summary: "...", most: 1, corrupt: (sample, amount, key) => ... });
 */
export function registerCorruption(definition: CorruptionDefinition): void {
  DEFINITION(definition, "registerCorruption, argument 1");
  registered.add(definition);
}

/** Names of all kinds: those of this package, then the registered ones. */
export function corruptionKinds(): string[] {
  return [...Object.keys(CORRUPTION_KINDS), ...registered.names()];
}

/** True for the name of a kind, registered or of this package. */
export function isKnownCorruption(kind: string): boolean {
  return isCorruptionKind(kind) || registered.get(kind) !== undefined;
}

/**
 * Largest amount of a kind.
 *
 * @throws ConfigError "config.invalid" for an unknown kind
 */
export function largestAmount(kind: string): number {
  return isCorruptionKind(kind) ? CORRUPTION_KINDS[kind].most : definitionOf(kind).most;
}

/**
 * Returns the function of a kind that corrupts one sample in place.
 *
 * @param kind any kind but "missing", which concerns all modalities of a sample
 * @throws ConfigError "config.invalid" for an unknown kind. The function throws it for a severity that is not
 * a finite number of at least 0.
 */
export function featureCorruption(kind: string): FeatureCorruption {
  if (isFeatureKind(kind)) return FEATURE_CORRUPTIONS[kind];
  const { name, corrupt } = definitionOf(kind);
  return (values, offsets, { mean, std }, amount, key) => {
    const steps = offsets.map((at) => values.subarray(at, at + mean.length));
    const severity: unknown = corrupt({ steps, mean, std }, amount, key);
    if (typeof severity === "number" && severity >= 0 && Number.isFinite(severity)) return severity;
    throw new ConfigError(
      "config.invalid",
      `the corruption ${name} returned the severity ${String(severity)}, where a number of at least 0 was expected`,
      { hint: "Return how much of the sample was changed." },
    );
  };
}

function isFeatureKind(kind: string): kind is Exclude<CorruptionKind, "missing"> {
  return Object.hasOwn(FEATURE_CORRUPTIONS, kind);
}

function definitionOf(kind: string): CorruptionDefinition {
  const found = registered.get(kind);
  if (found) return found;
  throw new ConfigError("config.invalid", `there is no corruption "${kind}"`, {
    hint: suggestion(kind, corruptionKinds()),
  });
}
