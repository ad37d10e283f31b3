import { EuarError } from "../../../core/errors.js";

/** Refuses a selection of more values than a row has. */
export function requireWidth(k: number, width: number): void {
  if (k > width) throw new EuarError("internal", `topK: cannot take the ${k} largest of ${width} values`);
}
