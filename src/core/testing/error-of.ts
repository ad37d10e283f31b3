import { EuarError } from "../errors.js";

/**
 * Returns the EuarError that `work` ends in.
 * @throws anything else that it ends in, and an error if it succeeds
 */
export async function errorOf(work: Promise<unknown>): Promise<EuarError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof EuarError) return error;
    throw error;
  }
  throw new Error("expected an error");
}
