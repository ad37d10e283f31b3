import { z } from "zod";
import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";

/** What a flag takes, read off the schema that also checks config files and writes the documentation. */
export interface Field {
  /** Name in a config file, camelCase. */
  readonly key: string;
  /** Name on the command line, without the dashes, kebab-case. */
  readonly flag: string;
  readonly type: "string" | "number" | "integer" | "boolean" | "list";
  /** Type of a list's items. */
  readonly itemType?: "string" | "number" | "integer";
  readonly choices?: readonly string[];
  /** Absent for what has no default. */
  readonly fallback?: unknown;
  readonly required: boolean;
  readonly description: string;
}

const jsonField = z.object({
  type: z.enum(["string", "number", "integer", "boolean", "array"]),
  enum: z.array(z.string()).optional(),
  default: z.unknown().optional(),
  description: z.string().default(""),
  items: z
    .object({ type: z.enum(["string", "number", "integer"]), enum: z.array(z.string()).optional() })
    .optional(),
});

const jsonObject = z.object({
  properties: z.record(z.string(), jsonField),
  required: z.array(z.string()).default([]),
});

/** topK -> top-k. */
export function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The JSON Schema of what a user may write: fields with a default are optional. */
export function jsonSchemaOf(schema: z.ZodObject): Record<string, unknown> {
  return z.toJSONSchema(schema, { io: "input" });
}

/**
 * The fields of a flat object schema.
 * @throws if a field's type is not a scalar, an enumeration or a list of scalars: such a field cannot be a
 * flag
 */
export function fieldsOf(schema: z.ZodObject): Field[] {
  const json = jsonObject.parse(jsonSchemaOf(schema));
  return Object.entries(json.properties).map(([key, property]) => {
    const choices = property.enum ?? property.items?.enum;
    return {
      key,
      flag: kebabCase(key),
      type: property.type === "array" ? "list" : property.type,
      ...(property.type === "array" ? { itemType: property.items?.type ?? "string" } : {}),
      ...(choices ? { choices } : {}),
      ...(property.default === undefined ? {} : { fallback: property.default }),
      required: json.required.includes(key),
      description: property.description,
    };
  });
}

/** What a flag's text means; the schema checks ranges afterwards. */
export function parseFlag(field: Field, text: string): unknown {
  if (field.type === "list") {
    if (text === "") return [];
    return text.split(",").map((item) => parseScalar(field, field.itemType ?? "string", item.trim()));
  }
  return parseScalar(field, field.type === "boolean" ? "string" : field.type, text);
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

/** What the user sees as a flag's argument in help and tables. */
export function placeholderOf(field: Field): string {
  if (field.type === "boolean") return "";
  if (field.choices) return field.type === "list" ? "<list>" : "<choice>";
  const names = {
    string: "<text>",
    number: "<number>",
    integer: "<int>",
    list: "<list>",
    boolean: "",
  } as const;
  return names[field.type];
}

/**
 * Checks `values` against the schema and fills in the defaults.
 * @param where where the values came from, for messages, e.g. "euar train" or "config file run.json"
 * @param positional the key that is given without a flag, if there is one
 * @throws ConfigError naming the key, what was expected, what came, and the nearest known key for an unknown
 * one
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
  const message = first
    ? first.message.replace(/^(Invalid input|Invalid option|Too small|Too big): /, "")
    : "invalid";
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

/** The error for a key that the schema does not have. */
export function unknownKey(
  key: string,
  path: readonly PropertyKey[],
  schema: z.ZodObject,
  where: string,
): ConfigError {
  return new ConfigError("config.unknown-key", `${where}: unknown key "${pathText([...path, key])}"`, {
    hint: suggestion(key, Object.keys(schema.shape)),
  });
}

function hintFor(issue: z.core.$ZodIssue | undefined, got: unknown, schema: z.ZodObject): string {
  if (issue?.code === "invalid_value" && typeof got === "string")
    return suggestion(got, issue.values.map(String));
  const key = issue?.path[0];
  const description = fieldsOf(schema).find((field) => field.key === key)?.description ?? "";
  return description === "" ? "See the command's --help." : `${String(key)} is: ${description}.`;
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
