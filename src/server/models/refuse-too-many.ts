import { DataError } from "../../core/errors.js";

/**
 * Checks the number of samples in one body.
 * @throws DataError "data.format"
 */
export function refuseTooMany(count: number, most: number): void {
  if (count > most)
    throw new DataError("data.format", `prediction: ${count} samples in one body, the limit is ${most}`, {
      hint: "Send several requests, or JSON lines as application/x-ndjson.",
    });
}
