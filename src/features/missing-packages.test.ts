import { describe, expect, it } from "vitest";
import { MediaError } from "../core/errors.js";
import { missingPackage } from "./missing-package.js";
import { allMedia, createExtractor, missingPackages } from "./registry.js";

const installed = ["sharp"];
const readAsset = (name: string): Promise<Uint8Array> =>
  installed.includes(name) ? Promise.resolve(new Uint8Array(2)) : Promise.reject(missingPackage(name));

describe("packages of adapters", () => {
  it("are all named at once if some are missing", async () => {
    const choice = { adapter: "text/onnx", options: { folder: "nowhere" } };
    const models = {
      absolute: (folder: string) => folder,
      digest: () => Promise.resolve(""),
      read: () => Promise.reject(missingPackage("onnxruntime-web")),
    };
    const failure = await createExtractor("text", choice, { readAsset, models }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(MediaError);
    expect(failure).toMatchObject({
      code: "media.missing-package",
      hint: "npm install @huggingface/tokenizers onnxruntime-web",
    });
  });

  it("are distinguished from installed ones", async () => {
    expect(await missingPackages(["sharp", "nsfwjs"], { readAsset })).toEqual(["nsfwjs"]);
  });

  it("are stated for every adapter", () => {
    const all = allMedia.flatMap(({ adapters }) => adapters.map(({ packages }) => packages.length));
    expect(Math.min(...all)).toBeGreaterThan(0);
  });
});
