import {
  documentSchema,
  type JsonSchema as Schema,
  METHODS,
  type Operation,
} from "../../src/server/api-page/openapi-document.js";

/** Returns the types of an OpenAPI document, in the form that openapi-fetch reads. */
export function apiTypes(document: unknown): string {
  const { paths, components } = documentSchema.parse(document);
  const schemas = Object.entries(components.schemas).map(([name, schema]) =>
    member(name, typeOf(schema), schema),
  );
  const routes = Object.entries(paths).map(([path, methods]) => {
    const known = METHODS.map((method) => {
      const operation = methods[method];
      return operation
        ? `${docstring(operation.summary)}${method}: ${operationType(operation)};`
        : `${method}?: never;`;
    });
    return (
      `"${path}": { parameters: { query?: never; header?: never; path?: never; cookie?: never };\n` +
      `${known.join("\n")} };`
    );
  });
  return (
    "// Made from the OpenAPI document of the server by `npm run client:types`. Do not edit.\n\n" +
    `/** Routes of the server: parameters, bodies and responses by path and method. */\n` +
    `export interface paths {\n${routes.join("\n")}\n}\n\n` +
    `/** Schemas of the server's bodies, by name. */\n` +
    `export interface components {\nschemas: {\n${schemas.join("\n")}\n};\n}\n`
  );
}

function operationType({ parameters, requestBody, responses }: Operation): string {
  const kinds = (["query", "header", "path"] as const).map((kind) => {
    const own = parameters.filter((parameter) => parameter.in === kind);
    if (own.length === 0) return `${kind}?: never;`;
    const optional = own.some(({ required }) => required) ? "" : "?";
    const members = own.map(({ name, required, schema }) => member(name, typeOf(schema), schema, required));
    return `${kind}${optional}: {\n${members.join("\n")}\n};`;
  });
  const body = requestBody
    ? `requestBody${requestBody.required ? "" : "?"}: { content: ${contentType(requestBody.content)} };`
    : "requestBody?: never;";
  const answers = Object.entries(responses).map(
    ([status, response]) =>
      `${status}: { headers: Record<string, unknown>; ` +
      `content${response.content ? `: ${contentType(response.content)}` : "?: never"} };`,
  );
  return (
    `{ parameters: { ${kinds.join(" ")} cookie?: never };\n${body}\nresponses: {\n${answers.join("\n")}\n` +
    "} }"
  );
}

function contentType(types: NonNullable<Operation["requestBody"]>["content"]): string {
  return `{ ${Object.entries(types)
    .map(([type, { schema }]) => `"${type}": ${typeOf(schema)};`)
    .join(" ")} }`;
}

function typeOf(schema: Schema): string {
  const { $ref, type, anyOf, allOf, items, properties, required = [], additionalProperties } = schema;
  if ($ref !== undefined) return `components["schemas"]["${$ref.replace("#/components/schemas/", "")}"]`;
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (anyOf) return anyOf.map((one) => `(${typeOf(one)})`).join(" | ");
  if (allOf) return allOf.map((one) => `(${typeOf(one)})`).join(" & ");
  if (type !== undefined && typeof type !== "string")
    return type.map((one) => `(${typeOf({ ...schema, type: one })})`).join(" | ");
  switch (type) {
    case "integer":
    case "number":
      return "number";
    case "string":
      return schema.format === "binary" ? "Blob" : type;
    case "boolean":
    case "null":
      return type;
    case "array":
      return `(${items ? typeOf(items) : "unknown"})[]`;
    case "object": {
      if (!properties) {
        const value = typeof additionalProperties === "object" ? typeOf(additionalProperties) : "unknown";
        return `Record<string, ${value}>`;
      }
      const members = Object.entries(properties).map(([name, one]) =>
        member(name, typeOf(one), one, required.includes(name)),
      );
      return `{\n${members.join("\n")}\n}`;
    }
    default:
      return "unknown";
  }
}

function member(name: string, type: string, { description }: Schema, required = true): string {
  return `${docstring(description)}${JSON.stringify(name)}${required ? "" : "?"}: ${type};`;
}

function docstring(text: string | undefined): string {
  return text === undefined ? "" : `/** ${text.replaceAll("*/", "* /")} */\n`;
}
