import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeFrames } from "../../src/features/decode/ffmpeg-frames.js";
import { decodeAudio } from "../../src/features/decode/ffmpeg-audio.js";
import { nodeMedia } from "../../src/features/node-media.js";
import type { RawMedia, TranscriptCheck } from "../../src/features/raw-media.js";
import { clipsUnavailable, ffmpeg, makeClip, utterances } from "../../src/features/testing/make-clip.js";
import { Predictor } from "../../src/predict/predictor.js";
import { euar, euarInterrupted, jsonOf } from "../run-euar.js";

const unavailable = clipsUnavailable();
if (unavailable !== undefined) console.warn(`Skipped: clips cannot be made, for ${unavailable}.`);

const said = utterances.young.text;

describe.skipIf(unavailable !== undefined)("predicting from raw media: real speech, real faces", () => {
  let folder = "";
  let model: Predictor;
  let clip = "";
  const at = (name: string): string => join(folder, name);
  const whole = (path: string): RawMedia => ({ text: said, audio: path, video: path });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "euar-media-"));
    mkdirSync(at("clips/v"), { recursive: true });
    const rows = ["train", "train", "valid", "test"].map((mode, i) => {
      makeClip(at(`clips/v/${i}.mp4`), {
        face: i % 2 === 0 ? "calmMan" : "smilingWoman",
        sound: "amiable",
        seconds: 1,
      });
      return `v,${i},"${utterances.amiable.text}",${i - 1},${mode}`;
    });
    writeFileSync(at("clips/label.csv"), `${["video_id,clip_id,text,label,mode", ...rows].join("\n")}\n`);
    expect(
      euar(["extract", "clips", "--out", "data", "--steps", "8", "--workers", "2", "--quiet"], {
        cwd: folder,
      }).code,
    ).toBe(0);
    expect(
      euar(["train", "--data", "data", "--epochs", "2", "--experts", "4", "--out", "run", "--quiet"], {
        cwd: folder,
      }).code,
    ).toBe(0);
    clip = makeClip(at("clip.mp4"), { face: "calmMan", sound: "young", seconds: 2.5 });
    model = await Predictor.load(at("run"));
  });

  afterAll(async () => {
    await model.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("gives a clip exactly the prediction of its extracted features", async () => {
    const [line = ""] = readFileSync(at("run/predictions-test.jsonl"), "utf8").split("\n");
    const stored = JSON.parse(line) as { readonly prediction: number };
    const file = at("clips/v/3.mp4");
    const { prediction } = await model.predictMedia({
      text: utterances.amiable.text,
      audio: file,
      video: file,
    });
    expect(prediction).toBe(Math.fround(stored.prediction)); // stored with as many digits as float32 needs
  });

  it.skipIf(!existsSync("/usr/bin/pocketsphinx_batch"))(
    "doubts a text that does not fit the speech, if it may compare them",
    async () => {
      const { file: audio } = utterances.young;
      const doubted = async (text: string, checkTranscript: boolean): Promise<unknown> =>
        (await model.predictMedia({ text, audio }, { checkTranscript })).doubted.map(
          ({ modality, reasons }) => [modality, reasons.map(({ code }) => code)],
        );
      const wrong = utterances.amiable.text;
      expect(await doubted(said, true)).toEqual([]);
      expect(await doubted(wrong, true)).toEqual([["text", ["text.mismatch"]]]);
      expect(await doubted(wrong, false)).toEqual([]);
      const args = ["predict", "--run", at("run"), audio, "--text", wrong, "--check-transcript", "--json"];
      expect(jsonOf(euar(args))).toMatchObject({ doubted: [{ modality: "text", used: true }] });
    },
  );

  it("compares a text with the sound that was decoded for the features", async () => {
    const { file: audio } = utterances.young;
    const sounds: unknown[] = [];
    const checkTranscript: TranscriptCheck = (sound) => {
      sounds.push(sound);
      return Promise.resolve(undefined);
    };
    const own = await Predictor.load(at("run"), { media: { ...nodeMedia, checkTranscript } });
    await own.predictMedia({ text: said, audio }, { checkTranscript: true });
    await own.close();
    expect(sounds).toEqual([await decodeAudio(audio)]);
  });

  it("doubts nothing about a good clip, and is as sure of decoded media as of their files", async () => {
    const fromFile = await model.predictMedia(whole(clip));
    expect(fromFile.doubted).toEqual([]);
    expect(fromFile.verdict).toContain("No input was doubted.");
    expect(
      Object.values(fromFile.modalities).every(
        ({ given, present, quality }) => given && present && quality !== null,
      ),
    ).toBe(true);
    const decoded = await model.predictMedia({
      text: { text: said },
      audio: await decodeAudio(clip),
      video: decodeFrames(clip, { fps: 5 }),
    });
    expect({ ...decoded, seconds: 0 }).toEqual({ ...fromFile, seconds: 0 });
  });

  it.each([
    [["text"]],
    [["audio"]],
    [["video"]],
    [["text", "audio"]],
    [["text", "video"]],
    [["audio", "video"]],
  ])("predicts from %j alone", async (given) => {
    const media: RawMedia = Object.fromEntries(
      Object.entries(whole(clip)).filter(([name]) => given.includes(name)),
    );
    const { prediction, modalities, verdict } = await model.predictMedia(media);
    expect(prediction).toBeTypeOf("number");
    const present = Object.entries(modalities).filter(([, modality]) => modality.present);
    expect(present.map(([name]) => (name === "vision" ? "video" : name))).toEqual(given);
    expect(verdict).toContain("There was no ");
  });

  it.each([
    ["muted", ["-af", "volume=0"], "audio", "audio.silent", "it is silent"],
    [
      "noisy",
      [
        "-af",
        "[in]volume=0.5[a];anoisesrc=color=white:amplitude=0.05:duration=2.5[n];" +
          "[a][n]amix=inputs=2:duration=first",
      ],
      "audio",
      "audio.noisy",
      "noise",
    ],
    ["blurred", ["-vf", "boxblur=5:2"], "vision", "image.blurred", "it is blurred"],
    ["black", ["-vf", "geq=lum=16:cb=128:cr=128"], "vision", "image.dark", "it is dark"],
    [
      "frozen",
      ["-vf", "select='eq(n,0)',loop=loop=-1:size=1,setpts=N/25/TB", "-t", "2.5"],
      "vision",
      "video.frozen",
      "stands still",
    ],
  ])("names what is wrong with a %s clip", async (name, filter, modality, code, words) => {
    const path = at(`${name}.mp4`);
    ffmpeg(
      "-i",
      clip,
      ...(name === "noisy"
        ? [
            "-filter_complex",
            `${filter[1]?.replace("[in]", "[0:a]") ?? ""}[out]`,
            "-map",
            "0:v",
            "-map",
            "[out]",
          ]
        : filter),
      "-preset",
      "ultrafast",
      path,
    );
    const { doubted, verdict } = await model.predictMedia(whole(path));
    expect(doubted.map((doubt) => doubt.modality)).toEqual([modality]);
    expect(doubted[0]?.reasons.map((reason) => reason.code)).toContain(code);
    expect(verdict).toMatch(
      new RegExp(
        `The ${modality === "vision" ? "video" : modality} was doubted (and left out )?because .*${words}`,
      ),
    );
  });

  it("names a garbled text and an empty one, and continues with the rest", async () => {
    const garbled = await model.predictMedia({ ...whole(clip), text: "he w## n?t an i## d@@@@ y%%%% man" });
    expect(garbled.doubted).toMatchObject([
      { modality: "text", used: true, reasons: [{ kind: "quality", code: "text.garbled" }] },
    ]);
    const empty = await model.predictMedia({ ...whole(clip), text: " " });
    expect(empty.doubted).toMatchObject([
      { modality: "text", used: false, reasons: [{ code: "text.empty" }] },
    ]);
    expect(empty.modalities["text"]).toMatchObject({ given: true, present: false, uncertainty: null });
  });

  it("says that a missing face and a missing sound were not used", async () => {
    const nobody = makeClip(at("nobody.mp4"), { face: "none", sound: "none", seconds: 1 });
    const { doubted, modalities } = await model.predictMedia(whole(nobody));
    expect(doubted).toMatchObject([
      { modality: "audio", used: false, reasons: [{ kind: "unusable", message: "the file has no audio" }] },
      { modality: "vision", used: false, reasons: [{ code: "face.none" }] },
    ]);
    expect(modalities["text"]?.contribution).toBe(1);
  });

  it("refuses a sample without a usable input, with the reason of each, or of the only one", async () => {
    const nobody = at("nobody.mp4");
    await expect(model.predictMedia({ text: "", video: nobody })).rejects.toMatchObject({
      code: "data.empty",
      message: expect.stringMatching(
        /text cannot be used \(it is empty\).*audio is missing.*no face was found/,
      ) as string,
    });
    await expect(model.predictMedia({ audio: at("nowhere.wav") })).rejects.toMatchObject({
      code: "media.not-found",
    });
    await expect(model.predictMedia({ text: said, image: "a.jpg" })).rejects.toMatchObject({
      code: "data.unknown-modality",
    });
  });

  it("refuses raw media if the run does not name the adapter of its features", async () => {
    expect(
      euar(
        [
          "train",
          "--data",
          "synthetic:train=20,valid=10,test=10",
          "--epochs",
          "1",
          "--out",
          "plain",
          "--quiet",
        ],
        { cwd: folder },
      ).code,
    ).toBe(0);
    const plain = await Predictor.load(at("plain"));
    await expect(plain.prepare()).rejects.toMatchObject({ code: "media.mismatch" });
    await expect(plain.predictMedia({ text: "so" })).rejects.toMatchObject({ code: "media.mismatch" });
  });

  describe("euar predict", () => {
    it("scores a clip with the transcript next to it", () => {
      writeFileSync(at("clip.srt"), `1\n00:00:00,000 --> 00:00:02,400\n${said}\n`);
      const outcome = euar(["predict", "--run", "run", "clip.mp4", "--json"], { cwd: folder });
      const result = jsonOf(outcome);
      expect(result).toMatchObject({
        clip: "clip.mp4",
        doubted: [],
        modalities: { text: { present: true }, audio: { present: true }, vision: { present: true } },
      });
      rmSync(at("clip.srt"));
      expect(euar(["predict", "--run", "run", "clip.mp4", "--text", said], { cwd: folder }).stdout).toMatch(
        /^The score is .*No input was doubted\./,
      );
    });

    it("answers each line of a stream in order, and has the exit code of a failure if some failed", () => {
      const lines = [
        '{"id": "a", "text": "what a lovely day"}',
        "",
        '{"id": "b", "clip": "nowhere.mp4"}',
        "no json",
        '{"id": "d", "txt": "x"}',
        '{"clip": "muted.mp4", "text": "fine by me"}',
      ];
      const outcome = euar(["predict", "--run", "run", "--json", "-"], {
        cwd: folder,
        input: `${lines.join("\n")}\n`,
      });
      const answers = outcome.stdout
        .trimEnd()
        .split("\n")
        .map(
          (line) =>
            JSON.parse(line) as { id?: string; verdict?: string; error?: { code: string; message: string } },
        );
      expect(answers.map(({ id, error }) => [id, error?.code])).toEqual([
        ["a", undefined],
        ["b", "media.not-found"],
        [undefined, "data.format"],
        ["d", "data.format"],
        [undefined, undefined],
      ]);
      expect(answers[2]?.error?.message).toContain("stdin, line 4");
      expect(answers[4]?.verdict).toContain("The audio was doubted and left out because it is silent");
      expect(outcome.code).toBe(8);
      expect(outcome.stderr).toContain("3 of 5 inputs could not be scored");
    });

    it("watches a folder, scores each new file once, and does not score it again the next time", async () => {
      mkdirSync(at("incoming"));
      writeFileSync(at("incoming/notes.txt"), "not a clip");
      ffmpeg("-i", clip, "-vn", at("incoming/a.wav"));
      writeFileSync(at("incoming/b.mp4"), "no clip");
      const watching = ["predict", "--run", "run", "--watch", "incoming", "--interval", "0.2", "--out"];
      const watch = [...watching, "scores.jsonl"];
      const first = await euarInterrupted(watch, { file: at("scores.jsonl"), lines: 2 }, "SIGINT", folder);
      expect(first.code).toBe(0);
      ffmpeg("-i", clip, "-vn", at("incoming/c.wav"));
      appendFileSync(at("scores.jsonl"), '{"file": "half'); // a crash while writing
      await euarInterrupted(watch, { file: at("scores.jsonl"), lines: 4 }, "SIGINT", folder);
      const lines = readFileSync(at("scores.jsonl"), "utf8")
        .split("\n")
        .filter((line) => line.endsWith("}"))
        .map((line) => JSON.parse(line) as { file: string; error?: { code: string } });
      expect(lines.map(({ file, error }) => [file, error?.code])).toEqual([
        ["a.wav", undefined],
        ["b.mp4", "media.unsupported"],
        ["c.wav", undefined],
      ]);
      // Results in the watched folder are not input.
      const inside = { file: at("incoming/scores.jsonl"), lines: 3 };
      await euarInterrupted([...watching, "incoming/scores.jsonl"], inside, "SIGINT", folder);
      expect(readFileSync(inside.file, "utf8").match(/"file":"[^"]*"/g)).toHaveLength(3);
    });

    it.each([
      [[], "config.invalid", "no input is given"],
      [["a.mp4", "--features", "b.json"], "config.conflict", "exclude each other"],
      [["-", "--text", "so"], "config.conflict", "applies to one clip"],
      [["a.mp4", "--out", "x"], "config.conflict", "--watch"],
      [["--watch", "nowhere"], "data.not-found", "nowhere"],
      [["--watch", ".", "--out", "scores.mp4"], "config.conflict", "is input"],
      [["nowhere.jsonl"], "data.not-found", "nowhere.jsonl"],
    ])("refuses %j", (args, code, words) => {
      const { error } = jsonOf(euar(["predict", "--run", "run", "--json", ...args], { cwd: folder })) as {
        error: { code: string; message: string };
      };
      expect(error.code).toBe(code);
      expect(error.message).toContain(words);
    });
  });
});
