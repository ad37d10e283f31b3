import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeAudio } from "../../decode/ffmpeg-audio.js";
import type { AudioMedia } from "../../media.js";
import { clipsUnavailable, utterances } from "../../testing/make-clip.js";
import { forceAlign } from "./force-align.js";
import { loadSpeechModel } from "./speech-model.js";

const missing =
  clipsUnavailable() ??
  (existsSync("/usr/bin/pocketsphinx_batch") && existsSync("/usr/share/pocketsphinx/model/en-us/en-us")
    ? undefined
    : "PocketSphinx and its English model are not installed");
if (missing !== undefined) console.warn(`Skipped: words cannot be aligned, for ${missing}.`);

async function soundOf(name: keyof typeof utterances): Promise<AudioMedia> {
  const audio = await decodeAudio(utterances[name].file, { sampleRate: 16000 });
  if (audio === undefined) throw new Error("no sound");
  return audio;
}

describe.skipIf(missing !== undefined)("forceAlign", () => {
  it("finds the time of every word of real speech, in order and within the clip", async () => {
    const { text, seconds } = utterances.selfish;
    const { words, unknown } = await forceAlign(
      await soundOf("selfish"),
      text,
      "selfish.wav",
      await loadSpeechModel(),
    );
    expect(words.map((word) => word.text)).toEqual(text.split(" "));
    expect(unknown).toEqual([]);
    words.forEach((word, i) => {
      expect(word.end).toBeGreaterThan(word.start);
      expect(word.start).toBeGreaterThanOrEqual(words[i - 1]?.end ?? 0);
    });
    expect(words.at(-1)?.end).toBeLessThan(seconds);
    expect(Math.abs((words[0]?.start ?? 0) - firstSound(await soundOf("selfish")))).toBeLessThan(0.15);
  });

  it("moves its words with the sound", async () => {
    const model = await loadSpeechModel();
    const audio = await soundOf("young");
    const { text } = utterances.young;
    const later = {
      ...audio,
      samples: Float32Array.from([
        ...Array<number>(16000)
          .fill(0)
          .map((_, i) => Math.sin(i * i) * 1e-4),
        ...audio.samples,
      ]),
    };
    const [first, second] = [
      await forceAlign(audio, text, "a", model),
      await forceAlign(later, text, "b", model),
    ];
    const shifts = first.words.map((word, i) => (second.words[i]?.start ?? NaN) - word.start);
    for (const shift of shifts) expect(Math.abs(shift - 1)).toBeLessThan(0.1);
  });

  it("omits words that the dictionary does not have, and lists them", async () => {
    const { words, unknown } = await forceAlign(
      await soundOf("young"),
      "He was not, an ill-disposed zyxxyq young man!",
      "young.wav",
      await loadSpeechModel(),
    );
    expect(words.map((word) => word.text)).toEqual([
      "He",
      "was",
      "not,",
      "an",
      "ill-disposed",
      "young",
      "man!",
    ]);
    expect(unknown).toEqual(["zyxxyq"]);
  });

  it("refuses too long a text, one without a known word, and a folder without a model", async () => {
    const model = await loadSpeechModel();
    const { text } = utterances.dashwood;
    const brief = { samples: (await soundOf("young")).samples.subarray(0, 4000), sampleRate: 16000 };
    await expect(forceAlign(brief, `${text} ${text}`, "brief.wav", model)).rejects.toMatchObject({
      code: "media.damaged",
      message: expect.stringContaining("brief.wav: its text does not fit") as string,
    });
    await expect(forceAlign(brief, "zyxxyq", "brief.wav", model)).rejects.toMatchObject({
      code: "media.unsupported",
    });
    await expect(loadSpeechModel("/nowhere")).rejects.toMatchObject({
      code: "media.missing-tool",
      message: expect.stringContaining("/nowhere") as string,
    });
  });
});

/** Time in seconds at which the sound first reaches a tenth of its maximum. */
function firstSound({ samples, sampleRate }: AudioMedia): number {
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return samples.findIndex((sample) => Math.abs(sample) > loudest / 10) / sampleRate;
}
