import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { euar } from "../run-euar.js";

const root = mkdtempSync(join(tmpdir(), "euar-deterministic-"));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

it("trains a model that does not depend on the seed only once, and says so", () => {
  const out = join(root, "runs");
  const args = ["--data", "synthetic", "--model", "ridge", "--epochs", "3", "--seeds", "4,5,6", "--out", out];
  const { code, stdout, stderr } = euar(["train", ...args, "--json"]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/the model ridge does not depend on the seed; it is trained once, with seed 4/);
  expect(JSON.parse(stdout)).toMatchObject({ seeds: [4] });
  expect([4, 5].map((seed) => existsSync(join(out, `seed-${seed}`)))).toEqual([true, false]);
});
