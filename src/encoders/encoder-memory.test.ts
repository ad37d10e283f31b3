import { describe, expect, it } from "vitest";
import { ParameterSet } from "../nn/parameter-set.js";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { EncoderCheckpoint } from "./encoder-checkpoint.js";
import type { EncoderShape } from "./encoder-config.js";
import { encoderFolder } from "./encoder-folder.js";
import { memoryOf, type MemoryOptions, requireMemory } from "./encoder-memory.js";
import { EncoderStack } from "./encoder-stack.js";
import { type LoraTarget, loraTargets } from "./lora.js";
import { fixtureFolder, wholeStack } from "./testing/family-fixture.js";
import { EncoderWeights } from "./weight-store.js";

const { shape: small } = EncoderCheckpoint.open(encoderFolder(fixtureFolder("bert")));
/** About a thousand million values, most of them in the embeddings: 4 GiB. */
const large: EncoderShape = {
  ...small,
  vocabulary: 1_000_000,
  embeddingWidth: 1024,
  hidden: 1024,
  inner: 4096,
};
const GIB = 2 ** 30;

function options(given: Partial<MemoryOptions> = {}): MemoryOptions {
  return { textLoraTargets: ["query", "value"], ...given };
}

describe("an encoder that does not fit is refused with the needed and the available size", () => {
  it("in WebAssembly: the memory of the backend, compared with its address space", () => {
    const attempt = (): void => {
      requireMemory(large, options({ textTrain: 0 }), { name: "wasm" }, 64 * GIB);
    };
    expect(attempt).toThrow(/needs about 4\.2 GiB .* more than the available 3\.8 GiB/);
    expect(attempt).toThrow(expect.objectContaining({ code: "backend.out-of-memory" }) as Error);
  });

  it("elsewhere: all of it, compared with the free memory of the machine", () => {
    const attempt = (): void => {
      requireMemory(large, options({ textTrain: 0 }), { name: "reference" }, 2 * GIB);
    };
    expect(attempt).toThrow(/needs about 4\.2 GiB .* more than the available 2\.0 GiB/);
  });

  it("in WebAssembly with little memory: all of it, too", () => {
    const attempt = (): void => {
      requireMemory(small, options(), { name: "wasm" }, 0.125 * GIB);
    };
    expect(attempt).toThrow(/needs about 0\.3 GiB .* more than the available 0\.1 GiB/);
  });

  it("and a fitting one is not", () => {
    requireMemory(large, options({ textTrain: 0 }), { name: "reference" }, 5 * GIB);
    requireMemory(small, options(), { name: "wasm" }, GIB);
  });
});

it.each<LoraTarget[]>([["query"], ["inner", "outer"], [...loraTargets]])(
  "adapters are counted on the products that get them: %s",
  (...targets) => {
    const parameters = new ParameterSet(createReferenceBackend(), 1);
    const lora = { rank: 3, alpha: 16, targets };
    new EncoderStack(new EncoderWeights(parameters, "text"), small, { ...wholeStack, lora });
    const frozen = memoryOf(small, options({ textTrain: 0 })).backend;
    const adapted = memoryOf(small, options({ textLora: 3, textLoraTargets: targets })).backend;
    expect(adapted - frozen).toBe(4 * 3 * parameters.count()); // with two moments
  },
);
