import type { EuarError } from "../../core/errors.js";

/** Output line of one input that failed. */
export interface ErrorAnswer {
  readonly error: {
    readonly code: EuarError["code"];
    readonly message: string;
    readonly hint: string | null;
  };
}

export function errorAnswer({ code, message, hint }: EuarError): ErrorAnswer {
  return { error: { code, message, hint: hint ?? null } };
}
