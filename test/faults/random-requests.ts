import fc from "fast-check";
import { writeSafetensors } from "../../src/tensor.js";
import type { JsonSchema } from "../../src/server/api-page/openapi-document.js";
import type { Route } from "./read-document.js";

/** Request that a client could send, right or wrong. */
export interface RandomRequest {
  readonly operation: Route;
  /** Path and query. */
  readonly url: string;
  readonly contentType: string | undefined;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

type Schemas = Readonly<Record<string, JsonSchema>>;

/** Names that a server of the tests knows, so that some requests get past its first checks. */
const KNOWN = ["toy", "synthetic", "text", "audio", "predict", "test", "0.5", "3"];
const DEEPEST = 4;
const BOUNDARY = "fuzz-boundary";

const text = (): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...KNOWN) },
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
    { weight: 1, arbitrary: fc.constantFrom("", "../../etc/passwd", "%00", "__proto__", "x".repeat(300)) },
  );

/** Returns JSON values that match a schema. */
function valueOf(schema: JsonSchema, schemas: Schemas, depth = 0): fc.Arbitrary<unknown> {
  const inner = (next: JsonSchema): fc.Arbitrary<unknown> => valueOf(next, schemas, depth + 1);
  const { $ref, type, anyOf, items, minItems = 0, minimum, maximum } = schema;
  if ($ref !== undefined) return inner(schemas[$ref.replace("#/components/schemas/", "")] ?? {});
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (anyOf) return fc.oneof(...anyOf.map(inner));
  if (Array.isArray(type)) return fc.oneof(...type.map((one: string) => inner({ ...schema, type: one })));
  switch (type) {
    case "string":
      return text();
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "integer":
      return fc.integer({ min: minimum ?? -1000, max: Math.min(maximum ?? 1000, 1e9) });
    case "number":
      return fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
    case "array":
      return fc.array(items && depth < 2 * DEEPEST ? inner(items) : fc.double(), {
        minLength: minItems,
        maxLength: 6,
      });
    case "object":
      return objectOf(schema, inner);
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

function objectOf(
  { properties, required = [], additionalProperties }: JsonSchema,
  inner: (schema: JsonSchema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  if (properties) {
    const model = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, inner(one)]));
    return fc.record(model, { requiredKeys: [...required] });
  }
  const value = typeof additionalProperties === "object" ? inner(additionalProperties) : fc.jsonValue();
  return fc.dictionary(text(), value, { maxKeys: 4 });
}

/** Replaces the part of a value that `path` leads to. */
function replaced(value: unknown, path: readonly number[], junk: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== "object" || value === null) return junk;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return junk;
  const next = replaced((value as Record<string, unknown>)[key], rest, junk);
  if (Array.isArray(value)) return value.map((old: unknown, i) => (String(i) === key ? next : old));
  return { ...value, [key]: next };
}

/** Returns JSON texts: most of them valid by the schema, others with a wrong part, others no JSON. */
function jsonText(schema: JsonSchema, schemas: Schemas): fc.Arbitrary<string> {
  const valid = valueOf(schema, schemas);
  const wrong = fc
    .tuple(valid, fc.array(fc.nat(20), { maxLength: 4 }), fc.jsonValue({ maxDepth: 3 }))
    .map(([value, path, junk]) => replaced(value, path, junk));
  const cut = fc.tuple(valid, fc.nat(80)).map(([value, at]) => JSON.stringify(value).slice(0, at));
  const odd = fc.constantFrom(
    "[".repeat(100_000),
    '{"a":'.repeat(5000),
    '{"features":{"text":[1e999]}}',
    '{"features":{"text":[1]},"features":{}}',
    '{"__proto__":{"name":"x"}}',
    '"\\ud800"',
    "\u0000",
    `{"name":"${"x".repeat(20_000)}"}`,
  );
  return fc.oneof(
    { weight: 4, arbitrary: valid.map((value) => JSON.stringify(value)) },
    { weight: 4, arbitrary: wrong.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: cut },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
    { weight: 1, arbitrary: odd },
  );
}

/** Returns multipart bodies: of the right parts, of other parts, or cut. */
function formText(schema: JsonSchema): fc.Arbitrary<string> {
  const names = [...Object.keys(schema.properties ?? {}), "media.text", "other", "media.", "__proto__"];
  const part = fc.record({
    name: fc.constantFrom(...names),
    file: fc.option(fc.constantFrom("a.wav", "../../a.srt", 'q"uote.png', "x".repeat(500)), {
      nil: undefined,
    }),
    value: fc.oneof(text(), fc.constant("RIFF"), fc.constant("\u0089PNG\r\n\u001a\n")),
  });
  const whole = fc.array(part, { maxLength: 25 }).map((parts) => {
    const texts = parts.map(({ name, file, value }) => {
      const filename = file === undefined ? "" : `; filename="${file}"`;
      return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${filename}\r\n\r\n${value}\r\n`;
    });
    return `${texts.join("")}--${BOUNDARY}--\r\n`;
  });
  const cut = fc.tuple(whole, fc.nat(300)).map(([body, at]) => body.slice(0, at));
  return fc.oneof({ weight: 3, arbitrary: whole }, { weight: 1, arbitrary: cut });
}

/**
 * Returns safetensors files: of the right tensors, of others, with any metadata, cut, or with a wrong byte.
 */
function tensorFile(): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const size = fc.integer({ min: 0, max: 6 });
  const shape = fc.oneof(
    fc.constantFrom([2, 6], [2, 4], [6], [4], [1, 3, 6]),
    fc.array(size, { maxLength: 4 }),
  );
  const tensor = shape.map((extents) => {
    const count = extents.reduce((product, extent) => product * extent, 1);
    return { shape: extents, values: Float32Array.from({ length: count }, (_, i) => i - 1) };
  });
  const whole = fc
    .record({
      tensors: fc.array(fc.tuple(fc.oneof(fc.constantFrom("text", "audio"), text()), tensor), {
        maxLength: 3,
      }),
      ids: fc.option(fc.oneof(fc.constant('["a",1]'), text(), fc.json({ maxDepth: 2 })), { nil: undefined }),
    })
    .map(({ tensors, ids }) =>
      Uint8Array.from(
        writeSafetensors({ tensors: new Map(tensors), metadata: ids === undefined ? {} : { ids } }),
      ),
    );
  const cut = fc.tuple(whole, fc.nat(150)).map(([bytes, at]) => bytes.slice(0, at));
  const changed = fc.tuple(whole, fc.nat(150), fc.nat(255)).map(([bytes, at, byte]) => {
    bytes[at % Math.max(1, bytes.length)] = byte;
    return bytes;
  });
  return fc.oneof({ weight: 3, arbitrary: whole }, { weight: 1, arbitrary: cut }, changed);
}

function bodyOf(
  { requestBody }: Route,
  schemas: Schemas,
): fc.Arbitrary<Pick<RandomRequest, "contentType" | "body">> {
  if (!requestBody) return fc.constant({ contentType: undefined, body: undefined });
  const types = Object.entries(requestBody.content).map(([type, { schema }]) => {
    if (type === "application/x-safetensors")
      return tensorFile().map((body) => ({ contentType: type, body }));
    const known = schema.$ref === undefined ? schema : (schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {});
    if (type === "multipart/form-data")
      return formText(known).map((body) => ({ contentType: `${type}; boundary=${BOUNDARY}`, body }));
    return jsonText(known, schemas).map((body) => ({ contentType: type, body }));
  });
  const mislabelled: fc.Arbitrary<Pick<RandomRequest, "contentType" | "body">> = fc
    .tuple(fc.constantFrom("text/plain", "application/json; x", "multipart/form-data", "a"), text())
    .map(([contentType, body]) => ({ contentType, body }));
  return fc.oneof(
    { weight: 9, arbitrary: fc.oneof(...types) },
    { weight: 1, arbitrary: mislabelled },
    { weight: 1, arbitrary: fc.constant({ contentType: undefined, body: undefined }) },
  );
}

function urlOf({ path, parameters }: Route, schemas: Schemas): fc.Arbitrary<string> {
  const values = parameters.map(({ schema }) =>
    fc.oneof({ weight: 3, arbitrary: valueOf(schema, schemas) }, { weight: 1, arbitrary: text() }),
  );
  const given = parameters.map(({ in: place }) => (place === "path" ? fc.constant(true) : fc.boolean()));
  return fc.tuple(fc.tuple(...values), fc.tuple(...given)).map(([texts, isGiven]) => {
    let url = path;
    const query = new URLSearchParams();
    for (const [i, { name, in: place }] of parameters.entries()) {
      const value = String(texts[i]);
      // an empty part of a path, or one of dots, is another path
      const part = /^\.*$/.test(value) ? "x" : encodeURIComponent(value);
      if (place === "path") url = url.replace(`{${name}}`, part);
      else if (place === "query" && isGiven[i] === true) query.append(name, value);
    }
    return query.size === 0 ? url : `${url}?${query.toString()}`;
  });
}

/** Returns requests to the routes of an OpenAPI document. Routes with a body are the most frequent. */
export function randomRequests(operations: readonly Route[], schemas: Schemas): fc.Arbitrary<RandomRequest> {
  return fc.oneof(
    ...operations.map((operation) => ({
      weight: operation.requestBody ? 5 : 1,
      arbitrary: fc
        .tuple(urlOf(operation, schemas), bodyOf(operation, schemas))
        .map(([url, content]) => ({ operation, url, ...content })),
    })),
  );
}
