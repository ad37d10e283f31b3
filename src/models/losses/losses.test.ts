import { expect, test } from "vitest";
import { layOver, type Options, optionsOf } from "../../core/nested-options.js";
import { createReferenceBackend } from "../../tensor/backends/reference/index.js";
import { Tape } from "../../tensor/tape.js";
import { createEuar } from "../euar.js";
import { euarConfigSchema } from "../euar-config.js";
import { smallBatch, threeModalities } from "../testing/small-batch.js";
import type { LossDefinition } from "./loss.js";
import { euarLossList } from "./loss-list.js";

const modalities = threeModalities.modalities.map(({ name }) => name);

/** Options that switch on every loss that does not need fusion by precision. */
const all: Options = {
  hidden: 6,
  head: [5],
  experts: { count: 4 },
  awareness: {
    statistics: { hidden: 4, steady: 0.1 },
    ranking: 0.2,
    ordering: 0.25,
    distance: 0.5,
    specialisation: 0.3,
    certainty: 0.4,
  },
};

/** Options that switch on every loss that goes with fusion by precision: the steady path does not. */
const byPrecision = layOver(all, {
  fusion: "precision",
  losses: { alone: 0.6 },
  awareness: { statistics: { steady: null } },
});

/** Names of the losses on a batch, in the order of their sum. */
function partsOf(options: Options, withCopies = true): string[] {
  const backend = createReferenceBackend();
  const model = createEuar(threeModalities, euarConfigSchema.parse(options), backend, 1);
  const each = <Values>(values: Values): Record<string, Values> =>
    Object.fromEntries(modalities.map((name) => [name, values]));
  const batch = {
    ...smallBatch(threeModalities, [1, 2, 3, 4]),
    ...(withCopies && {
      severity: each(Float32Array.of(0, 0, 1, 2)),
      damage: each(Int32Array.of(0, 0, 1, 1)),
      distance: each(Float32Array.of(0, 0, 0.5, 1)),
    }),
  };
  const { losses } = model.forward(new Tape(backend), batch, { training: true, seed: 1, step: 0 });
  expect(losses?.total.item()).toBeTypeOf("number");
  return Object.keys(losses?.parts ?? {});
}

const ofModalities = (parts: readonly string[]): string[] =>
  modalities.flatMap((name) => parts.map((part) => `${part}/${name}`));

test("the sum has the task loss, the losses of each modality, then the others of the batch", () => {
  expect(partsOf(all)).toEqual([
    "task",
    ...ofModalities(["kl", "aux", "u", "spec", "rank", "order", "distance"]),
    "steady",
    "certainty",
  ]);
  expect(partsOf(all, false)).toEqual(["task", ...ofModalities(["kl", "aux", "u"]), "steady", "certainty"]);
});

const switchable = Object.entries(euarLossList).flatMap(([path, group]) =>
  Object.entries<LossDefinition>(group)
    .filter(([name]) => name !== "task")
    .map(([name, { part, perModality }]) => ({ option: `${path}.${name}`, part, perModality })),
);

test.each(switchable)("$option: null takes $part out of the sum", ({ option, part, perModality }) => {
  const own = perModality ? ofModalities([part]) : [part];
  const usual = part === "alone" ? byPrecision : all;
  const isOn = partsOf(usual).some((name) => own.includes(name));
  const base = isOn ? usual : layOver(usual, optionsOf(option, {}));
  const others = partsOf(base).filter((name) => !own.includes(name));
  expect(partsOf(layOver(base, optionsOf(option, null)))).toEqual(others);
  expect(others.length + own.length).toBe(partsOf(base).length);
});
