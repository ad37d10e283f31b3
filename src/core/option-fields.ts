import { z } from "zod";
import { kebabCase } from "./kebab-case.js";

/** One option, read from the schema that also checks config files and generates the documentation. */
export interface Field {
  /** Dotted path in a config file, camelCase. */
  readonly key: string;
  /** Name on the command line, without the dashes, kebab-case. */
  readonly flag: string;
  /** Short name on the command line, if there is one. */
  readonly alias?: string;
  /** Type of the option. "part": options that belong together and may be absent together. */
  readonly type: "string" | "number" | "integer" | "boolean" | "list" | "part";
  /** Type of a list's items. */
  readonly itemType?: "string" | "number" | "integer";
  /** True for a list whose items may have commas: a flag gives one item, and there can be several flags. */
  readonly repeated?: boolean;
  readonly choices?: readonly string[];
  /** Default value; absent if there is none. */
  readonly fallback?: unknown;
  readonly required: boolean;
  /** True if the option may be null: a part, or an option that selects a part. */
  readonly removable: boolean;
  /** Option that this one depends on, and its values for which this one exists. */
  readonly needs?: { readonly key: string; readonly values: readonly string[] };
  readonly description: string;
}

interface JsonNode {
  readonly type?: string | readonly string[] | undefined;
  readonly enum?: readonly string[] | undefined;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string | undefined;
  readonly alias?: string | undefined;
  readonly repeated?: boolean | undefined;
  readonly items?: JsonNode | undefined;
  readonly properties?: Readonly<Record<string, JsonNode>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly anyOf?: readonly JsonNode[] | undefined;
  readonly oneOf?: readonly JsonNode[] | undefined;
}

const jsonNode: z.ZodType<JsonNode> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.string()).optional(),
    const: z.unknown().optional(),
    default: z.unknown().optional(),
    description: z.string().optional(),
    alias: z.string().optional(),
    repeated: z.boolean().optional(),
    items: jsonNode.optional(),
    properties: z.record(z.string(), jsonNode).optional(),
    required: z.array(z.string()).optional(),
    anyOf: z.array(jsonNode).optional(),
    oneOf: z.array(jsonNode).optional(),
  }),
);

const scalarTypes = ["string", "number", "integer", "boolean"] as const;
const itemTypes = ["string", "number", "integer"] as const;

/** Returns the JSON Schema of user input. Options with a default are optional. */
export function jsonSchemaOf(schema: z.ZodObject): Record<string, unknown> {
  return z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema }) => {
      delete jsonSchema["alias"]; // not keywords of JSON Schema
      delete jsonSchema["repeated"];
    },
  });
}

/**
 * Returns the options of a schema, including those of its parts.
 * @throws ZodError for a type that cannot be a flag: not a scalar, an enumeration, a list of scalars, or a
 * part
 */
export function fieldsOf(schema: z.ZodObject): Field[] {
  return fieldsOfJson(z.toJSONSchema(schema, { io: "input" }));
}

/**
 * Returns the options of a JSON Schema that {@link jsonSchemaOf} made.
 * @throws ZodError as {@link fieldsOf}
 */
export function fieldsOfJson(schema: unknown): Field[] {
  return fieldsIn(jsonNode.parse(schema), "", false);
}

/** Returns the dotted paths of all options of a schema, and of the parts that may be absent. */
export function optionPaths(schema: z.ZodObject): string[] {
  return fieldsOf(schema).map(({ key }) => key);
}

function fieldsIn({ properties = {}, required = [] }: JsonNode, prefix: string, isAbsent: boolean): Field[] {
  return Object.entries(properties).flatMap(([name, node]) =>
    fieldsAt(`${prefix}${name}`, node, required.includes(name) && !isAbsent, isAbsent),
  );
}

/** @param isAbsent true if the option's part is absent by default */
function fieldsAt(key: string, node: JsonNode, required: boolean, isAbsent: boolean): Field[] {
  const { inner, removable } = withoutNull(node);
  if (inner.oneOf) return unionFields(key, node, inner.oneOf);
  const { description = "", alias, default: fallback } = node;
  const common = { key, flag: kebabCase(key), required, removable, description };
  if (inner.properties) {
    const partField: Field[] = removable ? [{ ...common, type: "part" }] : [];
    return [...partField, ...fieldsIn(inner, `${key}.`, isAbsent || (removable && fallback === null))];
  }
  const choices = inner.enum ?? inner.items?.enum;
  return [
    {
      ...common,
      ...typeOf(inner),
      ...(alias !== undefined && { alias }),
      ...(node.repeated === true && { repeated: true }),
      ...(choices && { choices }),
      ...(fallback !== undefined && fallback !== null && { fallback }),
    },
  ];
}

/** Returns the non-null type of a node. */
function withoutNull(node: JsonNode): { readonly inner: JsonNode; readonly removable: boolean } {
  const types = [node.type ?? []].flat();
  const removable = [...types, ...(node.anyOf ?? []).map(({ type }) => type)].includes("null");
  const [only = node, ...others] = node.anyOf?.filter(({ type }) => type !== "null") ?? [];
  return { inner: others.length === 0 ? only : node, removable }; // a union of types cannot be a flag
}

/** @throws ZodError for a type that cannot be a flag */
function typeOf({ type, items }: JsonNode): Pick<Field, "type" | "itemType"> {
  if (type === "array") return { type: "list", itemType: z.enum(itemTypes).parse(items?.type) };
  const [only, ...others] = [type].flat().filter((name) => name !== "null");
  return { type: z.enum(scalarTypes).parse(others.length === 0 ? only : type) };
}

/** Returns the kind of a part, then the options of each kind. */
function unionFields(key: string, node: JsonNode, members: readonly JsonNode[]): Field[] {
  const kinds = members.map(({ properties }) => z.string().parse(properties?.["kind"]?.const));
  const kindKey = `${key}.kind`;
  const kind: Field = {
    key: kindKey,
    flag: kebabCase(kindKey),
    ...(node.alias !== undefined && { alias: node.alias }),
    type: "string",
    choices: kinds,
    fallback: z.object({ kind: z.string() }).parse(node.default).kind,
    required: false,
    removable: false,
    description: node.description ?? "",
  };
  const options = members.flatMap((member, i) =>
    fieldsIn(member, `${key}.`, true)
      .filter((field) => field.key !== kindKey)
      .map((field): Field => ({ ...field, needs: { key: kindKey, values: kinds.slice(i, i + 1) } })),
  );
  return [kind, ...options];
}
