import { join } from "node:path";
import { z } from "zod";
import { zodIssue } from "../core/zod-issue.js";
import { causeText } from "../core/cause-text.js";
import { DataError } from "../core/errors.js";
import { parseJson } from "../core/parse-json.js";
import { readSmallText } from "../data/files/read-small-file.js";
import { writeWhole } from "../data/formats/write-whole.js";
import { type Experiments, experimentsSchema } from "../experiments/experiment-result.js";
import { experimentsCsv, experimentsLatex, figuresCsv, paperCsv } from "./experiment-files.js";
import { experimentsReport } from "./experiments-report.js";

export const EXPERIMENTS_FILE = "results.json";

/**
 * Writes results.json and the files derived from it.
 * @returns the paths
 * @throws EuarError "io.write"
 */
export async function writeReports(folder: string, results: Experiments): Promise<readonly string[]> {
  const files = {
    [EXPERIMENTS_FILE]: `${JSON.stringify(results, null, 1)}\n`,
    "report.html": experimentsReport(results),
    "tables.csv": experimentsCsv(results),
    "tables.tex": experimentsLatex(results),
    "figures.csv": figuresCsv(results),
    "paper.csv": paperCsv(results),
  };
  for (const [name, text] of Object.entries(files)) await writeWhole(join(folder, name), text);
  return Object.keys(files).map((name) => join(folder, name));
}

/**
 * Reads the results of a folder.
 * @throws DataError for a folder without results, or a file of another form
 */
export function readExperiments(folder: string): Experiments {
  const path = join(folder, EXPERIMENTS_FILE);
  let value: unknown;
  try {
    value = parseJson(readSmallText(path, { limit: 2 ** 29 }));
  } catch (cause) {
    const missing = cause instanceof DataError && cause.code === "data.not-found";
    throw new DataError(
      missing ? "data.not-found" : "data.format",
      missing ? `${folder} has no ${EXPERIMENTS_FILE}` : `${path} cannot be read: ${causeText(cause)}`,
      {
        hint: "Give the folder that euar reproduce wrote.",
        cause,
      },
    );
  }
  const parsed = experimentsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { data: earlier } = z.object({ format: z.string().startsWith("euar-experiments/") }).safeParse(value);
  if (earlier && earlier.format !== experimentsSchema.shape.format.value) {
    throw new DataError(
      "data.format",
      `${path}: the results have the format ${earlier.format} of another euar version; this version ` +
        `reads ${experimentsSchema.shape.format.value}`,
      { hint: "Run euar reproduce again. Runs stored in another format are repeated." },
    );
  }
  throw new DataError("data.format", `${path}: ${zodIssue(parsed.error)}`, {
    hint: "Run euar reproduce again. Finished runs are not repeated.",
  });
}
