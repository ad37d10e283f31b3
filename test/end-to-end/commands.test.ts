import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { euar, jsonOf, type Outcome, withFolder } from "../run-euar.js";

const data = "synthetic:train=120,valid=40,test=60";
const sentimentMetrics = ["Has0_acc_2", "Non0_acc_2", "Non0_F1_score", "Mult_acc_7", "MAE", "Corr"];

function trained(folder: string, ...more: string[]): Outcome {
  return euar(["train", "--data", data, "--epochs", "3", "--out", join(folder, "run"), ...more]);
}

function clip(overrides: Record<string, unknown> = {}): string {
  const vector = (width: number): number[] =>
    Array.from({ length: width }, (_, i) => ((i * 37) % 11) / 5 - 1);
  return JSON.stringify({ text: vector(768), audio: vector(74), vision: vector(47), ...overrides });
}

describe("train, evaluate, predict, inspect", () => {
  it("do the main job, with one JSON object each and nothing else on stdout", async () => {
    await withFolder((folder) => {
      const train = jsonOf(trained(folder, "--json"));
      expect(train).toMatchObject({
        config: { model: { name: "euar" }, train: { seed: 1, epochs: 3 } },
        hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      });
      expect(train.seconds).toBeGreaterThan(0);
      const { valid, test } = train.metrics as Record<string, Record<string, unknown>>;
      for (const name of sentimentMetrics) {
        expect(valid?.[name], name).toBeTypeOf("number");
        expect(test?.[name], name).toBeTypeOf("number");
      }
      expect(readdirSync(join(folder, "run")).sort()).toEqual([
        "config.json",
        "history.jsonl",
        "metrics.json",
        "predictions-test.jsonl",
        "predictions-valid.jsonl",
        "weights.safetensors",
      ]);

      const run = join(folder, "run");
      const whole = jsonOf(euar(["evaluate", "--run", run, "--data", data, "--json"]));
      expect(whole.hash).toBe(train.hash);
      expect(whole.metrics).toEqual(test);
      const part = jsonOf(
        euar([
          "evaluate",
          "--run",
          run,
          "--data",
          data,
          "--available",
          "text",
          "--noise",
          "gaussian:1",
          "--json",
        ]),
      );
      expect(part).toMatchObject({ available: ["text"], noise: ["gaussian:1"], samples: 60, split: "test" });
      expect((part.metrics as Record<string, unknown>).MAE).not.toBe(test?.MAE);

      writeFileSync(join(folder, "clip.json"), clip());
      const one = jsonOf(euar(["predict", "--run", run, "--features", join(folder, "clip.json"), "--json"]));
      expect(one.prediction).toBeTypeOf("number");
      expect(one.modalities).toMatchObject({
        text: { present: true },
        audio: { present: true },
        vision: { present: true },
      });
      const stream = euar(["predict", "--run", run, "--features", "-", "--json"], {
        input: `${clip({ id: "a" })}\n\n${clip({ vision: null })}\n`,
      });
      const lines = stream.stdout
        .trimEnd()
        .split("\n")
        .map((line): unknown => JSON.parse(line));
      expect(lines).toHaveLength(2);
      expect(lines[0]).toEqual({ id: "a", ...one });
      expect(lines[1]).toMatchObject({ modalities: { vision: { present: false, uncertainty: null } } });

      expect(jsonOf(euar(["inspect", run, "--json"]))).toMatchObject({ kind: "run", state: "finished" });
      expect(jsonOf(euar(["inspect", join(run, "weights.safetensors"), "--json"]))).toMatchObject({
        kind: "weights",
        hash: train.hash,
      });
      expect(jsonOf(euar(["inspect", data, "--json"]))).toMatchObject({
        kind: "data set",
        splits: { train: { samples: 120 } },
      });
    });
  });

  it("trains one model per seed and reports means and deviations", async () => {
    await withFolder((folder) => {
      const result = jsonOf(trained(folder, "--model", "linear", "--seeds", "1,2,3", "--json"));
      const runs = result.runs as {
        metrics: { test: { MAE: number } };
        coverage: { coverage: number; meanSize: number };
      }[];
      const values = runs.map((run) => run.metrics.test.MAE);
      const mean = values.reduce((sum, value) => sum + value, 0) / 3;
      expect(result).toMatchObject({ seeds: [1, 2, 3] });
      expect((result.metrics as { test: { MAE: number } }).test.MAE).toBeCloseTo(mean, 12);
      expect((result.deviations as { test: { MAE: number } }).test.MAE).toBeGreaterThan(0);
      const meanOf = (key: "coverage" | "meanSize"): unknown =>
        expect.closeTo(runs.reduce((sum, run) => sum + run.coverage[key], 0) / 3, 12);
      expect(result["coverage"]).toMatchObject({
        of: "intervals",
        level: 0.9,
        coverage: { mean: meanOf("coverage") },
        meanSize: { mean: meanOf("meanSize") },
      });
      expect(trained(folder, "--model", "linear", "--seeds", "1,2,3", "--resume").stdout).toMatch(
        /coverage of intervals on the test split \d\.\d{3} \+- \d\.\d{3} \(nominal 0\.90\); mean width/u,
      );
      expect(readdirSync(join(folder, "run")).sort()).toEqual(["seed-1", "seed-2", "seed-3"]);
    });
  });

  it("continues several seeds or one, and repeats no finished run", async () => {
    await withFolder((folder) => {
      const two = jsonOf(trained(folder, "--model", "linear", "--seeds", "1,2", "--json")).runs as unknown[];
      const untouched = readFileSync(join(folder, "run", "seed-1", "metrics.json"), "utf8");
      const resumed = trained(folder, "--model", "linear", "--seeds", "1,2,3", "--resume", "--json");
      const three = jsonOf(resumed).runs as unknown[];
      expect(three.slice(0, 2)).toEqual(two);
      expect(three).toHaveLength(3);
      expect(resumed.stderr).toContain("seed 2: already finished");
      expect(readFileSync(join(folder, "run", "seed-1", "metrics.json"), "utf8")).toBe(untouched);
      const other = trained(
        folder,
        "--model",
        "linear",
        "--seeds",
        "1,2",
        "--batch-size",
        "8",
        "--resume",
        "--json",
      );
      expect(jsonOf(other)).toMatchObject({ error: { code: "checkpoint.mismatch" } });
      expect(other.code).toBe(4);
    });
  });

  it("prints tables for people, without colours when not on a terminal", async () => {
    await withFolder((folder) => {
      const { stdout, code } = trained(folder, "--model", "linear");
      expect(code).toBe(0);
      expect(stdout).toMatch(/^MAE +\d\.\d{3} +\d\.\d{3}$/m);
      expect(stdout).not.toContain("\u001b");
    });
  });

  it("gives the same run for the same seed, and another one for another", async () => {
    await withFolder((folder) => {
      const metrics = (name: string, seed: string): unknown =>
        jsonOf(
          euar([
            "train",
            "--data",
            data,
            "--epochs",
            "2",
            "--seed",
            seed,
            "--out",
            join(folder, name),
            "--json",
          ]),
        ).metrics;
      const first = metrics("a", "3");
      expect(metrics("b", "3")).toEqual(first);
      expect(metrics("c", "4")).not.toEqual(first);
      expect(
        readFileSync(join(folder, "a", "weights.safetensors")).equals(
          readFileSync(join(folder, "b", "weights.safetensors")),
        ),
      ).toBe(true);
    });
  });
});

describe("config files and presets", () => {
  it("are overridden in the order defaults, preset, file, flags", async () => {
    await withFolder((folder) => {
      writeFileSync(
        join(folder, "settings.json"),
        JSON.stringify({ hidden: 16, experts: { count: 6 }, learningRate: 0.002, epochs: 9 }),
      );
      const result = jsonOf(
        trained(
          folder,
          "--preset",
          "paper-32",
          "--config",
          join(folder, "settings.json"),
          "--learning-rate",
          "0.003",
          "--json",
        ),
      );
      expect(result.config).toMatchObject({
        model: { config: { experts: { count: 6, topK: 3 }, hidden: 16 } },
        train: { learningRate: 0.003, epochs: 3, batchSize: 16 },
      });
      const preset = jsonOf(
        euar([
          "train",
          "--data",
          data,
          "--preset",
          "paper-32",
          "--epochs",
          "1",
          "--out",
          join(folder, "preset"),
          "--json",
        ]),
      );
      expect(preset.config).toMatchObject({ model: { config: { experts: { count: 32 } } } });
    });
  });
});

describe("demo and bench", () => {
  it("the demo writes a page and can be run again", async () => {
    await withFolder((folder) => {
      const args = ["demo", "--data", data, "--epochs", "2", "--out", join(folder, "demo"), "--json"];
      const result = jsonOf(euar(args));
      expect(result).toMatchObject({
        models: [
          { label: "EUAR aware" },
          { label: "EUAR paper" },
          { label: "linear" },
          { label: "linear, same aids" },
        ],
        noise: [{ where: "every input" }, { where: "text alone" }],
        uncertainty: [{ model: "EUAR aware" }, { model: "EUAR paper" }, { model: "linear, same aids" }],
        doubted: [{ model: "EUAR aware" }, { model: "EUAR paper" }],
        clip: { inputs: [{ modality: "text" }, { modality: "audio" }, { modality: "vision" }], unread: [] },
      });
      writeFileSync(join(folder, "demo", "mine.txt"), "kept");
      expect(euar(args).code).toBe(0);
      expect(readdirSync(join(folder, "demo")).sort()).toEqual([
        "aware",
        "clip",
        "linear",
        "linear-same-aids",
        "mine.txt",
        "noise.svg",
        "paper",
        "report.html",
        "results.json",
      ]);
      expect(readFileSync(join(folder, "demo", "report.html"), "utf8").match(/<figure>/g)).toHaveLength(7);
    });
  });
  it("bench checks results before it times", () => {
    const result = jsonOf(euar(["bench", "predict", "--runs", "20", "--json"]));
    expect(result).toMatchObject({ what: "predict", runs: 20 });
    const { difference, tolerance } = result.check as { difference: number; tolerance: number };
    expect(difference).toBeLessThan(tolerance);
    expect((result.milliseconds as { median: number }).median).toBeGreaterThan(0);
  });
});

describe("help", () => {
  it.each([[[]], [["--help"]], [["train", "--help"]], [["help", "bench"]], [["--version"]]])(
    "%j goes to stdout with exit code 0",
    (args) => {
      const { code, stdout, stderr } = euar(args);
      expect(code).toBe(0);
      expect(stdout.length).toBeGreaterThan(4);
      expect(stderr).toBe("");
    },
  );
  it("has every option of the schemas", () => {
    const { stdout } = euar(["train", "--help"]);
    for (const flag of [
      "--top-k",
      "--learning-rate",
      "--losses.uncertainty.stop-gradient",
      "--data",
      "--seeds",
      "--json",
    ])
      expect(stdout).toContain(flag);
    const schema = JSON.parse(euar(["train", "--print-schema"]).stdout) as {
      properties: Record<string, unknown>;
    };
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(["experts", "learningRate", "data"]),
    );
  });
});
