/** Files of a run folder. */
export const runFiles = {
  config: "config.json",
  history: "history.jsonl",
  metrics: "metrics.json",
  predictionsValid: "predictions-valid.jsonl",
  predictionsTest: "predictions-test.jsonl",
  weights: "weights.safetensors",
  checkpoint: "checkpoint.safetensors",
} as const;

export type RunFile = keyof typeof runFiles;
