import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { apiPage } from "../api-page/api-page.js";
import { documentSchema } from "../api-page/openapi-document.js";

const route = createRoute({
  method: "get",
  path: "/api",
  tags: ["server"],
  summary: "Page that shows all routes",
  responses: { 200: { description: "the page", content: { "text/html": { schema: z.string() } } } },
});

/**
 * Adds the page that shows the API. It is made of the OpenAPI document at the first request.
 * @param document returns the OpenAPI document
 * @param needsKey true if the server requires keys
 */
export function addApiPage(app: OpenAPIHono, document: () => unknown, needsKey: boolean): void {
  app.openAPIRegistry.registerPath(route);
  let page: string | undefined;
  app.get(route.path, () => {
    page ??= apiPage(documentSchema.parse(document()), needsKey);
    return new Response(page, {
      headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" },
    });
  });
}
