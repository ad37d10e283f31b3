// npm run example: makes the page with its models and serves it on this machine.
// --run RUN    a run folder of your own; once for pictures with captions, once for clips. Without it, toy
// models are trained (their data are made here).
//   --port N     default 8080; 0 takes any that is free
//   --out DIR    where the page is put together; default examples/browser/served
//   --no-models  without models to predict with: only the tab that fine-tunes an encoder works
//   --small      fewer toy samples: quicker, and without intervals
//   --no-serve   only puts it together
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { assembleSite } from "./assemble-site.js";
import { ownRuns, toyRuns } from "./runs.js";
import { serveFolder } from "./serve-folder.js";

const { values } = parseArgs({
  options: {
    run: { type: "string", multiple: true, default: [] },
    port: { type: "string", default: "8080" },
    out: { type: "string", default: fileURLToPath(new URL("../served", import.meta.url)) },
    models: { type: "boolean", default: true },
    small: { type: "boolean", default: false },
    serve: { type: "boolean", default: true },
  },
  allowNegative: true,
});

try {
  mkdirSync(values.out, { recursive: true });
  const without = "it was started with --no-models";
  const runs = !values.models
    ? { unavailable: { post: without, clip: without } }
    : values.run.length > 0
      ? await ownRuns(values.run)
      : await toyRuns(`${values.out}/toy`, values.small, console.log);
  const { site, sizes } = await assembleSite(values.out, runs);
  for (const [what, bytes] of Object.entries(sizes))
    console.log(`${what.padEnd(48)} ${(bytes / 1e6).toFixed(2).padStart(7)} MB`);
  if (values.serve) console.log(`Open ${await serveFolder(site, Number(values.port))} (Ctrl-C ends it)`);
} catch (error) {
  console.error([error?.message ?? error, error?.hint].filter(Boolean).join("\n"));
  process.exitCode = 1;
}
