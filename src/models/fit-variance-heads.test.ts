import { expect, it } from "vitest";
import { damagedToy } from "../data/testing/damaged-toy.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { euarConfigSchema } from "./euar-config.js";
import { createEuar } from "./euar.js";

const { modalities, copies, splits } = damagedToy();
const task = { kind: "regression", targets: ["label"] } as const;

/** Weights of the regressions by modality, after the fit. */
function fitted(withCopies: boolean): Readonly<Record<string, readonly number[]>> {
  const config = euarConfigSchema.parse({
    fusion: "sum",
    head: null,
    awareness: { variance: 4, ordering: 1 },
  });
  const model = createEuar({ task, modalities }, config, createReferenceBackend(), 1);
  model.fitStatistics?.(splits.train, withCopies ? copies : undefined);
  const entries = modalities.map(({ name }) => {
    const weight = model.parameters.get(`${name}/variance/severity/fitted/weight`);
    return [name, [...weight.buffer.view]] as const;
  });
  return Object.fromEntries(entries);
}

it("fits the regression of every modality to the severities of its copies", () => {
  for (const { name } of modalities) {
    const weights = fitted(true)[name] ?? [];
    const damage = copies?.damage[name];
    expect(weights.some((weight) => weight !== 0)).toBe(damage?.severity.some((one) => one > 0) ?? false);
  }
});

it("leaves the regressions at 0 without copies", () => {
  for (const weights of Object.values(fitted(false))) expect(new Set(weights)).toEqual(new Set([0]));
});
