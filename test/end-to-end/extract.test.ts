import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { clipsUnavailable, makeClip } from "../../src/features/testing/make-clip.js";
import { makePosts } from "../../src/features/testing/make-posts.js";
import { euar, jsonOf, withFolder } from "../run-euar.js";

const withoutClips = clipsUnavailable() !== undefined;
if (withoutClips) console.warn(`Skipped: clips cannot be made, for ${clipsUnavailable() ?? ""}.`);

describe("euar extract", () => {
  it("makes the same data set with one thread and two, and a run folder has its adapters", async () => {
    await withFolder(async (cwd) => {
      await makePosts(join(cwd, "posts"), 3);
      const one = jsonOf(euar(["extract", "posts", "--out", "one", "--workers", "1", "--json"], { cwd }));
      const two = jsonOf(euar(["extract", "posts", "--out", "two", "--workers", "2", "--json"], { cwd }));
      expect(one).toMatchObject({ made: 18, cached: 0, failures: 0 });
      expect({ ...two, out: "" }).toEqual({ ...one, out: "" });
      const files = readdirSync(join(cwd, "one"), { recursive: true, encoding: "utf8" }).filter((name) =>
        /\.(npy|jsonl)$|dataset\.json$/.test(name),
      );
      expect(files).toHaveLength(24); // with the quality of two modalities in three splits
      for (const file of files)
        expect(readFileSync(join(cwd, "two", file)).equals(readFileSync(join(cwd, "one", file))), file).toBe(
          true,
        );

      expect(
        euar(["train", "--data", "one", "--model", "linear", "--epochs", "2", "--out", "run"], { cwd }).code,
      ).toBe(0);
      const run = euar(["inspect", "run"], { cwd }).stdout;
      expect(run).toContain("text: text/use-lite version 1");
      expect(run).toContain("image: image/mobilenet-v2-mid version 1");
    });
  }, 400_000);

  it.skipIf(withoutClips)(
    "takes clips with their sound, faces and transcripts, and goes on where one is missing",
    async () => {
      await withFolder((cwd) => {
        mkdirSync(join(cwd, "clips", "v"), { recursive: true });
        const rows = ["train", "valid", "test"].map((mode, i) => {
          makeClip(join(cwd, "clips", "v", `${i}.mp4`), { face: "calmMan", sound: "young", seconds: 1 });
          return `v,${i},he was not,${i - 1},${mode}`;
        });
        writeFileSync(
          join(cwd, "clips", "label.csv"),
          `${["video_id,clip_id,text,label,mode", ...rows, "v,gone,not here,1,train"].join("\n")}\n`,
        );
        writeFileSync(join(cwd, "clips", "v", "0.srt"), "1\n00:00:00,100 --> 00:00:00,900\nhe was not\n");
        const summary = jsonOf(
          euar(
            [
              "extract",
              "clips",
              "--out",
              "data",
              "--align",
              "word",
              "--steps",
              "8",
              "--workers",
              "1",
              "--json",
            ],
            { cwd },
          ),
        );
        expect(summary).toMatchObject({ sizes: { train: 2, valid: 1, test: 1 }, failures: 2 });
        expect(summary["modalities"]).toEqual([
          { modality: "text", present: 4, absent: 0, failed: 0 },
          { modality: "audio", present: 3, absent: 0, failed: 1 },
          { modality: "vision", present: 3, absent: 0, failed: 1 },
        ]);
        const data = jsonOf(euar(["inspect", "data", "--json"], { cwd }));
        expect(data["modalities"]).toEqual([
          { name: "text", width: 512, steps: 1, quality: ["score"] },
          { name: "audio", width: 74, steps: 8, quality: ["score"] },
          { name: "vision", width: 34, steps: 5, quality: ["score"] },
        ]);
      });
    },
  );

  it("ends with an error under --strict, and with one line for a missing input", async () => {
    await withFolder((cwd) => {
      const rows = [
        "text\tlabel\tmode",
        ...["train", "valid", "test", "train"].map((mode, i) => `text ${i}\t${i}\t${mode}`),
        "x\tnan\ttrain",
      ];
      writeFileSync(join(cwd, "t.tsv"), `${rows.join("\n")}\n`);
      const strict = euar(["extract", "t.tsv", "--out", "data", "--workers", "1", "--strict"], { cwd });
      expect(strict.code).toBe(8);
      expect(strict.stderr).toContain("1 failures are listed in");
      expect(existsSync(join(cwd, "data", "dataset.json"))).toBe(true);
      const missing = euar(["extract", "nowhere", "--out", "x"], { cwd });
      expect([missing.code, missing.stderr.split("\n")[0]]).toEqual([
        3,
        "error [data.not-found]: nowhere does not exist.",
      ]);
      expect(existsSync(join(cwd, "x"))).toBe(false);
    });
  });
});
