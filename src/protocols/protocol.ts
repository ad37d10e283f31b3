import { z } from "zod";
import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { parseCorruption } from "../corruption/parse-corruption.js";

const name = z.string().min(1).max(200);

/** Schema of one condition. Without `noise` and `available`, the data are tested unchanged. */
export const conditionSchema = z.strictObject({
  name: name.optional().describe("name in tables; by default, made from the noise and the modalities"),
  rate: z.number().min(0).optional().describe("position on the rate axis of the metric curve"),
  noise: name
    .optional()
    .describe("corruption of the features, e.g. missing:0.3 or text=gaussian:0.5,audio=dropout:0.3"),
  perModality: z
    .boolean()
    .optional()
    .describe("makes one condition per modality, with the noise on that modality only"),
  available: z.array(name).min(1).optional().describe("modalities that the model may use; all by default"),
});

/**
 * Schema of a test protocol. Plain data, so that anyone can test on the same corrupted samples. See
 * docs/protocols.md.
 */
export const protocolSchema = z.strictObject({
  format: z.literal("euar-protocol/1"),
  name,
  description: z.string().optional(),
  seed: z.int().min(0).describe("seed of all random draws; each sample has its own draws"),
  models: z
    .enum(["one-model", "retrain"])
    .default("one-model")
    .describe(
      "one-model: the same model for every condition; " +
        "retrain: for each condition, a model trained on its modalities only",
    ),
  conditions: z
    .union([z.literal("every-subset"), z.array(conditionSchema).min(1).max(1000)])
    .describe("every-subset: one condition for each non-empty subset of the modalities"),
  summary: z
    .enum(["mean", "auilc"])
    .default("mean")
    .describe(
      "mean: mean of each metric over the conditions; auilc: area under each metric's curve over the rate",
    ),
});

/** Condition of a protocol: corruption and modalities of one evaluation. */
export type Condition = z.infer<typeof conditionSchema>;
/** Test protocol as plain data. docs/protocols.md describes its keys. */
export type Protocol = z.infer<typeof protocolSchema>;

const KEYS = [...Object.keys(protocolSchema.shape), ...Object.keys(conditionSchema.shape)];

/**
 * Checks a protocol that was read from JSON.
 *
 * @param place source of the protocol, for messages
 * @throws ConfigError "config.unknown-key" or "config.invalid" naming the place and the problem
 */
export function checkProtocol(value: unknown, place: string): Protocol {
  const result = protocolSchema.safeParse(value);
  if (!result.success) throw explain(result.error.issues, place);
  const protocol = result.data;
  const { conditions } = protocol;
  if (conditions === "every-subset") {
    if (protocol.summary === "auilc")
      throw new ConfigError(
        "config.invalid",
        `${place}: subsets have no rates, so "auilc" cannot be computed.`,
        { hint: 'Use "summary": "mean".' },
      );
    return protocol;
  }
  conditions.forEach((condition, i) => {
    checkCondition(condition, protocol, `${place}, conditions.${i}`);
  });
  if (protocol.summary === "auilc") checkRates(conditions, place);
  return protocol;
}

function checkCondition(
  { noise, perModality, available }: Condition,
  { models }: Protocol,
  place: string,
): void {
  if (available !== undefined && new Set(available).size !== available.length)
    throw new ConfigError("config.invalid", `${place}: a modality is available twice.`, {
      hint: "Name each modality once.",
    });
  if (models === "retrain" && available === undefined) {
    throw new ConfigError(
      "config.invalid",
      `${place}: "models": "retrain" needs the modalities of each condition.`,
      { hint: 'Set "available": [...], or "models": "one-model".' },
    );
  }
  if (noise === undefined) {
    if (perModality === true)
      throw new ConfigError("config.invalid", `${place}: perModality without noise does nothing.`, {
        hint: "Set noise, or omit perModality.",
      });
    return;
  }
  const parts = parseAt(noise, place);
  const named = parts.find(({ kind, modality }) => modality !== undefined || kind === "missing");
  if (perModality === true && named !== undefined) {
    throw new ConfigError(
      "config.invalid",
      `${place}: perModality needs noise without a modality name, not "${noise}".`,
      { hint: 'For example "gaussian:1".' },
    );
  }
}

function parseAt(noise: string, place: string): ReturnType<typeof parseCorruption> {
  try {
    return parseCorruption(noise);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new ConfigError("config.invalid", `${place}: ${cause.message}`, {
      ...(cause.hint !== undefined && { hint: cause.hint }),
      cause,
    });
  }
}

function checkRates(conditions: readonly Condition[], place: string): void {
  const hint = 'Give every condition a "rate", in increasing order, or use "summary": "mean".';
  if (conditions.length < 2)
    throw new ConfigError("config.invalid", `${place}: "auilc" needs at least two conditions.`, { hint });
  conditions.forEach(({ rate, perModality }, i) => {
    const before = i === 0 ? -1 : (conditions[i - 1]?.rate ?? -1);
    if (rate === undefined || rate <= before || perModality === true) {
      throw new ConfigError(
        "config.invalid",
        `${place}, conditions.${i}: "auilc" needs one condition per rate, in increasing order of rates.`,
        { hint },
      );
    }
  });
}

function explain(issues: readonly z.core.$ZodIssue[], place: string): ConfigError {
  const all = issues.flatMap((issue) => [
    issue,
    ...(issue.code === "invalid_union"
      ? issue.errors.flat().map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
      : []),
  ]);
  const unknown = all.find((issue) => issue.code === "unrecognized_keys");
  const deepest = all.reduce<z.core.$ZodIssue | undefined>(
    (most, issue) => (most === undefined || issue.path.length > most.path.length ? issue : most),
    undefined,
  );
  const issue = unknown ?? deepest;
  const at =
    issue === undefined || issue.path.length === 0 ? "" : ` at "${issue.path.map(String).join(".")}"`;
  if (unknown !== undefined) {
    const key = unknown.keys[0] ?? "";
    return new ConfigError("config.unknown-key", `${place}: unknown key "${key}"${at}.`, {
      hint: suggestion(key, KEYS),
    });
  }
  return new ConfigError("config.invalid", `${place}${at}: ${issue?.message ?? "this is not a protocol"}.`, {
    hint: "docs/protocols.md describes protocols; configs/protocols has examples.",
  });
}
