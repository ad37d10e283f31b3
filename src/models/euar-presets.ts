import type { EuarOptions } from "./euar-config.js";
import type { ModelPreset } from "./define-model.js";
import type { TrainConfig } from "./train-config.js";

type EuarPreset = ModelPreset<EuarOptions>;

/** Batch 16, 100 epochs, Adam. The paper names no learning rate. */
const paperTraining: Partial<TrainConfig> = {
  optimiser: "adam",
  batchSize: 16,
  epochs: 100,
  schedule: "plateau",
};

const paper: EuarPreset = { summary: "the paper's model with 8 experts", config: {}, train: paperTraining };

const paper32: EuarPreset = {
  summary: "the same with 32 experts",
  config: { experts: { count: 32 } },
  train: paperTraining,
};

/**
 * Variances and a gate that follow the severity of a corruption. They learn from corrupted copies, with a
 * lower learning rate and averaged weights. docs/findings.md explains each part.
 */
const aware: EuarPreset = {
  summary: "variances and a gate that follow the severity of a corruption",
  config: {
    inputDropout: 0.3,
    encoder: { kind: "mlp" },
    losses: { balance: { weight: 0.03, variant: "switch" } },
    awareness: {
      statistics: { hidden: 16, dropout: 0.5, gate: true, steady: 1, steadyRate: 16 },
      ranking: 1,
      specialisation: 0.1,
      certainty: 0.2,
    },
  },
  train: {
    ...paperTraining,
    learningRate: 3e-4,
    averageDecay: 0.998,
    copies: ["noise", "dropout", "block", "saturation"],
    copiesKeep: 0.25,
  },
};

/**
 * The experts of each modality predict the outputs themselves, and the modalities' predictions are added. All
 * experts predict for each sample. Half of the training samples have random gates: a router that sends each
 * cause of damage to its own expert leaves it too few samples. A layer of its own learns the variances from
 * corrupted copies of media. They do not weigh the predictions, because logits of damaged inputs are smaller
 * anyway. docs/findings.md reports what each part adds on damaged media.
 */
const precision: EuarPreset = {
  summary:
    "one prediction per modality, all added, and variances that are learned from corrupted copies of media",
  config: {
    encoder: { kind: "mlp" },
    experts: { count: 4, topK: 4, exploration: 0.5, sampling: "never" },
    fusion: "sum",
    head: null,
    dropout: 0.3,
    losses: { kl: null, uncertainty: null, alone: 1 },
    awareness: { variance: 64, ordering: 1 },
  },
  train: {
    optimiser: "adamw",
    weightDecay: 0.01,
    batchSize: 64,
    epochs: 50,
    patience: 0,
    schedule: "cosine",
    learningRate: 2e-3,
    // the layer for variances reads squares, which say something only of features with variance 1
    normalise: "zscore",
    copies: ["raw"],
  },
};

/**
 * The same network with plain multilayer-perceptron experts (the paper's first ablation): no variance, no
 * sampling and no loss on variances. It is the limit of Gaussians with a vanishing variance (e^-79). Its
 * predicted uncertainty is therefore a constant without information.
 */
const mlpExperts: EuarPreset = {
  summary: "experts without variances, the paper's first ablation",
  config: {
    experts: { sampling: "never", logVarMin: -80, logVarMax: -79 },
    losses: { kl: null, uncertainty: null },
  },
  train: paperTraining,
};

/** Options of the published code, except BERT. */
const officialCode: EuarPreset = {
  summary: "the choices of the published code",
  config: {
    encoder: {
      kind: "sequence",
      pooling: "last",
      ignorePadding: false,
      dropout: 0.3,
      attentionDropout: 0.5,
      embeddingDropout: 0.2,
    },
    experts: { count: 4, gate: "batch-normalised", sampling: "never", logVarMin: -80, logVarMax: 80 },
    head: [72, 128, 256, 128],
    headNorm: true,
    taskLoss: "l1",
    losses: {
      task: { weight: 10 },
      kl: { weight: 1e-5, reduction: "sum", over: "all" },
      balance: { weight: 1e-5, variant: "topk" },
      uncertainty: { weight: 1e-5, reduction: "sum" },
    },
  },
  train: {
    optimiser: "adam",
    learningRate: 2e-5,
    batchSize: 32,
    epochs: 200,
    schedule: "plateau",
    plateauPatience: 2,
    plateauFactor: 0.9,
    patience: 0,
    outputStart: "zero",
  },
};

/** Presets of EUAR, by name. */
export const euarPresets = {
  paper,
  "paper-32": paper32,
  aware,
  precision,
  "mlp-experts": mlpExperts,
  "official-code": officialCode,
} as const;
