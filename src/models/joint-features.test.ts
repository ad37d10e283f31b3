import { describe, expect, it } from "vitest";
import { createReferenceBackend } from "../tensor/backends/reference/index.js";
import { Tape } from "../tensor/tape.js";
import type { DataSignature, ForwardContext } from "./model.js";
import { createModel, modelNames } from "./registry.js";
import { smallBatch, threeModalities } from "./testing/small-batch.js";

const classes: DataSignature = { ...threeModalities, task: { kind: "classification", classes: ["a", "b"] } };
/** They predict from each modality by itself. */
const WITHOUT = ["late-fusion", "tmc", "qmf", "precision-fusion"];
const asked: ForwardContext = { training: false, seed: 1, step: 0, joint: true };

function jointOf(
  name: string,
  samples: readonly number[],
  context: ForwardContext = asked,
): Float32Array | undefined {
  const backend = createReferenceBackend();
  const signature = name === "ridge" ? threeModalities : classes; // ridge regression has no classes
  const model = createModel(name, signature, {}, backend, 1);
  return model.forward(new Tape(backend, false), smallBatch(signature, samples), context).joint;
}

describe("joint features", () => {
  it.each(modelNames.filter((name) => !WITHOUT.includes(name)))(
    "of %s come when asked for, a row per sample that does not depend on the others",
    (name) => {
      const both = jointOf(name, [3, 8]);
      const alone = jointOf(name, [8]);
      expect(alone?.length).toBeGreaterThan(0);
      expect(both).toHaveLength(2 * (alone?.length ?? 0));
      expect(both?.slice(alone?.length)).toEqual(alone);
      expect(both?.slice(0, alone?.length)).not.toEqual(alone);
      expect(jointOf(name, [8], { ...asked, joint: false })).toBeUndefined();
    },
  );
  it("of the linear model are its concatenated inputs", () => {
    expect(jointOf("linear", [1])).toHaveLength(13 + 7 + 5);
  });
  it.each(WITHOUT)("are none of %s", (name) => {
    expect(jointOf(name, [1])).toBeUndefined();
  });
});
