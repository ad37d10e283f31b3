import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { damageMedium } from "../../../corruption/damage-medium.js";
import { textDamages } from "../../../corruption/text/text-damages.js";
import { decodeAudio } from "../../decode/ffmpeg-audio.js";
import type { AudioMedia } from "../../media.js";
import { clipsUnavailable, utterances } from "../../testing/make-clip.js";
import { loadSpeechModel } from "./speech-model.js";
import { type TextFit, textFit } from "./text-fit.js";

const missing =
  clipsUnavailable() ??
  (existsSync("/usr/bin/pocketsphinx_batch") && existsSync("/usr/share/pocketsphinx/model/en-us/en-us")
    ? undefined
    : "PocketSphinx and its English model are not installed");
if (missing !== undefined) console.warn(`Skipped: texts cannot be compared with speech, for ${missing}.`);

type Name = keyof typeof utterances;
const names = Object.keys(utterances) as Name[];

async function soundOf(name: Name): Promise<AudioMedia> {
  const audio = await decodeAudio(utterances[name].file, { sampleRate: 16000 });
  if (audio === undefined) throw new Error("no sound");
  return audio;
}

describe.skipIf(missing !== undefined)("textFit", () => {
  const fitOf = async (name: Name, text: string): Promise<TextFit> =>
    textFit(await soundOf(name), text, await loadSpeechModel());

  it("finds that every recording fits its own words, and no other words", async () => {
    for (const [i, name] of names.entries()) {
      const own = await fitOf(name, utterances[name].text);
      expect(own.problem, name).toBeUndefined();
      expect(own.penalty).toBeLessThan(18);
      const other = await fitOf(name, utterances[names[(i + 1) % names.length] ?? name].text);
      expect(other.problem?.code, name).toBe("text.mismatch");
      expect(other.problem?.severity).toBeGreaterThan(0.2);
    }
  });

  it("is worse with half of the words cut off or replaced", async () => {
    const { text } = utterances.young;
    for (const kind of ["truncated", "replace-words"] as const) {
      const draw = { seed: 1, modality: "text", id: "young" };
      const damaged = damageMedium(textDamages, { medium: { text } }, [{ kind, severity: 0.6 }], draw);
      expect((await fitOf("young", damaged.text)).problem?.severity, kind).toBeGreaterThan(0.2);
    }
  });

  it("lets an unknown word sound like anything, and does not compare a text of unknown words", async () => {
    const named = await fitOf("young", "he was not an ill disposed zyxxyq man");
    expect(named.penalty).not.toBeNull();
    expect(named.problem?.severity ?? 0).toBeLessThan(0.35);
    expect(await fitOf("young", "zyxxyq qwrtp")).toEqual({ penalty: null });
    expect(await fitOf("young", "...")).toEqual({ penalty: null });
  });

  it("refuses sound at another rate", async () => {
    const audio = { samples: new Float32Array(8000), sampleRate: 8000 };
    await expect(textFit(audio, "he", await loadSpeechModel())).rejects.toMatchObject({
      code: "media.unsupported",
    });
  });
});
