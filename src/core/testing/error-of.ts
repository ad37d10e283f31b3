import { EuarError } from "../errors.js";

/**
 * The EuarError that some work ends in. @throws anything else that it ends in, and an error where it succeeds
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
