import { objectOf, perhaps, rules } from "../core/checked-call.js";
import { ConfigError } from "../core/errors.js";
import { NameRegistry } from "../core/name-registry.js";
import { suggestion } from "../core/nearest.js";
import type { RandomKey } from "../core/random.js";
import { CORRUPTION_KINDS, isCorruptionKind, OTHER_NAMES } from "./corruption.js";
import type { FeatureKind, SampleSteps } from "./feature-kind.js";
import { FEATURE_KINDS, type FeatureKindName } from "./feature-kinds.js";

/** Definition of a kind of corruption of features by the user. */
export interface CorruptionDefinition {
  /** Name in specifications such as "flip:0.3": lower-case letters, digits and dashes. */
  readonly name: string;
  /** One sentence without a full stop, for messages. */
  readonly summary: string;
  /** Largest amount; the smallest is 0, which does nothing. */
  readonly most: number;
  /** Unit of the amount, for tables. Default: "share". */
  readonly unit?: string;
  /** Amount at a severity in [0, 1], for corrupted copies. Default: the severity times `most`. */
  readonly amountAt?: (severity: number) => number;
  /** True for a kind that reads `others` of the sample, the steps of another sample. */
  readonly needsOther?: true;
  /**
   * Corrupts one sample in place. The result must depend only on the arguments, so that the same seed gives
   * the same bits. Draw random numbers with `uniformAt(key, i)` and `normalAt(key, i)` of `euar/tensor`.
   * @param amount larger than 0, at most {@link CorruptionDefinition.most}
   * @param key random key of this sample
   * @returns severity, at least 0; 0 if nothing was changed
   */
  readonly corrupt: (sample: SampleSteps, amount: number, key: RandomKey) => number;
}

const registered = new NameRegistry<CorruptionDefinition>({
  what: "corruption",
  // "raw" names the copies of corrupted media in the option `copies`
  isTaken: (name) => name === "raw" || isCorruptionKind(name) || Object.hasOwn(OTHER_NAMES, name),
});

const DEFINITION = objectOf("a definition of a corruption", {
  name: rules.text,
  most: {
    expected: "a finite number above 0",
    holds: (value) => Number.isFinite(value) && Number(value) > 0,
  },
  unit: perhaps(rules.text),
  amountAt: perhaps(rules.call),
  corrupt: rules.call,
});

/**
 * Registers a kind of corruption under its name, for `parseCorruption`, `--noise`, `--copies` and protocols.
 * Registering the same definition again has no effect.
 * @throws ConfigError "config.conflict" for a name that is in use, "config.invalid" for an unusable name or
 * an incomplete definition
 * @example
 * registerCorruption({ name: "flip", summary: "...", most: 1, corrupt: (sample, amount, key) => ... });
 */
export function registerCorruption(definition: CorruptionDefinition): void {
  DEFINITION(definition, "registerCorruption, argument 1");
  registered.add(definition);
}

/** Returns the names of all kinds: those of this package, then the registered ones. */
export function corruptionKinds(): string[] {
  return [...Object.keys(CORRUPTION_KINDS), ...registered.names()];
}

/** Returns the main name of a kind, see {@link OTHER_NAMES}. */
export function ownName(kind: string): string {
  return Object.hasOwn(OTHER_NAMES, kind) ? (OTHER_NAMES[kind] ?? kind) : kind;
}

/** Returns true for the name of a kind, registered or of this package. */
export function isKnownCorruption(kind: string): boolean {
  const name = ownName(kind);
  return isCorruptionKind(name) || registered.get(name) !== undefined;
}

/** Returns true for the name of a kind that changes one sample at a time, as corrupted copies require. */
export function isFeatureCorruption(kind: string): boolean {
  return kind !== "missing" && isKnownCorruption(kind);
}

/**
 * Returns the largest amount of a kind.
 *
 * @throws ConfigError "config.invalid" for an unknown kind
 */
export function largestAmount(kind: string): number {
  return kind === "missing" ? CORRUPTION_KINDS.missing.most : featureCorruption(kind).most;
}

/**
 * Returns a kind that corrupts one sample at a time.
 *
 * @param kind any kind except "missing", which affects all modalities of a sample
 * @throws ConfigError "config.invalid" for an unknown kind. The kind's function throws it for a severity that
 * is not a finite number of at least 0.
 */
export function featureCorruption(kind: string): FeatureKind {
  const name = ownName(kind);
  if (isFeatureKind(name)) return FEATURE_KINDS[name];
  const found = registered.get(name);
  if (found) return registeredKind(found);
  throw new ConfigError("config.invalid", `there is no corruption "${kind}"`, {
    hint: suggestion(kind, corruptionKinds()),
  });
}

function isFeatureKind(kind: string): kind is FeatureKindName {
  return Object.hasOwn(FEATURE_KINDS, kind);
}

function registeredKind(definition: CorruptionDefinition): FeatureKind {
  const { name, summary, unit = "share", most, needsOther } = definition;
  return {
    help: summary,
    unit,
    most,
    amountAt: definition.amountAt ?? ((severity) => severity * most),
    ...(needsOther && { needsOther }),
    corrupt: (sample, amount, keys) => {
      const severity: unknown = definition.corrupt(sample, amount, keys.sample);
      if (typeof severity === "number" && severity >= 0 && Number.isFinite(severity)) return severity;
      throw new ConfigError(
        "config.invalid",
        `the corruption ${name} returned the severity ${String(severity)}, ` +
          "where a number of at least 0 was expected",
        { hint: "Return the severity of the change to the sample." },
      );
    },
  };
}
