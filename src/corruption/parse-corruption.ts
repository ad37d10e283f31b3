import { checkText } from "../core/check-options.js";
import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import type { Corruption } from "./corruption.js";
import { corruptionKinds, isKnownCorruption, largestAmount, ownName } from "./register-corruption.js";

const EXAMPLE = "For example: gaussian:1, or text=gaussian:0.5,audio=dropout:0.3, or missing:0.3.";

/**
 * Parses a specification: parts separated by commas, each `kind:amount` (for every modality) or
 * `modality=kind:amount`.
 * @throws ConfigError "config.invalid" for an invalid part, with a suggestion
 * @example
 * parseCorruption("text=gaussian:0.5,missing:0.3")
 */
export function parseCorruption(specification: string): Corruption[] {
  checkText(specification, "parseCorruption: the specification");
  return specification.split(",").map((part) => parsePart(part.trim(), specification));
}

function parsePart(part: string, whole: string): Corruption {
  const match = /^(?:([^=:]+)=)?([^=:]+)(?::([^=:]*))?$/.exec(part);
  if (match === null)
    throw new ConfigError(
      "config.invalid",
      `"${whole}": ${part === "" ? "a part is empty" : `"${part}" is not a corruption`}.`,
      { hint: EXAMPLE },
    );
  const [, modality, given = "", amountText] = match;
  if (!isKnownCorruption(given)) {
    throw new ConfigError("config.invalid", `"${whole}": there is no corruption "${given}".`, {
      hint: suggestion(given, corruptionKinds()),
    });
  }
  const kind = ownName(given);
  const amount = parseAmount(amountText, kind, whole);
  if (modality === undefined) return { kind, amount };
  return { kind, amount, modality: modality.trim() };
}

function parseAmount(text: string | undefined, kind: string, whole: string): number {
  const most = largestAmount(kind);
  const amount = text !== undefined && /^\d*\.?\d+(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : NaN;
  if (amount >= 0 && amount <= most) return amount;
  throw new ConfigError(
    "config.invalid",
    `"${whole}": ${kind} needs an amount between 0 and ${most}, ` +
      `${text === undefined ? "but has none" : `not "${text}"`}.`,
    {
      hint: `For example: ${kind}:${most === 1 ? 0.3 : 1}`,
    },
  );
}
