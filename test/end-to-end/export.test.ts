import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { euar, jsonOf, withFolder } from "../run-euar.js";

const data = "synthetic:train=60,valid=20,test=30";

describe("euar export", () => {
  it("writes the model and its card, equal to the original in onnxruntime, replacing nothing", async () => {
    await withFolder((folder) => {
      const [run, out] = [join(folder, "run"), join(folder, "out")];
      euar([
        "train",
        "--data",
        data,
        "--epochs",
        "2",
        "--hidden",
        "12",
        "--experts",
        "3",
        "--out",
        run,
        "--quiet",
      ]);
      const report = jsonOf(euar(["export", "--run", run, "--out", out, "--onnx", "--json"]));
      expect(readdirSync(out).sort()).toEqual(["MODEL_CARD.md", "model.onnx"]);
      expect(report.bytes).toBe(readFileSync(join(out, "model.onnx")).length);
      expect(report.difference).toBeTypeOf("number");
      expect(report.difference).toBeLessThanOrEqual(1e-5);
      expect(report.metrics).toContainEqual({
        name: "MAE",
        value: expect.any(Number) as number,
        interval: [expect.any(Number), expect.any(Number)],
      });
      const { test } = JSON.parse(readFileSync(join(run, "metrics.json"), "utf8")) as {
        test: Record<string, number>;
      };
      for (const { name, value } of report.metrics as { name: string; value: number }[])
        expect(value, name).toBeCloseTo(test[name] ?? NaN, 6);
      expect(readFileSync(join(out, "MODEL_CARD.md"), "utf8")).toContain(
        `sha-256 \`${String(report.digest)}\``,
      );

      const again = euar(["export", "--run", run, "--out", out, "--onnx", "--json"]);
      expect(again.code).toBe(2);
      expect(again.stderr).toContain("--overwrite");
      const alone = jsonOf(
        euar([
          "export",
          "--run",
          join(run, "weights.safetensors"),
          "--out",
          out,
          "--onnx",
          "--overwrite",
          "--json",
        ]),
      );
      expect(alone).toMatchObject({ digest: report.digest, metrics: report.metrics });
    });
  });

  it("reports problems before it writes anything", async () => {
    await withFolder((folder) => {
      const out = join(folder, "out");
      expect(euar(["export", "--run", folder, "--out", out])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("--onnx") as string,
      });
      expect(euar(["export", "--run", folder, "--out", out, "--onnx"])).toMatchObject({
        code: 4,
        stderr: expect.stringContaining("weights.safetensors does not exist") as string,
      });
      mkdirSync(join(folder, "run"));
      writeFileSync(join(folder, "run", "weights.safetensors"), "garbage");
      expect(euar(["export", "--run", join(folder, "run"), "--out", out, "--onnx"])).toMatchObject({
        code: 4,
      });
      expect(existsSync(out)).toBe(false);
      writeFileSync(out, "a file");
      expect(euar(["export", "--run", join(folder, "run"), "--out", out, "--onnx"])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("it is a file") as string,
      });
    });
  });
});
