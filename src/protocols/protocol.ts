import type { z } from "zod";
import { ConfigError } from "../core/errors.js";
import { suggestion } from "../core/nearest.js";
import { changesFeatures, checkCondition, makesSeveral } from "./check-condition.js";
import { corruptsMedia } from "./media-conditions.js";
import { type Condition, conditionSchema, type Protocol, protocolSchema } from "./protocol-schema.js";

const KEYS = [
  ...Object.keys(protocolSchema.shape),
  ...Object.keys(conditionSchema.shape),
  ...Object.keys(conditionSchema.shape.imbalanced.unwrap().shape),
];

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
  const other = conditions.findIndex(changesFeatures);
  if (corruptsMedia(protocol) && other >= 0)
    throw new ConfigError(
      "config.invalid",
      `${place}, conditions.${other}: a change of features in a protocol that corrupts raw media.`,
      { hint: "Put the conditions into two protocols." },
    );
  if (protocol.summary === "auilc") checkRates(conditions, place);
  return protocol;
}

function checkRates(conditions: readonly Condition[], place: string): void {
  const hint = 'Give every condition a "rate", in increasing order, or use "summary": "mean".';
  if (conditions.length < 2)
    throw new ConfigError("config.invalid", `${place}: "auilc" needs at least two conditions.`, { hint });
  conditions.forEach((condition, i) => {
    const { rate, group } = condition;
    const before = i === 0 ? -1 : (conditions[i - 1]?.rate ?? -1);
    if (rate === undefined || rate <= before || group !== undefined || makesSeveral(condition)) {
      throw new ConfigError(
        "config.invalid",
        `${place}, conditions.${i}: "auilc" needs one condition per rate, in increasing order of rates, ` +
          "and no groups.",
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
