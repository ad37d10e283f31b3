import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeScenes } from "../../src/features/testing/make-scenes.js";
import { euar, jsonOf } from "../run-euar.js";

describe("table 3 on a folder of RGB-D scenes", () => {
  let folder = "";
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "euar-nyud2-"));
    await makeScenes(join(folder, "nyud2_trainvaltest"), { train: 3, test: 1 });
    const small = { train: { epochs: 1, learningRate: 0.001 }, models: { euar: { config: { experts: 4 } } } };
    writeFileSync(join(folder, "recipe.json"), JSON.stringify(small));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("has a column for each noise on both images, and scores one picture by its two halves", () => {
    const args = ["--data", "nyud2_trainvaltest", "--image", "image/pixels:side=2", "--seeds", "1"];
    const outcome = euar(
      ["reproduce", "table3", ...args, "--recipe", "recipe.json", "--workers", "1", "--json", "--quiet"],
      { cwd: folder },
    );
    expect(outcome.stderr).toBe("");
    const { experiments } = jsonOf(outcome) as {
      experiments: { name: string; columns: { label: string }[]; rows: { label: string }[] }[];
    };
    expect(experiments.map(({ name }) => name)).toEqual(["table3"]);
    expect(experiments[0]?.columns.map(({ label }) => label)).toEqual([
      "clean",
      ...["salt and pepper, ε = 5", "salt and pepper, ε = 10", "Gaussian, ε = 5", "Gaussian, ε = 10"],
    ]);
    expect(experiments[0]?.rows.map(({ label }) => label)).toEqual(
      expect.arrayContaining(["EUAR", "EUAR, preset aware", "Concat"]),
    );
    const data = "results/data/clean";
    expect(existsSync(join(folder, data, "rgb-gaussian-clean-5-depth-gaussian-clean-5/dataset.json"))).toBe(
      true,
    );

    const trained = euar(
      [
        ...["train", "--data", `${data}/clean`, "--model", "linear", "--epochs", "1"],
        "--out",
        "run",
        "--quiet",
      ],
      { cwd: folder },
    );
    expect(trained.code).toBe(0);
    const scored = euar(["predict", "nyud2_trainvaltest/test/Kitchen/0000.png", "--run", "run", "--json"], {
      cwd: folder,
    });
    expect(jsonOf(scored)).toMatchObject({
      modalities: { rgb: { present: true }, depth: { present: true } },
    });
  });

  it("refuses an adapter of images for data that are features", () => {
    const args = ["reproduce", "table3", "--data", "synthetic", "--image", "image/pixels", "--json"];
    expect(jsonOf(euar(args, { cwd: folder }))["error"]).toMatchObject({ code: "config.conflict" });
  });
});
