// Compares runs away from the page, which stays responsive meanwhile.
import { compareStored, type StoredRun } from "../../../src/experiments/compare-stored.js";

addEventListener("message", ({ data }: MessageEvent<readonly StoredRun[]>) => {
  try {
    postMessage({ comparison: compareStored(data) });
  } catch (error) {
    postMessage({ message: error instanceof Error ? error.message : String(error) });
  }
});
