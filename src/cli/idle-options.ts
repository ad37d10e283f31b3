import { ConfigError } from "../core/errors.js";
import { euarConfigSchema } from "../models/euar-config.js";
import { trainConfigSchema } from "../models/train-config.js";
import { kebabCase } from "./schema-flags.js";

interface Rule {
  readonly keys: readonly string[];
  /**
   * The option that decides whether they mean anything, and the values under which they do; for a list, that
   * it is not empty.
   */
  readonly needs: string;
  readonly values: readonly string[] | "some";
}

const RULES: readonly Rule[] = [
  {
    keys: [
      "encoderLayers",
      "encoderHeads",
      "encoderNorm",
      "encoderPooling",
      "encoderMask",
      "encoderDropout",
      "attentionDropout",
      "embeddingDropout",
    ],
    needs: "encoder",
    values: ["sequence"],
  },
  { keys: ["plateauPatience", "plateauFactor"], needs: "schedule", values: ["plateau"] },
  { keys: ["normaliseLength"], needs: "normalise", values: ["unit", "centre", "auto"] },
  { keys: ["normaliseClip"], needs: "normalise", values: ["zscore", "unit", "centre", "auto"] },
  { keys: ["copiesKeep", "copiesTeach", "ranking", "specialisation"], needs: "copies", values: "some" },
];

/**
 * Refuses an option that somebody changed, but that another one makes meaningless: the run would have another
 * hash and the same result, and its author a wrong idea of it. Defaults are accepted, so that a resolved
 * configuration can be given back.
 * @param given what came from the config file and the flags
 * @param underlay what lies beneath it, such as a preset
 * @throws ConfigError "config.conflict"
 */
export function refuseIdleOptions(
  given: Readonly<Record<string, unknown>>,
  underlay: Readonly<Record<string, unknown>>,
): void {
  for (const { keys, needs, values } of RULES) {
    const actual = given[needs] ?? underlay[needs] ?? defaults[needs];
    const list = Array.isArray(actual) ? actual : undefined;
    if (values === "some" ? list?.length : values.includes(String(actual))) continue;
    const idle = keys.find((key) => given[key] !== undefined && given[key] !== defaults[key]);
    if (idle === undefined) continue;
    throw new ConfigError(
      "config.conflict",
      `--${kebabCase(idle)} has no effect ${list ? `without --${kebabCase(needs)}` : `with --${kebabCase(needs)} ${String(actual)}`}`,
      {
        hint:
          values === "some"
            ? `Leave it out, or give --${kebabCase(needs)}.`
            : `Leave it out, or choose --${kebabCase(needs)} ${values.join(" or ")}.`,
      },
    );
  }
}

const defaults: Readonly<Record<string, unknown>> = {
  ...euarConfigSchema.parse({}),
  ...trainConfigSchema.parse({}),
};
