import { DataError } from "../../core/errors.js";
import type { Dataset } from "../dataset.js";

export function readFolder(path: string): Dataset {
  throw new DataError("data.format", `${path} is a folder without a description.`, { hint: "Put a dataset.json into it." });
}
