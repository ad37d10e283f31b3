import { ConfigError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";
import type { OnnxSession, Port } from "./onnx-session.js";

/**
 * Selects the output of a network that gives the features.
 * @param wanted its name, if the user gave one
 * @param usual usual names of it, most likely first
 * @param ranks possible numbers of extents, most likely first, to recognise an output with another name
 * @throws ConfigError "config.invalid" for a name that the network does not have
 * @throws MediaError "media.unsupported" for a network without a suitable output
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

/** Returns the only output, if its shape is not stated. */
function onlyUnknown(outputs: readonly Port[]): string | undefined {
  const [first, second] = outputs;
  return first && !second && first.shape.length === 0 ? first.name : undefined;
}
