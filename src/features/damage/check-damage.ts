import { damageKind } from "../../corruption/damage-medium.js";
import { type DamagePart, showDamage } from "../../corruption/damage-specification.js";
import { ConfigError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";
import type { ReadableModality } from "../readable-modalities.js";
import { mediumOf } from "../registry.js";

/**
 * Checks that a specification names modalities of the source and kinds of their media.
 *
 * @param place option that has the specification, for messages
 * @throws ConfigError "config.invalid" with the nearest name
 */
export function checkDamage(
  parts: readonly DamagePart[],
  modalities: readonly ReadableModality[],
  place: string,
): void {
  for (const part of parts) {
    const modality = modalities.find(({ name }) => name === part.modality);
    const names = modalities.map(({ name }) => name);
    if (modality === undefined)
      throw new ConfigError("config.invalid", `${place}: there is no ${part.modality} to corrupt`, {
        hint: suggestion(part.modality, names),
      });
    try {
      damageKind(mediumOf(modality.kind).damages, part.kind);
    } catch (cause) {
      if (!(cause instanceof ConfigError)) throw cause;
      throw new ConfigError("config.invalid", `${place}: ${showDamage(part)}: ${cause.message}`, {
        ...(cause.hint !== undefined && { hint: cause.hint }),
        cause,
      });
    }
  }
}
