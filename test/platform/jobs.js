// Short training runs with every feature that could give different bits on two machines. They are plain
// values, the same in Node, in a worker and in a page. The file is plain JavaScript and imports only the
// package's entry points, so that each platform runs it unchanged.
import { generateSynthetic } from "euar/data";

const recipe = { seed: 7, epochs: 2, batchSize: 8, patience: 0, normalise: "zscore" };

/** Requests of `train` by name: name -> { dataset, request }. */
export const jobs = {
  /** All kinds of random draws and all parts of the optimiser, on vectors. */
  everything: () => ({
    dataset: generateSynthetic({ seed: 3, sizes: { train: 60, valid: 16, test: 24 } }).dataset,
    request: {
      model: {
        name: "euar",
        config: {
          hidden: 20,
          experts: { count: 6 },
          head: [16],
          headNorm: true,
          inputDropout: 0.1,
          dropout: 0.2,
        },
      },
      train: {
        ...recipe,
        optimiser: "adamw",
        weightDecay: 0.01,
        schedule: "cosine",
        warmupSteps: 3,
        clipNorm: 0.5,
        averageDecay: 0.9,
        modalityDropout: 0.3,
        normalise: "unit",
      },
    },
  }),
  /**
   * Preset aware: corrupted copies, ranking, specialisation, signal statistics and their gate, the error
   * head, the steady path, averaged weights.
   */
  aware: () => ({
    dataset: generateSynthetic({ seed: 6, sizes: { train: 60, valid: 24, test: 24 } }).dataset,
    request: {
      model: { name: "euar", preset: "aware", config: { hidden: 16, experts: { count: 5 }, head: [12] } },
      train: { seed: 7, epochs: 2, batchSize: 8, patience: 0, modalityDropout: 0.2 },
    },
  }),
  /**
   * Classification of sequences with padding on either side and missing modalities, through conv1d and the
   * transformer.
   */
  sequence: () => ({
    dataset: sequences(),
    request: {
      model: {
        name: "euar",
        config: {
          hidden: 12,
          experts: { count: 4 },
          encoder: {
            kind: "sequence",
            layers: 2,
            heads: 3,
            dropout: 0.2,
            attentionDropout: 0.1,
            embeddingDropout: 0.1,
          },
          fusion: "add",
        },
      },
      train: { ...recipe, clipNorm: 1, averageDecay: 0.8 },
    },
  }),
  /** Variant of the published code: batch-normalised gate, no sampling, all experts. */
  "official-code": () => ({
    dataset: sequences(),
    request: {
      model: {
        name: "euar",
        config: {
          hidden: 12,
          experts: { count: 4, gate: "batch-normalised", sampling: "never" },
          losses: { kl: { over: "all", reduction: "sum" }, balance: { variant: "topk" } },
          encoder: { kind: "mlp" },
          taskLoss: "cross-entropy",
        },
      },
      train: { ...recipe, learningRate: 1e-2, plateauPatience: 0 },
    },
  }),
  linear: () => ({
    dataset: generateSynthetic({ seed: 4, sizes: { train: 60, valid: 16, test: 24 } }).dataset,
    request: { model: { name: "linear" }, train: { ...recipe, modalityDropout: 0.2, clipNorm: 0.5 } },
  }),
  /** Reference backend, with float64 sums in TypeScript. */
  reference: () => ({
    dataset: sequences(),
    request: {
      backend: "reference",
      model: { name: "euar", config: { hidden: 12, experts: { count: 4 }, dropout: 0.1 } },
      train: { ...recipe, averageDecay: 0.9 },
    },
  }),
};

/**
 * Makes features of small whole numbers, so that the library does the first rounding. Two modalities of 6
 * steps, three classes.
 */
function sequences() {
  const split = (name, size, salt) => {
    const draw = whole(salt);
    const table = (width, pad) => {
      const steps = 6;
      const mask = Uint8Array.from({ length: size * steps }, (_, i) => {
        const length = 1 + (Math.floor(i / steps) % steps);
        return pad === "left" ? Number(i % steps >= steps - length) : Number(i % steps < length);
      });
      const values = Float32Array.from({ length: size * steps * width }, (_, i) =>
        mask[Math.floor(i / width)] === 1 ? draw(19) - 9 : 0,
      );
      const present = Uint8Array.from({ length: size }, (_, i) => Number(pad === "right" || i % 4 !== 1));
      return { width, steps, values, mask, present };
    };
    const modalities = { text: table(7, "right"), audio: table(5, "left") };
    return {
      name,
      size,
      ids: Array.from({ length: size }, (_, i) => `${name}-${i}`),
      modalities,
      labels: Float32Array.from({ length: size }, () => draw(3)),
    };
  };
  return {
    name: "sequences",
    task: { kind: "classification", classes: ["negative", "neutral", "positive"] },
    modalities: [
      { name: "text", width: 7, steps: 6 },
      { name: "audio", width: 5, steps: 6 },
    ],
    splits: { train: split("train", 44, 1), valid: split("valid", 12, 2), test: split("test", 18, 3) },
    notes: [],
  };
}

/** Draws whole numbers in [0, n) with a linear congruential generator in integer arithmetic. */
function whole(salt) {
  let state = salt;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % n;
  };
}
