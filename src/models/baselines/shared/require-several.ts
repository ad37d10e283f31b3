import { ConfigError } from "../../../core/errors.js";
import type { DataSignature } from "../../model.js";

/**
 * Of a method that is about what modalities say of each other. @throws ConfigError for fewer than two
 * modalities
 */
export function requireSeveral(name: string, { modalities }: DataSignature): void {
  if (modalities.length >= 2) return;
  throw new ConfigError(
    "config.conflict",
    `${name} needs two modalities or more, and there ${modalities.length === 1 ? "is one" : "are none"}`,
    { hint: "Name more of them with modalities, or choose another model, such as concat." },
  );
}
