import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { euar, type Outcome } from "../run-euar.js";
import { fixtureFolder } from "../../src/encoders/testing/family-fixture.js";
import { writePhrases } from "./phrases-folder.js";

const root = mkdtempSync(join(tmpdir(), "euar-encoded-run-"));
const [data, run] = [join(root, "data"), join(root, "run")];

function json({ code, stdout, stderr }: Outcome): Record<string, unknown> {
  expect(stderr.includes("error"), stderr).toBe(false);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const encoder = ["--text-encoder", fixtureFolder("bert")];
const short = ["--epochs", "2", "--batch-size", "8", "--learning-rate", "0.01"];

beforeAll(() => {
  writePhrases(data);
  json(euar(["train", "--data", data, "--model", "linear", ...encoder, ...short, "--out", run, "--json"]));
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe("a run with a text encoder inside, on the command line", () => {
  it("predicts a sentence, and two sentences differently", () => {
    const score = (text: string): unknown =>
      json(euar(["predict", "--run", run, "--text", text, "--json"]))["prediction"];
    expect(typeof score("a good film")).toBe("number");
    expect(score("a bad film")).not.toBe(score("a good film"));
  });

  it("gives the metrics of training again, and under each condition of a protocol", () => {
    const measured = json(euar(["evaluate", "--run", run, "--data", data, "--json"]))["metrics"];
    const stored = JSON.parse(readFileSync(join(run, "metrics.json"), "utf8")) as { test: { MAE: number } };
    expect(measured).toMatchObject({ MAE: stored.test.MAE });
    const args = ["evaluate", "--run", run, "--data", data, "--protocol", "fixed-missing", "--json"];
    const { conditions } = json(euar(args)) as {
      conditions: { available: string[]; metrics: { MAE: number } }[];
    };
    expect(conditions.find(({ available }) => available.length === 2)?.metrics.MAE).toBe(stored.test.MAE);
    const alone = conditions.filter(({ available }) => available.length === 1);
    expect(new Set(alone.map(({ metrics }) => metrics.MAE)).size).toBe(2);
  });

  it("refuses noise on token ids, which are not feature values", () => {
    const { code, stderr } = euar(["evaluate", "--run", run, "--data", data, "--protocol", "feature-noise"]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/text holds token ids/)]);
  });

  it("is described by inspect, with the encoder and its trained part", () => {
    const { code, stdout } = euar(["inspect", run]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^encoder +text: .*bert, all layers trained; [0-9a-f]{64}$/m);
  });

  it("finds an encoder by the name under which it was added", () => {
    const env = { EUAR_ENCODERS: join(root, "store") };
    const add = ["encoders", "add", fixtureFolder("bert"), "--name", "small", "--json"];
    const { manifest } = json(euar(add, { env })) as { manifest: { digest: string } };
    expect(euar(["encoders", "list", "--check"], { env }).stdout).toMatch(/^small +bert +2 +8 .* good$/m);
    const out = join(root, "named");
    const options = ["--data", data, "--model", "linear", "--epochs", "1", "--out", out, "--json"];
    const { config } = json(euar(["train", ...options, "--text-encoder", "small"], { env })) as {
      config: { encoder: { digest: string } };
    };
    expect(config.encoder.digest).toBe(manifest.digest);
    expect(json(euar(["encoders", "remove", "small", "--json"], { env }))["removed"]).toBe("small");
    const gone = euar(["train", ...options, "--text-encoder", "small", "--overwrite"], { env });
    expect([gone.code, gone.stderr]).toEqual([
      8,
      expect.stringMatching(/no encoder at .*euar encoders list/s),
    ]);
    expect(euar(["encoders", "add"], { env }).stderr).toMatch(/no encoder is given/);
    expect(euar(["encoders", "list", "--name", "x"], { env }).stderr).toMatch(
      /--name has no effect with list/,
    );
  });

  it("reads the token ids of a pickle without texts, and says that they are used unchanged", () => {
    const pickle = fileURLToPath(new URL("../fixtures/pickles/text-bert.pkl", import.meta.url));
    const out = join(root, "ids");
    const args = ["--data", pickle, "--model", "linear", ...encoder, ...short, "--out", out, "--json"];
    const { code, stdout, stderr } = euar(["train", ...args]);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/token ids and no texts; they are used unchanged/);
    const trained = JSON.parse(stdout) as { metrics: { test: { MAE: number } } };
    const measured = json(euar(["evaluate", "--run", out, "--data", pickle, "--json"]));
    expect(measured["metrics"]).toMatchObject({ MAE: trained.metrics.test.MAE });
  });
});
