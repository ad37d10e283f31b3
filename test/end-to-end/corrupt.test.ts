import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDataset } from "../../src/data/formats/load-dataset.js";
import { euar, jsonOf } from "../run-euar.js";
import { labels, writeNpy } from "./npy-folder.js";

const folder = mkdtempSync(join(tmpdir(), "euar-"));
const data = join(folder, "data");
const run = join(folder, "run");
const origin = { adapter: "text/test", version: 1, packages: {}, options: {}, width: 4 };

/** Sequences of different lengths with padding at their ends, and samples without audio. */
function writeData(): void {
  const splits = Object.fromEntries(
    (["train", "valid", "test"] as const).map((name, s) => {
      const rows = name === "train" ? 60 : 30;
      const text = Array.from({ length: rows * 6 * 4 }, (_, i) =>
        Math.floor(i / 4) % 6 > 1 + (Math.floor(i / 24) % 5)
          ? 0
          : Math.fround(((i * 37 + s * 11) % 101) / 17 - 3),
      );
      const audio = Array.from({ length: rows * 5 * 3 }, (_, i) =>
        Math.floor(i / 15) % 7 === 3 ? 0 : Math.fround(((i * 53 + s * 5) % 89) * 3.3),
      );
      writeNpy(join(data, `${name}-text.npy`), text, [rows, 6, 4]);
      writeNpy(join(data, `${name}-audio.npy`), audio, [rows, 5, 3]);
      writeNpy(join(data, `${name}-labels.npy`), labels(rows), [rows]);
      return [
        name,
        { features: { text: `${name}-text.npy`, audio: `${name}-audio.npy` }, labels: `${name}-labels.npy` },
      ];
    }),
  );
  writeFileSync(
    join(data, "dataset.json"),
    JSON.stringify({
      task: { kind: "regression", targets: ["sentiment"] },
      splits,
      features: { text: origin },
    }),
  );
}

function metricsOf(...args: readonly string[]): unknown {
  const { metrics, uncertainty } = jsonOf(euar(["evaluate", "--run", run, ...args, "--json"])) as {
    metrics: unknown;
    uncertainty: Record<string, { mean: number; samples: number }>;
  };
  return {
    metrics,
    uncertainty: Object.entries(uncertainty).map(([name, { mean, samples }]) => [name, mean, samples]),
  };
}

function corrupt(out: string, ...args: readonly string[]): Record<string, unknown> {
  const outcome = euar(["corrupt", data, "--out", join(folder, out), ...args, "--json"]);
  return { ...jsonOf(outcome), exit: outcome.code };
}

beforeAll(() => {
  mkdirSync(data);
  writeData();
  const { code, stderr } = euar([
    "train",
    "--data",
    data,
    "--epochs",
    "3",
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

describe("euar corrupt", () => {
  it.each([
    ["gaussian:0.7"],
    ["text=frame-zero:0.4,missing:0.3"],
    ["audio=structural-drop:0.5"],
    ["dropout:0.3,vector-dropout:0.2,gaussian:0.1"],
  ])(
    "%s: a model measured on the copy gives the bits that it gives on the original under the same noise",
    async (noise) => {
      const out = `copy-${noise.replace(/\W/g, "_")}`;
      const result = corrupt(out, "--noise", noise, "--seed", "5");
      expect(result).toMatchObject({
        exit: 0,
        corruption: { specification: noise, seed: 5, splits: ["test"], units: "train" },
      });
      const measured = metricsOf("--data", join(folder, out));
      expect(measured).toEqual(metricsOf("--data", data, "--noise", noise, "--seed", "5"));
      expect(measured).not.toEqual(metricsOf("--data", data));
      expect(measured).not.toEqual(metricsOf("--data", data, "--noise", noise, "--seed", "6"));
      const [original, copy] = [await loadDataset(data), await loadDataset(join(folder, out))];
      expect(copy.splits.train).toEqual(original.splits.train);
      expect(copy.splits.valid).toEqual(original.splits.valid);
      expect(copy.splits.test).not.toEqual(original.splits.test);
      expect(copy.features).toEqual({ text: origin });
      expect(readdirSync(folder).filter((name) => name.includes(".tmp") || name.includes(".old"))).toEqual(
        [],
      );
    },
  );

  it("takes a condition of a protocol, with its seed", () => {
    expect(corrupt("condition", "--protocol", "random-missing", "--condition", "missing:0.4")).toMatchObject({
      exit: 0,
      corruption: { specification: "missing:0.4", seed: 1 },
    });
    const protocol = jsonOf(
      euar(["evaluate", "--run", run, "--data", data, "--protocol", "random-missing", "--json"]),
    );
    const conditions = protocol["conditions"] as { name: string; metrics: unknown }[];
    expect((metricsOf("--data", join(folder, "condition")) as { metrics: unknown }).metrics).toEqual(
      conditions.find(({ name }) => name === "missing:0.4")?.metrics,
    );
    expect(corrupt("subset", "--protocol", "fixed-missing", "--condition", "audio")).toMatchObject({
      exit: 0,
      corruption: { available: ["audio"] },
    });
    expect((metricsOf("--data", join(folder, "subset")) as { metrics: unknown }).metrics).toEqual(
      (metricsOf("--data", data, "--available", "audio") as { metrics: unknown }).metrics,
    );
  });

  it("takes the units and modalities of a run, wherever that was trained", () => {
    const other = join(folder, "audio-run");
    expect(
      euar([
        "train",
        "--data",
        data,
        "--model",
        "linear",
        "--modalities",
        "audio",
        "--epochs",
        "1",
        "--out",
        other,
        "--quiet",
      ]).code,
    ).toBe(0);
    const result = corrupt("units", "--noise", "gaussian:1", "--run", other) as {
      modalities: { name: string }[];
      corruption: { units: string };
    };
    expect(result.modalities.map(({ name }) => name)).toEqual(["audio"]);
    expect(result.corruption.units).toMatch(/^[0-9a-f]{64}$/);
    const measured = (source: string, ...more: readonly string[]): unknown =>
      jsonOf(euar(["evaluate", "--run", other, "--data", source, ...more, "--json"]))["metrics"];
    expect(measured(join(folder, "units"))).toEqual(measured(data, "--noise", "gaussian:1"));
  });

  it("a copy of a copy records both corruptions, and inspect shows them", () => {
    expect(corrupt("first", "--noise", "gaussian:1")).toMatchObject({ exit: 0 });
    expect(
      euar([
        "corrupt",
        join(folder, "first"),
        "--out",
        join(folder, "second"),
        "--noise",
        "missing:0.2",
        "--seed",
        "3",
      ]).code,
    ).toBe(0);
    const { notes } = jsonOf(euar(["inspect", join(folder, "second"), "--json"])) as { notes: string[] };
    expect(notes.filter((note) => note.includes("corrupted"))).toEqual([
      "warning: features of test corrupted: gaussian:1, seed 1",
      "warning: features of test corrupted: missing:0.2, seed 3",
    ]);
  });

  it("replaces only its own output, and only on request", () => {
    expect(corrupt("kept", "--noise", "gaussian:1")).toMatchObject({ exit: 0 });
    const before = readFileSync(join(folder, "kept", "test", "text.npy"));
    expect(corrupt("kept", "--noise", "gaussian:2")).toMatchObject({
      exit: 2,
      error: { code: "config.conflict", hint: expect.stringContaining("--overwrite") as string },
    });
    expect(readFileSync(join(folder, "kept", "test", "text.npy")).equals(before)).toBe(true);
    expect(corrupt("kept", "--noise", "gaussian:2", "--overwrite")).toMatchObject({ exit: 0 });
    expect(readFileSync(join(folder, "kept", "test", "text.npy")).equals(before)).toBe(false);
    expect(corrupt("run", "--noise", "gaussian:1", "--overwrite")).toMatchObject({
      exit: 2,
      error: { code: "config.conflict" },
    });
    expect(corrupt("data", "--noise", "gaussian:1", "--overwrite")).toMatchObject({
      exit: 2,
      error: { code: "config.conflict" },
    });
  });

  it.each([
    [[], "config.invalid", "no corruption is given"],
    [["--protocol", "frame-drop"], "config.invalid", "must be given together"],
    [["--condition", "clean"], "config.invalid", "must be given together"],
    [
      ["--protocol", "frame-drop", "--condition", "frame-zero:0.5", "--seed", "2"],
      "config.conflict",
      "--seed conflicts",
    ],
    [["--protocol", "frame-drop", "--condition", "frame-zero:0.55"], "config.invalid", "no condition"],
    [["--noise", "gausian:1"], "config.invalid", "no corruption"],
    [["--noise", "smell=gaussian:1"], "data.unknown-modality", "smell"],
    [["--available", "smell"], "data.unknown-modality", "smell"],
    [["--noise", "gaussian:1", "--splits", "tset"], "config.invalid", "tset"],
    [["--noise", "gaussian:1", "--run", join(folder, "nothing")], "checkpoint.format", "nothing"],
  ])("refuses %j and writes nothing", (args, code, text) => {
    const result = corrupt("refused", ...args) as { error: { code: string; message: string } };
    expect(result.error.code).toBe(code);
    expect(result.error.message).toContain(text);
    expect(readdirSync(folder)).not.toContain("refused");
  });
});
