import { defined } from "../core/defined.js";
import { foldIn, integerAt, uniformAt } from "../core/random.js";
import type { FeatureKind } from "./feature-kind.js";

/** Number of the stream with the kind and the severity. Streams of time steps have smaller numbers. */
const CHOICE = 0x7fffffff;

/**
 * Makes a kind that draws one of several kinds for each sample and modality, and a severity between 0 and the
 * amount. A larger amount keeps the kind and the draws, and raises the severity in proportion.
 * @param kinds kinds to draw from, all equally likely; none that mixes in another sample
 */
export function mixedKind(kinds: Readonly<Record<string, FeatureKind>>): FeatureKind {
  const names = Object.keys(kinds);
  return {
    help:
      `draws one of ${names.join(", ")} for each sample and modality, and a severity between 0 and the ` +
      "amount",
    unit: "largest severity",
    most: 1,
    amountAt: (severity) => severity,
    corrupt: (sample, amount, keys) => {
      const choice = foldIn(keys.sample, CHOICE);
      const kind = defined(kinds[defined(names[integerAt(choice, 0, names.length)])]);
      const severity = amount * uniformAt(choice, 1);
      kind.corrupt(sample, kind.amountAt(severity), keys);
      return severity;
    },
  };
}
