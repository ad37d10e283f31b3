import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import type { CorruptionKind } from "../corruption/corruption.js";
import type { Condition, Protocol } from "./protocol-schema.js";

/** Makes conditions of one kind of noise, at rates 0, 0.1, ... `last` / 10. */
function line(kind: CorruptionKind, last: number): Condition[] {
  return Array.from({ length: last + 1 }, (_, i) => ({ rate: i / 10, noise: `${kind}:${i / 10}` }));
}

const format = "euar-protocol/1";

/** Mean missing rates at which shared and imbalanced rates are compared. */
const MISSING_RATES = [0.1, 0.2, 0.3, 0.4];

/** Built-in protocols. A test checks that configs/protocols/<name>.json holds the same values. */
const protocols: readonly Protocol[] = [
  {
    format,
    name: "fixed-missing",
    description:
      "Every non-empty subset of the modalities is available in turn, to one model that was trained once.",
    seed: 1,
    models: "one-model",
    conditions: "every-subset",
    summary: "mean",
  },
  {
    format,
    name: "fixed-missing-retrain",
    description:
      "Every non-empty subset of the modalities is available in turn, each to the model that " +
      "was trained on it alone.",
    seed: 1,
    models: "retrain",
    conditions: "every-subset",
    summary: "mean",
  },
  {
    format,
    name: "random-missing",
    description:
      "A share of 0 to 0.7 of the modalities is taken away at random; every sample keeps at least one.",
    seed: 1,
    models: "one-model",
    conditions: line("missing", 7),
    summary: "mean",
  },
  {
    format,
    name: "frame-drop",
    description:
      "Each real time step becomes zeros with a probability of 0 to 1; the area under each " +
      "metric over the rate is AUILC.",
    seed: 1,
    models: "one-model",
    conditions: line("frame-zero", 10),
    summary: "auilc",
  },
  {
    format,
    name: "structural-drop",
    description: "One contiguous block of 0 to 1 of the real time steps becomes zeros.",
    seed: 1,
    models: "one-model",
    conditions: line("structural-zero", 10),
    summary: "auilc",
  },
  {
    format,
    name: "feature-noise",
    description:
      "Normal noise in training deviations, lost elements and lost vectors, on all modalities " +
      "together and on each alone.",
    seed: 1,
    models: "one-model",
    conditions: [
      { name: "clean" },
      { noise: "gaussian:0.5" },
      { noise: "gaussian:1" },
      { noise: "gaussian:2" },
      { noise: "dropout:0.3" },
      { noise: "dropout:0.6" },
      { noise: "vector-dropout:0.3" },
      { noise: "vector-dropout:0.6" },
      { noise: "gaussian:1", perModality: true },
      { noise: "dropout:0.6", perModality: true },
      { noise: "vector-dropout:0.6", perModality: true },
    ],
    summary: "mean",
  },
  {
    format,
    name: "missmac-bench",
    description:
      "One model that was trained on complete samples: every subset of the modalities, the same for all " +
      "samples (fixed), and modalities that are missing at random in each sample (random).",
    seed: 1,
    models: "one-model",
    training: "complete",
    conditions: [
      { group: "fixed", everySubset: true },
      ...line("missing", 7)
        .slice(1)
        .map(({ noise }): Condition => ({ group: "random", noise })),
    ],
    summary: "mean",
  },
  {
    format,
    name: "missbench",
    description:
      "Missing modalities at equal rates (shared), at unequal rates with the same mean, each modality in " +
      "turn being missing twice as often as the mean (imbalanced), and every subset (subsets).",
    seed: 1,
    models: "one-model",
    conditions: [
      ...MISSING_RATES.map((rate): Condition => ({ group: "shared", noise: `missing:${rate}` })),
      ...MISSING_RATES.map((rate): Condition => ({
        name: `mean ${rate}, fragile`,
        group: "imbalanced",
        imbalanced: { mean: rate, fragile: 2 * rate },
      })),
      { group: "subsets", everySubset: true },
    ],
    summary: "mean",
  },
  {
    format,
    name: "spectrum",
    description:
      "Every modality of every sample gets a kind of corruption and a severity of its own, up to a largest " +
      "severity of 0 to 1.",
    seed: 1,
    models: "one-model",
    conditions: line("mixed", 10),
    summary: "auilc",
  },
];

/** Built-in protocols by name. docs/protocols.md describes them. */
export const builtInProtocols: ReadonlyMap<string, Protocol> = new Map(
  protocols.map((protocol) => [protocol.name, protocol]),
);

/**
 * Returns a built-in protocol by name.
 *
 * @throws ConfigError "config.invalid" with the nearest name
 */
export function builtInProtocol(name: string): Protocol {
  const found = builtInProtocols.get(name);
  if (found !== undefined) return found;
  throw new ConfigError("config.invalid", `there is no protocol "${name}".`, {
    hint:
      `${suggestion(name, [...builtInProtocols.keys()])} To use your own file, give a path that ` +
      `ends in .json.`,
  });
}
