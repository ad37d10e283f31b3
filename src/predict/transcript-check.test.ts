import { describe, expect, it } from "vitest";
import { MediaError } from "../core/errors.js";
import type { RawMedia, TranscriptCheck } from "../features/raw-media.js";
import { findMismatch } from "./transcript-check.js";

const info = (name: string): { name: string; width: number; steps: number } => ({ name, width: 1, steps: 1 });
const data = { modalities: [info("text"), info("voice"), info("vision")], features: { voice: origin() } };

function origin(): { adapter: string; version: number; packages: object; options: object; width: number } {
  return { adapter: "audio/log-mel", version: 1, packages: {}, options: {}, width: 1 };
}

const problem = { code: "text.mismatch", severity: 0.7, message: "its words do not fit the sound" };
const sound = { samples: new Float32Array(1600), sampleRate: 16000 };

describe("findMismatch", () => {
  const seen: unknown[] = [];
  const decoded = new Map<string, unknown>();
  const check: TranscriptCheck = (...[audio, text]) => {
    seen.push([audio, text]);
    return Promise.resolve(text === "right" ? undefined : problem);
  };
  const found = (sample: RawMedia): Promise<unknown> =>
    findMismatch(sample, data as Parameters<typeof findMismatch>[1], { check, decoded });

  it("compares the text with the sound, whatever their modalities are called", async () => {
    const expected = { text: "text", audio: "voice", reason: { kind: "quality", ...problem } };
    expect(await found({ text: "wrong", audio: "clip.mp4", video: "clip.mp4" })).toEqual(expected);
    expect(await found({ text: { text: "wrong" }, voice: sound })).toEqual(expected);
    expect(await found({ text: "right", voice: sound })).toBeUndefined();
    expect(seen).toEqual([
      ["clip.mp4", "wrong"],
      [sound, "wrong"],
      [sound, "right"],
    ]);
  });

  it("compares the sound that is decoded already", async () => {
    seen.length = 0;
    decoded.set("text", { text: "wrong" }).set("voice", sound);
    await found({ text: "wrong", audio: "clip.mp4" });
    decoded.clear();
    expect(seen).toEqual([[sound, "wrong"]]);
  });

  it("compares nothing without a text or a sound", async () => {
    seen.length = 0;
    expect(await found({ text: "wrong", voice: null })).toBeUndefined();
    expect(await found({ audio: "clip.mp4", video: "clip.mp4" })).toBeUndefined();
    expect(seen).toEqual([]);
  });

  it("does not compare an input that could not be read, or a sound that cannot be compared", async () => {
    seen.length = 0;
    const typed = data as Parameters<typeof findMismatch>[1];
    const read = new Map([
      ["text", { kind: "read", features: {} }],
      ["voice", { kind: "unreadable", reason: "it is damaged" }],
    ]) as unknown as NonNullable<Parameters<typeof findMismatch>[2]["read"]>;
    expect(await findMismatch({ text: "wrong", voice: sound }, typed, { check, read })).toBeUndefined();
    expect(seen).toEqual([]);
    const failing = (code: "media.too-large" | "media.missing-tool"): Promise<unknown> =>
      findMismatch({ text: "wrong", voice: sound }, typed, {
        check: () => Promise.reject(new MediaError(code, "failed")),
      });
    expect(await failing("media.too-large")).toBeUndefined();
    await expect(failing("media.missing-tool")).rejects.toMatchObject({ code: "media.missing-tool" });
  });

  it("is refused for a model without a text or a sound", async () => {
    const silent = { modalities: [info("text"), info("vision")] } as Parameters<typeof findMismatch>[1];
    await expect(findMismatch({ text: "wrong" }, silent, { check })).rejects.toMatchObject({
      code: "config.conflict",
    });
  });

  it("is refused where nothing can compare", async () => {
    await expect(
      findMismatch({ text: "wrong" }, data as Parameters<typeof findMismatch>[1], { check: undefined }),
    ).rejects.toMatchObject({ code: "config.conflict" });
  });
});
