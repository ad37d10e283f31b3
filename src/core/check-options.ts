import type { z } from "zod";
import { ConfigError } from "./errors.js";
import { isRecord } from "./is-record.js";
import { firstIssue } from "./zod-issue.js";
import { suggestion } from "./nearest.js";

/**
 * Checks options against their schema. An unknown or invalid option is an error, not an option without
 * effect.
 *
 * @param what owner of the options for messages, e.g. "evaluate" or "model euar"
 * @param hint remedy for an invalid value; by default the names of the known options
 * @returns the options, completed by the schema's defaults
 * @throws ConfigError "config.unknown-key" with the nearest known key
 * @throws ConfigError "config.invalid" naming the key
 */
export function checkOptions<Schema extends z.ZodObject>(
  schema: Schema,
  options: unknown,
  what: string,
  hint?: string,
): z.infer<Schema> {
  const known = Object.keys(schema.shape);
  const help = hint ?? `Known options: ${known.join(", ")}.`;
  requireObject(options, what, help);
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(schema.shape, key));
  if (unknown !== undefined)
    throw new ConfigError("config.unknown-key", `${what} has no option "${unknown}"`, {
      hint: suggestion(unknown, known),
    });
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const { path, message } = firstIssue(result.error);
  throw new ConfigError("config.invalid", `${what}: option "${path}": ${message}`, {
    hint: help,
    cause: result.error,
  });
}

/** Rule for a value: in words for messages, and as a test. */
export interface OptionRule {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

/** Rules by option, for code that runs without zod. */
export type OptionRules<Key extends string> = Readonly<Record<Key, OptionRule>>;

/**
 * Checks options by rules. An option that is undefined counts as absent.
 *
 * @throws ConfigError as {@link checkOptions}
 */
export function checkByRules<Key extends string>(
  rules: OptionRules<Key>,
  options: unknown,
  what: string,
): void {
  const byKey = new Map<string, OptionRule>(Object.entries(rules));
  const known = [...byKey.keys()];
  const hint = `Known options: ${known.join(", ")}.`;
  requireObject(options, what, hint);
  for (const [key, value] of Object.entries(options)) {
    const rule = byKey.get(key);
    if (!rule)
      throw new ConfigError("config.unknown-key", `${what} has no option "${key}"`, {
        hint: suggestion(key, known),
      });
    if (value === undefined || rule.holds(value)) continue;
    throw new ConfigError(
      "config.invalid",
      `${what}: option "${key}" must be ${rule.expected}, got ${shown(value)}`,
      { hint },
    );
  }
}

/** @throws ConfigError "config.invalid" for options that are not an object */
function requireObject(
  options: unknown,
  what: string,
  hint: string,
): asserts options is Readonly<Record<string, unknown>> {
  if (isRecord(options)) return;
  throw new ConfigError("config.invalid", `${what}: options must be an object, got ${shown(options)}`, {
    hint,
  });
}

/**
 * Checks that an argument is text.
 *
 * @throws ConfigError "config.invalid"
 */
export function checkText(value: unknown, what: string): asserts value is string {
  if (typeof value !== "string")
    throw new ConfigError("config.invalid", `${what} must be text, got ${shown(value)}`, {
      hint: "See the function's documentation.",
    });
}

/** Describes a value for a message. */
export function shown(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
      return `${typeof value} ${String(value)}`.slice(0, 100);
    case "symbol":
      return "a symbol";
    case "undefined":
      return "undefined";
    default:
      return `a value of type ${typeof value}`;
  }
}
