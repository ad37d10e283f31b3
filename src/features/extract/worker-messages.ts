import { type ErrorCode, EuarError } from "../../core/errors.js";
import type { Identities, ModalityResult } from "./plan.js";
import type { Sample } from "./sample.js";

/** To the worker. */
export interface WorkerRequest {
  readonly sample: Sample;
}

/** From the worker: once what it has loaded, then one answer per request. */
export type WorkerReply =
  | { readonly kind: "ready"; readonly identities: Identities }
  | { readonly kind: "results"; readonly results: readonly ModalityResult[] }
  | { readonly kind: "error"; readonly error: PlainError };

/** An error as it crosses threads, where classes are lost. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

export function plainError(error: unknown): PlainError {
  if (error instanceof EuarError) return { code: error.code, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
  return { code: "internal", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function errorOf({ code, message, hint }: PlainError): EuarError {
  return new EuarError(code, message, hint === undefined ? {} : { hint });
}
