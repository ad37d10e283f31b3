import { describe, expect, it } from "vitest";
import { z } from "zod";
import { codeOf } from "../core/testing/code-of.js";
import { defineAdapter } from "./adapter.js";
import { qualityOf } from "./quality.js";
import {
  createExtractor,
  defaultChoice,
  kindOfAdapter,
  knownAdapters,
  parseAdapterChoice,
  registerAdapter,
} from "./registry.js";

const letters = defineAdapter({
  id: "text/letters",
  kind: "text",
  summary: "number of letters",
  packages: [],
  options: z.strictObject({ scale: z.number().default(1) }),
  create: ({ scale }) =>
    Promise.resolve({
      identity: { adapter: "text/letters", version: 1, packages: {}, options: { scale }, width: 1 },
      extract: ({ text }) =>
        Promise.resolve({
          steps: 1,
          width: 1,
          sequence: Float32Array.of(scale * text.length),
          times: new Float64Array(2),
          mask: Uint8Array.of(1),
          quality: qualityOf({}, []),
        }),
      close: () => undefined,
    }),
});
const environment = { readAsset: () => Promise.reject(new Error("no file is needed")) };
registerAdapter(letters);

describe("a registered adapter", () => {
  it("is found by its id, with options as they are typed", async () => {
    const choice = parseAdapterChoice("text", "text/letters:scale=2");
    expect(choice).toEqual({ adapter: "text/letters", options: { scale: 2 } });
    const extractor = await createExtractor("text", choice, environment);
    expect([...(await extractor.extract({ text: "four" })).sequence]).toEqual([8]);
    expect(kindOfAdapter("text/letters")).toBe("text");
  });

  it("is listed after those of the package, and their first stays the default", () => {
    expect(knownAdapters("text").at(-1)?.id).toBe("text/letters");
    expect(defaultChoice("text")?.adapter).not.toBe("text/letters");
    expect(knownAdapters("audio").map(({ id }) => id)).not.toContain("text/letters");
  });

  it("is refused an option that it does not have, and another kind of medium", () => {
    expect(codeOf(() => parseAdapterChoice("text", "text/letters:size=2"))).toBe("config.unknown-key");
    expect(codeOf(() => parseAdapterChoice("audio", "text/letters"))).toBe("config.invalid");
  });
});

describe("registering an adapter", () => {
  it("twice has no effect", () => {
    registerAdapter(letters);
    expect(knownAdapters("text").filter(({ id }) => id === "text/letters")).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    ["under its own id with another function", {}, "config.conflict"],
    ["under an id of the package", { id: "text/use-lite" }, "config.conflict"],
    ["under the id of another kind", { id: "audio/letters" }, "config.invalid"],
    ["with capitals", { id: "text/Letters" }, "config.invalid"],
    ["with a colon", { id: "text/a:b" }, "config.invalid"],
    ["of an unknown kind", { id: "smell/letters", kind: "smell" }, "config.invalid"],
    ["without options", { id: "text/other", options: undefined }, "config.invalid"],
    ["without a function", { id: "text/other", create: undefined }, "config.invalid"],
  ])("%s is refused", (_, change, code) => {
    expect(
      codeOf(() => {
        registerAdapter({ ...letters, ...change });
      }),
    ).toBe(code);
  });
});
