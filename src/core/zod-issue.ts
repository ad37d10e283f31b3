import type { z } from "zod";

/** The first thing that a schema found wrong: where, e.g. "model.hidden" ("" for the whole value), and what. */
export function firstIssue({ issues: [issue] }: z.core.$ZodError): {
  readonly path: string;
  readonly message: string;
} {
  return { path: issue?.path.map(String).join(".") ?? "", message: issue?.message ?? "not valid" };
}

/** The first thing that a schema found wrong as text, e.g. "model.hidden: expected number, received string". */
export function zodIssue(error: z.core.$ZodError): string {
  const { path, message } = firstIssue(error);
  return path === "" ? message : `${path}: ${message}`;
}
