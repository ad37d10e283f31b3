import type { EuarError } from "../../core/errors.js";

/** What was wrong with one input of many, in its line. */
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
