import { EuarError } from "euar/browser";
import type { Failure } from "./protocol.js";

/** An error as a message can carry it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof EuarError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}

/** The error of a message. */
export function errorOf({ code, message, hint }: Failure): EuarError {
  return new EuarError(code, message, hint === undefined ? {} : { hint });
}
