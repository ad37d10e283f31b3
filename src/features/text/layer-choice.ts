import { z } from "zod";
import { ConfigError } from "../../core/errors.js";

/** Hidden layers in an option: "7", or "6+7+8" for their mean; 0 is the embeddings. */
export type LayerChoice = string;

const PATTERN = /^\d{1,3}(?:\+\d{1,3})*$/;

/** Option `layer` of adapters whose network offers its hidden layers. */
export const layerOption = z
  .string()
  .regex(PATTERN, "must be the number of a layer, or several joined by +, e.g. 6+7+8")
  .optional();

/**
 * Returns the numbers of the layers to average.
 * @throws ConfigError "config.invalid" for anything but distinct numbers
 */
export function parseLayers(choice: LayerChoice, adapter: string): number[] {
  const layers = PATTERN.test(choice) ? choice.split("+").map(Number) : [];
  if (layers.length > 0 && new Set(layers).size === layers.length) return layers;
  throw new ConfigError("config.invalid", `${adapter}: "${choice}" names no layers`, {
    hint: "Give the number of a layer (0 is the embeddings), or different ones joined by +, e.g. 6+7+8.",
  });
}

/** @throws ConfigError "config.invalid" for a layer that does not exist */
export function requireLayers(wanted: readonly number[], offered: readonly number[], place: string): void {
  const absent = wanted.find((layer) => !offered.includes(layer));
  if (absent === undefined) return;
  const listed = [...offered].sort((a, b) => a - b).join(", ");
  throw new ConfigError("config.invalid", `${place} has no layer ${absent}`, {
    hint:
      listed === ""
        ? "It offers only its last layer. Export it with its hidden states, or use text/encoder."
        : `Layers that it offers: ${listed}.`,
  });
}
