import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { euar, jsonOf, root } from "../run-euar.js";
import { writeNpy } from "./npy-folder.js";

const data = "synthetic:train=80,valid=30,test=40";
const folder = mkdtempSync(join(tmpdir(), "euar-"));
const run = join(folder, "run");

function errorOf(args: readonly string[]): {
  code: string;
  message: string;
  hint?: string;
  exit: number | null;
} {
  const outcome = euar([...args, "--json"]);
  return {
    ...(jsonOf(outcome)["error"] as { code: string; message: string; hint?: string }),
    exit: outcome.code,
  };
}

beforeAll(() => {
  const { code, stderr } = euar([
    "train",
    "--data",
    data,
    "--epochs",
    "2",
    "--experts",
    "4",
    "--top-k",
    "2",
    "--out",
    run,
    "--quiet",
  ]);
  expect(code, stderr).toBe(0);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("euar evaluate --protocol", () => {
  it("measures every condition as evaluate alone does, by name or by file, with a summary", () => {
    const result = jsonOf(
      euar(["evaluate", "--run", run, "--data", data, "--protocol", "random-missing", "--json"]),
    );
    const conditions = result["conditions"] as {
      name: string;
      rate: number;
      metrics: Record<string, number>;
    }[];
    expect(conditions.map(({ rate }) => rate)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
    const alone = jsonOf(
      euar(["evaluate", "--run", run, "--data", data, "--noise", "missing:0.4", "--json"]),
    );
    expect(conditions[4]?.metrics).toEqual(alone["metrics"]);
    const mean = conditions.reduce((sum, { metrics }) => sum + (metrics["MAE"] ?? NaN), 0) / 8;
    expect((result["summary"] as { metrics: Record<string, number> }).metrics["MAE"]).toBeCloseTo(mean, 12);
    const byFile = jsonOf(
      euar([
        "evaluate",
        "--run",
        run,
        "--data",
        data,
        "--protocol",
        join(root, "configs/protocols/random-missing.json"),
        "--json",
      ]),
    );
    expect({ ...byFile, seconds: 0, conditions: 0 }).toEqual({ ...result, seconds: 0, conditions: 0 });
  });

  it("prints a table with AUILC and the mean uncertainties", () => {
    const { stdout, code } = euar(["evaluate", "--run", run, "--data", data, "--protocol", "frame-drop"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/protocol frame-drop, seed 1\ncondition +Has0_acc_2 .*MAE/);
    expect(stdout).toMatch(/\nframe-zero:0\.1 +\d/);
    expect(stdout).toMatch(/\nAUILC +\d/);
    expect(stdout).toMatch(/Mean predicted uncertainty[^]*condition +text +audio +vision/);
  });

  it("retrain: reads a run per subset from the folder, and names the one that is missing", () => {
    const runs = join(folder, "runs");
    mkdirSync(runs);
    for (const subset of ["text", "audio", "text,audio"]) {
      const out = join(runs, subset.replace(",", "+"));
      expect(
        euar([
          "train",
          "--data",
          data,
          "--model",
          "linear",
          "--modalities",
          subset,
          "--epochs",
          "2",
          "--out",
          out,
          "--quiet",
        ]).code,
      ).toBe(0);
    }
    const result = jsonOf(
      euar([
        "evaluate",
        "--run",
        runs,
        "--data",
        data,
        "--modalities",
        "text,audio",
        "--protocol",
        "fixed-missing-retrain",
        "--json",
      ]),
    );
    const conditions = result["conditions"] as { name: string; hash: string }[];
    expect(conditions.map(({ name }) => name)).toEqual(["text", "audio", "text+audio"]);
    expect(new Set(conditions.map(({ hash }) => hash)).size).toBe(3);
    const missing = errorOf([
      "evaluate",
      "--run",
      runs,
      "--data",
      data,
      "--protocol",
      "fixed-missing-retrain",
    ]);
    const outside = join(folder, "outside.json");
    writeFileSync(
      outside,
      JSON.stringify({
        format: "euar-protocol/1",
        name: "x",
        seed: 1,
        models: "retrain",
        conditions: [{ name: "../run", available: ["text"] }],
      }),
    );
    expect(errorOf(["evaluate", "--run", runs, "--data", data, "--protocol", outside])).toMatchObject({
      code: "config.invalid",
      message: expect.stringContaining("../run") as string,
    });
    expect(missing).toMatchObject({ exit: 4, message: expect.stringContaining("vision") as string });
  });

  it("prints the metrics of classes too", () => {
    const source = join(folder, "of-classes");
    mkdirSync(source);
    const split = (): object => ({ features: { text: "x.npy" }, labels: "y.npy" });
    writeNpy(
      join(source, "x.npy"),
      Array.from({ length: 60 }, (_, i) => ((i * 7) % 11) / 5 - 1),
      [20, 3],
    );
    writeNpy(
      join(source, "y.npy"),
      Array.from({ length: 20 }, (_, i) => i % 2),
      [20],
    );
    writeFileSync(
      join(source, "dataset.json"),
      JSON.stringify({
        task: { kind: "classification", classes: ["no", "yes"] },
        splits: { train: split(), valid: split(), test: split() },
      }),
    );
    const classes = join(folder, "classes");
    expect(
      euar(["train", "--data", source, "--model", "linear", "--epochs", "2", "--out", classes, "--quiet"])
        .code,
    ).toBe(0);
    const { stdout } = euar([
      "evaluate",
      "--run",
      classes,
      "--data",
      source,
      "--protocol",
      "structural-drop",
    ]);
    expect(stdout).toMatch(/condition +Accuracy +Weighted_F1 +Macro_F1\n/);
    expect(stdout).toMatch(/\nAUILC +0\.\d/);
  });

  it.each([
    [["--noise", "gaussian:1"], "--noise"],
    [["--available", "text"], "--available"],
    [["--seed", "2"], "--seed"],
  ])("refuses %j, which the protocol decides", (more, named) => {
    expect(
      errorOf(["evaluate", "--run", run, "--data", data, "--protocol", "frame-drop", ...more]),
    ).toMatchObject({ code: "config.conflict", exit: 2, message: expect.stringContaining(named) as string });
  });

  it("reports the problem of a protocol", () => {
    const file = join(folder, "mine.json");
    const evaluated = (text: string): { code: string; message: string; hint?: string } => {
      writeFileSync(file, text);
      return errorOf(["evaluate", "--run", run, "--data", data, "--protocol", file]);
    };
    expect(evaluated("{")).toMatchObject({
      code: "config.invalid",
      message: expect.stringContaining("not JSON") as string,
    });
    expect(
      evaluated('{"format":"euar-protocol/1","name":"m","seed":1,"conditions":[{"noise":"gausian:1"}]}'),
    ).toMatchObject({ code: "config.invalid", hint: 'Did you mean "gaussian"?' });
    expect(
      evaluated('{"format":"euar-protocol/1","name":"m","seed":1,"conditions":[{"available":["smell"]}]}'),
    ).toMatchObject({ code: "data.unknown-modality", exit: 3 });
    expect(errorOf(["evaluate", "--run", run, "--data", data, "--protocol", "frame-drp"])).toMatchObject({
      code: "config.invalid",
      hint: expect.stringContaining('"frame-drop"') as string,
    });
    expect(
      errorOf(["evaluate", "--run", run, "--data", data, "--protocol", join(folder, "none.json")]),
    ).toMatchObject({ code: "config.invalid", exit: 2 });
    expect(errorOf(["evaluate", "--run", run, "--data", data, "--protocol", `${folder}.json`])).toMatchObject(
      { code: "config.invalid" },
    );
  });
});
