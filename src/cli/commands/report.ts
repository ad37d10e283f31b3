import { z } from "zod";
import { defineCommand } from "../command.js";
import { readExperiments, writeReports } from "../../report/experiment-output.js";

const schema = z.strictObject({
  results: z.string().describe("results folder of euar reproduce"),
  out: z.string().optional().describe("folder to write the files to (default: the results folder)"),
});

export const reportCommand = defineCommand({
  name: "report",
  description:
    "Writes report.html (a self-contained page), tables.csv, tables.tex (booktabs), figures.csv, " +
    "paper.csv and results.json from the results of euar reproduce.",
  schema,
  positional: { key: "results", label: "results" },
  examples: ["euar report results", "euar report results --out paper/tables"],
  run: async ({ results, out = results }, context) => {
    const read = readExperiments(results);
    const files = await writeReports(out, read);
    context.result({ files, experiments: read.experiments.map(({ name }) => name) }, files.join("\n"));
  },
});
