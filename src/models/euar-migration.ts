import { isPart, layOver, type Options, optionAt, optionsOf } from "../core/nested-options.js";
import type { FormerOptions } from "./define-model.js";

/** Present path of each option of the flat form. All other options have kept their name. */
const paths = {
  experts: "experts.count",
  topK: "experts.topK",
  gate: "experts.gate",
  sampling: "experts.sampling",
  logVarMin: "experts.logVarMin",
  logVarMax: "experts.logVarMax",
  encoder: "encoder.kind",
  encoderLayers: "encoder.layers",
  encoderHeads: "encoder.heads",
  encoderNorm: "encoder.norm",
  encoderPooling: "encoder.pooling",
  encoderMask: "encoder.ignorePadding",
  encoderDropout: "encoder.dropout",
  attentionDropout: "encoder.attentionDropout",
  embeddingDropout: "encoder.embeddingDropout",
  taskWeight: "losses.task.weight",
  alpha: "losses.kl.weight",
  klReduction: "losses.kl.reduction",
  klOver: "losses.kl.over",
  beta: "losses.balance.weight",
  balance: "losses.balance.variant",
  lambda: "losses.uncertainty.weight",
  uncertaintyReduction: "losses.uncertainty.reduction",
  stopSigmaGradient: "losses.uncertainty.stopGradient",
  statistics: "awareness.statistics.hidden",
  statisticsDropout: "awareness.statistics.dropout",
  statisticsGate: "awareness.statistics.gate",
  steady: "awareness.statistics.steady",
  ranking: "awareness.ranking",
  specialisation: "awareness.specialisation",
  certainty: "awareness.certainty",
} as const;

/** Options that the first flat configurations did not have, with the equivalent value. */
const LATER: Options = {
  statistics: 0,
  statisticsDropout: 0,
  statisticsGate: false,
  ranking: 0,
  specialisation: 0,
  steady: 0,
  certainty: 0,
};

/** Parts that were added after the flat form. They are off in a stored configuration without them. */
const LATER_PARTS: Options = { losses: { alone: null }, awareness: { distance: null } };

/** Parts and weights that the value 0 switched off, by the path of the number. */
const OFF: Readonly<Record<string, string>> = {
  "losses.kl.weight": "losses.kl",
  "losses.balance.weight": "losses.balance",
  "losses.uncertainty.weight": "losses.uncertainty",
  "awareness.statistics.steady": "awareness.statistics.steady",
  "awareness.ranking": "awareness.ranking",
  "awareness.specialisation": "awareness.specialisation",
  "awareness.certainty": "awareness.certainty",
};

/** Options of EUAR in the flat form of run format 1 and earlier config files. */
export const formerEuarOptions: FormerOptions = {
  paths,
  migrate: (options) => (isFlat(options) ? nested(options) : options),
};

/** Reads the complete configuration of a stored run of format 1. */
export function migrateStoredEuar(options: Options): Options {
  return completeStoredEuar(nested({ ...LATER, ...options }));
}

/** Adds the parts that are newer than a stored configuration of the present form. */
export function completeStoredEuar(options: Options): Options {
  return layOver(LATER_PARTS, options);
}

function isFlat(options: Options): boolean {
  return Object.entries(options).some(([name, value]) => Object.hasOwn(paths, name) && !isPart(value));
}

function nested(flat: Options): Options {
  const kind = flat["encoder"];
  const isIdle = (path: string): boolean =>
    path.startsWith("encoder.") && path !== "encoder.kind" && kind !== undefined && kind !== "sequence";
  const all = Object.entries(flat).reduce<Options>((options, [name, value]) => {
    const path = Object.entries<string>(paths).find(([former]) => former === name)?.[1];
    if (path === undefined || isPart(value)) return layOver(options, { [name]: value });
    return isIdle(path) ? options : layOver(options, optionsOf(path, value));
  }, {});
  const off = Object.entries(OFF).flatMap(([path, part]) => (optionAt(all, path) === 0 ? [part] : []));
  if (isWithoutStatistics(all)) off.push("awareness.statistics");
  return off.reduce((options, path) => layOver(options, optionsOf(path, null)), all);
}

/**
 * Returns true for 0 hidden units, unless another option contradicts them. The schema then refuses that
 * option.
 */
function isWithoutStatistics(options: Options): boolean {
  const part = optionAt(options, "awareness.statistics");
  return isPart(part) && part["hidden"] === 0 && !part["gate"] && !part["dropout"] && !part["steady"];
}
