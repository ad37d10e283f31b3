import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../run-euar.js";

/**
 * Returns a folder with all-MiniLM-L6-v2: $EUAR_MINILM, in the layout of scripts/fixtures/minilm_model.py, or
 * one made by that script if $EUAR_TEST_DOWNLOADS is 1. Otherwise prints the reason and returns undefined.
 */
export function minilmFolder(): string | undefined {
  const given = process.env["EUAR_MINILM"];
  if (given) return given;
  if (process.env["EUAR_TEST_DOWNLOADS"] !== "1") {
    warn(
      "set EUAR_TEST_DOWNLOADS=1 to let them download 105 MB, or EUAR_MINILM to a folder made by " +
        "scripts/fixtures/minilm_model.py",
    );
    return undefined;
  }
  const folder = join(tmpdir(), "euar-minilm");
  const { status, stderr, error } = spawnSync(
    "python3",
    [join(root, "scripts", "fixtures", "minilm_model.py"), folder],
    {
      encoding: "utf8",
      timeout: 240_000,
    },
  );
  if (status === 0 && existsSync(join(folder, "model.safetensors"))) return folder;
  warn(`all-MiniLM-L6-v2 cannot be downloaded: ${error?.message ?? stderr.trim().split("\n").at(-1) ?? ""}`);
  return undefined;
}

function warn(reason: string): void {
  console.warn(`Skipped the tests on real weights: ${reason}.`);
}
