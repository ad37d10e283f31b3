import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makePosts } from "../../src/features/testing/make-posts.js";
import { euar, jsonOf, withFolder } from "../run-euar.js";
import { imageModel } from "./conv-graph.js";
import { tinyBertModel, writeTinyBert } from "./tiny-bert.js";

describe("euar extract with encoders of the user", () => {
  it("makes a data set that trains; a run refuses features of another encoder", async () => {
    await withFolder(async (cwd) => {
      await makePosts(join(cwd, "posts"), 3);
      for (const name of ["bert", "moved", "other"]) writeTinyBert(join(cwd, name));
      writeFileSync(join(cwd, "other", "onnx", "model.onnx"), tinyBertModel({ seed: 2 }));
      mkdirSync(join(cwd, "conv"));
      writeFileSync(join(cwd, "conv", "net.onnx"), imageModel({ channels: 6 }));
      const extract = (text: string, out: string): Record<string, unknown> =>
        jsonOf(
          euar(
            [
              "extract",
              "posts",
              "--out",
              out,
              "--text",
              `text/onnx:folder=${text},normalise=true`,
              "--image",
              "image/onnx:folder=conv/net.onnx,side=32",
              "--workers",
              "2",
              "--json",
            ],
            { cwd },
          ),
        );
      expect(extract("bert", "data")).toMatchObject({ made: 18, failures: 0 });
      expect(jsonOf(euar(["inspect", "data", "--json"], { cwd }))["modalities"]).toEqual([
        { name: "text", width: 8, steps: 1, quality: ["score", "text.garbled"] },
        { name: "image", width: 6, steps: 1, quality: ["score", "image.noisy", "image.small"] },
      ]);
      expect(
        euar(["train", "--data", "data", "--model", "linear", "--epochs", "2", "--out", "run"], { cwd }).code,
      ).toBe(0);
      extract("moved", "again");
      expect(
        readFileSync(join(cwd, "again", "test", "text.npy")).equals(
          readFileSync(join(cwd, "data", "test", "text.npy")),
        ),
      ).toBe(true);
      expect(euar(["evaluate", "--run", "run", "--data", "again"], { cwd })).toMatchObject({ code: 0 });
      extract("other", "foreign");
      const refused = euar(["evaluate", "--run", "run", "--data", "foreign"], { cwd });
      expect(refused.code).toBe(8);
      expect(refused.stderr).toMatch(/media\.mismatch.*text\/onnx used model\.onnx [0-9a-f]{64} in training/);
    });
  });

  it("ends with one line for a model that cannot be downloaded", async () => {
    await withFolder((cwd) => {
      writeFileSync(
        join(cwd, "t.tsv"),
        ["text\tlabel\tmode", "a\t1\ttrain", "b\t2\tvalid", "c\t3\ttest", ""].join("\n"),
      );
      const nowhere = euar(["extract", "t.tsv", "--out", "d", "--text", "text/onnx:hub=owner/model"], {
        cwd,
        env: { HF_ENDPOINT: "http://127.0.0.1:9", EUAR_MODELS: join(cwd, "models") },
      });
      expect(nowhere.code).toBe(8);
      expect(nowhere.stderr).toMatch(
        /^error \[media\.not-found\]: tokenizer\.json of owner\/model \(main\) cannot be downloaded/,
      );
      expect(nowhere.stderr).toContain("folder=PATH");
      const neither = euar(["extract", "t.tsv", "--out", "d", "--image", "image/onnx"], { cwd });
      expect(neither).toMatchObject({ code: 2 });
    });
  });
});
