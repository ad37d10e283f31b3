import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { clipsUnavailable, makeClip, utterances } from "../../src/features/testing/make-clip.js";
import { euar, jsonOf, withFolder } from "../run-euar.js";

const unavailable =
  clipsUnavailable() ??
  (existsSync("/usr/bin/pocketsphinx_batch") ? undefined : "PocketSphinx is not installed");
if (unavailable !== undefined) console.warn(`Skipped: clips cannot be aligned, for ${unavailable}.`);

interface Transcript {
  readonly text: string;
  readonly words: readonly { readonly text: string; readonly start: number; readonly end: number }[];
}

describe.skipIf(unavailable !== undefined)("euar align", () => {
  it("writes a transcript next to each clip, which extract uses; a failed clip is named", async () => {
    await withFolder((cwd) => {
      mkdirSync(join(cwd, "clips", "v"), { recursive: true });
      const { text } = utterances.young;
      const rows = ["train", "valid", "test"].map((mode, i) => {
        makeClip(join(cwd, "clips", "v", `${i}.mp4`), { sound: "young" });
        return `v,${i},${text},${i - 1},${mode}`;
      });
      makeClip(join(cwd, "clips", "v", "mute.mp4"), { sound: "none", face: "calmMan", seconds: 1 });
      writeFileSync(
        join(cwd, "clips", "label.csv"),
        `${["video_id,clip_id,text,label,mode", ...rows, `v,mute,${text},1,train`].join("\n")}\n`,
      );
      const aligned = euar(["align", "clips", "--json"], { cwd });
      expect(aligned.code).toBe(8);
      expect(jsonOf(aligned)).toMatchObject({
        kept: 0,
        words: 24,
        unknown: 0,
        failures: [{ id: "v$_$mute", code: "media.unsupported" }],
      });
      const transcript = JSON.parse(readFileSync(join(cwd, "clips", "v", "0.json"), "utf8")) as Transcript;
      expect(transcript.words.map((word) => word.text)).toEqual(text.split(" "));

      expect(jsonOf(euar(["align", "clips", "--json"], { cwd }))).toMatchObject({ kept: 3, words: 0 });
      euar(
        ["extract", "clips", "--out", "data", "--align", "word", "--modalities", "audio", "--workers", "1"],
        { cwd },
      );
      expect(jsonOf(euar(["inspect", "data", "--json"], { cwd }))["modalities"]).toEqual([
        { name: "audio", width: 74, steps: 8, quality: ["score"] },
      ]);
    });
  });

  it("takes one clip with its text, and names missing arguments", async () => {
    await withFolder((cwd) => {
      makeClip(join(cwd, "clip.mp4"), { sound: "young" });
      expect(
        jsonOf(euar(["align", "clip.mp4", "--text", utterances.young.text, "--json"], { cwd })),
      ).toMatchObject({ words: 8, failures: [] });
      expect(existsSync(join(cwd, "clip.json"))).toBe(true);
      expect(euar(["align", "clip.mp4"], { cwd }).stderr).toContain("[config.conflict]");
      expect(euar(["align", "none.mp4", "--text", "a"], { cwd }).stderr).toContain("[media.not-found]");
      expect(
        euar(["align", "clip.mp4", "--text", "a", "--overwrite", "--speech-model", "nowhere"], { cwd })
          .stderr,
      ).toContain("[media.missing-tool]");
    });
  });
});
