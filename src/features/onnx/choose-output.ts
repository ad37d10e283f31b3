import { ConfigError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";
import type { OnnxSession, Port } from "./onnx-session.js";

/**
 * Which output of a network gives the features.
 * @param wanted its name, if the user gave one
 * @param usual names that exporters give it, the likeliest first
 * @param ranks how many extents it may have, the likeliest first, to recognise one of another name
 * @throws ConfigError "config.invalid" for a name that the network does not have; MediaError
 * "media.unsupported" for a network without a fitting output
 */
export function chooseOutput(
  session: OnnxSession,
  wanted: string | undefined,
  usual: readonly string[],
  ranks: readonly number[],
): string {
  const names = session.outputs.map(({ name }) => name);
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    throw new ConfigError("config.invalid", `${session.name} has no output "${wanted}"`, {
      hint: suggestion(wanted, names),
    });
  }
  const found =
    usual.find((name) => names.includes(name)) ??
    ranks.flatMap((rank) => session.outputs.filter(({ shape }) => shape.length === rank))[0]?.name ??
    onlyUnknown(session.outputs);
  if (found !== undefined) return found;
  const described = session.outputs.map(({ name, shape }) => `${name} [${shape.join(", ")}]`).join("; ");
  throw session.unsupported(
    `it has no output with ${ranks.join(" or ")} extents, but ${described || "none"}`,
    "Choose one with output=NAME and a pooling that fits it.",
  );
}

/** A single output that does not say its shape may be anything. */
function onlyUnknown(outputs: readonly Port[]): string | undefined {
  const [first, second] = outputs;
  return first && !second && first.shape.length === 0 ? first.name : undefined;
}
