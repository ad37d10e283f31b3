import type { OptionRule } from "../core/check-options.js";
import { rules } from "../core/checked-call.js";
import { isRecord } from "../core/is-record.js";
import { normaliserKinds } from "./normaliser.js";

/** Rule of a normaliser given as an argument. */
export const normaliser: OptionRule = {
  expected: "a normaliser that fitNormaliser returned",
  holds: isNormaliser,
};

function isNormaliser(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value["modalities"])) return false;
  const { kind, clip, kept, length, modalities } = value;
  return (
    normaliserKinds.some((known) => known === kind) &&
    rules.number.holds(clip) &&
    rules.number.holds(length) &&
    rules.texts.holds(kept) &&
    Object.values(modalities).every(
      (one) => isRecord(one) && rules.numbers.holds(one["mean"]) && rules.numbers.holds(one["std"]),
    )
  );
}
