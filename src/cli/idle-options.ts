import { ConfigError } from "../core/errors.js";
import { type Options, optionAt } from "../core/nested-options.js";
import { kebabCase } from "../core/kebab-case.js";
import { textEncoderSchema } from "../encoders/text-encoder-config.js";
import { euarConfigSchema } from "../models/euar-config.js";
import { trainConfigSchema } from "../models/train-config.js";

/** Rule that some options take effect only with certain values of another option. */
export interface IdleRule {
  /** Dotted paths of the options. */
  readonly keys: readonly string[];
  /**
   * Option that these options need. `values` has the values with which they take effect. "some": a nonempty
   * list; "given": any value.
   */
  readonly needs: string;
  readonly values: readonly string[] | "some" | "given";
}

const trainingRules: readonly IdleRule[] = [
  { keys: ["plateauPatience", "plateauFactor"], needs: "schedule", values: ["plateau"] },
  { keys: ["normaliseLength"], needs: "normalise", values: ["unit", "centre", "auto"] },
  { keys: ["normaliseClip"], needs: "normalise", values: ["zscore", "unit", "centre", "auto"] },
  {
    keys: [
      "copiesKeep",
      "copiesTeach",
      "awareness.ranking",
      "awareness.ordering",
      "awareness.distance",
      "awareness.specialisation",
    ],
    needs: "copies",
    values: "some",
  },
  {
    keys: ["merge", ...Object.keys(textEncoderSchema.shape).filter((key) => key !== "textEncoder")],
    needs: "textEncoder",
    values: "given",
  },
  { keys: ["textLoraAlpha", "textLoraTargets"], needs: "textLora", values: "given" },
];

/**
 * Refuses an option of training that has no effect because of another option. The run would have another hash
 * but the same result, which would mislead its author.
 * @param given values of the config file and the flags
 * @param underlay values that `given` overrides, such as a preset
 * @throws ConfigError "config.conflict"
 */
export function refuseIdleOptions(given: Options, underlay: Options): void {
  refuseIdle(trainingRules, given, underlay, trainingDefaults);
}

/**
 * Refuses a changed option that has no effect by one of the rules. Accepts defaults, so that a resolved
 * configuration can be used as a config file.
 * @param given values of the config file and the flags
 * @param underlay values that `given` overrides
 * @param defaults values of options that neither gives; they count as not changed
 * @throws ConfigError "config.conflict"
 */
export function refuseIdle(
  rules: readonly IdleRule[],
  given: Options,
  underlay: Options = {},
  defaults: Options = {},
): void {
  for (const { keys, needs, values } of rules) {
    const actual = given[needs] ?? underlay[needs] ?? defaults[needs];
    if (isMet(values, actual)) continue;
    const idle = keys.find((key) => isChanged(optionAt(given, key), optionAt(defaults, key)));
    if (idle === undefined) continue;
    const flag = `--${kebabCase(needs)}`;
    const [found, remedy] =
      typeof values === "string"
        ? [`without ${flag}`, `give ${flag}`]
        : [`with ${flag} ${String(actual)}`, `choose ${flag} ${values.join(" or ")}`];
    throw new ConfigError("config.conflict", `--${kebabCase(idle)} has no effect ${found}`, {
      hint: `Leave it out, or ${remedy}.`,
    });
  }
}

function isMet(values: IdleRule["values"], actual: unknown): boolean {
  if (values === "given") return actual !== undefined;
  if (values === "some") return Array.isArray(actual) && actual.length > 0;
  return values.includes(String(actual));
}

/** Compares lists by their elements. */
function isChanged(value: unknown, fallback: unknown): boolean {
  return value !== undefined && JSON.stringify(value) !== JSON.stringify(fallback);
}

const trainingDefaults: Options = {
  merge: false,
  ...textEncoderSchema.parse({}),
  ...euarConfigSchema.parse({}),
  ...trainConfigSchema.parse({}),
};
