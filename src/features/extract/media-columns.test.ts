import { describe, expect, it } from "vitest";
import { parseMediaColumns, parseNamedAdapters } from "./media-columns.js";
import { parseNamedMedia } from "./named-media.js";

describe("parseMediaColumns", () => {
  it("accepts user-defined names, kinds by any of their names, and columns with special characters", () => {
    expect(parseMediaColumns(["rgb=image:rgb path", "face=vision:a:b"])).toEqual([
      { name: "rgb", kind: "image", column: "rgb path" },
      { name: "face", kind: "video", column: "a:b" },
    ]);
  });

  it.each([
    ["rgb", "is not NAME=KIND:COLUMN"],
    ["rgb=image:", "is not NAME=KIND:COLUMN"],
    ["a/b=image:x", "cannot be the name of a modality"],
    ["constructor=image:x", "cannot be the name of a modality"],
    ["rgb=imgae:x", 'no kind of medium "imgae"'],
  ])("refuses %s", (part, message) => {
    expect(() => parseMediaColumns([part])).toThrow(message);
  });
});

describe("parseNamedMedia", () => {
  it("splits at commas that a name follows", () => {
    expect(parseNamedMedia("title=well, well,rgb=a=b.png")).toEqual({ title: "well, well", rgb: "a=b.png" });
  });

  it.each([
    ["a.png", "is not NAME=FILE"],
    ["rgb=", "is not NAME=FILE"],
    ["=a.png", "cannot be the name"],
    ["rgb=a,rgb=b", "rgb is given twice"],
  ])("refuses %s", (text, message) => {
    expect(() => parseNamedMedia(text)).toThrow(message);
  });
});

describe("parseNamedAdapters", () => {
  it("reads the options of each adapter, and their commas do not end it", () => {
    expect(parseNamedAdapters(" rgb=image/pixels:side=4,colour=grey; ")).toEqual({
      rgb: { adapter: "image/pixels", options: { side: 4, colour: "grey" } },
    });
  });

  it("refuses unknown adapters, and parts without a name", () => {
    expect(() => parseNamedAdapters("depth=image/pixel")).toThrow('no adapter "image/pixel"');
    expect(() => parseNamedAdapters("image/pixels")).toThrow("cannot be the name");
  });

  it("refuses a second adapter for a modality", () => {
    const text = "rgb=image/pixels;rgb=image/pixels:side=4";
    expect(() => parseNamedAdapters(text)).toThrow("rgb is given twice");
  });
});
