import type { z } from "zod";
import { ConfigError } from "./errors.js";
import { suggestion } from "./nearest.js";

/**
 * Checks the options of a public function against their schema, so that a mistake is an error and not an
 * option without effect.
 * @param what the function, for messages, e.g. "evaluate"
 * @throws ConfigError "config.unknown-key" with the nearest known key, "config.invalid" naming the key
 */
export function checkOptions<Schema extends z.ZodObject>(
  schema: Schema,
  options: unknown,
  what: string,
): z.infer<Schema> {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw new ConfigError("config.invalid", `${what}: options must be an object, got ${shown(options)}`, {
      hint: `Known options: ${Object.keys(schema.shape).join(", ")}.`,
    });
  const known = Object.keys(schema.shape);
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(schema.shape, key));
  if (unknown !== undefined)
    throw new ConfigError("config.unknown-key", `${what} has no option "${unknown}"`, {
      hint: suggestion(unknown, known),
    });
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ConfigError(
    "config.invalid",
    `${what}: option "${issue?.path.map(String).join(".") ?? ""}": ${issue?.message ?? "not valid"}`,
    { hint: `Known options: ${known.join(", ")}.`, cause: result.error },
  );
}

/** Checks an argument that must be text. @throws ConfigError "config.invalid" */
export function checkText(value: unknown, what: string): asserts value is string {
  if (typeof value !== "string")
    throw new ConfigError("config.invalid", `${what} must be text, got ${shown(value)}`, {
      hint: "See the function's documentation.",
    });
}

/** A value for a message. */
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
