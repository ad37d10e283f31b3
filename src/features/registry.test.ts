import { describe, expect, it } from "vitest";
import {
  allMedia,
  createExtractor,
  defaultChoice,
  describeOptions,
  findAdapter,
  kindOfAdapter,
  parseAdapterChoice,
  problemCodes,
  mediumKinds,
} from "./registry.js";

const nothing = { readAsset: () => Promise.reject(new Error("nothing is here")) };

describe("the registry of adapters", () => {
  it("has every adapter once, under the kind that it reads", () => {
    const all = allMedia.flatMap(({ kind, adapters }) => adapters.map((adapter) => [kind, adapter] as const));
    expect(all.every(([kind, adapter]) => adapter.kind === kind)).toBe(true);
    expect(new Set(all.map(([, { id }]) => id)).size).toBe(all.length);
    expect(defaultChoice("text")).toEqual({ adapter: "text/use-lite", options: {} });
  });

  it("knows the kind that an adapter reads, and the possible problems of each kind", () => {
    expect(allMedia.map(({ kind }) => kind)).toEqual(mediumKinds);
    expect(kindOfAdapter("face/mesh")).toBe("video");
    expect(kindOfAdapter("face/none")).toBeUndefined();
    expect(new Set(problemCodes).size).toBe(problemCodes.length);
    expect(problemCodes).toEqual(expect.arrayContaining(["text.empty", "audio.silent", "face.none"]));
  });

  it("refuses unknown adapters and options before anything is loaded", async () => {
    await expect(
      createExtractor("text", { adapter: "text/use-light", options: {} }, nothing),
    ).rejects.toMatchObject({ code: "config.invalid", hint: 'Did you mean "text/use-lite"?' });
    await expect(
      createExtractor("image", { adapter: "text/use-lite", options: {} }, nothing),
    ).rejects.toMatchObject({ message: 'there is no image adapter "text/use-lite"' });
    await expect(
      createExtractor("text", { adapter: "text/use-lite", options: { maxTokens: 0 } }, nothing),
    ).rejects.toMatchObject({
      code: "config.invalid",
      message: expect.stringContaining('option "maxTokens"') as string,
    });
    await expect(
      createExtractor("text", { adapter: "text/use-lite", options: { constructor: 1 } }, nothing),
    ).rejects.toMatchObject({ code: "config.unknown-key" });
  });
});

describe("parseAdapterChoice", () => {
  it("reads options in the types of the adapter's schema", () => {
    expect(parseAdapterChoice("text", "text/use-lite")).toMatchObject({ adapter: "text/use-lite" });
    expect(parseAdapterChoice("text", "text/use-lite:pooling=tokens,maxTokens=64").options).toMatchObject({
      pooling: "tokens",
      maxTokens: 64,
    });
  });

  it.each([
    ["text/use-lite:pooling", "key=value was expected"],
    ["text/use-lite:maxTokens=many", 'option "maxTokens"'],
    ["text/use-lite:pool=tokens", 'no option "pool"'],
    ["use-lite", 'no text adapter "use-lite"'],
  ])("%s is refused", (text, message) => {
    expect(() => parseAdapterChoice("text", text)).toThrow(message);
  });

  it("options are described for help", () => {
    expect(describeOptions(findAdapter("text", "text/use-lite"))).toContain(
      'pooling (sentence, tokens; default "sentence")',
    );
    expect(describeOptions(findAdapter("image", "image/mobilenet-v2-mid"))).toBe("none");
  });
});
