import type { JsonSchema } from "./openapi-document.js";

/** Describes the type of a value in a few words, such as "list of Sample, or null". */
export function typeText(schema: JsonSchema): string {
  const { $ref, anyOf, allOf, items, additionalProperties, format } = schema;
  if ($ref !== undefined) return refName($ref);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(", ");
  if (anyOf) return [...new Set(anyOf.map(typeText))].join(" or ");
  if (allOf) return allOf.map(typeText).join(" and ");
  const names = typesOf(schema).map((type) => {
    if (type === "array") return items ? `list of ${typeText(items)}` : "list";
    if (type !== "object") return format === "binary" ? "file" : type;
    return typeof additionalProperties === "object" && !schema.properties
      ? `object by name, each ${typeText(additionalProperties)}`
      : "object";
  });
  return names.length === 0 ? "any value" : names.join(" or ");
}

/** Returns the types that a schema names itself. */
export function typesOf({ type }: JsonSchema): readonly string[] {
  if (type === undefined) return [];
  return typeof type === "string" ? [type] : type;
}

/** Returns the name of a schema in a reference. */
export function refName(reference: string): string {
  return reference.replace("#/components/schemas/", "");
}
