import { describe, expect, it } from "vitest";
import { MediaError } from "../core/errors.js";
import { type AdapterIdentity, requireSameAdapter } from "./adapter-identity.js";

const identity: AdapterIdentity = {
  adapter: "image/mid",
  version: 2,
  packages: { nsfwjs: "4.4.0" },
  options: { size: 224, crop: true, model: null },
  width: 1792,
};

function refusal(offered: Partial<AdapterIdentity>): MediaError {
  try {
    requireSameAdapter("image", identity, { ...identity, ...offered });
  } catch (error) {
    if (error instanceof MediaError) return error;
  }
  throw new Error("a MediaError was expected");
}

describe("requireSameAdapter", () => {
  it("takes an equal identity, whatever the order of its keys", () => {
    expect(() => {
      requireSameAdapter("image", identity, { ...identity, options: { model: null, crop: true, size: 224 } });
    }).not.toThrow();
  });

  it("names the modality, the difference and the remedy", () => {
    const error = refusal({ options: { ...identity.options, size: 299 } });
    expect(error.code).toBe("media.mismatch");
    expect(error.message).toBe(
      "the image features do not fit the model: image/mid had the option size = 224 in training, here " +
        "size = 299",
    );
    expect(error.hint).toContain("Extract with size = 224");
  });

  it("accepts the same model from another place, and no other model from the same place", () => {
    const trained: AdapterIdentity = {
      ...identity,
      adapter: "text/onnx",
      options: { folder: "/models/a", pooling: "mean" },
      packages: { "model.onnx": "12ab" },
    };
    const options = { hub: "owner/a", revision: "main", pooling: "mean" };
    expect(() => {
      requireSameAdapter("text", trained, { ...trained, options });
    }).not.toThrow();
    expect(() => {
      requireSameAdapter("text", trained, { ...trained, packages: { "model.onnx": "34cd" } });
    }).toThrow("model.onnx 12ab in training, here 34cd");
  });

  it("distinguishes adapters, versions, packages, widths and options that one side lacks", () => {
    expect(refusal({ adapter: "image/onnx" }).message).toContain(
      "trained on features of image/mid, these are features of image/onnx",
    );
    expect(refusal({ version: 3 }).message).toContain("trained on version 2 of image/mid, this is version 3");
    expect(refusal({ packages: { nsfwjs: "4.5.0" } }).message).toContain(
      "used nsfwjs 4.4.0 in training, here 4.5.0",
    );
    expect(refusal({ packages: { nsfwjs: "4.5.0" } }).hint).toContain("Install nsfwjs 4.4.0");
    expect(refusal({ width: 3 }).message).toContain("gave 1792 features in training, here 3");
    expect(refusal({ options: { crop: true, model: null } }).message).toContain(
      "size = 224 in training, here size = (none)",
    );
    expect(refusal({ options: { ...identity.options, constructor: "x" } }).message).toContain(
      "constructor = (none) in training",
    );
  });
});
