import { EuarError } from "../errors.js";

/**
 * Returns the code of the EuarError that `work` throws, or "no error".
 * @throws anything else that it throws
 */
export function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof EuarError) return error.code;
    throw error;
  }
  return "no error";
}
