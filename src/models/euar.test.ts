import { describe, expect, test } from "vitest";
import { ConfigError, DataError } from "../core/errors.js";
import { layOver } from "../core/nested-options.js";
import { modelBackends } from "../nn/testing/backends.js";
import { gradientValues } from "../nn/testing/gradients.js";
import type { Backend } from "../tensor/backend.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { Tape } from "../tensor/tape.js";
import { createEuar } from "./euar.js";
import { type EuarOptions, euarConfigSchema } from "./euar-config.js";
import { euarPresets } from "./euar-presets.js";
import { resolveModelConfig } from "./registry.js";
import type { DataSignature, ForwardResult, Losses, Model } from "./model.js";
import { type Missing, smallBatch, threeModalities } from "./testing/small-batch.js";

const narrow: EuarOptions = { hidden: 6, experts: { count: 4 }, head: [5] };

function build(
  backend: Backend,
  config: EuarOptions = {},
  signature: DataSignature = threeModalities,
): Model {
  return createEuar(signature, euarConfigSchema.parse(layOver(narrow, config)), backend, 1);
}

function predict(model: Model, samples: readonly number[], missing?: Missing): ForwardResult {
  return model.forward(
    new Tape(model.parameters.backend, false),
    smallBatch(model.signature, samples, missing),
    { training: false, seed: 1, step: 0 },
  );
}

function lossesOf(result: ForwardResult): Losses {
  if (!result.losses) throw new Error("the batch had labels");
  return result.losses;
}

/** Weights that make the losses count. */
const heavy: EuarOptions["losses"] = {
  kl: { weight: 0.3 },
  balance: { weight: 0.2 },
  uncertainty: { weight: 0.5 },
};

const onlyText: Missing = (_, modality) => modality !== "text";

describe.each(modelBackends)("EUAR on $name", ({ create }) => {
  const samples = Array.from({ length: 64 }, (_, i) => i);

  test.each([
    ["paper", {}],
    [
      "all experts, added, two hidden layers with norm",
      { losses: { kl: { over: "all" } }, fusion: "add", head: [5, 4], headNorm: true },
    ],
    ["mlp encoder", { encoder: { kind: "mlp" }, head: [] }],
    ["sequence encoder", { encoder: { kind: "sequence", layers: 1, heads: 2 } }],
    [
      "signal statistics and a head for errors",
      { encoder: { kind: "mlp" }, awareness: { statistics: { hidden: 4 }, certainty: 0.2 } },
    ],
    [
      "a gate that sees signal statistics",
      { encoder: { kind: "mlp" }, awareness: { statistics: { hidden: 4, gate: true } } },
    ],
    ["a steady path", { encoder: { kind: "mlp" }, awareness: { statistics: { hidden: 4, steady: 1 } } }],
    ["fusion by precision", { encoder: { kind: "mlp" }, fusion: "precision" }],
    ["shares of the precision", { encoder: { kind: "mlp" }, fusion: "mean", head: null }],
    ["experts that predict", { encoder: { kind: "mlp" }, fusion: "precision", head: null }],
    [
      "predictions that are added, and a layer for variances",
      { encoder: { kind: "mlp" }, fusion: "sum", head: null, awareness: { variance: 4 } },
    ],
  ] satisfies [string, EuarOptions][])(
    "predictions and diagnostics have the same bits at batch 1 and 64, in any order: %s",
    (_, config: EuarOptions) => {
      const model = build(create(), config);
      const missing: Missing = (sample, modality) => modality === "audio" && sample % 3 === 1;
      const whole = predict(model, samples, missing);
      const values = whole.prediction.toArray();
      const text = whole.diagnostics["text"];
      expect(whole.expectedError?.length).toBe(config.awareness?.certainty === undefined ? undefined : 64);
      const reversed = predict(model, samples.toReversed(), missing).prediction.toArray();
      expect(reversed.toReversed()).toEqual(values);
      for (const sample of samples.filter((s) => s % 7 === 0)) {
        const alone = predict(model, [sample], missing);
        expect(alone.prediction.item()).toBe(values[sample]);
        expect(alone.expectedError?.[0]).toBe(whole.expectedError?.[sample]);
        expect(alone.diagnostics["text"]?.uncertainty[0]).toBe(text?.uncertainty[sample]);
        expect(alone.diagnostics["text"]?.contribution?.[0]).toBe(text?.contribution?.[sample]);
        const withMates = predict(model, [63, sample, 5], missing).prediction.toArray();
        expect(withMates[1]).toBe(values[sample]);
      }
    },
  );

  test("fusion mean: between the modalities' predictions, at equal precisions their mean", () => {
    const model = build(create(), { fusion: "mean", head: null });
    const own = threeModalities.modalities.map(({ name }) =>
      predict(model, samples, (_, modality) => modality !== name).prediction.toArray(),
    );
    const all = (): number[] => Array.from(predict(model, samples).prediction.toArray());
    const range = samples.map((s) => own.map((values) => values[s] ?? NaN));
    all().forEach((value, s) => {
      expect(value).toBeGreaterThan(Math.min(...(range[s] ?? [])) - 1e-6);
      expect(value).toBeLessThan(Math.max(...(range[s] ?? [])) + 1e-6);
    });
    for (const { name, buffer } of model.parameters.all())
      if (name.endsWith("precision/scale")) buffer.view.fill(0);
    all().forEach((value, s) => {
      expect(value).toBeCloseTo(
        (range[s] ?? []).reduce((sum, one) => sum + one / 3, 0),
        5,
      );
    });
  });

  test("experts of mlp-experts have almost no variance, and give the mean without sampling", () => {
    const plain = predict(build(create(), euarPresets["mlp-experts"].config), samples);
    const means = predict(build(create(), { experts: { sampling: "never" } }), samples);
    expect(plain.prediction.toArray()).toEqual(means.prediction.toArray());
    for (const { uncertainty } of Object.values(plain.diagnostics))
      expect(Math.max(...uncertainty)).toBeLessThan(1e-30);
    expect(Math.max(...(means.diagnostics["text"]?.uncertainty ?? []))).toBeGreaterThan(0.1);
  });

  test("the published code's gate depends on the batch, and is 1 for all at batch size 1", () => {
    const model = build(create(), { experts: { gate: "batch-normalised" } });
    const together = predict(model, [3, 4, 5]).prediction.toArray();
    const others = predict(model, [3, 9, 11]).prediction.toArray();
    const alone = predict(model, [3]);
    expect(Math.abs((together[0] ?? NaN) - (others[0] ?? NaN))).toBeGreaterThan(1e-3);
    expect(Math.abs((together[0] ?? NaN) - alone.prediction.item())).toBeGreaterThan(1e-3);
    for (const gate of alone.diagnostics["text"]?.gates ?? []) expect(gate).toBeCloseTo(1, 4);
  });

  test("random gates have no router and do not depend on the features of a sample", () => {
    const model = build(create(), { experts: { gate: "random", topK: 1 } });
    expect(model.parameters.all().some(({ name }) => name.includes("router"))).toBe(false);
    const chosen = (samples: readonly number[], change = 0): number[] => {
      const batch = smallBatch(model.signature, samples);
      const values = batch.modalities["text"]?.values ?? new Float32Array();
      values.forEach((value, i) => (values[i] = value + change));
      const context = { training: false, seed: 1, step: 0 };
      const { diagnostics } = model.forward(new Tape(model.parameters.backend, false), batch, context);
      return Array.from(diagnostics["text"]?.experts ?? []);
    };
    const experts = chosen(samples);
    expect(new Set(experts)).toEqual(new Set([0, 1, 2, 3]));
    expect(chosen(samples, 7)).toEqual(experts);
    expect(chosen(samples.slice(9))).toEqual(experts.slice(9));
  });

  test("in training a sample's noise and dropout do not depend on its batch-mates either", () => {
    const model = build(create(), { inputDropout: 0.3, dropout: 0.2 });
    const forward = (chosen: readonly number[], step: number): number[] => {
      const context = { training: true, seed: 5, step };
      return model
        .forward(new Tape(model.parameters.backend), smallBatch(model.signature, chosen), context)
        .prediction.toArray();
    };
    expect(forward([8, 2, 4], 3)[1]).toBe(forward([2], 3)[0]);
    expect(forward([2], 3)[0]).not.toBe(forward([2], 4)[0]);
  });

  test("a missing modality contributes nothing, and its parameters get no gradient", () => {
    const backend = create();
    const model = build(backend);
    const step = (change: number) => {
      const batch = smallBatch(threeModalities, [1, 2, 3], onlyText);
      batch.modalities["audio"]?.values.fill(change);
      const tape = new Tape(backend);
      const result = model.forward(tape, batch, { training: true, seed: 1, step: 0 });
      tape.backward(lossesOf(result).total);
      return result;
    };
    const first = step(0);
    const names = model.parameters
      .all()
      .filter((parameter) => gradientValues(backend, parameter) !== undefined)
      .map(({ name }) => name);
    expect(names.some((name) => name.startsWith("text/"))).toBe(true);
    expect(names.filter((name) => name.startsWith("audio/") || name.startsWith("vision/"))).toEqual([]);
    const second = step(1e6);
    expect(second.prediction.toArray()).toEqual(first.prediction.toArray());
    const { parts, total } = lossesOf(second);
    for (const part of ["kl/audio", "aux/audio", "u/audio"]) expect(parts[part]?.item()).toBe(0);
    expect(Number.isFinite(total.item())).toBe(true);
  });

  test("a modality that the batch does not bring, or whose steps are all padding, counts as missing", () => {
    const model = build(create());
    const expected = predict(model, [1, 2], onlyText);
    const batch = smallBatch(threeModalities, [1, 2]);
    const context = { training: false, seed: 1, step: 0 };
    const [text, vision, audio] = ["text", "vision", "audio"].map((name) => batch.modalities[name]);
    if (!text || !vision || !audio) throw new Error("three modalities");
    const without = { ...batch, modalities: { text } };
    vision.mask.fill(0);
    audio.mask.fill(0);
    for (const given of [without, batch]) {
      const found = model.forward(new Tape(model.parameters.backend, false), given, context);
      expect(found.prediction.toArray()).toEqual(expected.prediction.toArray());
      expect(Array.from(found.diagnostics["audio"]?.experts ?? [])).toEqual([-1, -1, -1, -1, -1, -1]);
    }
  });

  test("a sample without any modality is predicted by the head's biases alone, without NaN", () => {
    const model = build(create());
    const nothing = predict(model, [1, 2], () => true);
    const [first, second] = nothing.prediction.toArray();
    expect(Number.isFinite(first)).toBe(true);
    expect(first).toBe(second);
    expect(Array.from(nothing.diagnostics["text"]?.contribution ?? [])).toEqual([0, 0]);
    expect(Number.isNaN(nothing.diagnostics["text"]?.uncertainty[0])).toBe(true);
    expect(Number.isFinite(lossesOf(nothing).total.item())).toBe(true);
  });

  test("diagnostics: K falling gates, their weighted sigma^2, contributions that sum to 1", () => {
    const model = build(create(), { losses: { kl: { over: "all" } } });
    const { diagnostics } = predict(
      model,
      [4, 5, 6],
      (sample, modality) => sample === 5 && modality === "vision",
    );
    for (const name of ["text", "vision", "audio"]) {
      const found = diagnostics[name];
      if (!found?.experts || !found.gates || !found.sigma2 || !found.contribution)
        throw new Error("incomplete diagnostics");
      for (let b = 0; b < 3; b++) {
        const [gates, sigma2] = [found.gates.slice(3 * b, 3 * b + 3), found.sigma2.slice(3 * b, 3 * b + 3)];
        if (name === "vision" && b === 1) {
          expect(found.uncertainty[b]).toBeNaN();
          expect(found.contribution[b]).toBe(0);
          continue;
        }
        expect(new Set(found.experts.slice(3 * b, 3 * b + 3)).size).toBe(3);
        expect(Array.from(gates)).toEqual(Array.from(gates).sort((x, y) => y - x));
        const weighted =
          gates.reduce((sum, g, i) => sum + g * (sigma2[i] ?? NaN), 0) / gates.reduce((sum, g) => sum + g, 0);
        expect(found.uncertainty[b]).toBeCloseTo(weighted, 5);
      }
    }
    for (let b = 0; b < 3; b++) {
      expect(
        ["text", "vision", "audio"].reduce(
          (sum, name) => sum + (diagnostics[name]?.contribution?.[b] ?? NaN),
          0,
        ),
      ).toBeCloseTo(1, 5);
    }
  });

  test("contribution is the change of the prediction when the modality's block is zeroed", () => {
    const model = build(create());
    const shares = ["text", "vision", "audio"].map(
      (name) => predict(model, [4]).diagnostics[name]?.contribution?.[0] ?? NaN,
    );
    const full = predict(model, [4]).prediction.item();
    const changes = ["text", "vision", "audio"].map((gone) =>
      Math.abs(full - predict(model, [4], (_, modality) => modality === gone).prediction.item()),
    );
    const total = changes.reduce((sum, change) => sum + change, 0);
    shares.forEach((share, m) => {
      expect(share).toBeCloseTo((changes[m] ?? NaN) / total, 4);
    });
    const single = build(
      create(),
      {},
      { ...threeModalities, modalities: threeModalities.modalities.slice(0, 1) },
    );
    expect(Array.from(predict(single, [4, 5]).diagnostics["text"]?.contribution ?? [])).toEqual([1, 1]);
  });

  test("Eq. 12: the total is the weighted sum of its parts", () => {
    const { total, parts } = lossesOf(
      predict(build(create(), { losses: { ...heavy, task: { weight: 2 } } }), [1, 2, 3]),
    );
    const part = (name: string): number => parts[name]?.item() ?? NaN;
    const sum = (kind: string): number =>
      part(`${kind}/text`) + part(`${kind}/vision`) + part(`${kind}/audio`);
    expect(Object.keys(parts)).toHaveLength(10);
    expect(total.item()).toBeCloseTo(
      2 * part("task") + 0.3 * sum("kl") + 0.2 * sum("aux") + 0.5 * sum("u"),
      5,
    );
  });

  test("Eq. 12: a loss that is null has no part, and the others keep their values", () => {
    const all = lossesOf(predict(build(create(), { losses: heavy }), [1, 2, 3])).parts;
    const losses = { ...heavy, kl: null, uncertainty: null };
    const { total, parts } = lossesOf(predict(build(create(), { losses }), [1, 2, 3]));
    expect(Object.keys(parts)).toEqual(["task", "aux/text", "aux/vision", "aux/audio"]);
    for (const [name, part] of Object.entries(parts)) expect(part.item()).toBe(all[name]?.item());
    const [task = NaN, ...aux] = Object.values(parts).map((part) => part.item());
    expect(total.item()).toBeCloseTo(task + 0.2 * aux.reduce((sum, one) => sum + one, 0), 5);
  });

  test("several targets, several classes, one, two and five modalities", () => {
    const modalities = Array.from({ length: 5 }, (_, m) => ({ name: `m${m}`, width: 3 + m, steps: 1 + m }));
    const targets = Array.from({ length: 17 }, (_, i) => `t${i}`);
    const tasks = [
      { kind: "regression", targets },
      { kind: "classification", classes: ["a", "b", "c"] },
    ] as const;
    for (const task of tasks) {
      for (const count of [1, 2, 5]) {
        const result = predict(
          build(create(), {}, { task, modalities: modalities.slice(0, count) }),
          [1, 2, 3],
        );
        expect(result.prediction.shape).toEqual([3, task.kind === "regression" ? 17 : 3]);
        expect(Number.isFinite(lossesOf(result).total.item())).toBe(true);
        expect(Object.keys(result.diagnostics)).toHaveLength(count);
      }
    }
  });

  test("without labels there is a prediction and no loss; in training no diagnostics", () => {
    const model = build(create());
    const { labels, ...batch } = smallBatch(threeModalities, [1]);
    expect(labels).toBeDefined();
    const result = model.forward(new Tape(model.parameters.backend), batch, {
      training: true,
      seed: 1,
      step: 0,
    });
    expect(result.losses).toBeUndefined();
    expect(result.diagnostics).toEqual({});
  });
});

test.each([
  ["paper", {}],
  [
    "missing modalities, mlp encoder, all experts",
    {
      encoder: { kind: "mlp" },
      losses: { kl: { over: "all", reduction: "sum" }, balance: { variant: "topk" } },
    },
  ],
  [
    "ranking and signal statistics",
    { encoder: { kind: "mlp" }, awareness: { statistics: { hidden: 3 }, ranking: 0.7 } },
  ],
  [
    "a gate that sees signal statistics, and specialisation",
    { awareness: { statistics: { hidden: 3, gate: true }, specialisation: 0.6 } },
  ],
  ["a steady path and the experts", { awareness: { statistics: { hidden: 3, steady: 0.7 }, ranking: 0.4 } }],
  [
    "fusion by precision, with variances taught by distance and severity",
    {
      encoder: { kind: "mlp" },
      fusion: "precision",
      losses: { alone: 0.5 },
      awareness: { ranking: 0.4, distance: 0.6 },
    },
  ],
  [
    "experts that predict, combined by precision",
    {
      encoder: { kind: "mlp" },
      fusion: "precision",
      head: null,
      losses: { alone: 0.5 },
      awareness: { ranking: 0.4 },
    },
  ],
  [
    "shares of the precision, a layer for variances taught by severity",
    {
      encoder: { kind: "mlp" },
      fusion: "mean",
      head: null,
      losses: { alone: 0.5 },
      awareness: { variance: 5, ordering: 0.4 },
    },
  ],
  [
    "predictions that are added, exploration, and a layer for variances taught by severity",
    {
      encoder: { kind: "mlp" },
      experts: { exploration: 0.5 },
      fusion: "sum",
      head: null,
      losses: { alone: 0.5 },
      awareness: { variance: 5, ordering: 0.4 },
    },
  ],
  [
    "batch-normalised gate, sequence encoder, added",
    {
      experts: { gate: "batch-normalised" },
      encoder: { kind: "sequence", layers: 1, heads: 2 },
      fusion: "add",
    },
  ],
] satisfies [string, EuarOptions][])(
  "Eq. 12: the gradient of the whole loss agrees with finite differences in float64: %s",
  (_, config: EuarOptions) => {
    const backend = createReferenceBackend();
    const model = build(backend, layOver({ losses: heavy, headNorm: true, dropout: 0.1 }, config));
    const severity = {
      text: Float32Array.of(0, 0.3, 1, 0),
      vision: Float32Array.of(0.5, 0.9, 0, 0.1),
      audio: new Float32Array(4),
    };
    const damage = {
      text: Int32Array.of(0, 1, 2, 0),
      vision: Int32Array.of(1, 2, 0, 1),
      audio: new Int32Array(4),
    };
    const distance = {
      text: Float32Array.of(0, 0.4, 1.3, 0),
      vision: Float32Array.of(0.2, 0.8, 0, 0.1),
      audio: new Float32Array(4),
    };
    const batch = {
      ...smallBatch(
        threeModalities,
        [1, 2, 3, 4],
        (sample, modality) => modality === "vision" && sample === 2,
      ),
      severity,
      damage,
      distance,
      taught: 3,
    };
    const forward = (): number => {
      const result = model.forward(new Tape(backend, false), batch, { training: true, seed: 1, step: 0 });
      const total = lossesOf(result).total.item();
      backend.endStep();
      return total;
    };
    const tape = new Tape(backend);
    tape.backward(lossesOf(model.forward(tape, batch, { training: true, seed: 1, step: 0 })).total);
    const gradients = model.parameters
      .all()
      .map((parameter) => gradientValues(backend, parameter) ?? new Array<number>(parameter.size).fill(0));
    backend.endStep();
    let checked = 0;
    model.parameters.all().forEach((parameter, p) => {
      if (parameter.name.includes("/fitted/")) return; // constants
      const view = parameter.buffer.view;
      for (let i = 0; i < parameter.size; i += Math.max(1, Math.floor(parameter.size / 6))) {
        const start = view[i] ?? NaN;
        const at = (value: number): number => {
          view[i] = value;
          return forward();
        };
        const numeric = (at(start + 1e-6) - at(start - 1e-6)) / 2e-6;
        view[i] = start;
        expect(gradients[p]?.[i], `${parameter.name}[${i}]`).toBeCloseTo(numeric, 6);
        checked++;
      }
    });
    expect(checked).toBeGreaterThan(60);
  },
);

test("the head for errors is trained by its own loss alone, and silent in training", () => {
  const backend = createReferenceBackend();
  const step = (certainty: number | null) => {
    const model = build(backend, { awareness: { certainty, statistics: { hidden: 3 } } });
    const tape = new Tape(backend);
    const result = model.forward(tape, smallBatch(threeModalities, [1, 2, 3]), {
      training: true,
      seed: 1,
      step: 0,
    });
    tape.backward(lossesOf(result).total);
    return {
      result,
      gradients: new Map(
        model.parameters.all().map((parameter) => [parameter.name, gradientValues(backend, parameter)]),
      ),
    };
  };
  const [without, small, large] = [step(null), step(0.1), step(0.2)];
  expect(small.result.expectedError).toBeUndefined();
  for (const [name, gradient] of without.gradients) expect(small.gradients.get(name), name).toEqual(gradient);
  const slopes = small.gradients.get("certainty/out/weight") ?? [];
  expect(slopes.some((slope) => slope !== 0)).toBe(true);
  slopes.forEach((slope, i) => {
    expect(large.gradients.get("certainty/out/weight")?.[i]).toBeCloseTo(2 * slope, 12);
  });
});

test("options that contradict each other, the task or the data are refused", () => {
  const backend = createReferenceBackend();
  expect(() => build(backend, { experts: { logVarMin: 2, logVarMax: 1 } })).toThrow(ConfigError);
  const random = layOver({ ...euarPresets.precision.config }, { experts: { gate: "random" } });
  expect(() => build(backend, random)).not.toThrow();
  expect(() => build(backend, { fusion: "add", head: null })).toThrow(/"mean" or "sum"/);
  expect(() => build(backend, { losses: { alone: 1 } })).toThrow(/losses.alone/);
  expect(() => build(backend, { fusion: "sum", losses: { alone: 1 } })).not.toThrow();
  expect(() => build(backend, { encoder: { kind: "sequence", heads: 5 } })).toThrow(
    /encoder.heads \(5\) must divide hidden \(6\)/,
  );
  for (const part of [{ gate: true }, { dropout: 0.5 }, { steady: 1 }])
    expect(() => resolveModelConfig("euar", { awareness: { statistics: part } })).toThrow(
      /awareness.statistics.hidden/,
    );
  for (const losses of [{ kl: { weight: 0 } }, { balance: { weight: -1 } }, { ranking: 0 }])
    expect(() => resolveModelConfig("euar", { losses })).toThrow(ConfigError);
  expect(() => build(backend, { taskLoss: "cross-entropy" })).toThrow(/regression task/);
  const classes: DataSignature = {
    ...threeModalities,
    task: { kind: "classification", classes: ["a", "b"] },
  };
  expect(() => build(backend, { taskLoss: "mse" }, classes)).toThrow(/classification task/);
  const model = build(backend);
  const wider = {
    ...threeModalities,
    modalities: threeModalities.modalities.map((m) => ({ ...m, width: m.width + 1 })),
  };
  const run = () =>
    model.forward(new Tape(backend, false), smallBatch(wider, [1]), { training: false, seed: 1, step: 0 });
  expect(run).toThrow(DataError);
  expect(run).toThrow(/"text" has 14 features per step, but the model was built for 13/);
});
