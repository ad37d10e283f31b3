import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EuarError } from "../core/errors.js";
import { Predictor } from "../predict/predictor.js";
import type { TrainEvent } from "../train/events.js";
import { storedResult } from "../train/stored-run.js";
import { errorOf } from "../core/testing/error-of.js";
import { toyDataset } from "../data/testing/toy-dataset.js";
import { train, type TrainedRun } from "../train/train.js";
import type { TrainRequest } from "../train/train-request.js";

let folder: string;
let out: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "euar-run-"));
  out = join(folder, "run");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Options that use every part of the state of a resumed run: schedule, averages, clipping, dropout. */
const request: TrainRequest = {
  model: { name: "euar", config: { hidden: 8, experts: { count: 4 }, head: [8], inputDropout: 0.1 } },
  train: {
    epochs: 7,
    learningRate: 5e-3,
    seed: 9,
    averageDecay: 0.9,
    clipNorm: 1,
    modalityDropout: 0.3,
    plateauPatience: 0,
    optimiser: "adamw",
    weightDecay: 0.01,
    patience: 0,
  },
};

function bits(run: TrainedRun): number[][] {
  return run.model.network.parameters.all().map((parameter) => [...parameter.buffer.view]);
}

function lines(file: string): unknown[] {
  return readFileSync(join(out, file), "utf8")
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

/** Trains until `stop` returns true, then aborts like Ctrl-C. */
async function trainUntil(
  stop: (event: TrainEvent) => boolean,
  options: Partial<TrainRequest> = {},
): Promise<EuarError> {
  const controller = new AbortController();
  const onEvent = (event: TrainEvent): void => {
    if (stop(event)) controller.abort();
  };
  return errorOf(
    train({ ...request, out, ...options }, toyDataset(), { signal: controller.signal, onEvent }),
  );
}

describe("a finished run", () => {
  it("holds configuration, history, metrics, predictions and weights", async () => {
    const run = await train({ ...request, out, source: { path: "toy" } }, toyDataset());
    expect(readdirSync(out).sort()).toEqual([
      "config.json",
      "history.jsonl",
      "metrics.json",
      "predictions-test.jsonl",
      "predictions-valid.jsonl",
      "weights.safetensors",
    ]);
    expect(JSON.parse(readFileSync(join(out, "config.json"), "utf8"))).toEqual({
      ...run.config,
      source: { path: "toy" },
      hash: run.hash,
    });
    expect(lines("history.jsonl")).toEqual(run.history);
    const metrics = JSON.parse(readFileSync(join(out, "metrics.json"), "utf8")) as Record<string, unknown>;
    expect(metrics).toMatchObject({
      hash: run.hash,
      valid: run.metrics.valid,
      test: run.metrics.test,
      bestEpoch: run.bestEpoch,
      epochs: 7,
      stoppedEarly: false,
    });
    const predictions = lines("predictions-test.jsonl") as {
      id: string;
      label: number;
      prediction: number;
      modalities: Record<string, { present: boolean; experts: number[] }>;
    }[];
    expect(predictions).toHaveLength(48);
    const mae = predictions.reduce((sum, line) => sum + Math.abs(line.prediction - line.label), 0) / 48;
    expect(mae).toBeCloseTo(run.metrics.test["MAE"] ?? NaN, 6);
    expect(predictions[4]?.modalities["audio"]).toEqual({
      present: false,
      uncertainty: null,
      percentile: null,
      contribution: null,
      experts: [],
      gates: [],
      sigma2: [],
    });
    expect(predictions[0]?.modalities["audio"]?.experts).toHaveLength(3);
  });

  it("has a hash that follows the configuration and the data, not the folder", async () => {
    const short = { ...request, train: { ...request.train, epochs: 1 } };
    const first = await train({ ...short, out }, toyDataset());
    const elsewhere = await train({ ...short, source: { path: "elsewhere" } }, toyDataset());
    const moved = await train(short, { ...toyDataset(), name: "/some/where/else/toy" });
    expect(moved.hash).toBe(first.hash);
    const otherData = await train(short, toyDataset({ seed: 6 }));
    const otherOption = await train({ ...short, train: { ...short.train, clipNorm: 2 } }, toyDataset());
    expect(elsewhere.hash).toBe(first.hash);
    expect(new Set([first.hash, otherData.hash, otherOption.hash]).size).toBe(3);
  });

  it("is only overwritten with overwrite", async () => {
    const short = { ...request, train: { ...request.train, epochs: 1 }, out };
    await train(short, toyDataset());
    const before = readFileSync(join(out, "metrics.json"), "utf8");
    const error = await errorOf(train(short, toyDataset()));
    expect(error.code).toBe("config.conflict");
    expect(error.hint).toContain("--overwrite");
    expect(readFileSync(join(out, "metrics.json"), "utf8")).toBe(before);
    await train({ ...short, overwrite: true, train: { ...short.train, epochs: 2 } }, toyDataset());
    expect(lines("history.jsonl")).toHaveLength(2);
  });

  it("is not begun when the request is wrong", async () => {
    const bad: [Partial<TrainRequest>, string, RegExp][] = [
      [{ train: { ...request.train, selectBy: "Non0_acc2" } }, "config.invalid", /Non0_acc2/],
      [{ train: { ...request.train, epochs: 0 } }, "config.invalid", /epochs/],
      [{ train: { lerningRate: 1 } as never }, "config.unknown-key", /lerningRate/],
      [{ model: { name: "eaur" } as never }, "config.invalid", /eaur/],
      [{ model: { name: "euar", config: { exprets: 3 } as never } }, "config.unknown-key", /exprets/],
    ];
    for (const [change, code, message] of bad) {
      const error = await errorOf(train({ ...request, out, ...change }, toyDataset()));
      expect(error.code).toBe(code);
      expect(error.message).toMatch(message);
      expect(existsSync(out)).toBe(false);
    }
  });

  it("replaces the files of a run and touches nothing else", async () => {
    const short = { ...request, train: { ...request.train, epochs: 1 }, out };
    await train(short, toyDataset());
    writeFileSync(join(out, "notes.txt"), "mine");
    writeFileSync(join(out, "weights.safetensors.12345"), "left by a process that was killed while it wrote");
    await train({ ...short, overwrite: true }, toyDataset());
    expect(readFileSync(join(out, "notes.txt"), "utf8")).toBe("mine");
    expect(existsSync(join(out, "weights.safetensors.12345"))).toBe(false);
    expect(existsSync(join(out, "run.lock"))).toBe(false);
  });

  it("never replaces files of the same names that are not a run", async () => {
    for (const [name, text] of [
      ["config.json", '{"model_type":"bert"}'],
      ["config.json", "not json"],
      ["metrics.json", "{}"],
      ["history.jsonl", ""],
    ] as const) {
      rmSync(out, { recursive: true, force: true });
      mkdirSync(out);
      writeFileSync(join(out, name), text);
      for (const overwrite of [false, true]) {
        const error = await errorOf(train({ ...request, out, overwrite }, toyDataset()));
        expect(error.code).toBe("config.conflict");
        expect(error.message).toContain(name);
      }
      expect(readdirSync(out)).toEqual([name]);
      expect(readFileSync(join(out, name), "utf8")).toBe(text);
    }
  });

  it("is not written by two at once", async () => {
    const results = await Promise.allSettled([
      train({ ...request, out }, toyDataset()),
      train({ ...request, out }, toyDataset()),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const failed = results.find((result) => result.status === "rejected");
    expect(failed?.reason).toMatchObject({ code: "config.conflict" });
    expect((await errorOf(train({ ...request, out }, toyDataset()))).message).toContain("finished run");
  });

  it("can be read again for the same request, and for no other", async () => {
    const run = await train({ ...request, out }, toyDataset());
    expect(storedResult({ ...request, out: join(folder, "other") }, toyDataset())).toBeUndefined();
    const stored = storedResult({ ...request, out }, toyDataset());
    expect(stored).toEqual(Object.fromEntries(Object.entries(run).filter(([key]) => key !== "model")));
    expect(() => storedResult({ ...request, out, backend: "reference" }, toyDataset())).toThrow(
      /another configuration/,
    );
    expect(() => storedResult({ ...request, out }, toyDataset({ seed: 6 }))).toThrow(/other data/);
    writeFileSync(join(out, "metrics.json"), '{"hash": 3');
    expect(() => storedResult({ ...request, out }, toyDataset())).toThrow(/damaged/);
  });

  it("says where it cannot write", async () => {
    writeFileSync(join(folder, "file"), "");
    expect((await errorOf(train({ ...request, out: join(folder, "file") }, toyDataset()))).code).toBe(
      "config.conflict",
    );
    expect((await errorOf(train({ ...request, out: join(folder, "file", "run") }, toyDataset()))).code).toBe(
      "io.write",
    );
    if (existsSync("/proc/self"))
      expect((await errorOf(train({ ...request, out: "/proc/no-such/run" }, toyDataset()))).code).toBe(
        "io.write",
      ); // and does not hang
  });
});

describe.each(["wasm", "reference"] as const)("an interrupted run on the %s backend", (backend) => {
  it("resumes to the same bits as an uninterrupted run", async () => {
    const whole = await train({ ...request, backend }, toyDataset());
    const error = await trainUntil((event) => event.kind === "epoch" && event.record.epoch === 3, {
      backend,
    });
    expect(error.code).toBe("train.interrupted");
    expect(error.hint).toContain("--resume");
    expect(readdirSync(out).sort()).toEqual(["checkpoint.safetensors", "config.json", "history.jsonl"]);
    appendFileSync(join(out, "history.jsonl"), '{"torn'); // like after a crash in the middle of a line
    const again = await trainUntil((event) => event.kind === "epoch" && event.record.epoch === 5, {
      backend,
      resume: true,
    });
    expect(again.code).toBe("train.interrupted");
    const resumed = await train({ ...request, backend, out, resume: true }, toyDataset());
    expect(bits(resumed)).toEqual(bits(whole));
    expect(resumed.metrics).toEqual(whole.metrics);
    expect(resumed.history).toEqual(whole.history);
    expect(lines("history.jsonl")).toEqual(whole.history);
    expect(existsSync(join(out, "checkpoint.safetensors"))).toBe(false);
  });
});

describe("resuming", () => {
  it("refuses another configuration, other data, a damaged checkpoint, and none", async () => {
    expect((await errorOf(train({ ...request, out, resume: true }, toyDataset()))).code).toBe(
      "config.conflict",
    );
    await trainUntil((event) => event.kind === "step");
    expect((await errorOf(train({ ...request, out }, toyDataset()))).hint).toContain("--resume");
    expect(
      (
        await errorOf(
          train({ ...request, out, resume: true, train: { ...request.train, seed: 1 } }, toyDataset()),
        )
      ).code,
    ).toBe("checkpoint.mismatch");
    expect((await errorOf(train({ ...request, out, resume: true }, toyDataset({ seed: 77 })))).code).toBe(
      "checkpoint.mismatch",
    );
    const file = join(out, "checkpoint.safetensors");
    writeFileSync(file, readFileSync(file).subarray(0, statSync(file).size - 9));
    expect((await errorOf(train({ ...request, out, resume: true }, toyDataset()))).code).toBe(
      "checkpoint.format",
    );
  });

  it("without a folder, the error says how to set one", async () => {
    const controller = new AbortController();
    controller.abort();
    const error = await errorOf(train(request, toyDataset(), { signal: controller.signal }));
    expect(error.code).toBe("train.interrupted");
    expect(error.hint).toContain("--out");
  });
});

describe("stored weights", () => {
  it("give the predictions of the run", async () => {
    const run = await train({ ...request, out }, toyDataset());
    const loaded = await Predictor.load(out);
    expect(loaded.hash).toBe(run.hash);
    const sample = { text: [1, -1, 1, -1, 1, -1], audio: [0.5, 0, 0.5, 0] };
    expect(loaded.predict(sample)).toEqual(run.model.predict(sample));
  });

  it("predict the same from bytes, without a file", async () => {
    const run = await train({ ...request, out }, toyDataset());
    const bytes = readFileSync(join(out, "weights.safetensors"));
    const sample = { text: [1, -1, 1, -1, 1, -1], audio: [0.5, 0, 0.5, 0] };
    const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    for (const form of [bytes, copy])
      expect((await Predictor.fromWeights(form)).predict(sample)).toEqual(run.model.predict(sample));
    expect((await errorOf(Predictor.fromWeights(bytes, { task: "classification" }))).code).toBe(
      "checkpoint.mismatch",
    );
    expect((await errorOf(Predictor.fromWeights(bytes.subarray(0, 100)))).code).toBe("checkpoint.format");
  });

  it("are refused when missing, damaged, changed or not ours", async () => {
    await train({ ...request, out, train: { ...request.train, epochs: 1 } }, toyDataset());
    const file = join(out, "weights.safetensors");
    const good = readFileSync(file);
    expect((await errorOf(Predictor.load(join(folder, "nothing")))).code).toBe("checkpoint.format");
    writeFileSync(file, good.subarray(0, good.length / 2));
    expect((await errorOf(Predictor.load(out))).code).toBe("checkpoint.format");
    const at = good.indexOf('\\"count\\":4'); // the configuration, as JSON inside JSON
    expect(at).toBeGreaterThan(0);
    const changed = Buffer.from(good);
    changed[at + 10] = "5".charCodeAt(0);
    writeFileSync(file, changed);
    const error = await errorOf(Predictor.load(out));
    expect(error.code).toBe("checkpoint.format");
    expect(error.message).toContain("hash");
  });
});
