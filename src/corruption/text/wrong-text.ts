import { growingBlock } from "../growing-parts.js";
import { textDamageWithOther } from "./text-damage.js";

/** Number of equal parts of both texts. The exchanged block is a range of these parts. */
const PARTS = 1000;

/** One block of the text, replaced by the same part of another text. */
export const wrongText = textDamageWithOther({
  name: "wrong-text",
  summary: "a part of the text belongs to another sample, all of it at severity 1",
  unit: "share of words",
  amountAt: (severity) => severity,
  corrupt: (words, share, key, other) => {
    const { start, end } = growingBlock(PARTS, share, key);
    const at = (part: number, { length }: readonly string[]): number => Math.round((part / PARTS) * length);
    return [
      ...words.slice(0, at(start, words)),
      ...other.slice(at(start, other), at(end, other)),
      ...words.slice(at(end, words)),
    ];
  },
});
