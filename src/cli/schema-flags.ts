import type { z } from "zod";
import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { kebabCase } from "../core/kebab-case.js";
import { type Field, fieldsOf } from "../core/option-fields.js";

/** Parses the text of a flag. The schema checks ranges afterwards. */
export function parseFlag(field: Field, text: string): unknown {
  const { type } = field;
  if (type === "list") {
    if (text === "") return [];
    if (field.repeated === true) return [parseScalar(field, field.itemType ?? "string", text)];
    return text.split(",").map((item) => parseScalar(field, field.itemType ?? "string", item.trim()));
  }
  return parseScalar(field, type === "number" || type === "integer" ? type : "string", text);
}

function parseScalar(field: Field, type: "string" | "number" | "integer", text: string): string | number {
  if (field.choices && !field.choices.includes(text)) {
    throw new ConfigError(
      "config.invalid",
      `--${field.flag}: expected one of ${field.choices.join(", ")}, got "${text}"`,
      {
        hint: suggestion(text, field.choices),
      },
    );
  }
  if (type === "string") return text;
  const value = text.trim() === "" ? NaN : Number(text);
  const right = type === "integer" ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (!right) {
    throw new ConfigError(
      "config.invalid",
      `--${field.flag}: expected ${type === "integer" ? "a whole number" : "a number"}, got "${text}"`,
      {
        hint:
          field.description === ""
            ? `Give --${field.flag} a value.`
            : `--${field.flag} is: ${field.description}.`,
      },
    );
  }
  return value;
}

/** Returns the placeholder of a flag's argument in help and tables. */
export function placeholderOf(field: Field): string {
  if (field.type === "boolean" || field.type === "part") return "";
  if (field.choices) return field.type === "list" ? "<list>" : "<choice>";
  const names = {
    string: "<text>",
    number: "<number>",
    integer: "<int>",
    list: "<list>",
  } as const;
  return field.repeated === true ? names.string : names[field.type];
}

/**
 * Checks `values` against the schema and fills in the defaults.
 * @param where origin of the values, for messages, e.g. "euar train" or "config file run.json"
 * @param positional key that is given without a flag, if there is one
 * @throws ConfigError with the key, the expected value, the given one, and the nearest known key for an
 * unknown one
 */
export function checkAgainst<Schema extends z.ZodObject>(
  schema: Schema,
  values: Readonly<Record<string, unknown>>,
  where: string,
  positional?: string,
): z.infer<Schema> {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  throw explain(result.error.issues, values, schema, where, positional);
}

function explain(
  issues: readonly z.core.$ZodIssue[],
  values: unknown,
  schema: z.ZodObject,
  where: string,
  positional: string | undefined,
): ConfigError {
  const unknown = issues.find((issue) => issue.code === "unrecognized_keys");
  if (unknown) return unknownKey(unknown.keys[0] ?? "", unknown.path, schema, where);
  const first = issues[0];
  const path = pathText(first?.path ?? []);
  const got = valueAt(values, first?.path ?? []);
  const others = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  const message = first ? messageOf(first) : "invalid";
  const subject = path === "" ? "" : `${path}: `;
  if (got === undefined) {
    return new ConfigError("config.invalid", `${where}: ${subject}is required${others}`, {
      hint:
        path === positional
          ? `Give it after the command: ${where} ${path.toUpperCase()}.`
          : `Give --${kebabCase(path)}, or "${path}" in the config file.`,
    });
  }
  return new ConfigError("config.invalid", `${where}: ${subject}${message}, got ${shorten(got)}${others}`, {
    hint: hintFor(first, got, schema),
  });
}

function messageOf(issue: z.core.$ZodIssue): string {
  return issue.message.replace(/^(Invalid input|Invalid option|Too small|Too big): /, "");
}

/** Error for a key that the schema does not have, or only has for other values. */
export function unknownKey(
  key: string,
  path: readonly PropertyKey[],
  schema: z.ZodObject,
  where: string,
): ConfigError {
  const full = pathText([...path, key]);
  const fields = fieldsOf(schema);
  const needs = fields.find((field) => field.key === full)?.needs;
  if (needs) {
    const flag = `--${kebabCase(needs.key)}`;
    return new ConfigError(
      "config.conflict",
      `${where}: --${kebabCase(full)} has no effect without ${flag} ${needs.values.join(" or ")}`,
      { hint: `Leave it out, or choose ${flag} ${needs.values.join(" or ")}.` },
    );
  }
  const nested = fields.filter((field) => path.length > 0 && field.key.startsWith(`${pathText(path)}.`));
  return new ConfigError("config.unknown-key", `${where}: unknown key "${full}"`, {
    hint:
      nested.length > 0
        ? suggestion(
            full,
            nested.map((field) => field.key),
          )
        : suggestion(key, Object.keys(schema.shape)),
  });
}

function hintFor(issue: z.core.$ZodIssue | undefined, got: unknown, schema: z.ZodObject): string {
  if (issue?.code === "invalid_value" && typeof got === "string")
    return suggestion(got, issue.values.map(String));
  const key = pathText((issue?.path ?? []).filter((part) => typeof part !== "number"));
  const fields = fieldsOf(schema);
  const off = fields.find((one) => one.removable && (one.key === key || key.startsWith(`${one.key}.`)));
  if (off && got === 0) return `To train without it, give --no-${off.flag}, or null in the config file.`;
  const field = fields.find((one) => one.key === key);
  const description = field?.description ?? "";
  return description === "" ? "See the command's --help." : `${key} is: ${description}.`;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : `${i === 0 ? "" : "."}${String(part)}`))
    .join("");
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  let at = values;
  for (const part of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = Reflect.get(at, part);
  }
  return at;
}

function shorten(value: unknown): string {
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
