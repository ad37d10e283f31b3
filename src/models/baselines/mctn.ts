import { ConfigError } from "../../core/errors.js";
import { suggestion } from "../../core/nearest.js";
import { outputsOf } from "../../data/dataset.js";
import { Linear } from "../../nn/linear.js";
import { taskLoss } from "../../nn/losses/task.js";
import { PredictionHead } from "../../nn/prediction-head.js";
import type { WeightSource } from "../../nn/parameter-set.js";
import type { Backend } from "../../tensor/backend.js";
import { relu } from "../../tensor/ops/unary.js";
import type { Tape } from "../../tensor/tape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { defineModel } from "../define-model.js";
import type { DataSignature, Model } from "../model.js";
import { type MctnConfig, mctnConfigSchema } from "./mctn-config.js";
import { mctnOfSequences } from "./mctn-sequences.js";
import { createBaseline, type FusionParts } from "./shared/baseline.js";
import { inputMeans } from "./shared/input-means.js";
import { recoveryError } from "./shared/recovery-error.js";

/**
 * MCTN, the multimodal cyclic translation network (Pham et al., AAAI 2019). The source modality is encoded
 * and decoded into the first target; the decoded target is encoded and decoded back. For each further target
 * the encoding passes through one more layer. The prediction uses the last encoding, so the other modalities
 * are only needed in training. A source with several steps is translated step by step (mctn-sequences.ts).
 * See docs/baselines/mctn.md. Parameters of the model on vectors: `<target>/joint/...` (from the second
 * target on), `<target>/translate/...`, `<target>/back/...`, `head/...`.
 * @throws ConfigError for a source that the data do not have
 */
export function createMctn(
  signature: DataSignature,
  config: MctnConfig,
  backend: Backend,
  seed: WeightSource,
): Model {
  const source = sourceOf(signature, config.translationSource);
  const width = signature.modalities[source]?.width ?? 0;
  const sequences = (signature.modalities[source]?.steps ?? 1) > 1;
  if (sequences)
    return createBaseline(
      "mctn",
      signature,
      config,
      backend,
      seed,
      (fusion) => mctnOfSequences(fusion, config, source),
      { encoders: false },
    );
  return createBaseline("mctn", signature, config, backend, seed, (fusion) => {
    const { hidden, head: widths, dropout, translation, translationCycle } = config;
    const targets = signature.modalities.flatMap(({ name }, m) => (m === source ? [] : [{ m, name }]));
    const chain = targets.map(({ m }, k) => new Translation(fusion, m, width, hidden, k > 0));
    const head = new PredictionHead(fusion.parameters, "head", {
      inputs: hidden,
      hidden: widths,
      outputs: outputsOf(signature.task),
      norm: false,
      dropout,
    });
    return {
      outputBias: head.bias,
      forward: (tape, blocks, present, draws, inputs) => {
        const joints: Tensor[] = []; // of each target: [B, H]
        let joint = blocks[source] ?? tape.constant([], [0, hidden]);
        for (const step of chain) joints.push((joint = step.joint(tape, joint)));
        const prediction = head.forward(tape, joint, draws);
        return {
          prediction,
          joint: () => joint,
          losses: (labels, taught) => {
            const means = inputMeans(tape, inputs, signature); // M of [B, D_m]
            const parts = targets.flatMap(({ m, name }, k) => {
              const [step, encoding, own, original] = [chain[k], joints[k], means[m], means[source]];
              if (!step || !encoding || !own || !original) return [];
              const both = Uint8Array.from(present[source] ?? [], (flag, b) =>
                present[m]?.[b] === 0 ? 0 : flag,
              );
              const translated = step.translate(tape, encoding); // [B, D_m]
              const returned = step.back(tape, translated); // [B, D_source]
              return [
                [`translation/${name}`, [recoveryError(tape, [translated], [own], [both]), translation]],
                [`cycle/${name}`, [recoveryError(tape, [returned], [original], [both]), translationCycle]],
              ] as const;
            });
            return {
              task: [taskLoss(tape, fusion.lossKind, prediction, labels, taught), 1],
              ...Object.fromEntries(parts),
            };
          },
        };
      },
    };
  });
}

/** Translation from an encoding into one target, and back to the source. */
class Translation {
  private readonly deeper: Linear | undefined;
  private readonly decode: Linear;
  private readonly decodeBack: Linear;

  /**
   * Creates the layers of one translation.
   * @param target index of the target among the modalities
   * @param width width of the source's features
   * @param deeper true if a layer of its own comes before the translation
   */
  constructor(
    private readonly fusion: FusionParts,
    private readonly target: number,
    width: number,
    hidden: number,
    deeper: boolean,
  ) {
    const { parameters, signature } = fusion;
    const { name, width: own } = signature.modalities[target] ?? { name: "", width: 0 };
    this.deeper = deeper ? new Linear(parameters, `${name}/joint`, hidden, hidden) : undefined;
    this.decode = new Linear(parameters, `${name}/translate`, hidden, own);
    this.decodeBack = new Linear(parameters, `${name}/back`, hidden, width);
  }

  /** Maps the encoding to the target's encoding, [B, H] to [B, H]. */
  joint(tape: Tape, encoding: Tensor): Tensor {
    return this.deeper ? relu(tape, this.deeper.forward(tape, encoding)) : encoding;
  }

  /** Maps the encoding to the target, [B, H] to [B, D]. */
  translate(tape: Tape, joint: Tensor): Tensor {
    return this.decode.forward(tape, joint);
  }

  /** Maps the target back to the source through the target's own encoder, [B, D] to [B, D]. */
  back(tape: Tape, translated: Tensor): Tensor {
    return this.decodeBack.forward(tape, this.fusion.encode(tape, this.target, translated));
  }
}

/**
 * Returns the index of the source.
 * @throws ConfigError for a name that the data do not have
 */
function sourceOf({ modalities }: DataSignature, name: string | undefined): number {
  const names = modalities.map((modality) => modality.name);
  const found = name === undefined ? 0 : names.indexOf(name);
  if (found < 0)
    throw new ConfigError("config.invalid", `translationSource: there is no modality "${name ?? ""}"`, {
      hint: suggestion(name ?? "", names),
    });
  return found;
}

export const mctnModel = defineModel({
  name: "mctn",
  label: "MCTN",
  summary: "translates one modality into the others and back (Pham et al., 2019)",
  schema: mctnConfigSchema,
  leastModalities: 2,
  tables: ["table1", "table2"],
  create: createMctn,
});
