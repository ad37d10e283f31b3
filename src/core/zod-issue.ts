import type { z } from "zod";

/**
 * Returns the first problem that a schema found: its path, e.g. "model.hidden" ("" for the whole value), and
 * its message.
 */
export function firstIssue({ issues: [issue] }: z.core.$ZodError): {
  readonly path: string;
  readonly message: string;
} {
  return { path: issue?.path.map(String).join(".") ?? "", message: issue?.message ?? "not valid" };
}

/**
 * Returns the first problem that a schema found, as text, e.g. "model.hidden: expected number, received
 * string".
 */
export function zodIssue(error: z.core.$ZodError): string {
  const { path, message } = firstIssue(error);
  return path === "" ? message : `${path}: ${message}`;
}
