import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDataset, train } from "euar";

/**
 * Trains EUAR for one epoch on the embedded data set, to have weights and clips for predictions. Returns
 * paths in a temporary folder.
 */
export async function trainRun({ clips, experts = 8 }) {
  const folder = mkdtempSync(join(tmpdir(), "euar-bench-"));
  const run = join(folder, "run");
  const dataset = await loadDataset("synthetic");
  await train(
    {
      model: { name: "euar", config: { experts: { count: experts } } },
      train: { epochs: 1, normalise: "unit" },
      out: run,
    },
    dataset,
  );
  const { modalities } = dataset.splits.test;
  const clip = (n) =>
    Object.fromEntries(
      Object.entries(modalities).map(([name, { width, values }]) => [
        name,
        Array.from(values.subarray(n * width, (n + 1) * width)),
      ]),
    );
  const all = Array.from({ length: clips }, (_, n) => clip(n));
  const clipsFile = join(folder, "clips.json");
  const clipFile = join(folder, "clip.json");
  writeFileSync(clipsFile, JSON.stringify(all));
  writeFileSync(clipFile, JSON.stringify(all[0]));
  return { folder, run, weights: join(run, "weights.safetensors"), clipsFile, clipFile };
}
