import { CheckpointError, ConfigError } from "../core/errors.js";
import { optionAt } from "../core/nested-options.js";
import { showCorruption } from "../corruption/corruption.js";
import type { Dataset, SplitName } from "../data/dataset.js";
import { selectModalities } from "../data/select-modalities.js";
import { type ResolvedCondition, resolveConditions } from "../protocols/conditions.js";
import type { Protocol } from "../protocols/protocol-schema.js";
import { equityOf, type MetricEquity } from "../protocols/equity.js";
import { corruptsMedia } from "../protocols/media-conditions.js";
import { type ProtocolSummary, summarise } from "../protocols/summary.js";
import { canonicalJson } from "../runs/canonical-json.js";
import type { Predictor } from "../predict/predictor.js";
import { evaluate, type StatedScale } from "./evaluate.js";
import { fingerprint, hashText } from "../runs/hash.js";
import type { EvaluationResult } from "../runs/results.js";

/** Result of one condition of a protocol. */
export interface ConditionResult extends Pick<
  EvaluationResult,
  | "hash"
  | "available"
  | "corruption"
  | "samples"
  | "metrics"
  | "uncertainty"
  | "selective"
  | "coverage"
  | "seconds"
> {
  /** Name of the condition, unique within the protocol. */
  readonly name: string;
  /** Group in the summary; null if the condition has none. */
  readonly group: string | null;
  /** Position on the rate axis of the metric curve; null if the condition has none. */
  readonly rate: number | null;
  /** Corruption in the notation of the options, e.g. "missing:0.3"; empty for none. */
  readonly noise: string;
}

/** Result of an evaluation under a protocol. */
export interface ProtocolResult {
  readonly protocol: Protocol;
  /** SHA-256 of the protocol's canonical JSON. Two evaluations of the same protocol have the same hash. */
  readonly protocolHash: string;
  /**
   * Fingerprint of the data that were read, see docs/training.md. Together with `protocolHash` and the run,
   * it determines every corrupted sample.
   */
  readonly dataFingerprint: string;
  /** Name of the model. */
  readonly model: string;
  readonly split: SplitName;
  readonly conditions: readonly ConditionResult[];
  readonly summary: ProtocolSummary;
  /**
   * Contribution of each modality to each metric, and how evenly they contribute; see `equityOf`. Null unless
   * the protocol has a condition for every subset of the modalities.
   */
  readonly equity: Readonly<Record<string, MetricEquity>> | null;
  /** Remarks of the evaluations, each followed by its conditions. */
  readonly warnings: readonly string[];
  /** Wall time in seconds. */
  readonly seconds: number;
}

/** Request for {@link evaluateProtocol}. */
export interface ProtocolRequest {
  readonly protocol: Protocol;
  /** Modalities, in the order in which subsets are listed. */
  readonly modalities: readonly string[];
  readonly dataset: Dataset;
  /** Default "test". */
  readonly split?: SplitName;
  /** Level of the intervals, as in {@link EvaluateOptions}. */
  readonly level?: number;
  /**
   * Returns the model for a condition. For "one-model" it is always the same model. For "retrain" it is the
   * model that was trained on the modalities in `available` only.
   */
  readonly modelOf: (condition: ResolvedCondition) => Predictor | Promise<Predictor>;
  /** Prepares the data for a model, e.g. tokenises its texts. By default, `dataset` is used unchanged. */
  readonly datasetOf?: (model: Predictor) => Dataset | Promise<Dataset>;
  /** Scale of regression labels, as in {@link EvaluateOptions}. */
  readonly scale?: StatedScale;
  /** Called before each condition, and once at the end. */
  readonly onProgress?: (done: number, total: number, name: string) => void;
}

/**
 * Evaluates a model under each condition of a protocol.
 *
 * Calls {@link evaluate} with the condition's corruption and modalities, and with the protocol's seed.
 * @throws EuarError as {@link evaluate}
 * @throws DataError "data.unknown-modality" if the protocol names a modality that the data lacks
 * @throws CheckpointError "checkpoint.mismatch" if a "retrain" model has other modalities than its condition,
 * or if the protocol demands complete training samples and the model was trained with missing modalities
 * @throws ConfigError "config.conflict" for a protocol that corrupts raw media
 */
export async function evaluateProtocol({
  protocol,
  modalities,
  dataset,
  split = "test",
  level,
  scale,
  modelOf,
  datasetOf,
  onProgress,
}: ProtocolRequest): Promise<ProtocolResult> {
  const began = performance.now();
  requireFeatures(protocol);
  const conditions = resolveConditions(protocol, modalities);
  const results: ConditionResult[] = [];
  const warnings = new Map<string, string[]>();
  let model = "";
  for (const condition of conditions) {
    onProgress?.(results.length, conditions.length, condition.name);
    const predictor = await modelOf(condition);
    if (protocol.models === "retrain") requireTrainedOn(predictor, condition);
    if (protocol.training === "complete") requireComplete(predictor, protocol);
    const { corruption, available } = condition;
    const prepared = (await datasetOf?.(predictor)) ?? dataset;
    const visible = protocol.models === "retrain" ? selectModalities(prepared, available) : prepared;
    const result = await evaluate(predictor, visible, {
      split,
      corruption,
      available,
      seed: protocol.seed,
      ...(level !== undefined && { level }),
      ...(scale && { scale }),
    });
    model = result.config.model.name;
    for (const warning of result.warnings)
      warnings.set(warning, [...(warnings.get(warning) ?? []), condition.name]);
    results.push(conditionResult(condition, result));
  }
  onProgress?.(conditions.length, conditions.length, "");
  return {
    protocol,
    protocolHash: hashText(canonicalJson(protocol)),
    dataFingerprint: fingerprint(dataset),
    model,
    split,
    conditions: results,
    summary: summarise(
      protocol,
      results.map(({ group, rate, metrics }) => ({
        group: group ?? undefined,
        rate: rate ?? undefined,
        metrics,
      })),
    ),
    equity:
      equityOf(
        results.filter(({ corruption }) => corruption.length === 0),
        modalities,
      ) ?? null,
    warnings: [...warnings].map(([text, names]) =>
      names.length === conditions.length ? text : `${names.join(", ")}: ${text}`,
    ),
    seconds: (performance.now() - began) / 1000,
  };
}

function conditionResult(
  { name, group, rate, corruption }: ResolvedCondition,
  result: EvaluationResult,
): ConditionResult {
  const { hash, available, samples, metrics, uncertainty, selective, coverage, seconds } = result;
  return {
    name,
    group: group ?? null,
    rate: rate ?? null,
    noise: corruption.map(showCorruption).join(","),
    hash,
    available,
    corruption,
    samples,
    metrics,
    uncertainty,
    selective,
    coverage,
    seconds,
  };
}

function requireTrainedOn({ modalities }: Predictor, { name, available }: ResolvedCondition): void {
  const trained = modalities.map((modality) => modality.name);
  if (trained.length === available.length && trained.every((modality) => available.includes(modality)))
    return;
  throw new CheckpointError(
    "checkpoint.mismatch",
    `the condition ${name} needs a model trained on ${available.join(", ")} only, ` +
      `but this model was trained on ${trained.join(", ")}`,
    {
      hint:
        `Train it with --modalities ${available.join(",")}, or use a protocol with "models": ` +
        `"one-model".`,
    },
  );
}

/** Refuses a model whose training removed modalities, or trained each of them alone. */
function requireComplete({ config }: Predictor, { name }: Protocol): void {
  const dropped = config.train.modalityDropout > 0;
  if (!dropped && typeof optionAt(config.model.config, "losses.alone") !== "number") return;
  throw new CheckpointError(
    "checkpoint.mismatch",
    `the protocol ${name} needs a model that was trained on complete samples, but this one was trained ` +
      (dropped ? `with modality dropout ${config.train.modalityDropout}` : "with each modality alone"),
    {
      hint:
        `Train it ${dropped ? "without --modality-dropout" : "with --no-losses.alone"}, or use the ` +
        `protocols fixed-missing and random-missing, which allow it.`,
    },
  );
}

/** Refuses a protocol whose conditions corrupt raw media: their features have to be made first. */
function requireFeatures(protocol: Protocol): void {
  if (!corruptsMedia(protocol)) return;
  throw new ConfigError("config.conflict", `the protocol ${protocol.name} corrupts raw media, not features`, {
    hint:
      `Write the media with euar corrupt CLIPS --protocol ... --out FOLDER, extract their features with ` +
      `euar extract, and evaluate on these.`,
  });
}
