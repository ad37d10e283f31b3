/**
 * Cases to time: one training step of EUAR on three modalities, at sizes that shift the cost between parts. N
 * experts per modality, B samples. Targets are ratios of step times, peer / ours.
 */
export const hidden = 72;
export const topK = 3;

/** Feature width of each modality, in the order of the joint feature. */
export const widths = { text: 768, vision: 47, audio: 74 };

/** @typedef {{ name: string, experts: number, batch: number, batches: number, jaxJs?: boolean }} StepCase */

/** @type {readonly StepCase[]} */
export const stepCases = [
  { name: "n8-b16", experts: 8, batch: 16, batches: 32, jaxJs: true },
  { name: "n32-b16", experts: 32, batch: 16, batches: 32, jaxJs: true },
  { name: "n8-b256", experts: 8, batch: 256, batches: 8 },
  { name: "n64-b16", experts: 64, batch: 16, batches: 32 },
  { name: "n64-b256", experts: 64, batch: 256, batches: 8 },
];

/**
 * The same step with a sequence encoder per modality: conv1d and transformer layers over full sequences.
 * @typedef {StepCase & { steps: number, encoder: { layers: number, heads: number } }} SequenceCase
 * @type {readonly SequenceCase[]}
 */
export const sequenceCases = [
  {
    name: "sequence-t50-b16",
    experts: 8,
    batch: 16,
    batches: 4,
    steps: 50,
    encoder: { layers: 3, heads: 4 },
  },
];

/** Lengths of the 16 texts of a batch in tokens, as in CMU-MOSI (median 13). */
const lengths = [5, 6, 7, 8, 9, 10, 12, 13, 13, 14, 16, 18, 21, 25, 30, 40];

const tuning = { lengths, batches: 4, learningRate: 2e-5, headRate: 1e-3, weightDecay: 0.01 };

/**
 * Fine-tuning step of a text encoder under a linear head. `layers` is the number of layers kept, counted from
 * the first; `trained` is the number of layers trained, counted from the last. Without them, all layers and
 * the embeddings train.
 * @typedef {typeof tuning & { name: string, encoder: "minilm" | "mpnet", layers?: number, trained?: number }}
 * EncoderCase
 * @type {readonly EncoderCase[]}
 */
export const encoderCases = [
  { name: "minilm-whole", encoder: "minilm", ...tuning },
  { name: "mpnet-8-layers-4-frozen", encoder: "mpnet", layers: 8, trained: 4, ...tuning },
];

/** Target ratios, peer / ours: on WebAssembly, and with native kernels. */
export const targets = {
  step: {
    "n8-b16": { pytorch: 3, native: 4.5, jaxJs: 15 },
    "n32-b16": { pytorch: 3.3, native: 4.2 },
    "n8-b256": { pytorch: 1.1, native: 2 },
  },
  sequence: { "sequence-t50-b16": { pytorch: 0.8, native: 1.3 } },
  /** Two threads: against one, and against PyTorch with two. */
  scaling: { threads: 1.7, pytorch: { wasm: 0.8, native: 1.3 } },
  /** At most 4 times PyTorch's time on WebAssembly, and 1.5 times with native kernels. */
  encoder: { euar: 0.25, "euar native": 0.67 },
  /** Maximum growth factor of a step from 8 to 64 experts. */
  growth: 2.5,
  predict: { euar: 1.3, "euar native": 1.6 },
  start: 5,
  /** Minimum seconds of a clip per second, and maximum share of the model in the time. */
  media: { realTime: 1, modelShare: 0.01 },
};

export const learningRate = 1e-3;
