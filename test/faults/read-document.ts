import {
  documentSchema,
  type JsonSchema,
  type Operation,
} from "../../src/server/api-page/openapi-document.js";

/** Operation with its place in the OpenAPI document. */
export interface Route extends Operation {
  readonly method: string;
  readonly path: string;
}

/** Reads the routes and the named schemas of an OpenAPI document. */
export function readDocument(document: unknown): {
  readonly operations: readonly Route[];
  readonly schemas: Readonly<Record<string, JsonSchema>>;
} {
  const { paths, components } = documentSchema.parse(document);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
  );
  return { operations, schemas: components.schemas };
}
