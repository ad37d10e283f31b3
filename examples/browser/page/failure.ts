import { EuarError } from "euar/browser";
import type { Failure } from "./protocol.js";

/** Converts an error to a form that a message can carry. */
export function failureOf(error: unknown): Failure {
  if (error instanceof EuarError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}

/** Converts the error of a message back. */
export function errorOf({ code, message, hint }: Failure): EuarError {
  return new EuarError(code, message, hint === undefined ? {} : { hint });
}
