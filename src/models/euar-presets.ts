import type { EuarConfig } from "./euar-config.js";
import type { ModelPreset } from "./define-model.js";
import type { TrainConfig } from "./train-config.js";

type EuarPreset = ModelPreset<EuarConfig>;

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
  config: { experts: 32 },
  train: paperTraining,
};

/**
 * Variances and a gate that follow how badly an input is corrupted. Corrupted copies teach them, with slower
 * steps and averaged weights. docs/findings.md says what each part is for.
 */
const aware: EuarPreset = {
  summary: "variances and a gate that follow how badly an input is corrupted",
  config: {
    encoder: "mlp",
    inputDropout: 0.3,
    beta: 0.03,
    balance: "switch",
    statistics: 16,
    statisticsDropout: 0.5,
    statisticsGate: true,
    ranking: 1,
    specialisation: 0.1,
    steady: 1,
    certainty: 0.2,
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
 * The same network with plain multilayer-perceptron experts (the paper's first ablation): no variance, no
 * sampling and no loss on variances. It is the limit of Gaussians whose variance vanishes (e^-79), so that
 * its predicted uncertainty is one constant and says nothing.
 */
const mlpExperts: EuarPreset = {
  summary: "experts without variances, the paper's first ablation",
  config: { alpha: 0, lambda: 0, sampling: "never", logVarMin: -80, logVarMax: -79 },
  train: paperTraining,
};

/** What the published code does with everything but BERT. */
const officialCode: EuarPreset = {
  summary: "the choices of the published code",
  config: {
    experts: 4,
    alpha: 1e-5,
    beta: 1e-5,
    lambda: 1e-5,
    klReduction: "sum",
    klOver: "all",
    balance: "topk",
    uncertaintyReduction: "sum",
    sampling: "never",
    gate: "batch-normalised",
    encoder: "sequence",
    encoderPooling: "last",
    encoderMask: false,
    encoderDropout: 0.3,
    attentionDropout: 0.5,
    embeddingDropout: 0.2,
    head: [72, 128, 256, 128],
    headNorm: true,
    taskLoss: "l1",
    taskWeight: 10,
    logVarMin: -80,
    logVarMax: 80,
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

/** Starting points of EUAR, by name. */
export const euarPresets = {
  paper,
  "paper-32": paper32,
  aware,
  "mlp-experts": mlpExperts,
  "official-code": officialCode,
} as const;
