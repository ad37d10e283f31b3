import { details, escapeHtml, heading, type Html, lede, page, paragraph, table } from "../../report/html.js";
import { curlExample, exampleOf, type ShownRoute } from "./example.js";
import type { ApiDocument, JsonSchema } from "./openapi-document.js";
import { refName, typeText } from "./type-text.js";

/** Tag of the routes that come last. */
const LAST = "server";

/**
 * Renders a page with all routes of an OpenAPI document: parameters, bodies, responses, and a command for
 * each. It needs no scripts and no other files.
 * @param needsKey true if the server requires keys
 */
export function apiPage({ info, paths, components }: ApiDocument, needsKey: boolean): string {
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): ShownRoute => ({ ...operation, method, path })),
  );
  const tags = [...new Set(routes.flatMap((route) => route.tags))].sort(
    (a, b) => Number(a === LAST) - Number(b === LAST),
  );
  const { schemas } = components;
  return page(
    `API of ${info.title} ${info.version}`,
    [
      ...tags.flatMap((tag) => [
        heading(capitalised(tag)),
        ...routes
          .filter((route) => route.tags.includes(tag))
          .map((route) => routeDetails(route, schemas, needsKey)),
      ]),
      heading("Schemas"),
      ...Object.entries(schemas).map(([name, schema]) =>
        details(name, [anchor(`schema-${name}`), ...schemaParts(name, schema, schemas)]),
      ),
    ],
    "",
    [
      lede(info.description),
      {
        html:
          '<p>Programs read the same from <a href="/openapi.json">/openapi.json</a>. Errors are problem ' +
          'details (RFC 9457) with a code and a remedy. <a href="/">The web pages</a> use them, too.' +
          `${needsKey ? " Each request needs a key, in the header Authorization." : ""}</p>`,
      },
    ],
  );
}

type Schemas = ApiDocument["components"]["schemas"];

function routeDetails(route: ShownRoute, schemas: Schemas, needsKey: boolean): Html {
  const { method, path, summary, description, parameters, requestBody, responses } = route;
  const name = `${method.toUpperCase()} ${path}`;
  const parts = [
    ...(description === undefined ? [] : [paragraph(description)]),
    ...(parameters.length === 0
      ? []
      : [
          table({
            caption: `Parameters of ${name}`,
            columns: ["name", "in", "type", "meaning"].map((title) => ({ heading: title })),
            rows: parameters.map((one) => [
              one.name,
              one.in,
              `${typeText(one.schema)}${one.required ? "" : ", optional"}`,
              one.description ?? one.schema.description ?? "",
            ]),
          }),
        ]),
    ...Object.entries(requestBody?.content ?? {}).flatMap(([type, { schema }]) => [
      linked(`Body as ${type}: `, schema),
      ...schemaParts(`the body of ${name} as ${type}`, schema, schemas),
    ]),
    table({
      caption: `Responses of ${name}`,
      columns: ["status", "meaning", "content"].map((title) => ({ heading: title })),
      rows: Object.entries(responses).map(([status, response]) => [
        status,
        response.description,
        Object.entries(response.content ?? {})
          .map(([type, { schema }]) => `${type}: ${typeText(schema)}`)
          .join("; "),
      ]),
    }),
    code(curlExample(route, schemas, needsKey)),
  ];
  const breakable = escapeHtml(name).replaceAll("/", "/<wbr>"); // long paths fit narrow screens
  const id = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return {
    html:
      `<details id="${id}"><summary><code>${breakable}</code> ${escapeHtml(summary)}</summary>` +
      `${parts.map(({ html }) => html).join("\n")}</details>`,
  };
}

/** Renders the fields of an object. Empty for a schema that has its own entry, or no fields. */
function schemaParts(name: string, schema: JsonSchema, schemas: Schemas): Html[] {
  if (schema.$ref !== undefined) return [];
  const rows = fieldRows(schema, "");
  return [
    ...(schema.description === undefined ? [] : [paragraph(schema.description)]),
    ...(rows.length === 0
      ? [linked("", schema)]
      : [
          table({
            caption: `Fields of ${name}`,
            columns: ["field", "type", "meaning"].map((title) => ({ heading: title })),
            rows,
          }),
        ]),
    ...(schema.example === undefined ? [] : [code(JSON.stringify(exampleOf(schema, schemas)))]),
  ];
}

/** Returns the rows of an object's fields, with those of objects inside it. */
function fieldRows({ properties = {}, required = [] }: JsonSchema, path: string): string[][] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const isOptional = !required.includes(key);
    const inner = schema.items && !schema.properties ? schema.items : schema;
    return [
      [`${path}${key}`, `${typeText(schema)}${isOptional ? ", optional" : ""}`, schema.description ?? ""],
      ...fieldRows(inner, `${path}${key}.`),
    ];
  });
}

/** Renders a type, with links to the named schemas in it. */
function linked(before: string, schema: JsonSchema): Html {
  const names = new Set(namesIn(schema));
  const html = escapeHtml(typeText(schema)).replaceAll(/\w+/g, (word) =>
    names.has(word) ? `<a href="#schema-${word}">${word}</a>` : word,
  );
  return { html: `<p>${escapeHtml(before)}${html}</p>` };
}

function namesIn({ $ref, anyOf = [], allOf = [], items, additionalProperties }: JsonSchema): string[] {
  const inner = [...anyOf, ...allOf, ...(items ? [items] : [])];
  if (typeof additionalProperties === "object") inner.push(additionalProperties);
  return [...($ref === undefined ? [] : [refName($ref)]), ...inner.flatMap(namesIn)];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function anchor(id: string): Html {
  return { html: `<span id="${id}"></span>` };
}

function code(text: string): Html {
  return { html: `<pre class="scroll" tabindex="0"><code>${escapeHtml(text)}</code></pre>` };
}
