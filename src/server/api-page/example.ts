import type { JsonSchema, Operation } from "./openapi-document.js";
import { refName, typesOf } from "./type-text.js";

type Schemas = Readonly<Record<string, JsonSchema>>;

/** Makes a value of a schema: its example, or else the simplest value with all that is required. */
export function exampleOf(schema: JsonSchema, schemas: Schemas): unknown {
  const { $ref, anyOf, allOf } = schema;
  if (schema.example !== undefined) return schema.example;
  if ($ref !== undefined) return exampleOf(schemas[refName($ref)] ?? {}, schemas);
  if (schema.enum) return schema.enum[0];
  const [first] = anyOf ?? [];
  if (first) return exampleOf(first, schemas);
  if (allOf) return Object.assign({}, ...allOf.map((part) => exampleOf(part, schemas))) as unknown;
  return simplest(schema, schemas);
}

function simplest(schema: JsonSchema, schemas: Schemas): unknown {
  const { properties = {}, required = [], items, minimum, additionalProperties } = schema;
  switch (typesOf(schema)[0]) {
    case "object":
      return Object.fromEntries([
        ...required.map((key) => [key, exampleOf(properties[key] ?? {}, schemas)] as const),
        ...(typeof additionalProperties === "object" && Object.keys(properties).length === 0
          ? [["name", exampleOf(additionalProperties, schemas)] as const]
          : []),
      ]);
    case "array":
      return items ? [exampleOf(items, schemas)] : [];
    case "number":
      return minimum ?? 0.5;
    case "integer":
      return minimum ?? 1;
    case "boolean":
      return true;
    case "string":
      return "text";
    default:
      return null;
  }
}

/** Route with what its example needs. */
export interface ShownRoute extends Operation {
  readonly method: string;
  readonly path: string;
}

/**
 * Returns a command that sends a request to a route, with every required part. Placeholders are in capitals.
 * @param needsKey true if the server requires keys
 */
export function curlExample(
  { method, path, parameters, requestBody }: ShownRoute,
  schemas: Schemas,
  needsKey: boolean,
): string {
  const query = parameters
    .filter(({ in: place, required }) => place === "query" && required)
    .map(
      ({ name, schema }) =>
        `${name}=${typeof schema.example === "string" ? schema.example : name.toUpperCase()}`,
    );
  const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
  const url = `http://127.0.0.1:8765${place}${query.length === 0 ? "" : `?${query.join("&")}`}`;
  const parts = [
    `curl -s${method === "get" ? "" : ` -X ${method.toUpperCase()}`} ${quoted(url)}`,
    ...(needsKey ? ['-H "Authorization: Bearer $EUAR_KEY"'] : []),
    ...bodyParts(requestBody, schemas),
  ];
  return parts.join(" \\\n  ");
}

function bodyParts(body: Operation["requestBody"], schemas: Schemas): string[] {
  const json = body?.content["application/json"]?.schema;
  if (json) {
    const text = JSON.stringify(exampleOf(json, schemas));
    return ["-H 'Content-Type: application/json'", `-d ${quoted(text)}`];
  }
  if (body?.content["multipart/form-data"]) return ["-F clip=@clip.mp4"];
  return body ? ["-d key=KEY"] : [];
}

/** Quotes text for a shell. */
function quoted(text: string): string {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
