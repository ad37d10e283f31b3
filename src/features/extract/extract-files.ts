/** Names of the files next to dataset.json. */
export const extractFiles = {
  request: "extract.json",
  failures: "failures.jsonl",
  quality: "quality.jsonl",
  cache: ".cache",
} as const;
