import { z } from "@hono/zod-openapi";

/** Problem details of RFC 9457, with the code and the remedy of docs/errors.md. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ example: "urn:euar:error:data.format" }),
    title: z.string().openapi({ example: "Bad Request" }),
    status: z.int().openapi({ example: 400 }),
    detail: z.string().describe("the reason: the failed step, the expected value and the value found"),
    code: z.string().describe("error code of docs/errors.md").openapi({ example: "data.format" }),
    hint: z.string().nullable().describe("remedy"),
  })
  .openapi("Problem");

/** Error of one sample among several. */
export const sampleErrorSchema = z
  .object({ code: z.string(), message: z.string(), hint: z.string().nullable() })
  .openapi("SampleError");

/** Describes responses with problem details, for the OpenAPI document. */
export function problems(
  descriptions: Readonly<Record<number, string>>,
): Record<
  number,
  { description: string; content: { "application/problem+json": { schema: typeof problemSchema } } }
> {
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [
      Number(status),
      { description, content: { "application/problem+json": { schema: problemSchema } } },
    ]),
  );
}

/** Responses to a JSON body that the server does not read. */
export const jsonBodyProblems = problems({ 413: "a body over the limit", 415: "a body of another type" });
