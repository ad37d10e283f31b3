import { EuarError } from "../../../src/core/errors.js";
import { RequestError } from "../api/request.js";

/** Error in the form that the page shows. */
export interface ShownError {
  readonly message: string;
  readonly hint: string | undefined;
  readonly code: string | undefined;
}

export function shownError(error: unknown): ShownError {
  if (error instanceof EuarError || error instanceof RequestError)
    return { message: error.message, hint: error.hint, code: error.code };
  return {
    message: error instanceof Error ? error.message : String(error),
    hint: undefined,
    code: undefined,
  };
}
